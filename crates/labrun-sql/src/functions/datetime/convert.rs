//! `date(x)`, and zones of timestamps.

use super::unix::zone_of;
use crate::datum::Datum;
use crate::functions::{Library, cast};
use crate::sqltype::SqlType;

pub(super) fn register(library: &mut Library) {
    library.values("date(varchar) -> date", |call, values| cast::convert(&values[0], &call.kinds[0], &SqlType::Date));
    library.values("date(date) -> date", |_, values| Ok(values[0].clone()));
    library.values("date(timestamp(p)) -> date", |call, values| cast::convert(&values[0], &call.kinds[0], &SqlType::Date));
    library.values("date(timestamp(p) with time zone) -> date", |call, values| {
        cast::convert(&values[0], &call.kinds[0], &SqlType::Date)
    });
    library.values("with_timezone(timestamp(p), varchar) -> timestamp(p) with time zone", |_, values| {
        let [Datum::Timestamp(wall), Datum::Text(zone)] = values else { return Ok(Datum::Null) };
        let zone = zone_of(zone)?;
        Ok(Datum::TimestampTz(zone.instant_of(*wall), zone))
    });
    library.values("timezone(timestamp(p) with time zone) -> varchar", |_, values| Ok(zone_text(&values[0])));
    library.values("timezone(time(p) with time zone) -> varchar", |_, values| Ok(zone_text(&values[0])));
}

fn zone_text(value: &Datum) -> Datum {
    match value {
        Datum::TimestampTz(_, zone) | Datum::TimeTz(_, zone) => Datum::Text(zone.to_string()),
        _ => Datum::Null,
    }
}
