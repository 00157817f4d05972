//! Null instead of a failure: `TRY` and `TRY_CAST` (functions/conditional, functions/conversion).
//!
//! All rows are tried at once; only if that fails is each tried alone.

use datafusion::arrow::array::{Array, ArrayRef, new_null_array};
use datafusion::arrow::compute::concat;

use super::call::{Bound, Call};
use super::library::Library;
use super::scalar::Body;
use crate::fault::{Fault, Outcome};
use crate::sqltype::SqlType;

pub(super) fn register(library: &mut Library) {
    library.columns("try(function(R)) -> R", |call| {
        let lambda = call.lambda(0)?;
        let rows: Vec<u32> = (0..call.rows as u32).collect();
        match lambda.call(&[], &rows) {
            Err(fault) if is_of_data(&fault) => one_by_one(call.rows, call.returns, |row| lambda.call(&[], &rows[row..=row])),
            all => all,
        }
    });
}

/// What Trino's `TRY` catches, and no other.
fn is_of_data(fault: &Fault) -> bool {
    matches!(
        fault.code,
        "DIVISION_BY_ZERO" | "INVALID_CAST_ARGUMENT" | "INVALID_FUNCTION_ARGUMENT" | "NUMERIC_VALUE_OUT_OF_RANGE"
    )
}

/// A body that is null where the data of a row makes it fail.
pub(super) fn rows(body: Body, call: &Call) -> Outcome<ArrayRef> {
    match body.run(call) {
        Err(fault) if is_of_data(&fault) => one_by_one(call.rows, call.returns, |row| {
            let columns: Vec<ArrayRef> = call.columns.iter().map(|column| column.slice(row, 1)).collect();
            let captured: Vec<Vec<ArrayRef>> =
                call.lambdas.iter().map(|bound| bound.captured.iter().map(|column| column.slice(row, 1)).collect()).collect();
            let lambdas = call.lambdas.iter().zip(&captured);
            let lambdas = lambdas.map(|(bound, captured)| Bound { lambda: bound.lambda, captured }).collect();
            body.run(&Call { columns: &columns, kinds: call.kinds, returns: call.returns, rows: 1, lambdas })
        }),
        all => all,
    }
}

fn one_by_one(rows: usize, kind: &SqlType, one: impl Fn(usize) -> Outcome<ArrayRef>) -> Outcome<ArrayRef> {
    let made = (0..rows).map(|row| match one(row) {
        Err(fault) if is_of_data(&fault) => Ok(new_null_array(&kind.arrow(), 1)),
        answer => answer,
    });
    let made = made.collect::<Outcome<Vec<_>>>()?;
    let made: Vec<&dyn Array> = made.iter().map(AsRef::as_ref).collect();
    Ok(concat(&made)?)
}

#[cfg(test)]
mod tests {
    use super::rows;
    use crate::datum::{Datum, Reader, column};
    use crate::functions::{Call, cast};
    use crate::sqltype::{SqlType, VARCHAR};

    #[test]
    fn a_row_that_fails_is_null() {
        let texts: Vec<Datum> = ["1", "x", "3"].map(|text| Datum::Text(text.to_owned())).to_vec();
        let (columns, kinds) = ([column(&texts, &VARCHAR).unwrap()], [VARCHAR]);
        let call = Call { columns: &columns, kinds: &kinds, returns: &SqlType::BigInt, rows: 3, lambdas: Vec::new() };
        let made = rows(cast::body(&VARCHAR, &SqlType::BigInt).unwrap(), &call).unwrap();
        let reader = Reader::new(&made, &SqlType::BigInt);
        assert_eq!([0, 1, 2].map(|row| reader.get(row)), [Datum::Integer(1), Datum::Null, Datum::Integer(3)]);
    }
}
