//! A function of one row, and how the engine of queries calls it.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use datafusion::arrow::array::ArrayRef;
use datafusion::arrow::datatypes::DataType;
use datafusion::common::Result;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature as EngineSignature, TypeSignature, Volatility,
};

use super::attempt;
use super::call::{Bound, Call, Lambda};
use super::library::Returning;
use super::signature::Signature;
use crate::datum::{self, Datum};
use crate::fault::{Fault, Outcome};
use crate::sqltype::SqlType;

/// A function as it is declared.
pub(crate) struct Scalar {
    pub(crate) signature: Signature,
    pub(crate) body: Body,
    /// What it gives, where the signature can't say it.
    pub(crate) returning: Option<Returning>,
    /// Two calls may differ: `random()`.
    pub(crate) volatile: bool,
}

/// What a function does.
#[derive(Clone, Copy)]
pub(crate) enum Body {
    /// On whole columns; nulls are its own matter.
    Columns(fn(&Call) -> Outcome<ArrayRef>),
    /// On the values of one row, none of which is null: else the answer is.
    Values(fn(&Call, &[Datum]) -> Outcome<Datum>),
    /// On the values of one row, nulls among them.
    Nullable(fn(&Call, &[Datum]) -> Outcome<Datum>),
}

impl Body {
    pub(super) fn run(self, call: &Call) -> Outcome<ArrayRef> {
        match self {
            Body::Columns(body) => body(call),
            Body::Values(body) => rows(call, body, true),
            Body::Nullable(body) => rows(call, body, false),
        }
    }
}

fn rows(call: &Call, body: fn(&Call, &[Datum]) -> Outcome<Datum>, strict: bool) -> Outcome<ArrayRef> {
    let readers: Vec<_> = (0..call.columns.len()).map(|at| call.values(at)).collect();
    let results = (0..call.rows).map(|row| {
        let arguments: Vec<Datum> = readers.iter().map(|reader| reader.get(row)).collect();
        if strict && arguments.iter().any(Datum::is_null) {
            return Ok(Datum::Null);
        }
        body(call, &arguments)
    });
    datum::column(&results.collect::<Outcome<Vec<_>>>()?, call.returns)
}

/// A function with the types of one call: what stands in a plan. Its arguments are the columns, then what its lambdas captured.
pub(crate) struct Udf {
    pub(crate) name: String,
    pub(crate) body: Body,
    pub(crate) kinds: Vec<SqlType>,
    pub(crate) returns: SqlType,
    pub(crate) lambdas: Vec<Arc<Lambda>>,
    /// A row whose data it fails on gives null: `TRY_CAST`.
    attempt: bool,
    signature: EngineSignature,
}

impl Udf {
    pub(crate) fn new(name: &str, body: Body, kinds: Vec<SqlType>, returns: SqlType, volatile: bool) -> Self {
        let volatility = if volatile { Volatility::Volatile } else { Volatility::Immutable };
        Udf {
            name: name.to_owned(),
            body,
            kinds,
            returns,
            lambdas: Vec::new(),
            attempt: false,
            // The library has checked the arguments.
            signature: EngineSignature::one_of(vec![TypeSignature::VariadicAny, TypeSignature::Nullary], volatility),
        }
    }

    /// Where a row fails, it is null (`TRY_CAST`).
    pub(crate) fn attempting(self, attempt: bool) -> Self {
        Udf { attempt, ..self }
    }

    fn evaluate(&self, columns: &[ArrayRef], rows: usize) -> Outcome<ArrayRef> {
        let (own, mut rest) = columns.split_at(self.kinds.len());
        let mut lambdas = Vec::new();
        for lambda in &self.lambdas {
            let (captured, after) = rest.split_at(lambda.captures);
            lambdas.push(Bound { lambda, captured });
            rest = after;
        }
        let call = Call { columns: own, kinds: &self.kinds, returns: &self.returns, rows, lambdas };
        if self.attempt { attempt::rows(self.body, &call) } else { self.body.run(&call) }
    }
}

impl ScalarUDFImpl for Udf {
    fn name(&self) -> &str {
        &self.name
    }

    fn signature(&self) -> &EngineSignature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(self.returns.arrow())
    }

    /// Of constants a constant, so that the plan can be folded.
    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let constant = args.args.iter().all(|argument| matches!(argument, ColumnarValue::Scalar(_)));
        let folded = constant && self.signature.volatility != Volatility::Volatile;
        let rows = if folded { 1 } else { args.number_rows };
        let columns = args.args.into_iter().map(|argument| argument.into_array(rows)).collect::<Result<Vec<_>>>()?;
        let result = self.evaluate(&columns, rows).map_err(datafusion::error::DataFusionError::from)?;
        if result.len() != rows {
            return Err(
                Fault::new("GENERIC_INTERNAL_ERROR", format!("{} gave {} rows for {rows}", self.name, result.len())).into()
            );
        }
        if folded { ScalarValue::try_from_array(&result, 0).map(ColumnarValue::Scalar) } else { Ok(ColumnarValue::Array(result)) }
    }
}

/// Two calls are one if name, types and lambdas are: equal expressions are computed once.
impl PartialEq for Udf {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
            && self.kinds == other.kinds
            && self.returns == other.returns
            && self.attempt == other.attempt
            && self.lambdas.len() == other.lambdas.len()
            && self.lambdas.iter().zip(&other.lambdas).all(|(mine, theirs)| Arc::ptr_eq(mine, theirs))
    }
}

impl Eq for Udf {}

impl Hash for Udf {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
        self.kinds.hash(state);
    }
}

impl std::fmt::Debug for Udf {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}({:?})", self.name, self.kinds)
    }
}
