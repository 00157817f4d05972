//! Columns of a file as the table's types have them, where a cast of the engine's own would not do.

use std::collections::BTreeMap;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::{DataType, Schema, SchemaRef};
use datafusion::common::Result;
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode};
use datafusion::logical_expr::ColumnarValue;
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::expressions::Column;
use datafusion::physical_expr_adapter::{DefaultPhysicalExprAdapterFactory, PhysicalExprAdapter, PhysicalExprAdapterFactory};

use crate::formats::{conform, converts, mismatch};
use crate::sqltype::SqlType;

/// The table's types, by the names of its columns.
#[derive(Clone, Debug)]
pub(super) struct Adapters(pub(super) Arc<BTreeMap<String, SqlType>>);

impl PhysicalExprAdapterFactory for Adapters {
    fn create(&self, table: SchemaRef, file: SchemaRef) -> Result<Arc<dyn PhysicalExprAdapter>> {
        let plain = DefaultPhysicalExprAdapterFactory.create(Arc::clone(&table), Arc::clone(&file))?;
        Ok(Arc::new(Adapter { kinds: self.clone(), file, plain }))
    }
}

#[derive(Debug)]
struct Adapter {
    kinds: Adapters,
    file: SchemaRef,
    plain: Arc<dyn PhysicalExprAdapter>,
}

impl PhysicalExprAdapter for Adapter {
    /// What is cast by the engine can be pruned by; all else is conformed.
    fn rewrite(&self, expr: Arc<dyn PhysicalExpr>) -> Result<Arc<dyn PhysicalExpr>> {
        let conformed = expr.transform_down(|expr| match expr.downcast_ref::<Column>() {
            Some(column) => match self.conformed(column)? {
                Some(conformed) => Ok(Transformed::new(conformed, true, datafusion::common::tree_node::TreeNodeRecursion::Jump)),
                None => self.plain.rewrite(expr).map(Transformed::yes).map(jump),
            },
            None => Ok(Transformed::no(expr)),
        });
        conformed.data()
    }
}

fn jump<T>(mut found: Transformed<T>) -> Transformed<T> {
    found.tnr = datafusion::common::tree_node::TreeNodeRecursion::Jump;
    found
}

impl Adapter {
    fn conformed(&self, column: &Column) -> Result<Option<Arc<dyn PhysicalExpr>>> {
        let (Some(kind), Ok(at)) = (self.kinds.0.get(column.name()), self.file.index_of(column.name())) else { return Ok(None) };
        let (from, target) = (self.file.field(at).data_type(), kind.arrow());
        let is_nested = from.is_nested() || target.is_nested();
        if !is_nested && !converts(from, &target) {
            return Err(mismatch(from, kind).into());
        }
        let is_cut = matches!(kind, SqlType::Varchar(Some(_)) | SqlType::Char(_));
        if !is_cut && (*from == target || is_widening(from, &target)) {
            return Ok(None);
        }
        let child: Arc<dyn PhysicalExpr> = Arc::new(Column::new(column.name(), at));
        Ok(Some(Arc::new(Conformed { child, kind: kind.clone() })))
    }
}

/// A cast that keeps the order of values, and so their bounds.
fn is_widening(from: &DataType, target: &DataType) -> bool {
    (from.is_integer() && target.is_integer()) || (from.is_floating() && target.is_floating())
}

/// A column of the file in the form of the table's type.
#[derive(Debug)]
struct Conformed {
    child: Arc<dyn PhysicalExpr>,
    kind: SqlType,
}

impl PartialEq for Conformed {
    fn eq(&self, other: &Self) -> bool {
        self.child.eq(&other.child) && self.kind == other.kind
    }
}

impl Eq for Conformed {}

impl Hash for Conformed {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.child.hash(state);
        self.kind.hash(state);
    }
}

impl fmt::Display for Conformed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} as {}", self.child, self.kind)
    }
}

impl PhysicalExpr for Conformed {
    fn data_type(&self, _: &Schema) -> Result<DataType> {
        Ok(self.kind.arrow())
    }

    fn nullable(&self, _: &Schema) -> Result<bool> {
        Ok(true)
    }

    fn evaluate(&self, batch: &RecordBatch) -> Result<ColumnarValue> {
        let column = self.child.evaluate(batch)?.into_array(batch.num_rows())?;
        Ok(ColumnarValue::Array(conform(&column, &self.kind)?))
    }

    fn children(&self) -> Vec<&Arc<dyn PhysicalExpr>> {
        vec![&self.child]
    }

    fn with_new_children(self: Arc<Self>, children: Vec<Arc<dyn PhysicalExpr>>) -> Result<Arc<dyn PhysicalExpr>> {
        let Some(child) = children.into_iter().next() else { return Ok(self) };
        Ok(Arc::new(Conformed { child, kind: self.kind.clone() }))
    }

    fn fmt_sql(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}
