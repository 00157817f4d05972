//! Partitions: added, dropped, renamed, found in the bucket by MSCK REPAIR TABLE.

use labrun_sql::ddl::{NewPartition, PartitionSpec, TableName};
use labrun_sql::{msck, table};
use serde_json::{Value, json};

use super::{Done, NOT_FOUND, Run, TASK, task};
use crate::services::athena::execute::Failure;
use crate::services::athena::{glue, s3};
impl Run<'_> {
    pub(super) async fn add_partitions(&self, found: &Value, new: &[NewPartition], if_not_exists: bool) -> Done<()> {
        for partition in new {
            let input = table::partition_input(found, partition).map_err(|fault| Failure::user(TASK, fault.to_string()))?;
            let create = json!({ "DatabaseName": found["DatabaseName"], "TableName": found["Name"], "PartitionInput": input });
            match self.glue("CreatePartition", create).await {
                Err(fault) if fault.code == "AlreadyExistsException" && if_not_exists => {}
                made => drop(made.map_err(|fault| task(&fault))?),
            }
        }
        Ok(())
    }

    /// A spec of some of the keys drops every partition under it.
    pub(super) async fn drop_partitions(&self, found: &Value, specs: &[PartitionSpec], if_exists: bool) -> Done<()> {
        let all = self.partitions(found).await?;
        for spec in specs {
            let wanted = table::values(found, spec).map_err(|fault| Failure::user(TASK, fault.to_string()))?;
            let fits =
                |(at, value): (usize, &Option<String>), values: &Value| value.as_ref().is_none_or(|value| values[at] == *value);
            let under = |values: &&Value| wanted.iter().enumerate().all(|wanted| fits(wanted, values));
            let gone: Vec<&Value> = all.iter().map(|partition| &partition["Values"]).filter(under).collect();
            if gone.is_empty() && !if_exists {
                return Err(no_partition(spec));
            }
            for values in gone {
                let input =
                    json!({ "DatabaseName": found["DatabaseName"], "TableName": found["Name"], "PartitionValues": values });
                self.glue("DeletePartition", input).await.map_err(|fault| task(&fault))?;
            }
        }
        Ok(())
    }

    pub(super) async fn rename_partition(&self, table: &Value, from: &PartitionSpec, to: &PartitionSpec) -> Done<()> {
        let (mut partition, values) = self.partition(table, from).await?;
        partition["Values"] = json!(whole(table, to)?);
        self.update_partition(table, &values, &partition).await
    }

    /// The partition that a spec of all keys names, and its values.
    pub(super) async fn partition(&self, table: &Value, spec: &PartitionSpec) -> Done<(Value, Vec<String>)> {
        let values = whole(table, spec)?;
        let input = json!({ "DatabaseName": table["DatabaseName"], "TableName": table["Name"], "PartitionValues": values });
        match self.glue("GetPartition", input).await {
            Ok(mut found) => Ok((found["Partition"].take(), values)),
            Err(fault) if fault.code == "EntityNotFoundException" => Err(no_partition(spec)),
            Err(fault) => Err(task(&fault)),
        }
    }

    /// Every partition, as Glue shows it.
    pub(super) async fn partitions(&self, table: &Value) -> Done<Vec<Value>> {
        let input = json!({ "DatabaseName": table["DatabaseName"], "TableName": table["Name"], "ExcludeColumnSchema": true });
        self.all("GetPartitions", input, "Partitions").await.map_err(|fault| task(&fault))
    }

    /// MSCK REPAIR TABLE: adds what the bucket has and the catalog lacks.
    pub(super) async fn repair(&self, name: &TableName) -> Done<Vec<String>> {
        let table = self.table(name).await?;
        let location = table["StorageDescriptor"]["Location"].as_str().unwrap_or_default();
        let (bucket, prefix) = location.trim_start_matches("s3://").split_once('/').unwrap_or((location, ""));
        let objects = s3::list(self.cx, bucket, prefix).await.map_err(|fault| task(&fault))?;
        let keys: Vec<&str> = objects.iter().map(|object| object.key.as_str()).collect();
        let repair = msck::repair(&table, &self.partitions(&table).await?, &keys);
        let inputs: Vec<Value> = repair.add.iter().map(|found| found.input(&table)).collect();
        let added = glue::add_partitions(self.cx, &table["DatabaseName"], &table["Name"], &inputs).await;
        added.map_err(|fault| task(&fault))?;
        Ok(repair.lines)
    }
}

/// The values of a spec that names every key, in the keys' order.
fn whole(table: &Value, spec: &PartitionSpec) -> Done<Vec<String>> {
    let values = table::values(table, spec).map_err(|fault| Failure::user(TASK, fault.to_string()))?;
    values.into_iter().collect::<Option<Vec<String>>>().ok_or_else(|| no_partition(spec))
}

fn no_partition(spec: &PartitionSpec) -> Failure {
    Failure::user(NOT_FOUND, format!("FAILED: SemanticException [Error 10006]: Partition not found {}", shown(spec)))
}

fn shown(spec: &PartitionSpec) -> String {
    spec.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join("/")
}
