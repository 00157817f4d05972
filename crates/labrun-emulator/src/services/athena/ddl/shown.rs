//! SHOW and DESCRIBE.

use labrun_sql::ddl::{Ddl, Describe, ShowListing};
use labrun_sql::show;
use serde_json::{Value, json};

use super::{Done, Run, TASK, UNSUPPORTED, no_database, task};
use crate::services::athena::execute::Failure;

const VIEW: &str = "VIRTUAL_VIEW";

impl Run<'_> {
    pub(super) async fn show(&self, ddl: &Ddl) -> Done<Vec<String>> {
        match ddl {
            Ddl::ShowDatabases(pattern) => self.databases(pattern.as_deref()).await,
            Ddl::ShowTables(listing) => self.names(listing, false).await,
            Ddl::ShowViews(listing) => self.names(listing, true).await,
            Ddl::ShowColumns(name) => Ok(show::show_columns(&self.table(name).await?)),
            Ddl::ShowCreateTable(name) => Ok(show::create_table(&self.table(name).await?)),
            Ddl::ShowCreateView(name) => {
                let view = self.table(name).await?;
                show::create_view(&view).map_err(|fault| Failure::user(TASK, fault.to_string()))
            }
            Ddl::ShowProperties(asked) => Ok(show::show_properties(&self.table(&asked.table).await?, asked.key.as_deref())),
            Ddl::ShowPartitions(name) => {
                let table = self.table(name).await?;
                Ok(show::show_partitions(&table, &self.partitions(&table).await?))
            }
            Ddl::Describe(describe) => self.describe(describe).await,
            _ => Err(Failure::user(UNSUPPORTED, "labrun does not run this yet")),
        }
    }

    async fn describe(&self, describe: &Describe) -> Done<Vec<String>> {
        let table = self.table(&describe.table).await?;
        if let Some(column) = &describe.column {
            let missing =
                || Failure::user(TASK, format!("FAILED: SemanticException [Error 10002]: Invalid column reference {column}"));
            return show::describe_column(&table, column).ok_or_else(missing);
        }
        match &describe.partition {
            Some(spec) => {
                let (partition, _) = self.partition(&table, spec).await?;
                Ok(show::describe_partition(&table, &partition, describe.detail))
            }
            None => Ok(show::describe(&table, describe.detail)),
        }
    }

    async fn databases(&self, pattern: Option<&str>) -> Done<Vec<String>> {
        let found = self.all("GetDatabases", json!({}), "DatabaseList").await.map_err(|fault| task(&fault))?;
        Ok(matching(&found, pattern, show::database_matches))
    }

    /// Tables with the views among them, or views alone.
    async fn names(&self, listing: &ShowListing, views: bool) -> Done<Vec<String>> {
        let database = self.database_of(listing.database.as_deref());
        let mut found = match self.all("GetTables", json!({ "DatabaseName": database }), "TableList").await {
            Err(fault) if fault.code == "EntityNotFoundException" => return Err(no_database(database)),
            found => found.map_err(|fault| task(&fault))?,
        };
        found.retain(|table| !views || table["TableType"] == VIEW);
        Ok(matching(&found, listing.pattern.as_deref(), show::matches))
    }
}

/// Names that fit, in their order.
fn matching(found: &[Value], pattern: Option<&str>, fits: impl Fn(&str, &str) -> bool) -> Vec<String> {
    let names = found.iter().filter_map(|one| one["Name"].as_str());
    let mut names: Vec<String> =
        names.filter(|name| pattern.is_none_or(|pattern| fits(pattern, name))).map(str::to_owned).collect();
    names.sort();
    names
}
