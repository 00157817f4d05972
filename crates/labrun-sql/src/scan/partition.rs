//! Partitions: where each lies, and the values of its columns.

use serde_json::Value;

use super::location::Location;
use super::table::Layout;
use super::{predicate, projection};
use crate::datum::Datum;
use crate::fault::{Fault, Outcome};
use crate::source::Catalog;
use crate::sqltype::SqlType;
use datafusion::logical_expr::Expr;

/// A folder of a table.
#[derive(Clone, Debug)]
pub(crate) struct Partition {
    pub(crate) location: Location,
    pub(crate) values: Vec<Datum>,
}

/// `[hive]`: the folder of what has no value.
const NULL_FOLDER: &str = "__HIVE_DEFAULT_PARTITION__";

/// The partitions that conditions on their columns leave.
pub(crate) async fn find(layout: &Layout, catalog: &dyn Catalog, conditions: &[Expr], now: i128) -> Outcome<Vec<Partition>> {
    if layout.partitioned_by.is_empty() {
        return Ok(vec![Partition { location: layout.location.clone(), values: Vec::new() }]);
    }
    if projection::is_on(layout) {
        return projection::find(layout, conditions, now);
    }
    let asked = predicate::for_catalog(conditions, &layout.partitioned_by);
    let found = catalog.partitions(&layout.database, &layout.name, asked.as_deref()).await?;
    let partitions = found.iter().map(|partition| read(layout, partition)).collect::<Outcome<Vec<_>>>()?;
    let kinds: Vec<SqlType> = layout.partitioned_by.iter().map(|(_, kind)| kind.clone()).collect();
    let rows: Vec<Vec<Datum>> = partitions.iter().map(|partition| partition.values.clone()).collect();
    let keep = predicate::holding(conditions, &layout.partition_schema(), &kinds, &rows)?;
    Ok(partitions.into_iter().zip(keep).filter(|(_, keep)| *keep).map(|(partition, _)| partition).collect())
}

fn read(layout: &Layout, partition: &Value) -> Outcome<Partition> {
    let texts = partition["Values"].as_array().map(Vec::as_slice).unwrap_or_default();
    let values =
        layout.partitioned_by.iter().zip(texts).map(|((name, kind), text)| value(text.as_str().unwrap_or_default(), name, kind));
    let location = partition["StorageDescriptor"]["Location"].as_str().unwrap_or_default();
    Ok(Partition { location: Location::parse(location)?, values: values.collect::<Outcome<_>>()? })
}

/// A value of a partition's column, out of its text in the catalog.
pub(crate) fn value(text: &str, name: &str, kind: &SqlType) -> Outcome<Datum> {
    if text == NULL_FOLDER {
        return Ok(Datum::Null);
    }
    let wrong = || {
        Fault::new("HIVE_INVALID_PARTITION_VALUE", format!("Invalid partition value '{text}' for {kind} partition key: {name}"))
    };
    let parsed = match kind {
        SqlType::Varchar(_) | SqlType::Char(_) => Some(Datum::Text(text.to_owned())),
        SqlType::Boolean => match text.to_lowercase().as_str() {
            "true" => Some(Datum::Boolean(true)),
            "false" => Some(Datum::Boolean(false)),
            _ => None,
        },
        SqlType::Date => date(text).map(Datum::Date),
        SqlType::Double => text.parse().ok().map(Datum::Double),
        SqlType::Real => text.parse().ok().map(Datum::Real),
        SqlType::Decimal(_, scale) => decimal(text, *scale).map(Datum::Decimal),
        kind if kind.is_integer() => text.parse::<i64>().ok().filter(|value| fits(*value, kind)).map(Datum::Integer),
        kind => return Err(Fault::not_emulated(format!("partition columns of type {kind}"))),
    };
    parsed.ok_or_else(wrong)
}

fn fits(value: i64, kind: &SqlType) -> bool {
    match kind {
        SqlType::TinyInt => i8::try_from(value).is_ok(),
        SqlType::SmallInt => i16::try_from(value).is_ok(),
        SqlType::Integer => i32::try_from(value).is_ok(),
        _ => true,
    }
}

fn date(text: &str) -> Option<i32> {
    let parsed = chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    i32::try_from((parsed - chrono::NaiveDate::default()).num_days()).ok()
}

fn decimal(text: &str, scale: i8) -> Option<i128> {
    let scale = usize::try_from(scale).ok()?;
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.len() > scale {
        return None;
    }
    format!("{whole}{fraction:0<scale$}").parse().ok()
}
