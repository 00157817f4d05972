//! CREATE and DROP TABLE, DROP VIEW.

use labrun_sql::ddl::{CreateTable, DropNamed};
use labrun_sql::table;
use serde_json::{Value, json};

use super::{Done, Run, TASK, no_database, no_table, task};
use crate::services::athena::execute::Failure;

const VIEW: &str = "VIRTUAL_VIEW";

impl Run<'_> {
    pub(super) async fn create_table(&self, create: &CreateTable) -> Done<Vec<String>> {
        let mut input = table::table_input(create).map_err(|fault| Failure::user(TASK, fault.to_string()))?;
        input["Parameters"]["transient_lastDdlTime"] = json!((self.cx.now().millis() / 1000).to_string());
        let database = self.database_of(create.name.database.as_deref());
        match self.glue("CreateTable", json!({ "DatabaseName": database, "TableInput": input })).await {
            Err(fault) if fault.code == "AlreadyExistsException" && create.if_not_exists => Ok(Vec::new()),
            Err(fault) if fault.code == "EntityNotFoundException" => Err(no_database(database)),
            made => made.map(|_| Vec::new()).map_err(|fault| task(&fault)),
        }
    }

    /// The data of an external table stays (Athena User Guide, DROP TABLE). Views and tables are dropped by their own statements.
    pub(super) async fn drop_table(&self, drop: &DropNamed, view: bool) -> Done<Vec<String>> {
        let table = match self.table(&drop.name).await {
            Err(failure) if failure.number == super::NOT_FOUND && drop.if_exists => return Ok(Vec::new()),
            table => table?,
        };
        match (table["TableType"] == VIEW, view) {
            (true, false) => return Err(Failure::user(TASK, format!("{} is a view; drop it with DROP VIEW", drop.name.name))),
            (false, true) => return Err(no_table(&drop.name.name)),
            _ => {}
        }
        let database = self.database_of(drop.name.database.as_deref());
        let gone = self.glue("DeleteTable", json!({ "DatabaseName": database, "Name": drop.name.name })).await;
        gone.map(|_| Vec::new()).map_err(|fault| task(&fault))
    }

    /// Puts a changed definition in the place of the old one.
    pub(super) async fn update_table(&self, changed: &Value) -> Done<()> {
        let input = table::as_input(changed);
        let update = json!({ "DatabaseName": changed["DatabaseName"], "TableInput": input });
        self.glue("UpdateTable", update).await.map(drop).map_err(|fault| task(&fault))
    }
}
