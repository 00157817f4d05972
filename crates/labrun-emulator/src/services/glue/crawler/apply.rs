//! Writing what was found into the Data Catalog, as the crawler's policies say.
//!
//! Source: Glue Developer Guide, "Setting crawler configuration options": new tables and partitions are created whatever the policy.

use labrun_sql::table::as_input;
use labrun_wire::AwsResult;
use serde_json::{Value, json};

use super::Crawler;
use super::catalog::{Database, text};
use super::configuration::Configuration;
use super::definition::{DeleteBehavior, Recrawl, UpdateBehavior};
use super::plan::{Ready, with_hash};
use super::report::Changes;
use crate::sandbox::Tx;

/// What a table that is gone is marked with ("marks the table as deprecated").
const DEPRECATED: &str = "DEPRECATED_BY_CRAWLER";

pub(super) struct Writer<'a> {
    pub(super) crawler: &'a Crawler,
    pub(super) database: Database<'a>,
    pub(super) configuration: Configuration,
    /// As they were before.
    pub(super) tables: Vec<Value>,
    /// Only what is new was looked at: what was not seen is not gone.
    pub(super) incremental: bool,
    pub(super) seen: Vec<String>,
    pub(super) changes: Changes,
    pub(super) lines: Vec<String>,
}

impl Writer<'_> {
    fn say(&mut self, line: String) {
        self.lines.push(line);
    }

    fn updates(&self) -> bool {
        self.crawler.definition.update == UpdateBehavior::UpdateInDatabase
    }

    pub(super) fn write(&mut self, tx: &mut Tx, mut ready: Ready) -> AwsResult<()> {
        if self.seen.contains(&ready.location) {
            return Ok(());
        }
        self.seen.push(ready.location.clone());
        let at_location = |table: &&Value| location(table) == ready.location.trim_end_matches('/');
        let same_name = self.tables.iter().filter(at_location).find(|table| text(table, "Name") == ready.name);
        let crawled = |table: &&Value| table["Parameters"]["UPDATED_BY_CRAWLER"].is_string();
        let old = same_name.or_else(|| self.tables.iter().filter(at_location).find(crawled)).cloned();
        let fits = match old {
            None => self.create(tx, &mut ready)?,
            Some(old) => self.update(tx, &mut ready, &old)?,
        };
        if fits { self.partitions(tx, &ready) } else { Ok(()) }
    }

    /// A name that another table has gets a hash at its end ("crawlers … add a hash string suffix to the name").
    fn create(&mut self, tx: &mut Tx, ready: &mut Ready) -> AwsResult<bool> {
        if self.tables.iter().any(|table| text(table, "Name") == ready.name) {
            ready.name = with_hash(&ready.name, &tx.ids().hex(32));
        }
        ready.table["Name"] = json!(ready.name);
        self.database.call(tx, "CreateTable", json!({"TableInput": ready.table}))?;
        self.tables.push(ready.table.clone());
        self.say(format!("Created table {} in database {}", ready.name, self.database.0));
        self.changes.tables_added.push(ready.name.clone());
        Ok(true)
    }

    /// Says whether partitions fit the table as it is then.
    fn update(&mut self, tx: &mut Tx, ready: &mut Ready, old: &Value) -> AwsResult<bool> {
        text(old, "Name").clone_into(&mut ready.name);
        let keys = |table: &Value| table["PartitionKeys"].as_array().map(Vec::len).unwrap_or_default();
        let same_keys = keys(old) == keys(&ready.table);
        let input = self.merged(old, ready);
        if self.crawler.definition.update == UpdateBehavior::Log {
            if schema(&input) != schema(old) {
                self.say(format!("The schema of table {} has changed; the policy is to log that only", ready.name));
            }
            return Ok(same_keys);
        }
        if (schema(&input), &input["Parameters"]) == (schema(old), &old["Parameters"]) {
            return Ok(true);
        }
        if same_keys {
            self.database.call(tx, "UpdateTable", json!({"TableInput": input}))?;
        } else {
            // Partitions of other keys can't stay.
            self.database.call(tx, "DeleteTable", json!({"Name": ready.name}))?;
            self.database.call(tx, "CreateTable", json!({"TableInput": input}))?;
        }
        self.say(format!("Updated table {} in database {}", ready.name, self.database.0));
        self.changes.tables_updated.push(ready.name.clone());
        ready.table = input;
        Ok(true)
    }

    /// The table as it shall be. What people added, comments and parameters of their own, stays.
    fn merged(&self, old: &Value, ready: &Ready) -> Value {
        let mut input = as_input(old);
        let same_keys = input["PartitionKeys"].as_array().map(Vec::len).unwrap_or_default() == ready.keys.len();
        if !same_keys {
            input["PartitionKeys"] = ready.table["PartitionKeys"].clone();
        }
        let known = old["StorageDescriptor"]["Columns"].as_array().cloned().unwrap_or_default();
        let found = ready.table["StorageDescriptor"]["Columns"].as_array().cloned().unwrap_or_default();
        input["StorageDescriptor"] = ready.table["StorageDescriptor"].clone();
        input["StorageDescriptor"]["Columns"] = json!(columns(&known, found, self.configuration.merge_new_columns));
        let mut parameters = old["Parameters"].as_object().cloned().unwrap_or_default();
        parameters.retain(|name, _| name != DEPRECATED && name != "skip.header.line.count");
        parameters.extend(ready.table["Parameters"].as_object().cloned().unwrap_or_default());
        input["Parameters"] = json!(parameters);
        input
    }

    fn partitions(&mut self, tx: &mut Tx, ready: &Ready) -> AwsResult<()> {
        let there = if ready.keys.is_empty() { Vec::new() } else { self.database.partitions(tx, &ready.name)? };
        let mut added = Vec::new();
        for (values, definition) in &ready.partitions {
            let mut input = definition.clone();
            input["Values"] = json!(values);
            if self.configuration.inherit {
                input["StorageDescriptor"]["Columns"] = ready.table["StorageDescriptor"]["Columns"].clone();
            }
            match there.iter().find(|old| old["Values"] == input["Values"]) {
                None => added.push(input),
                Some(old) => self.update_partition(tx, ready, old, input)?,
            }
        }
        self.database.add_partitions(tx, &ready.name, &added)?;
        if !added.is_empty() {
            let values: Vec<&Value> = added.iter().map(|input| &input["Values"]).collect();
            self.say(format!("Created partitions with values {} for table {}", json!(values), ready.name));
            self.changes.partitions_added += added.len();
        }
        let gone = there.iter().filter(|old| !ready.partitions.iter().any(|(values, _)| old["Values"] == json!(values)));
        if self.incremental { Ok(()) } else { gone.into_iter().try_for_each(|old| self.partition_gone(tx, &ready.name, old)) }
    }

    fn update_partition(&mut self, tx: &mut Tx, ready: &Ready, old: &Value, input: Value) -> AwsResult<()> {
        let same = (schema(&input), &input["Parameters"]) == (schema(old), &old["Parameters"]);
        if same || !self.updates() {
            return Ok(());
        }
        let values = input["Values"].clone();
        let change = json!({"TableName": ready.name, "PartitionValueList": values, "PartitionInput": input});
        self.database.call(tx, "UpdatePartition", change)?;
        self.changes.partitions_updated += 1;
        Ok(())
    }

    fn partition_gone(&mut self, tx: &mut Tx, table: &str, old: &Value) -> AwsResult<()> {
        let values = &old["Values"];
        match self.crawler.definition.delete {
            DeleteBehavior::Log => {
                self.say(format!("The partition {values} of table {table} is gone; the policy is to log that only"))
            }
            DeleteBehavior::DeleteFromDatabase => {
                self.database.call(tx, "DeletePartition", json!({"TableName": table, "PartitionValues": values}))?;
                self.say(format!("Deleted partition {values} of table {table}"));
                self.changes.partitions_deleted += 1;
            }
            DeleteBehavior::DeprecateInDatabase if old["Parameters"][DEPRECATED].is_null() => {
                let mut parameters = old["Parameters"].as_object().cloned().unwrap_or_default();
                parameters.insert(DEPRECATED.to_owned(), json!(tx.now().millis().to_string()));
                let input = json!({"Values": values, "StorageDescriptor": old["StorageDescriptor"], "Parameters": parameters});
                let change = json!({"TableName": table, "PartitionValueList": values, "PartitionInput": input});
                self.database.call(tx, "UpdatePartition", change)?;
                self.say(format!("Deprecated partition {values} of table {table}"));
                self.changes.partitions_updated += 1;
            }
            DeleteBehavior::DeprecateInDatabase => {}
        }
        Ok(())
    }

    /// Tables of this crawler below its targets that were not found any more.
    pub(super) fn gone(&mut self, tx: &mut Tx) -> AwsResult<()> {
        if self.incremental || self.crawler.definition.recrawl != Recrawl::Everything {
            return Ok(());
        }
        let targets: Vec<String> = self.crawler.definition.targets.iter().map(super::definition::Target::base).collect();
        let ours = |table: &&Value| {
            let location = location(table);
            let within = targets.iter().any(|target| format!("{location}/").starts_with(target.as_str()));
            text(&table["Parameters"], "UPDATED_BY_CRAWLER") == self.crawler.name
                && within
                && !self.seen.iter().any(|seen| seen.trim_end_matches('/') == location)
        };
        let gone: Vec<Value> = self.tables.iter().filter(ours).cloned().collect();
        gone.iter().try_for_each(|table| self.table_gone(tx, table))
    }

    fn table_gone(&mut self, tx: &mut Tx, table: &Value) -> AwsResult<()> {
        let name = text(table, "Name");
        match self.crawler.definition.delete {
            DeleteBehavior::Log => self.say(format!("The data of table {name} is gone; the policy is to log that only")),
            DeleteBehavior::DeleteFromDatabase => {
                self.database.call(tx, "DeleteTable", json!({"Name": name}))?;
                self.say(format!("Deleted table {name} in database {}", self.database.0));
                self.changes.tables_deleted.push(name.to_owned());
            }
            DeleteBehavior::DeprecateInDatabase if table["Parameters"][DEPRECATED].is_null() => {
                let mut input = as_input(table);
                input["Parameters"][DEPRECATED] = json!(tx.now().millis().to_string());
                self.database.call(tx, "UpdateTable", json!({"TableInput": input}))?;
                self.say(format!("Deprecated table {name} in database {}", self.database.0));
                self.changes.tables_updated.push(name.to_owned());
            }
            DeleteBehavior::DeprecateInDatabase => {}
        }
        Ok(())
    }
}

/// Where a table is, with or without a slash at its end as people write it.
fn location(table: &Value) -> &str {
    text(&table["StorageDescriptor"], "Location").trim_end_matches('/')
}

/// Known columns keep their comments. To merge is to add what is new and to leave the rest.
fn columns(known: &[Value], found: Vec<Value>, merge: bool) -> Vec<Value> {
    let named = |columns: &[Value], name: &Value| columns.iter().find(|column| column["Name"] == *name).cloned();
    if merge {
        let new = found.into_iter().filter(|column| named(known, &column["Name"]).is_none());
        return known.iter().cloned().chain(new).collect();
    }
    found
        .into_iter()
        .map(|column| named(known, &column["Name"]).filter(|old| old["Type"] == column["Type"]).unwrap_or(column))
        .collect()
}

/// What makes a difference to who reads the data.
fn schema(table: &Value) -> Value {
    let storage = &table["StorageDescriptor"];
    let columns = |list: &Value| -> Vec<Value> {
        list.as_array().into_iter().flatten().map(|column| json!([column["Name"], column["Type"]])).collect()
    };
    json!([
        columns(&storage["Columns"]),
        columns(&table["PartitionKeys"]),
        storage["Location"],
        storage["InputFormat"],
        storage["SerdeInfo"]["SerializationLibrary"],
        storage["SerdeInfo"]["Parameters"],
    ])
}
