//! Why a query fails: Trino's name of the error, its words, and the place in the text if there is one.

use std::fmt;

use datafusion::arrow::error::ArrowError;
use datafusion::error::DataFusionError;

use crate::syntax::Position;

/// A failure of a query, from its analysis or from its run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Trino's name: `DIVISION_BY_ZERO`, `COLUMN_NOT_FOUND`, ..
    pub code: &'static str,
    /// Trino's words, without code and place.
    pub message: String,
    /// What the message points at.
    pub place: Option<Position>,
}

/// What a step of a query gives.
pub type Outcome<T> = Result<T, Fault>;

impl Fault {
    /// Without a place: what goes wrong as rows are read.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Fault { code, message: message.into(), place: None }
    }

    /// At a place: what the analysis finds.
    pub fn at(place: Position, code: &'static str, message: impl Into<String>) -> Self {
        Fault { code, message: message.into(), place: Some(place) }
    }

    /// The same, where no place is known yet.
    pub fn or_at(mut self, place: Position) -> Self {
        self.place.get_or_insert(place);
        self
    }

    /// `INVALID_FUNCTION_ARGUMENT`
    pub fn argument(message: impl Into<String>) -> Self {
        Self::new("INVALID_FUNCTION_ARGUMENT", message)
    }

    /// `NUMERIC_VALUE_OUT_OF_RANGE`
    pub fn range(message: impl Into<String>) -> Self {
        Self::new("NUMERIC_VALUE_OUT_OF_RANGE", message)
    }

    /// `INVALID_CAST_ARGUMENT`
    pub fn cast(message: impl Into<String>) -> Self {
        Self::new("INVALID_CAST_ARGUMENT", message)
    }

    /// `DIVISION_BY_ZERO`
    pub fn division() -> Self {
        Self::new("DIVISION_BY_ZERO", "Division by zero")
    }

    /// `NOT_SUPPORTED`: what Trino refuses too.
    pub fn not_supported(message: impl Into<String>) -> Self {
        Self::new("NOT_SUPPORTED", message)
    }

    /// What Athena has and labrun has not.
    pub fn not_emulated(what: impl fmt::Display) -> Self {
        Self::new("NOT_SUPPORTED", format!("labrun does not emulate {what}"))
    }

    /// Out of what the engine says: our own failure if there is one inside.
    pub fn from_engine(error: &DataFusionError) -> Self {
        if let Some(fault) = inside(error) {
            return fault;
        }
        match error.find_root() {
            DataFusionError::ResourcesExhausted(message) => {
                Self::new("EXCEEDED_LOCAL_MEMORY_LIMIT", format!("Query exceeded per-node memory limit: {message}"))
            }
            DataFusionError::ParquetError(error) => unreadable(error),
            DataFusionError::ArrowError(error, _) if matches!(**error, ArrowError::ParquetError(_)) => unreadable(error),
            DataFusionError::Execution(message) if message.starts_with("Scalar subquery returned more than one row") => {
                Self::new("SUBQUERY_MULTIPLE_ROWS", "Scalar sub-query has returned multiple rows")
            }
            other => Self::new("GENERIC_INTERNAL_ERROR", other.to_string()),
        }
    }
}

/// A file whose footer is good and whose content is not.
fn unreadable(error: &dyn fmt::Display) -> Fault {
    Fault::new("HIVE_CURSOR_ERROR", format!("Failed to read Parquet file: {error}"))
}

/// The failure that an error of the engine carries, however deep.
fn inside(error: &DataFusionError) -> Option<Fault> {
    let mut now: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = now {
        if let Some(fault) = error.downcast_ref::<Fault>() {
            return Some(fault.clone());
        }
        // What is shared hides its source behind a pointer.
        if let Some(DataFusionError::Shared(shared)) = error.downcast_ref::<DataFusionError>() {
            return inside(shared);
        }
        now = error.source();
    }
    None
}

/// As the reason of a failed query has it: `CODE: line 1:8: words`.
impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: ", self.code)?;
        if let Some(place) = self.place {
            write!(out, "line {}:{}: ", place.line, place.column)?;
        }
        out.write_str(&self.message)
    }
}

impl std::error::Error for Fault {}

impl From<Fault> for DataFusionError {
    fn from(fault: Fault) -> Self {
        DataFusionError::External(Box::new(fault))
    }
}

impl From<DataFusionError> for Fault {
    fn from(error: DataFusionError) -> Self {
        Fault::from_engine(&error)
    }
}

impl From<ArrowError> for Fault {
    fn from(error: ArrowError) -> Self {
        Fault::from_engine(&DataFusionError::from(error))
    }
}
