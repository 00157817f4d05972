//! INSERT: the rows of a query as those of a table.

use datafusion::logical_expr::LogicalPlanBuilder;

use crate::fault::{Fault, Outcome};
use crate::plan::{OutputColumn, Planned, fitted};
use crate::sqltype::SqlType;

/// The columns of a table in their order, and which column of the query each gets.
#[derive(Clone, Debug)]
pub struct Inserted {
    columns: Vec<(String, SqlType, Option<usize>)>,
    given: usize,
}

impl Inserted {
    /// `named` is what the statement lists; nothing stands for all columns.
    pub fn new(columns: Vec<(String, SqlType)>, named: &[String]) -> Outcome<Self> {
        if let Some(unknown) = named.iter().find(|name| columns.iter().all(|(own, _)| !own.eq_ignore_ascii_case(name))) {
            return Err(Fault::new("COLUMN_NOT_FOUND", format!("Insert column name does not exist in target table: {unknown}")));
        }
        let given = if named.is_empty() { columns.len() } else { named.len() };
        let place = |at: usize, name: &str| {
            if named.is_empty() { Some(at) } else { named.iter().position(|own| own.eq_ignore_ascii_case(name)) }
        };
        let columns = columns.into_iter().enumerate().map(|(at, (name, kind))| {
            let from = place(at, &name);
            (name, kind, from)
        });
        Ok(Inserted { columns: columns.collect(), given })
    }

    /// The query with the columns of the table.
    pub(super) fn fit(&self, planned: Planned) -> Outcome<Planned> {
        let list = |kinds: Vec<String>| format!("[{}]", kinds.join(", "));
        let mismatch = || {
            let table = self.columns.iter().filter(|(_, _, from)| from.is_some()).map(|(_, kind, _)| kind.to_string());
            let query = planned.columns.iter().map(|column| column.kind.to_string());
            let message = format!(
                "Insert query has mismatched column types: Table: {}, Query: {}",
                list(table.collect()),
                list(query.collect())
            );
            Fault::new("TYPE_MISMATCH", message)
        };
        if planned.columns.len() != self.given {
            return Err(mismatch());
        }
        let mut expressions = Vec::new();
        for (at, (_, kind, from)) in self.columns.iter().enumerate() {
            let source =
                from.map(|from| (planned.plan.schema().columns()[from].name.clone(), planned.columns[from].kind.clone()));
            if source.as_ref().is_some_and(|(_, own)| !own.coerces_to(kind)) {
                return Err(mismatch());
            }
            expressions.push(fitted(source, kind)?.alias(format!("v{at}")));
        }
        let columns =
            self.columns.iter().map(|(name, kind, _)| OutputColumn { name: name.clone(), kind: kind.clone() }).collect();
        let plan = LogicalPlanBuilder::new(planned.plan).project(expressions)?.build()?;
        Ok(Planned { plan, columns })
    }
}
