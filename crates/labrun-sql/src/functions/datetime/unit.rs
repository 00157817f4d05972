//! Units of `date_trunc`, `date_add` and `date_diff`.

use crate::fault::{Fault, Outcome};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// So many nanoseconds.
    Clock(i64),
    Day,
    Week,
    /// So many months.
    Months(i64),
}

/// What the unit is of: dates have no hours, times no days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    Date,
    Time,
    Timestamp,
}

impl Unit {
    pub(super) fn parse(text: &str, of: Of) -> Outcome<Self> {
        let found = match text.to_lowercase().as_str() {
            "millisecond" => Some(Unit::Clock(1_000_000)),
            "second" => Some(Unit::Clock(1_000_000_000)),
            "minute" => Some(Unit::Clock(60_000_000_000)),
            "hour" => Some(Unit::Clock(3_600_000_000_000)),
            "day" => Some(Unit::Day),
            "week" => Some(Unit::Week),
            "month" => Some(Unit::Months(1)),
            "quarter" => Some(Unit::Months(3)),
            "year" => Some(Unit::Months(12)),
            _ => None,
        };
        let fits = found.filter(|unit| match of {
            Of::Date => !matches!(unit, Unit::Clock(_)),
            Of::Time => matches!(unit, Unit::Clock(_)),
            Of::Timestamp => true,
        });
        let word = match of {
            Of::Date => "DATE",
            Of::Time => "TIME",
            Of::Timestamp => "TIMESTAMP",
        };
        fits.ok_or_else(|| Fault::argument(format!("'{text}' is not a valid {word} field")))
    }
}
