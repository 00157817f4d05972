//! Aggregates that keep the values of a group and look at them at its end: every aggregate of Trino that the engine does not have.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray};
use datafusion::arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::{Accumulator, AggregateUDFImpl, Signature as EngineSignature, Volatility};

use crate::datum::{self, Datum, Reader};
use crate::fault::Outcome;
use crate::sqltype::SqlType;

/// What a group gives: of the types of the arguments, the type of the result, and the rows of arguments in their order.
pub(crate) type Finish = fn(&[SqlType], &SqlType, Vec<Vec<Datum>>) -> Outcome<Datum>;

/// An aggregate with the types of one call. Keys of `ORDER BY` come after the arguments.
#[derive(Clone)]
pub(crate) struct Collected {
    name: String,
    finish: Finish,
    kinds: Vec<SqlType>,
    returns: SqlType,
    /// Descending, nulls first.
    order: Vec<(bool, bool)>,
    distinct: bool,
    signature: EngineSignature,
}

impl Collected {
    pub(crate) fn new(name: &str, finish: Finish, kinds: Vec<SqlType>, returns: SqlType) -> Self {
        let signature = EngineSignature::variadic_any(Volatility::Immutable);
        Collected { name: name.to_owned(), finish, kinds, returns, order: Vec::new(), distinct: false, signature }
    }

    /// The last arguments are keys: descending, nulls first.
    pub(crate) fn ordered(self, order: Vec<(bool, bool)>) -> Self {
        Collected { order, ..self }
    }

    /// Rows that are the same count once.
    pub(crate) fn distinct(self, distinct: bool) -> Self {
        Collected { distinct, ..self }
    }

    fn row_type(&self) -> SqlType {
        SqlType::Row(self.kinds.iter().map(|kind| (None, kind.clone())).collect())
    }
}

impl PartialEq for Collected {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, &self.kinds, &self.returns, &self.order, self.distinct)
            == (&other.name, &other.kinds, &other.returns, &other.order, other.distinct)
    }
}

impl Eq for Collected {}

impl Hash for Collected {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (&self.name, &self.kinds, &self.order, self.distinct).hash(state);
    }
}

impl std::fmt::Debug for Collected {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}({:?})", self.name, self.kinds)
    }
}

impl AggregateUDFImpl for Collected {
    fn name(&self) -> &str {
        &self.name
    }

    fn signature(&self) -> &EngineSignature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(self.returns.arrow())
    }

    fn accumulator(&self, _: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        Ok(Box::new(Rows { call: self.clone(), rows: Vec::new(), size: 0 }))
    }

    fn state_fields(&self, args: StateFieldsArgs) -> Result<Vec<FieldRef>> {
        Ok(vec![Arc::new(Field::new(format!("{}[rows]", args.name), SqlType::array(self.row_type()).arrow(), true))])
    }
}

/// The rows of a group.
struct Rows {
    call: Collected,
    rows: Vec<Vec<Datum>>,
    size: usize,
}

impl std::fmt::Debug for Rows {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{:?}: {} rows", self.call, self.rows.len())
    }
}

impl Rows {
    fn push(&mut self, row: Vec<Datum>) {
        self.size += row.iter().map(Datum::size).sum::<usize>();
        self.rows.push(row);
    }

    fn result(&self) -> Outcome<ScalarValue> {
        let arguments = self.call.kinds.len() - self.call.order.len();
        let mut rows = self.rows.clone();
        if self.call.distinct {
            rows = distinct(rows);
        }
        sort(&mut rows, arguments, &self.call.order)?;
        rows.iter_mut().for_each(|row| row.truncate(arguments));
        let value = (self.call.finish)(&self.call.kinds[..arguments], &self.call.returns, rows)?;
        Ok(ScalarValue::try_from_array(&datum::column(&[value], &self.call.returns)?, 0)?)
    }
}

impl Accumulator for Rows {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let kinds = self.call.kinds.clone();
        let readers: Vec<Reader> = values.iter().zip(&kinds).map(|(column, kind)| Reader::new(column, kind)).collect();
        for row in 0..values.first().map_or(0, |column| column.len()) {
            self.push(readers.iter().map(|reader| reader.get(row)).collect());
        }
        Ok(())
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        Ok(self.result()?)
    }

    fn size(&self) -> usize {
        size_of::<Self>() + self.size
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        let rows = Datum::Array(std::mem::take(&mut self.rows).into_iter().map(Datum::Row).collect());
        let column = datum::column(&[rows], &SqlType::array(self.call.row_type()))?;
        Ok(vec![ScalarValue::try_from_array(&column, 0)?])
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        let kind = self.call.row_type();
        for list in states[0].as_list::<i32>().iter().flatten() {
            for row in 0..list.len() {
                if let Datum::Row(cells) = datum::read(&list, &kind, row) {
                    self.push(cells);
                }
            }
        }
        Ok(())
    }

    /// What leaves a frame is what came first.
    fn retract_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let count = values.first().map_or(0, |column| column.len()).min(self.rows.len());
        self.rows.drain(..count);
        Ok(())
    }

    fn supports_retract_batch(&self) -> bool {
        true
    }
}

/// The first of each that is the same.
pub(crate) fn distinct(rows: Vec<Vec<Datum>>) -> Vec<Vec<Datum>> {
    let mut seen: std::collections::HashMap<u64, Vec<usize>> = std::collections::HashMap::new();
    let mut kept: Vec<Vec<Datum>> = Vec::new();
    for row in rows {
        let key = row.iter().fold(0_u64, |sum, cell| sum.rotate_left(5) ^ datum::hash(cell));
        let twins = seen.entry(key).or_default();
        let known = twins.iter().any(|at| kept[*at].iter().zip(&row).all(|(left, right)| datum::same(left, right)));
        if !known {
            twins.push(kept.len());
            kept.push(row);
        }
    }
    kept
}

fn sort(rows: &mut [Vec<Datum>], keys_from: usize, order: &[(bool, bool)]) -> Outcome<()> {
    let mut failure = None;
    rows.sort_by(|left, right| {
        for (at, (descending, nulls_first)) in order.iter().enumerate() {
            let (left, right) = (&left[keys_from + at], &right[keys_from + at]);
            let found = match (left.is_null(), right.is_null()) {
                (true, true) => std::cmp::Ordering::Equal,
                (true, false) => {
                    if *nulls_first {
                        std::cmp::Ordering::Less
                    } else {
                        std::cmp::Ordering::Greater
                    }
                }
                (false, true) => {
                    if *nulls_first {
                        std::cmp::Ordering::Greater
                    } else {
                        std::cmp::Ordering::Less
                    }
                }
                (false, false) => match datum::compare(left, right) {
                    Ok(found) if *descending => found.reverse(),
                    Ok(found) => found,
                    Err(fault) => {
                        failure = Some(fault);
                        std::cmp::Ordering::Equal
                    }
                },
            };
            if found.is_ne() {
                return found;
            }
        }
        std::cmp::Ordering::Equal
    });
    failure.map_or(Ok(()), Err)
}
