//! What the queries of tests read: a catalog and objects in memory.

mod formats;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use labrun_sql::engine::Session;
use labrun_sql::fault::{Fault, Outcome};
use labrun_sql::source::{Catalog, Object, Objects};
use serde_json::{Value, json};

/// Databases and tables by name, partitions by table.
#[derive(Debug, Default)]
pub(crate) struct World {
    tables: BTreeMap<(String, String), Value>,
    objects: BTreeMap<(String, String), Bytes>,
}

#[async_trait]
impl Catalog for World {
    async fn has_database(&self, name: &str) -> Outcome<bool> {
        Ok(name == "default" || self.tables.keys().any(|(database, _)| database == name))
    }

    async fn table(&self, database: &str, name: &str) -> Outcome<Option<Value>> {
        Ok(self.tables.get(&(database.to_owned(), name.to_owned())).cloned())
    }

    async fn partitions(&self, database: &str, table: &str, _: Option<&str>) -> Outcome<Vec<Value>> {
        let found = self.tables.get(&(database.to_owned(), table.to_owned()));
        Ok(found.and_then(|table| table["Partitions"].as_array().cloned()).unwrap_or_default())
    }
}

#[async_trait]
impl Objects for World {
    async fn list(&self, bucket: &str, prefix: &str) -> Outcome<Vec<Object>> {
        let own = self.objects.iter().filter(|((own, key), _)| own == bucket && key.starts_with(prefix));
        Ok(own.map(|((_, key), content)| Object { key: key.clone(), size: content.len() as u64, modified: 0 }).collect())
    }

    async fn read(&self, bucket: &str, key: &str, range: Range<u64>) -> Outcome<Bytes> {
        let found = self.objects.get(&(bucket.to_owned(), key.to_owned()));
        let content = found.ok_or_else(|| Fault::new("HIVE_CANNOT_OPEN_SPLIT", format!("no object s3://{bucket}/{key}")))?;
        Ok(content.slice(range.start as usize..range.end as usize))
    }

    async fn write(&self, bucket: &str, key: &str, _: Bytes) -> Outcome<()> {
        Err(Fault::new("GENERIC_INTERNAL_ERROR", format!("nothing is written here: s3://{bucket}/{key}")))
    }
}

impl World {
    fn object(&mut self, key: &str, content: impl Into<Bytes>) {
        self.objects.insert(("data".to_owned(), key.to_owned()), content.into());
    }

    /// A table of text with this separator, over `s3://data/<name>/`.
    fn text_table(&mut self, name: &str, columns: &[(&str, &str)], separator: &str, content: &str) {
        let columns: Vec<Value> = columns.iter().map(|(name, kind)| json!({"Name": name, "Type": kind})).collect();
        let table = json!({
            "DatabaseName": "default", "Name": name, "TableType": "EXTERNAL_TABLE", "PartitionKeys": [], "Parameters": {},
            "StorageDescriptor": {
                "Columns": columns,
                "Location": format!("s3://data/{name}/"),
                "SerdeInfo": {
                    "SerializationLibrary": "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
                    "Parameters": {"field.delim": separator, "serialization.format": separator},
                },
            },
        });
        self.tables.insert(("default".to_owned(), name.to_owned()), table);
        self.object(&format!("{name}/part-0"), content.to_owned());
    }
}

/// With the tables that every file may use.
pub(crate) fn session() -> Session {
    let mut world = World::default();
    world.text_table(
        "people",
        &[("id", "int"), ("name", "string"), ("city", "string"), ("salary", "double")],
        ",",
        "1,Ann,Oslo,100.5\n2,Bob,Rome,200.0\n3,Cid,Oslo,\\N\n4,Dee,\\N,50.25\n",
    );
    formats::add(&mut world);
    let world = Arc::new(world);
    let objects: Arc<dyn Objects> = Arc::<World>::clone(&world);
    Session {
        catalog: world,
        objects,
        database: "default".to_owned(),
        now: 1_700_000_000_123_456_789,
        parameters: Vec::new(),
        meter: Arc::default(),
    }
}
