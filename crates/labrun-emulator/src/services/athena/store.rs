//! CTAS, INSERT INTO and UNLOAD: files, and what the catalog gets of them.

use std::sync::Arc;

use labrun_sql::ddl::{NewPartition, TableName};
use labrun_sql::dml::{CreateTableAs, Insert, Unload};
use labrun_sql::engine::{self, Inserted, Meter, Written};
use labrun_sql::query::tree::Expr;
use labrun_sql::table;
use labrun_wire::AwsError;
use serde_json::{Value, json};

use super::data::{self, Job, failure};
use super::execute::Failure;
use super::glue;
use super::query::Query;
use crate::sandbox::Cx;

/// A statement that writes.
pub(super) struct Store<'s> {
    pub(super) cx: &'s Cx,
    pub(super) query: &'s Query,
    pub(super) parameters: Vec<Expr>,
    pub(super) meter: &'s Arc<Meter>,
}

/// Error catalog: the statement can't be.
const SYNTAX: i64 = 1006;
/// Error catalog: a table or database is not there.
const NOT_FOUND: i64 = 1301;

impl Store<'_> {
    /// Rows first, then the table: who fails in between leaves files, as Athena does (ctas-considerations-limitations).
    pub(super) async fn create_table_as(self, create: CreateTableAs) -> Result<Written, Failure> {
        let database = self.database(&create.name);
        let name = create.name.name.clone();
        if self.table(&database, &name).await?.is_some() {
            if create.if_not_exists {
                return Ok(Written::default());
            }
            let message =
                format!("TABLE_ALREADY_EXISTS: line 1:1: Destination table 'awsdatacatalog.{database}.{name}' already exists");
            return Err(Failure::user(SYNTAX, message));
        }
        if !create.columns.is_empty() {
            return Err(Failure::user(
                SYNTAX,
                "NOT_SUPPORTED: labrun does not emulate a list of columns in CREATE TABLE AS; name them in the query",
            ));
        }
        let (bucket, key) = self.query.place();
        let default = format!("s3://{bucket}/{key}");
        let new = engine::of_ctas(&create, &default, &self.query.id).map_err(|fault| failure(&fault))?;
        let columns = data::columns(self.cx, self.query, (*create.query).clone(), self.parameters.clone()).await?;
        let input = new.input(&columns).map_err(|fault| failure(&fault))?;
        let mut written = Written::default();
        if create.with_data {
            let job = Job { tree: (*create.query).clone(), parameters: self.parameters, sink: new.sink, inserted: None };
            written = data::write(self.cx, self.query, job, self.meter).await?.1;
        }
        glue::call(self.cx, "CreateTable", &json!({ "DatabaseName": database, "TableInput": input }))
            .await
            .map_err(|fault| catalog(&fault))?;
        register(self.cx, &database, &input, &written.partitions).await?;
        Ok(written)
    }

    pub(super) async fn insert(self, insert: Insert) -> Result<Written, Failure> {
        let database = self.database(&insert.table);
        let name = &insert.table.name;
        let Some(table) = self.table(&database, name).await? else {
            return Err(Failure::user(
                NOT_FOUND,
                format!("TABLE_NOT_FOUND: line 1:1: Table 'awsdatacatalog.{database}.{name}' does not exist"),
            ));
        };
        if table["TableType"] == "VIRTUAL_VIEW" {
            return Err(Failure::user(1200, "NOT_SUPPORTED: line 1:1: Inserting into views is not supported"));
        }
        let (sink, columns) = engine::of_table(&table, &self.query.id).map_err(|fault| failure(&fault))?;
        let inserted = Inserted::new(columns, &insert.columns).map_err(|fault| failure(&fault))?;
        let job = Job { tree: *insert.query, parameters: self.parameters, sink, inserted: Some(inserted) };
        let (_, written) = data::write(self.cx, self.query, job, self.meter).await?;
        register(self.cx, &database, &table, &written.partitions).await?;
        Ok(written)
    }

    pub(super) async fn unload(self, unload: Unload) -> Result<Written, Failure> {
        let sink = engine::of_unload(&unload, &self.query.id).map_err(|fault| failure(&fault))?;
        let job = Job { tree: *unload.query, parameters: self.parameters, sink, inserted: None };
        data::write(self.cx, self.query, job, self.meter).await.map(|(_, written)| written)
    }

    fn database(&self, name: &TableName) -> String {
        let named = name.database.as_deref().or(self.query.context.database.as_deref());
        named.unwrap_or("default").to_lowercase()
    }

    async fn table(&self, database: &str, name: &str) -> Result<Option<Value>, Failure> {
        let input = json!({ "DatabaseName": database, "Name": name });
        glue::find(self.cx, "GetTable", &input, "Table").await.map_err(|fault| catalog(&fault))
    }
}

/// New partitions are registered by themselves (insert-into); those that are there stay.
async fn register(cx: &Cx, database: &str, table: &Value, partitions: &[Vec<String>]) -> Result<(), Failure> {
    let keys: Vec<&str> =
        table["PartitionKeys"].as_array().into_iter().flatten().filter_map(|key| key["Name"].as_str()).collect();
    let inputs = partitions.iter().map(|values| {
        let spec = keys.iter().zip(values).map(|(key, value)| ((*key).to_owned(), value.clone())).collect();
        table::partition_input(table, &NewPartition { spec, location: None })
            .map_err(|error| Failure::user(SYNTAX, error.to_string()))
    });
    let inputs = inputs.collect::<Result<Vec<_>, _>>()?;
    let added = glue::add_partitions(cx, &json!(database), &table["Name"], &inputs).await;
    added.map_err(|fault| catalog(&fault))
}

fn catalog(fault: &AwsError) -> Failure {
    match fault.code.as_str() {
        "EntityNotFoundException" => Failure::user(NOT_FOUND, format!("SCHEMA_NOT_FOUND: {}", fault.message)),
        code => Failure { category: 1, number: 204, message: format!("HIVE_METASTORE_ERROR: {} ({code})", fault.message) },
    }
}
