//! `lpad` and `rpad`: to a length exactly, by cutting or by filling.

use crate::fault::{Fault, Outcome};
use crate::functions::Library;
use crate::functions::rows::rows;

pub(super) fn register(library: &mut Library) {
    rows!(library, "lpad(varchar, bigint, varchar) -> varchar", |text: Text, size: Bigint, fill: Text| -> Text {
        let (kept, fill) = parts(&text.chars().collect::<Vec<_>>(), size, &fill.chars().collect::<Vec<_>>(), "string")?;
        Ok(fill.into_iter().chain(kept).collect())
    });
    rows!(library, "rpad(varchar, bigint, varchar) -> varchar", |text: Text, size: Bigint, fill: Text| -> Text {
        let (kept, fill) = parts(&text.chars().collect::<Vec<_>>(), size, &fill.chars().collect::<Vec<_>>(), "string")?;
        Ok(kept.into_iter().chain(fill).collect())
    });
    rows!(library, "lpad(varbinary, bigint, varbinary) -> varbinary", |bytes: Bytes, size: Bigint, fill: Bytes| -> Bytes {
        let (kept, fill) = parts(bytes, size, fill, "bytes")?;
        Ok(fill.into_iter().chain(kept).collect())
    });
    rows!(library, "rpad(varbinary, bigint, varbinary) -> varbinary", |bytes: Bytes, size: Bigint, fill: Bytes| -> Bytes {
        let (kept, fill) = parts(bytes, size, fill, "bytes")?;
        Ok(kept.into_iter().chain(fill).collect())
    });
}

/// What is kept, and what is filled in.
fn parts<T: Copy>(whole: &[T], size: i64, fill: &[T], what: &str) -> Outcome<(Vec<T>, Vec<T>)> {
    let size = i32::try_from(size).ok().and_then(|size| usize::try_from(size).ok());
    let size = size.ok_or_else(|| Fault::argument(format!("Target length must be in the range [0..{}]", i32::MAX)))?;
    if fill.is_empty() {
        return Err(Fault::argument(format!("Padding {what} must not be empty")));
    }
    let kept = whole[..size.min(whole.len())].to_vec();
    let fill = fill.iter().copied().cycle().take(size.saturating_sub(whole.len())).collect();
    Ok((kept, fill))
}
