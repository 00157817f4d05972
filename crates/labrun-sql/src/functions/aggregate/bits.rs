//! `bitwise_xor_agg`, `checksum`, and `approx_distinct` where the engine does not count.

use twox_hash::XxHash64;

use crate::datum::Datum;
use crate::fault::{Fault, Outcome};
use crate::functions::Library;
use crate::functions::collect::distinct;
use crate::sqltype::SqlType;

/// What a hash is spread by; a null stands for it.
const PRIME: u64 = 0x9E37_79B1_85EB_CA87;

pub(super) fn register(library: &mut Library) {
    library.aggregate("bitwise_xor_agg(bigint) -> bigint", |_, _, rows| {
        let bits = rows.iter().filter_map(|row| if let Datum::Integer(value) = row[0] { Some(value) } else { None });
        Ok(bits.reduce(|left, right| left ^ right).map_or(Datum::Null, Datum::Integer))
    });
    library.aggregate("checksum(T) -> varbinary where T comparable", |kinds, _, rows| {
        if rows.is_empty() {
            return Ok(Datum::Null);
        }
        let mut sum = 0_u64;
        for row in &rows {
            sum = sum.wrapping_add(spread(&row[0], &kinds[0])?);
        }
        Ok(Datum::Binary(sum.to_le_bytes().to_vec()))
    });
    library.aggregate("approx_distinct(T) -> bigint where T comparable", |_, _, rows| Ok(count_distinct(rows)));
    library.aggregate("approx_distinct(T, double) -> bigint where T comparable", |_, _, rows| {
        if let Some(Datum::Double(error)) = rows.first().map(|row| &row[1])
            && !(0.0040625..=0.26).contains(error)
        {
            let shown = crate::functions::cast::double(*error);
            return Err(Fault::argument(format!("Standard error must be in [0.0040625, 0.26]: {shown}")));
        }
        Ok(count_distinct(rows.into_iter().map(|row| row[..1].to_vec()).collect()))
    });
}

/// Exactly, which is within any error.
fn count_distinct(rows: Vec<Vec<Datum>>) -> Datum {
    Datum::Integer(distinct(rows).iter().filter(|row| !row[0].is_null()).count() as i64)
}

fn spread(value: &Datum, kind: &SqlType) -> Outcome<u64> {
    let whole = |value: i64| XxHash64::oneshot(0, &value.to_le_bytes());
    let hash = match value {
        Datum::Null => return Ok(PRIME),
        Datum::Boolean(value) => whole((*value).into()),
        Datum::Integer(value) => whole(*value),
        Datum::Date(day) => whole((*day).into()),
        Datum::Real(value) => whole((if *value == 0.0 { 0.0_f32 } else { *value }).to_bits() as i32 as i64),
        Datum::Double(value) => whole((if *value == 0.0 { 0.0 } else { *value }).to_bits() as i64),
        Datum::Decimal(value) if matches!(kind, SqlType::Decimal(..=18, _)) => whole(*value as i64),
        Datum::Timestamp(wall) if matches!(kind, SqlType::Timestamp(..=6)) => whole(wall.div_euclid(1_000) as i64),
        Datum::Text(text) if kind.is_varchar() => XxHash64::oneshot(0, text.as_bytes()),
        Datum::Binary(bytes) if *kind == SqlType::Varbinary => XxHash64::oneshot(0, bytes),
        _ => return Err(Fault::not_emulated(format!("checksum of {kind}"))),
    };
    Ok(hash.wrapping_mul(PRIME))
}
