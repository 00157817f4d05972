//! The JSON functions of the SQL standard, which have clauses of their own.

use super::{Expr, Name, TypeName};

/// `JSON_EXISTS | JSON_VALUE | JSON_QUERY (input [FORMAT JSON], 'path' [PASSING ..] ..)`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonPath {
    /// Which of the three.
    pub function: JsonPathFunction,
    /// What is looked into.
    pub input: Expr,
    /// `lax $.a`, ..
    pub path: String,
    /// `PASSING value AS name, ..`
    pub passing: Vec<(Expr, Name)>,
    /// `RETURNING type`
    pub returning: Option<TypeName>,
    /// `.. ON EMPTY`
    pub on_empty: Option<JsonFallback>,
    /// `.. ON ERROR`
    pub on_error: Option<JsonFallback>,
    /// `WITHOUT | WITH [CONDITIONAL | UNCONDITIONAL] [ARRAY] WRAPPER`
    pub wrapper: JsonWrapper,
    /// `OMIT QUOTES`
    pub omit_quotes: bool,
}

/// Which of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonPathFunction {
    /// `JSON_EXISTS`
    Exists,
    /// `JSON_VALUE`
    Value,
    /// `JSON_QUERY`
    Query,
}

/// What is given where there is nothing, or an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JsonFallback {
    /// `NULL`
    Null,
    /// `ERROR`
    Error,
    /// `DEFAULT expression`
    Default(Expr),
    /// `EMPTY ARRAY`
    EmptyArray,
    /// `EMPTY OBJECT`
    EmptyObject,
    /// `TRUE`
    True,
    /// `FALSE`
    False,
    /// `UNKNOWN`
    Unknown,
}

/// Whether several items come as an array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonWrapper {
    /// `WITHOUT ARRAY WRAPPER`
    Without,
    /// `WITH CONDITIONAL ARRAY WRAPPER`
    Conditional,
    /// `WITH [UNCONDITIONAL] ARRAY WRAPPER`
    Unconditional,
}

/// `JSON_OBJECT(key : value, ..)` (also `KEY k VALUE v`), `JSON_ARRAY(value, ..)`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonMake {
    /// With keys an object, else an array.
    pub object: bool,
    /// Key (of an object), value, and `FORMAT JSON` after the value.
    pub members: Vec<(Option<Expr>, Expr, bool)>,
    /// `NULL ON NULL` (true), `ABSENT ON NULL` (false); if not written, true for objects and false for arrays.
    pub null_on_null: bool,
    /// `WITH UNIQUE KEYS`
    pub unique_keys: bool,
    /// `RETURNING type`
    pub returning: Option<TypeName>,
}
