//! From a query's tree to a plan: names are resolved, types are checked and made to meet, functions are chosen. What comes out is a plan of
//! DataFusion's whose every expression has Trino's meaning already: the engine adds none of its own.
//!
//! Every column of a plan has a name of its own (`price#12`), so that no two are ever confused; what the query calls it stands in the
//! [`scope::Scope`].

mod aggregate;
mod call;
mod coerce;
mod expr;
mod grouping;
mod json;
mod lambda;
mod literal;
mod membership;
mod operator;
mod predicate;
mod query;
mod relation;
mod scope;
mod select;
mod sets;
mod subquery;
mod typed;
mod unnest;
mod window;

use std::cell::Cell;
use std::sync::Arc;

use datafusion::arrow::array::{RecordBatch, RecordBatchOptions};
use datafusion::arrow::datatypes::Schema;
use datafusion::common::{DFSchema, ScalarValue};
use datafusion::error::DataFusionError;
use datafusion::logical_expr::execution_props::ExecutionProps;
use datafusion::logical_expr::physical_planning_context::PhysicalPlanningContext;
use datafusion::logical_expr::{Expr, LogicalPlan, TableSource};
use datafusion::physical_expr::create_physical_expr;

use crate::fault::Outcome;
use crate::query::tree;
use crate::sqltype::SqlType;

pub(crate) use typed::Typed;

/// A table as the plan sees it.
#[derive(Clone)]
pub(crate) struct Table {
    pub(crate) source: Arc<dyn TableSource>,
    /// In the source's order.
    pub(crate) columns: Vec<TableColumn>,
}

/// A column of a table.
#[derive(Clone, Debug)]
pub(crate) struct TableColumn {
    /// In lower case.
    pub(crate) name: String,
    pub(crate) kind: SqlType,
    /// Not in `*`: `$path`.
    pub(crate) hidden: bool,
}

/// What a name of a table stands for.
pub(crate) enum Found {
    Table(Table),
    /// A view's query, the catalog and database that its names are resolved in, and its columns.
    View(Box<View>),
}

/// A view as it is planned.
pub(crate) struct View {
    pub(crate) query: tree::Query,
    pub(crate) database: String,
    pub(crate) columns: Vec<(String, SqlType)>,
    pub(crate) name: String,
}

/// Where tables come from.
pub(crate) trait Tables: Send + Sync {
    /// All names in lower case. `Err` where it is not there, or can't be read.
    fn find(&self, catalog: Option<&str>, database: &str, name: &str) -> Outcome<Found>;
}

/// What a query is planned in.
pub(crate) struct Context<'a> {
    pub(crate) tables: &'a dyn Tables,
    /// Where a bare name of a table is looked for.
    pub(crate) database: String,
    /// What stands for each `?`.
    pub(crate) parameters: Vec<tree::Expr>,
    /// When the query started: nanoseconds since 1970, UTC.
    pub(crate) now: i128,
}

/// A column of a result.
#[derive(Clone, Debug, PartialEq)]
pub struct OutputColumn {
    /// The heading; `_col0` where the query gives none.
    pub name: String,
    /// Its type.
    pub kind: SqlType,
}

/// A query that can be run.
pub(crate) struct Planned {
    pub(crate) plan: LogicalPlan,
    pub(crate) columns: Vec<OutputColumn>,
}

/// Plans a whole query.
pub(crate) fn plan(query: &tree::Query, context: &Context) -> Outcome<Planned> {
    let planner = Planner { context, last: Cell::new(0), views: Cell::new(0) };
    let relation = planner.query(query, query::Around { names: &query::Names::default(), outer: None })?;
    let columns = relation.fields.iter().enumerate().map(|(at, field)| OutputColumn {
        name: field.heading.clone().unwrap_or_else(|| format!("_col{at}")),
        kind: field.kind.clone(),
    });
    Ok(Planned { columns: columns.collect(), plan: relation.plan })
}

pub(crate) struct Planner<'a> {
    context: &'a Context<'a>,
    last: Cell<usize>,
    /// How deep views stand in views now.
    views: Cell<usize>,
}

/// A column of a plan as a value of a type that it becomes without a cast; null where there is none.
pub(crate) fn fitted(source: Option<(String, SqlType)>, kind: &SqlType) -> Outcome<Expr> {
    let value = match source {
        Some((name, own)) => Typed::new(typed::column(&name), own),
        None => Typed::null(),
    };
    Ok(coerce::coerce(value, kind)?.expr)
}

impl Planner<'_> {
    /// A constant expression as a constant. `Err` where computing it fails.
    fn fold(&self, value: Typed) -> Outcome<Typed> {
        let schema = DFSchema::empty();
        let physical = create_physical_expr(&value.expr, &schema, &ExecutionProps::new(), &PhysicalPlanningContext::default())?;
        let options = RecordBatchOptions::new().with_row_count(Some(1));
        let batch =
            RecordBatch::try_new_with_options(Arc::new(Schema::empty()), Vec::new(), &options).map_err(DataFusionError::from)?;
        let column = physical.evaluate(&batch)?.into_array(1)?;
        Ok(Typed::new(Expr::Literal(ScalarValue::try_from_array(&column, 0)?, None), value.kind))
    }

    /// A name that no other column of the plan has.
    fn fresh(&self, name: &str) -> String {
        self.last.set(self.last.get() + 1);
        format!("{name}#{}", self.last.get())
    }
}
