//! Partitions many at a time: what can be done is done, what can't is named in the answer.

use labrun_wire::{AwsError, AwsResult};
use serde::{Deserialize, Serialize};

use super::catalog::{CatalogId, ErrorDetail};
use super::partition::{self, PartitionInput, Shown};
use super::table;
use crate::sandbox::Tx;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Done {
    errors: Vec<PartitionError>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct PartitionError {
    partition_values: Vec<String>,
    error_detail: ErrorDetail,
}

impl Done {
    fn note(&mut self, partition_values: Vec<String>, outcome: Result<(), AwsError>) {
        if let Err(error) = outcome {
            self.errors.push(PartitionError { partition_values, error_detail: error.into() });
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Create {
    #[serde(default)]
    catalog_id: CatalogId,
    database_name: String,
    table_name: String,
    partition_input_list: Vec<PartitionInput>,
}

pub(super) fn create(tx: &mut Tx, input: Create) -> AwsResult<Done> {
    input.catalog_id.check(tx, "BatchCreatePartition")?;
    let table = table::named(tx, &input.database_name, &input.table_name)?;
    let mut done = Done { errors: Vec::new() };
    for definition in input.partition_input_list {
        let values = definition.values.clone().unwrap_or_default();
        let outcome = partition::add(tx, &table, definition);
        done.note(values, outcome);
    }
    Ok(done)
}

#[derive(Clone, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Values {
    values: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Delete {
    #[serde(default)]
    catalog_id: CatalogId,
    database_name: String,
    table_name: String,
    partitions_to_delete: Vec<Values>,
}

pub(super) fn delete(tx: &mut Tx, input: Delete) -> AwsResult<Done> {
    input.catalog_id.check(tx, "BatchDeletePartition")?;
    let table = table::named(tx, &input.database_name, &input.table_name)?;
    let mut done = Done { errors: Vec::new() };
    for Values { values } in input.partitions_to_delete {
        let outcome = partition::remove(tx, &table, &values);
        done.note(values, outcome);
    }
    Ok(done)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Get {
    #[serde(default)]
    catalog_id: CatalogId,
    database_name: String,
    table_name: String,
    partitions_to_get: Vec<Values>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Got {
    partitions: Vec<Shown>,
    unprocessed_keys: Vec<Values>,
}

/// Partitions that are not there are left out.
pub(super) fn get(tx: &Tx, input: Get) -> AwsResult<Got> {
    input.catalog_id.check(tx, "BatchGetPartition")?;
    let table = table::named(tx, &input.database_name, &input.table_name)?;
    let mut partitions = Vec::new();
    for Values { values } in &input.partitions_to_get {
        partition::check_values(&table, values)?;
        partitions.extend(partition::find(tx, &table, values).map(|found| partition::shown(tx, &table, &found)));
    }
    Ok(Got { partitions, unprocessed_keys: Vec::new() })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Update {
    #[serde(default)]
    catalog_id: CatalogId,
    database_name: String,
    table_name: String,
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    partition_value_list: Vec<String>,
    partition_input: PartitionInput,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Updated {
    errors: Vec<Failure>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Failure {
    partition_value_list: Vec<String>,
    error_detail: ErrorDetail,
}

pub(super) fn update(tx: &mut Tx, input: Update) -> AwsResult<Updated> {
    input.catalog_id.check(tx, "BatchUpdatePartition")?;
    let table = table::named(tx, &input.database_name, &input.table_name)?;
    let mut errors = Vec::new();
    for Entry { partition_value_list, partition_input } in input.entries {
        if let Err(error) = partition::replace(tx, &table, &partition_value_list, partition_input) {
            errors.push(Failure { partition_value_list, error_detail: error.into() });
        }
    }
    Ok(Updated { errors })
}
