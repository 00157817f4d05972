//! For tests: a function called by name on values written as text.
//!
//! `"bigint:5"` is a value and its type, `"varchar:NULL"` a null; arrays, maps and rows are written as JSON, all else as a cast reads it.

use datafusion::arrow::array::{Array, ArrayRef};

use super::{ArgumentType, Body, Call, cast, library};
use crate::datum::{Datum, Reader, column};
use crate::fault::Outcome;
use crate::sqltype::{SqlType, VARCHAR};

/// The answer's text, or the failure's.
pub(crate) fn call(name: &str, arguments: &[&str]) -> String {
    let values: Vec<(SqlType, Datum)> = arguments.iter().map(|argument| value(argument)).collect();
    answer(run(name, &values))
}

/// Each case is `name|argument|argument|answer`.
pub(crate) fn all(cases: &[&str]) {
    for case in cases {
        let parts: Vec<&str> = case.split('|').collect();
        let (expected, head) = parts.split_last().unwrap();
        let called = call(head[0], &head[1..]);
        assert_eq!(&called, expected, "{case}");
    }
}

/// A cast's answer.
pub(crate) fn cast_to(argument: &str, to: &str) -> String {
    let (from, value) = value(argument);
    let to = SqlType::parse(to).unwrap();
    let Some(body) = cast::body(&from, &to) else { return format!("Cannot cast {from} to {to}") };
    answer(column(&[value], &from).and_then(|column| evaluate(body, &[column], &[from], &to)).map(|found| (to, found)))
}

fn answer(outcome: Outcome<(SqlType, Datum)>) -> String {
    match outcome {
        Ok((kind, found)) => cast::text(&found, &kind).unwrap_or_else(|| "NULL".to_owned()),
        Err(fault) => fault.to_string(),
    }
}

fn value(argument: &str) -> (SqlType, Datum) {
    let (kind, text) = argument.split_once(':').unwrap();
    let kind = SqlType::parse(kind).unwrap();
    let text_of = || Datum::Text(text.to_owned());
    let value = match &kind {
        _ if text == "NULL" => Datum::Null,
        SqlType::Json => text_of(),
        SqlType::Varbinary => Datum::Binary(bytes(text)),
        SqlType::DayToSecond => Datum::Milliseconds(text.parse().unwrap()),
        SqlType::YearToMonth => Datum::Months(text.parse().unwrap()),
        SqlType::Array(_) | SqlType::Map(..) | SqlType::Row(_) => cast::convert(&text_of(), &SqlType::Json, &kind).unwrap(),
        kind => cast::convert(&text_of(), &VARCHAR, kind).unwrap(),
    };
    (kind, value)
}

/// Out of pairs of hexadecimal digits.
fn bytes(text: &str) -> Vec<u8> {
    (0..text.len() / 2).map(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap()).collect()
}

fn run(name: &str, values: &[(SqlType, Datum)]) -> Outcome<(SqlType, Datum)> {
    let arguments: Vec<ArgumentType> = values.iter().map(|(kind, _)| ArgumentType::Value(kind.clone())).collect();
    let (scalar, bound) = library().scalar(name, &arguments)?;
    let returns = match scalar.returning {
        Some(giving) => giving(&bound.parameters)?,
        None => bound.returns(),
    };
    let columns = values
        .iter()
        .zip(&bound.parameters)
        .map(|((kind, value), parameter)| column(&[cast::convert(value, kind, parameter)?], parameter));
    let found = evaluate(scalar.body, &columns.collect::<Outcome<Vec<_>>>()?, &bound.parameters, &returns)?;
    Ok((returns, found))
}

fn evaluate(body: Body, columns: &[ArrayRef], kinds: &[SqlType], returns: &SqlType) -> Outcome<Datum> {
    let call = Call { columns, kinds, returns, rows: 1, lambdas: Vec::new(), now: 0 };
    let made = body.run(&call)?;
    assert_eq!((made.data_type(), made.len()), (&returns.arrow(), 1));
    Ok(Reader::new(&made, returns).get(0))
}
