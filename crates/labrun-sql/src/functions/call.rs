//! A call of a function on a batch of rows.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions, UInt32Array};
use datafusion::arrow::compute::take;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::physical_expr::PhysicalExpr;

use crate::datum::{Datum, Reader};
use crate::fault::{Fault, Outcome};
use crate::sqltype::SqlType;

/// What a body sees.
pub(crate) struct Call<'a> {
    /// One column a parameter that is no lambda, in the form of its type.
    pub(crate) columns: &'a [ArrayRef],
    /// Of the columns.
    pub(crate) kinds: &'a [SqlType],
    /// What it gives.
    pub(crate) returns: &'a SqlType,
    /// How many rows each column has.
    pub(crate) rows: usize,
    /// In their order.
    pub(crate) lambdas: Vec<Bound<'a>>,
}

/// The body of a lambda: an expression over its parameters and what it takes from around it.
#[derive(Debug)]
pub(crate) struct Lambda {
    pub(crate) body: Arc<dyn PhysicalExpr>,
    /// The parameters' columns, then the captured ones.
    pub(crate) schema: SchemaRef,
    pub(crate) parameters: Vec<SqlType>,
    pub(crate) returns: SqlType,
    /// How many columns it captures.
    pub(crate) captures: usize,
}

/// A lambda with what it captured in this batch.
pub(crate) struct Bound<'a> {
    pub(crate) lambda: &'a Lambda,
    pub(crate) captured: &'a [ArrayRef],
}

impl Call<'_> {
    /// The values of a column.
    pub(crate) fn values(&self, at: usize) -> Reader<'_> {
        Reader::new(&self.columns[at], &self.kinds[at])
    }

    /// The lambda of that place among the lambdas.
    pub(crate) fn lambda(&self, at: usize) -> Outcome<&Bound<'_>> {
        self.lambdas.get(at).ok_or_else(|| Fault::new("GENERIC_INTERNAL_ERROR", "a function misses its lambda"))
    }
}

impl Bound<'_> {
    /// Many calls at once. `rows` says for each call in which row of the batch it stands, and so what was captured.
    pub(crate) fn call(&self, parameters: &[ArrayRef], rows: &[u32]) -> Outcome<ArrayRef> {
        let at = UInt32Array::from_iter_values(rows.iter().copied());
        let captured = self.captured.iter().map(|column| take(column, &at, None)).collect::<Result<Vec<_>, _>>()?;
        let columns = parameters.iter().cloned().chain(captured).collect();
        let options = RecordBatchOptions::new().with_row_count(Some(rows.len()));
        let batch = RecordBatch::try_new_with_options(Arc::clone(&self.lambda.schema), columns, &options)?;
        Ok(self.lambda.body.evaluate(&batch)?.into_array(rows.len())?)
    }

    /// The same on values: one row of arguments a call.
    pub(crate) fn call_values(&self, arguments: &[Vec<Datum>], rows: &[u32]) -> Outcome<Vec<Datum>> {
        let columns = self.lambda.parameters.iter().enumerate().map(|(at, kind)| {
            let values: Vec<Datum> = arguments.iter().map(|row| row[at].clone()).collect();
            crate::datum::column(&values, kind)
        });
        let result = self.call(&columns.collect::<Outcome<Vec<_>>>()?, rows)?;
        let reader = Reader::new(&result, &self.lambda.returns);
        Ok((0..rows.len()).map(|row| reader.get(row)).collect())
    }
}
