//! Column types, in Hive's spelling, and how the types of several records or files become one.

use std::fmt;

#[derive(Clone, Debug, PartialEq)]
pub(in super::super) struct Column {
    pub(in super::super) name: String,
    pub(in super::super) kind: Kind,
}

impl Column {
    pub(super) fn new(name: impl Into<String>, kind: Kind) -> Self {
        Column { name: name.into(), kind }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub(in super::super) enum Kind {
    /// Nothing but nulls was seen: shown as a string.
    Null,
    Boolean,
    TinyInt,
    SmallInt,
    Int,
    BigInt,
    Float,
    Double,
    Decimal(u32, u32),
    String,
    Char(u32),
    Varchar(u32),
    Binary,
    Date,
    Timestamp,
    Array(Box<Kind>),
    Map(Box<Kind>, Box<Kind>),
    Struct(Vec<Column>),
}

impl Kind {
    /// Whole numbers by width, then those with fractions; `None` for what is no number.
    fn rank(&self) -> Option<u8> {
        [Kind::TinyInt, Kind::SmallInt, Kind::Int, Kind::BigInt, Kind::Float, Kind::Double]
            .iter()
            .position(|kind| kind == self)
            .and_then(|rank| u8::try_from(rank).ok())
    }

    /// The type that holds both, if there is one that says more than text.
    pub(in super::super) fn merge(&self, other: &Kind) -> Option<Kind> {
        match (self, other) {
            (a, b) if a == b => Some(a.clone()),
            (Kind::Null, kind) | (kind, Kind::Null) => Some(kind.clone()),
            (Kind::Array(a), Kind::Array(b)) => Some(Kind::Array(Box::new(a.or_text(b)))),
            (Kind::Map(ka, a), Kind::Map(kb, b)) => Some(Kind::Map(Box::new(ka.or_text(kb)), Box::new(a.or_text(b)))),
            (Kind::Struct(a), Kind::Struct(b)) => Some(Kind::Struct(merged(a, b))),
            (Kind::Decimal(p, s), Kind::Decimal(q, t)) => {
                let scale = *s.max(t);
                Some(Kind::Decimal(p.saturating_sub(*s).max(q.saturating_sub(*t)) + scale, scale))
            }
            (Kind::Char(_) | Kind::Varchar(_) | Kind::String, Kind::Char(_) | Kind::Varchar(_) | Kind::String) => {
                Some(Kind::String)
            }
            (a, b) => numbers(a, b),
        }
    }

    /// The same, as text where nothing else holds both.
    pub(in super::super) fn or_text(&self, other: &Kind) -> Kind {
        self.merge(other).unwrap_or(Kind::String)
    }
}

fn numbers(a: &Kind, b: &Kind) -> Option<Kind> {
    let (lower, higher) = if a.rank()? <= b.rank()? { (a, b) } else { (b, a) };
    // A float does not hold every int.
    if *higher == Kind::Float && matches!(lower, Kind::Int | Kind::BigInt) {
        return Some(Kind::Double);
    }
    Some(higher.clone())
}

/// Columns of both, by name, in the order in which they first come.
pub(in super::super) fn merged(a: &[Column], b: &[Column]) -> Vec<Column> {
    let mut all = a.to_vec();
    merge_into(&mut all, b);
    all
}

pub(super) fn merge_into(all: &mut Vec<Column>, more: &[Column]) {
    for (at, column) in more.iter().enumerate() {
        let same = |known: &Column| known.name.eq_ignore_ascii_case(&column.name);
        // Most records have their members in the same order.
        let place = if all.get(at).is_some_and(same) { Some(at) } else { all.iter().position(same) };
        match place {
            Some(at) if all[at].kind == column.kind => {}
            Some(at) => all[at].kind = all[at].kind.or_text(&column.kind),
            None => all.push(column.clone()),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let name = match self {
            Kind::Decimal(precision, scale) => return write!(f, "decimal({precision},{scale})"),
            Kind::Char(length) => return write!(f, "char({length})"),
            Kind::Varchar(length) => return write!(f, "varchar({length})"),
            Kind::Array(item) => return write!(f, "array<{item}>"),
            Kind::Map(key, value) => return write!(f, "map<{key},{value}>"),
            Kind::Struct(fields) => {
                let fields: Vec<String> = fields.iter().map(|field| format!("{}:{}", field.name, field.kind)).collect();
                return write!(f, "struct<{}>", fields.join(","));
            }
            Kind::Null | Kind::String => "string",
            Kind::Boolean => "boolean",
            Kind::TinyInt => "tinyint",
            Kind::SmallInt => "smallint",
            Kind::Int => "int",
            Kind::BigInt => "bigint",
            Kind::Float => "float",
            Kind::Double => "double",
            Kind::Binary => "binary",
            Kind::Date => "date",
            Kind::Timestamp => "timestamp",
        };
        f.write_str(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_widen_and_what_differs_is_text() {
        for (a, b, both) in [
            (Kind::Int, Kind::BigInt, Some(Kind::BigInt)),
            (Kind::BigInt, Kind::Double, Some(Kind::Double)),
            (Kind::Int, Kind::Float, Some(Kind::Double)),
            (Kind::Null, Kind::Date, Some(Kind::Date)),
            (Kind::Boolean, Kind::Int, None),
            (Kind::Decimal(5, 2), Kind::Decimal(10, 4), Some(Kind::Decimal(10, 4))),
        ] {
            assert_eq!(a.merge(&b), both);
            assert_eq!(b.merge(&a), both);
        }
    }

    #[test]
    fn structs_have_the_fields_of_both() {
        let a = Kind::Struct(vec![Column::new("x", Kind::Int)]);
        let b = Kind::Struct(vec![Column::new("y", Kind::Array(Box::new(Kind::Null))), Column::new("x", Kind::String)]);
        assert_eq!(a.or_text(&b).to_string(), "struct<x:string,y:array<string>>");
    }
}
