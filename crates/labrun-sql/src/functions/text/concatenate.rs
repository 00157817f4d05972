//! `concat` and `concat_ws`. The first is null where an argument is, the second leaves nulls out.

use crate::datum::Datum;
use crate::fault::{Fault, Outcome};
use crate::functions::Library;
use crate::sqltype::SqlType;

pub(super) fn register(library: &mut Library) {
    library.values("concat(varchar, varchar...) -> varchar", |_, values| Ok(texts(values))).giving(text_type);
    library.values("concat(varbinary, varbinary...) -> varbinary", |_, values| Ok(bytes(values)));
    library.values("concat(array(T), array(T)...) -> array(T)", |_, values| Ok(arrays(values)));
    library.nullable("concat(array(T), T) -> array(T)", |_, values| Ok(with_item(&values[0], &values[1], false)));
    library.nullable("concat(T, array(T)) -> array(T)", |_, values| Ok(with_item(&values[1], &values[0], true)));
    let alone = |_: &[SqlType]| Err(Fault::argument("There must be two or more concatenation arguments"));
    library.values("concat(varchar) -> varchar", |_, _| Ok(Datum::Null)).giving(alone);
    library.nullable("concat_ws(varchar, varchar...) -> varchar", |_, values| Ok(joined(&values[0], &values[1..])));
    library.nullable("concat_ws(varchar, array(varchar)) -> varchar", |_, values| {
        Ok(if let Datum::Array(items) = &values[1] { joined(&values[0], items) } else { Datum::Null })
    });
}

fn text_type(kinds: &[SqlType]) -> Outcome<SqlType> {
    if kinds.len() > 254 {
        return Err(Fault::argument("Too many arguments for string concatenation"));
    }
    Ok(crate::sqltype::VARCHAR)
}

fn texts(values: &[Datum]) -> Datum {
    Datum::Text(
        values.iter().filter_map(|value| if let Datum::Text(text) = value { Some(text.as_str()) } else { None }).collect(),
    )
}

fn bytes(values: &[Datum]) -> Datum {
    let all = values.iter().filter_map(|value| if let Datum::Binary(bytes) = value { Some(bytes) } else { None });
    Datum::Binary(all.flatten().copied().collect())
}

pub(crate) fn arrays(values: &[Datum]) -> Datum {
    let items = values.iter().filter_map(|value| if let Datum::Array(items) = value { Some(items) } else { None });
    Datum::Array(items.flatten().cloned().collect())
}

/// A null array gives null, a null item is one more item.
pub(crate) fn with_item(array: &Datum, item: &Datum, first: bool) -> Datum {
    let Datum::Array(items) = array else { return Datum::Null };
    let item = std::iter::once(item.clone());
    Datum::Array(if first { item.chain(items.iter().cloned()).collect() } else { items.iter().cloned().chain(item).collect() })
}

fn joined(between: &Datum, values: &[Datum]) -> Datum {
    let Datum::Text(between) = between else { return Datum::Null };
    let texts: Vec<&str> =
        values.iter().filter_map(|value| if let Datum::Text(text) = value { Some(text.as_str()) } else { None }).collect();
    Datum::Text(texts.join(between))
}
