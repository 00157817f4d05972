//! CREATE, DROP and ALTER DATABASE.

use labrun_sql::ddl::{AlterDatabase, CreateDatabase, DropDatabase};
use labrun_sql::table;
use serde_json::{Map, Value, json};

use super::{Done, Run, TASK, no_database, task};
use crate::services::athena::execute::Failure;

impl Run<'_> {
    /// The comment is Glue's description (Athena User Guide, CREATE DATABASE).
    pub(super) async fn create_database(&self, create: &CreateDatabase) -> Done<Vec<String>> {
        let input = table::database_input(create).map_err(|fault| Failure::user(TASK, fault.to_string()))?;
        match self.glue("CreateDatabase", json!({ "DatabaseInput": input })).await {
            Err(fault) if fault.code == "AlreadyExistsException" && create.if_not_exists => Ok(Vec::new()),
            made => made.map(|_| Vec::new()).map_err(|fault| task(&fault)),
        }
    }

    /// RESTRICT, the default, leaves a database with tables alone.
    pub(super) async fn drop_database(&self, drop: &DropDatabase) -> Done<Vec<String>> {
        let tables = match self.all("GetTables", json!({ "DatabaseName": drop.name }), "TableList").await {
            Err(fault) if fault.code == "EntityNotFoundException" && drop.if_exists => return Ok(Vec::new()),
            Err(fault) if fault.code == "EntityNotFoundException" => return Err(no_database(&drop.name)),
            tables => tables.map_err(|fault| task(&fault))?,
        };
        if !tables.is_empty() && !drop.cascade {
            let why = format!("Database {} is not empty. One or more tables exist.", drop.name);
            let said =
                "FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. InvalidOperationException";
            return Err(Failure::user(TASK, format!("{said}(message:{why})")));
        }
        self.glue("DeleteDatabase", json!({ "Name": drop.name })).await.map_err(|fault| task(&fault))?;
        Ok(Vec::new())
    }

    pub(super) async fn alter_database(&self, alter: &AlterDatabase) -> Done<Vec<String>> {
        let found = self.glue("GetDatabase", json!({ "Name": alter.name })).await;
        let mut database = match found {
            Ok(mut found) => found["Database"].take(),
            Err(fault) if fault.code == "EntityNotFoundException" => return Err(no_database(&alter.name)),
            Err(fault) => return Err(task(&fault)),
        };
        for (key, value) in &alter.properties {
            database["Parameters"][key] = json!(value);
        }
        let members = ["Name", "Description", "LocationUri", "Parameters"];
        let input: Map<String, Value> =
            members.iter().filter_map(|member| Some(((*member).to_owned(), database.get(*member)?.clone()))).collect();
        let update = self.glue("UpdateDatabase", json!({ "Name": alter.name, "DatabaseInput": input })).await;
        update.map(|_| Vec::new()).map_err(|fault| task(&fault))
    }
}
