//! Which types become which without a cast, as Trino's `TypeCoercion` documents it (language/types, functions/conversion).

use super::SqlType;

/// Digits of a whole number, as a decimal.
fn digits(kind: &SqlType) -> Option<u8> {
    match kind {
        SqlType::TinyInt => Some(3),
        SqlType::SmallInt => Some(5),
        SqlType::Integer => Some(10),
        SqlType::BigInt => Some(19),
        _ => None,
    }
}

/// Whole numbers and floating ones, from narrow to wide.
fn rank(kind: &SqlType) -> Option<u8> {
    match kind {
        SqlType::TinyInt => Some(0),
        SqlType::SmallInt => Some(1),
        SqlType::Integer => Some(2),
        SqlType::BigInt => Some(3),
        SqlType::Real => Some(5),
        SqlType::Double => Some(6),
        _ => None,
    }
}

impl SqlType {
    /// The narrowest type that both become without a cast.
    pub fn common(&self, other: &SqlType) -> Option<SqlType> {
        if self == other {
            return Some(self.clone());
        }
        match (self, other) {
            (SqlType::Unknown, kind) | (kind, SqlType::Unknown) => Some(kind.clone()),
            (SqlType::Varchar(left), SqlType::Varchar(right)) => Some(SqlType::Varchar(left.zip(*right).map(|(l, r)| l.max(r)))),
            (SqlType::Char(left), SqlType::Char(right)) => Some(SqlType::Char(*left.max(right))),
            // The blanks of a char count when it meets text: it is text that becomes a char.
            (SqlType::Char(length), SqlType::Varchar(Some(text))) | (SqlType::Varchar(Some(text)), SqlType::Char(length)) => {
                Some(SqlType::Char(*length.max(text)))
            }
            (SqlType::Char(_), SqlType::Varchar(None)) | (SqlType::Varchar(None), SqlType::Char(_)) => Some(super::VARCHAR),
            (SqlType::Date, SqlType::Timestamp(precision)) | (SqlType::Timestamp(precision), SqlType::Date) => {
                Some(SqlType::Timestamp(*precision))
            }
            (SqlType::Date, SqlType::TimestampTz(precision)) | (SqlType::TimestampTz(precision), SqlType::Date) => {
                Some(SqlType::TimestampTz(*precision))
            }
            (SqlType::Timestamp(left), SqlType::Timestamp(right)) => Some(SqlType::Timestamp(*left.max(right))),
            (SqlType::TimestampTz(left), SqlType::TimestampTz(right)) => Some(SqlType::TimestampTz(*left.max(right))),
            (SqlType::Timestamp(left), SqlType::TimestampTz(right)) | (SqlType::TimestampTz(right), SqlType::Timestamp(left)) => {
                Some(SqlType::TimestampTz(*left.max(right)))
            }
            (SqlType::Time(left), SqlType::Time(right)) => Some(SqlType::Time(*left.max(right))),
            (SqlType::TimeTz(left), SqlType::TimeTz(right)) => Some(SqlType::TimeTz(*left.max(right))),
            (SqlType::Time(left), SqlType::TimeTz(right)) | (SqlType::TimeTz(right), SqlType::Time(left)) => {
                Some(SqlType::TimeTz(*left.max(right)))
            }
            (SqlType::Array(left), SqlType::Array(right)) => left.common(right).map(SqlType::array),
            (SqlType::Map(key, value), SqlType::Map(other_key, other_value)) => {
                Some(SqlType::map(key.common(other_key)?, value.common(other_value)?))
            }
            (SqlType::Row(left), SqlType::Row(right)) => rows(left, right),
            _ => numbers(self, other),
        }
    }

    /// Becomes the other without a cast.
    pub fn coerces_to(&self, other: &SqlType) -> bool {
        self.common(other).as_ref() == Some(other)
    }
}

fn numbers(left: &SqlType, right: &SqlType) -> Option<SqlType> {
    match (left, right) {
        (SqlType::Decimal(p, s), SqlType::Decimal(q, t)) => Some(decimals((*p, *s), (*q, *t))),
        (SqlType::Decimal(p, s), whole) | (whole, SqlType::Decimal(p, s)) if digits(whole).is_some() => {
            Some(decimals((*p, *s), (digits(whole)?, 0)))
        }
        (SqlType::Decimal(..), float @ (SqlType::Real | SqlType::Double))
        | (float @ (SqlType::Real | SqlType::Double), SqlType::Decimal(..)) => Some(float.clone()),
        _ => {
            let (l, r) = (rank(left)?, rank(right)?);
            Some(if l >= r { left.clone() } else { right.clone() })
        }
    }
}

/// Digits enough for both, 38 at most.
fn decimals(left: (u8, i8), right: (u8, i8)) -> SqlType {
    let whole = (left.0 as i8 - left.1).max(right.0 as i8 - right.1);
    let scale = left.1.max(right.1);
    SqlType::Decimal((whole + scale).clamp(1, 38) as u8, scale)
}

/// Field by field; a name stays where both have it.
fn rows(left: &[(Option<String>, SqlType)], right: &[(Option<String>, SqlType)]) -> Option<SqlType> {
    if left.len() != right.len() {
        return None;
    }
    let fields = left.iter().zip(right).map(|((name, field), (other_name, other))| {
        let name = if name == other_name { name.clone() } else { None };
        Some((name, field.common(other)?))
    });
    fields.collect::<Option<_>>().map(SqlType::Row)
}

#[cfg(test)]
mod tests {
    use super::SqlType;

    fn common(left: &str, right: &str) -> Option<String> {
        let read = |text: &str| SqlType::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(read(left).common(&read(right)), read(right).common(&read(left)), "{left} and {right}, either way");
        read(left).common(&read(right)).map(|kind| kind.to_string())
    }

    #[test]
    fn two_types_meet_in_one() {
        for (left, right, expected) in [
            ("integer", "bigint", Some("bigint")),
            ("bigint", "real", Some("real")),
            ("bigint", "double", Some("double")),
            ("decimal(10,2)", "integer", Some("decimal(12,2)")),
            ("decimal(10,2)", "decimal(5,4)", Some("decimal(12,4)")),
            ("decimal(38,0)", "decimal(10,9)", Some("decimal(38,9)")),
            ("decimal(10,2)", "double", Some("double")),
            ("varchar(3)", "varchar(5)", Some("varchar(5)")),
            ("varchar(3)", "varchar", Some("varchar")),
            ("char(3)", "varchar(5)", Some("char(5)")),
            ("varchar", "integer", None),
            ("date", "timestamp(6)", Some("timestamp(6)")),
            ("timestamp(3)", "timestamp(0) with time zone", Some("timestamp(3) with time zone")),
            ("array(integer)", "array(double)", Some("array(double)")),
            ("row(a integer, b varchar)", "row(a bigint, c varchar)", Some("row(a bigint, varchar)")),
            ("unknown", "json", Some("json")),
            ("boolean", "integer", None),
        ] {
            assert_eq!(common(left, right).as_deref(), expected, "{left} and {right}");
        }
    }
}
