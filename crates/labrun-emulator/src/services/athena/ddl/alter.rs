//! ALTER TABLE.

use labrun_sql::ddl::{Action, AlterTable, PartitionSpec};
use labrun_sql::table::{self, TableError};
use serde_json::{Value, json};

use super::{Done, Run, TASK, UNSUPPORTED, task};
use crate::services::athena::execute::Failure;

impl Run<'_> {
    pub(super) async fn alter_table(&self, alter: &AlterTable) -> Done<Vec<String>> {
        let found = self.table(&alter.table).await?;
        match (&alter.action, &alter.partition) {
            (Action::AddPartitions { if_not_exists, partitions }, _) => {
                self.add_partitions(&found, partitions, *if_not_exists).await?;
            }
            (Action::DropPartitions { if_exists, partitions }, _) => self.drop_partitions(&found, partitions, *if_exists).await?,
            (Action::RenamePartition(to), Some(from)) => self.rename_partition(&found, from, to).await?,
            (action, Some(spec)) => self.alter_partition(&found, spec, action).await?,
            (action, None) => self.update_table(&changed(&found, action)?).await?,
        }
        Ok(Vec::new())
    }

    async fn alter_partition(&self, table: &Value, spec: &PartitionSpec, action: &Action) -> Done<()> {
        let (partition, values) = self.partition(table, spec).await?;
        self.update_partition(table, &values, &changed(&partition, action)?).await
    }

    pub(super) async fn update_partition(&self, table: &Value, values: &[String], changed: &Value) -> Done<()> {
        let update = json!({
            "DatabaseName": table["DatabaseName"],
            "TableName": table["Name"],
            "PartitionValueList": values,
            "PartitionInput": table::as_partition_input(changed),
        });
        self.glue("UpdatePartition", update).await.map(drop).map_err(|fault| task(&fault))
    }
}

/// A table or partition after a change.
fn changed(of: &Value, action: &Action) -> Done<Value> {
    let changed = match action {
        Action::AddColumns(columns) => table::add_columns(of, columns),
        Action::ReplaceColumns(columns) => table::replace_columns(of, columns),
        Action::SetLocation(location) => table::set_location(of, location),
        Action::SetProperties(properties) => Ok(table::set_properties(of, properties)),
        _ => return Err(Failure::user(UNSUPPORTED, "This change needs a partition.")),
    };
    changed.map_err(|fault: TableError| Failure::user(TASK, fault.to_string()))
}
