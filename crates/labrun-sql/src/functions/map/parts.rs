//! Keys, values and entries of a map.

use crate::datum::{Datum, same};
use crate::functions::Library;

pub(super) fn register(library: &mut Library) {
    library.values("cardinality(map(K, V)) -> bigint", |_, values| Ok(Datum::Integer(entries(&values[0]).len() as i64)));
    library.values("element_at(map(K, V), K) -> V", |_, values| {
        let found = entries(&values[0]).iter().find(|(key, _)| same(key, &values[1]));
        Ok(found.map_or(Datum::Null, |(_, value)| value.clone()))
    });
    library.values("map_keys(map(K, V)) -> array(K)", |_, values| {
        Ok(Datum::Array(entries(&values[0]).iter().map(|(key, _)| key.clone()).collect()))
    });
    library.values("map_values(map(K, V)) -> array(V)", |_, values| {
        Ok(Datum::Array(entries(&values[0]).iter().map(|(_, value)| value.clone()).collect()))
    });
    library.values("map_entries(map(K, V)) -> array(row(K, V))", |_, values| {
        let rows = entries(&values[0]).iter().map(|(key, value)| Datum::Row(vec![key.clone(), value.clone()]));
        Ok(Datum::Array(rows.collect()))
    });
}

fn entries(value: &Datum) -> &[(Datum, Datum)] {
    if let Datum::Map(entries) = value { entries } else { &[] }
}
