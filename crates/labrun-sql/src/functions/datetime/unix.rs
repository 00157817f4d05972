//! Seconds and nanoseconds since 1970 as moments, and back.

use crate::datum::{Datum, UTC, Zone};
use crate::fault::{Fault, Outcome};
use crate::functions::Library;
use crate::sqltype::SqlType;

pub(super) fn register(library: &mut Library) {
    library.values("from_unixtime(double) -> timestamp(3) with time zone", |_, values| moment(&values[0], UTC));
    library.values("from_unixtime(double, varchar) -> timestamp(3) with time zone", |_, values| {
        let Datum::Text(zone) = &values[1] else { return Ok(Datum::Null) };
        moment(&values[0], zone_of(zone)?)
    });
    library.values("from_unixtime(double, bigint, bigint) -> timestamp(3) with time zone", |_, values| {
        let [seconds, Datum::Integer(hours), Datum::Integer(minutes)] = values else { return Ok(Datum::Null) };
        let total = hours.saturating_mul(60).saturating_add(*minutes);
        let offset = i32::try_from(total).ok().filter(|total| total.abs() <= 14 * 60);
        moment(seconds, Zone::Offset(offset.ok_or_else(|| Fault::argument(format!("Invalid offset minutes {total}")))?))
    });
    library.values("from_unixtime_nanos(bigint) -> timestamp(9) with time zone", |_, values| {
        let Datum::Integer(value) = values[0] else { return Ok(Datum::Null) };
        Ok(Datum::TimestampTz(value.into(), UTC))
    });
    library.values("from_unixtime_nanos(decimal(p, s)) -> timestamp(9) with time zone", |call, values| {
        let (Datum::Decimal(value), SqlType::Decimal(_, scale)) = (&values[0], &call.kinds[0]) else { return Ok(Datum::Null) };
        let unit = 10_i128.pow(u32::try_from(*scale).unwrap_or(0));
        let half = value.signum() * (unit / 2);
        Ok(Datum::TimestampTz((value + half) / unit, UTC))
    });
    library.values("to_unixtime(timestamp(p)) -> double", |_, values| Ok(seconds(&values[0])));
    library.values("to_unixtime(timestamp(p) with time zone) -> double", |_, values| Ok(seconds(&values[0])));
}

/// `UTC`, `Europe/Berlin`, `+05:30`
pub(super) fn zone_of(text: &str) -> Outcome<Zone> {
    Zone::parse(text).ok_or_else(|| Fault::argument(format!("'{text}' is not a valid time zone")))
}

/// Milliseconds, rounded half up.
fn moment(seconds: &Datum, zone: Zone) -> Outcome<Datum> {
    let Datum::Double(seconds) = seconds else { return Ok(Datum::Null) };
    let milliseconds = (seconds * 1_000.0 + 0.5).floor();
    if milliseconds.abs() >= (1_u64 << 51) as f64 {
        return Err(Fault::argument(format!("Millis overflow: {}", milliseconds as i64)));
    }
    // A NaN is none.
    Ok(Datum::TimestampTz(milliseconds as i128 * 1_000_000, zone))
}

fn seconds(value: &Datum) -> Datum {
    match value {
        Datum::Timestamp(instant) | Datum::TimestampTz(instant, _) if instant % 1_000 == 0 => {
            Datum::Double((instant / 1_000) as f64 / 1_000_000.0)
        }
        Datum::Timestamp(instant) | Datum::TimestampTz(instant, _) => Datum::Double(*instant as f64 / 1_000_000_000.0),
        _ => Datum::Null,
    }
}
