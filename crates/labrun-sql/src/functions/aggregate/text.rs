//! `listagg`. The analysis gives it what stands where the text grows too long, and whether what is left out is counted; a null is an error.

use crate::datum::Datum;
use crate::fault::{Fault, Outcome};
use crate::functions::Library;

/// Bytes that Trino gives at most.
const LONGEST: usize = 1_048_576;

pub(super) fn register(library: &mut Library) {
    library.aggregate("listagg(varchar, varchar, varchar, boolean) -> varchar", |_, _, rows| joined(&rows, LONGEST));
}

fn joined(rows: &[Vec<Datum>], longest: usize) -> Outcome<Datum> {
    let values: Vec<&str> =
        rows.iter().filter_map(|row| if let Datum::Text(text) = &row[0] { Some(&**text) } else { None }).collect();
    let Some([_, Datum::Text(separator), filler, counted]) = rows.first().map(Vec::as_slice) else { return Ok(Datum::Null) };
    if values.is_empty() {
        return Ok(Datum::Null);
    }
    let mut text = String::new();
    for (at, value) in values.iter().enumerate() {
        let between = if at == 0 { "" } else { separator };
        if text.len() + between.len() + value.len() > longest {
            text.push_str(between);
            text.push_str(&overflow(filler, *counted == Datum::Boolean(true), values.len() - at, longest)?);
            break;
        }
        text.push_str(between);
        text.push_str(value);
    }
    Ok(Datum::Text(text))
}

fn overflow(filler: &Datum, counted: bool, left_out: usize, longest: usize) -> Outcome<String> {
    let Datum::Text(filler) = filler else {
        let message = format!("Concatenated string has the length in bytes larger than the maximum output length {longest}");
        return Err(Fault::new("EXCEEDED_FUNCTION_MEMORY_LIMIT", message));
    };
    Ok(if counted { format!("{filler}({left_out})") } else { filler.clone() })
}

#[cfg(test)]
mod tests {
    use super::joined;
    use crate::datum::Datum;

    #[test]
    fn what_is_too_long_is_cut_between_values() {
        let text = |text: &str| Datum::Text(text.to_owned());
        let cases = [
            (9, text("..."), false, "one,two,..."),
            (11, text("..."), true, "one,two,...(1)"),
            (2, text("#"), true, "#(3)"),
            (13, text("..."), true, "one,two,three"),
            (9, Datum::Null, false, "EXCEEDED_FUNCTION_MEMORY_LIMIT"),
        ];
        for (longest, filler, counted, expected) in cases {
            let row = |value| vec![text(value), text(","), filler.clone(), Datum::Boolean(counted)];
            let found = joined(&["one", "two", "three"].map(row), longest);
            let shown = match found {
                Ok(Datum::Text(text)) => text,
                Ok(_) => "NULL".to_owned(),
                Err(fault) => fault.code.to_owned(),
            };
            assert_eq!(shown, expected, "{longest}");
        }
    }
}
