//! CREATE VIEW: a query's text, kept in the catalog with the columns that it gives now.

use labrun_sql::ddl::CreateView;
use labrun_sql::view::View;
use serde_json::json;

use super::{Done, Run, task};
use crate::services::athena::data;
use crate::services::athena::execute::Failure;

/// Error catalog: a table or view is there already.
const EXISTS: i64 = 1006;

impl Run<'_> {
    pub(super) async fn create_view(&self, create: &CreateView) -> Done<Vec<String>> {
        let database = self.database_of(create.name.database.as_deref());
        let columns = data::columns(self.cx, self.query, (*create.query).clone(), Vec::new()).await?;
        if let Some(nameless) = columns.iter().find(|column| column.name.starts_with("_col")) {
            let place = nameless.name.trim_start_matches("_col");
            return Err(Failure::user(
                EXISTS,
                format!(
                    "MISSING_COLUMN_NAME: Column name not specified at position {}",
                    place.parse::<usize>().unwrap_or_default() + 1
                ),
            ));
        }
        let view = View {
            query: create.text.clone(),
            catalog: "awsdatacatalog".to_owned(),
            schema: self.database.unwrap_or("default").to_owned(),
            columns: columns.into_iter().map(|column| (column.name, column.kind.to_string())).collect(),
        };
        let input = json!({ "DatabaseName": database, "TableInput": view.table_input(&create.name.name) });
        match self.glue("CreateTable", input.clone()).await {
            Err(fault) if fault.code == "AlreadyExistsException" && create.or_replace => {
                self.glue("UpdateTable", input).await.map_err(|fault| task(&fault))?;
            }
            Err(fault) if fault.code == "AlreadyExistsException" => {
                let message = format!(
                    "TABLE_ALREADY_EXISTS: line 1:1: View already exists: 'awsdatacatalog.{database}.{}'",
                    create.name.name
                );
                return Err(Failure::user(EXISTS, message));
            }
            created => {
                created.map_err(|fault| task(&fault))?;
            }
        }
        Ok(Vec::new())
    }
}
