//! Tables of one kind of files, queried: what comes back, and how much was read for it.

use std::ops::Range;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use datafusion::arrow::array::RecordBatch;
use serde_json::{Value, json};

use crate::engine::{Engine, Meter, Session};
use crate::fault::{Fault, Outcome};
use crate::query;
use crate::source::{Catalog, Object, Objects};

/// A table and its files.
#[derive(Clone, Debug)]
pub(crate) struct Shelf {
    table: Value,
    files: Vec<(String, Bytes)>,
}

/// What a query gave.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) rows: Vec<String>,
    pub(crate) bytes_read: u64,
}

impl Shelf {
    pub(crate) fn new(serde: &str, options: &[(&str, &str)], columns: &[(&str, &str)], file: impl Into<Bytes>) -> Self {
        Self::named(serde, options, columns, "t/0", file.into())
    }

    /// With a key for the file.
    pub(crate) fn named(serde: &str, options: &[(&str, &str)], columns: &[(&str, &str)], key: &str, file: Bytes) -> Self {
        let columns: Vec<Value> = columns.iter().map(|(name, kind)| json!({"Name": name, "Type": kind})).collect();
        let options: Value = options.iter().map(|(key, value)| ((*key).to_owned(), Value::from(*value))).collect();
        let table = json!({
            "DatabaseName": "default", "Name": "t", "PartitionKeys": [], "Parameters": {},
            "StorageDescriptor": {
                "Columns": columns,
                "Location": "s3://b/t/",
                "SerdeInfo": {"SerializationLibrary": serde, "Parameters": options},
            },
        });
        Shelf { table, files: vec![(key.to_owned(), file)] }
    }

    pub(crate) fn query(&self, sql: &str) -> Outcome<Found> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let shelf: Arc<Shelf> = Arc::new(self.clone());
            let objects: Arc<dyn Objects> = Arc::<Shelf>::clone(&shelf);
            let meter = Arc::new(Meter::default());
            let session = Session {
                catalog: shelf,
                objects,
                database: "default".to_owned(),
                now: 0,
                parameters: Vec::new(),
                meter: Arc::clone(&meter),
            };
            let parsed = query::parse(sql).map_err(|error| Fault::new("SYNTAX_ERROR", error.to_string()))?;
            let mut running = Engine::new(256 << 20, 2)?.start(&parsed.query, &session).await?;
            let mut rows = Vec::new();
            while let Some(batch) = running.next().await? {
                let shown = |text: Option<String>| text.unwrap_or_else(|| "NULL".to_owned());
                rows.extend(batch.texts().into_iter().map(|row| row.into_iter().map(shown).collect::<Vec<_>>().join("; ")));
            }
            Ok(Found { rows, bytes_read: meter.bytes_read() })
        })
    }

    /// Rows of a query that must work.
    pub(crate) fn rows(&self, sql: &str) -> Vec<String> {
        self.query(sql).unwrap_or_else(|fault| panic!("{sql}: {fault}")).rows
    }

    /// Asks for all of copies with random faults in them: none may panic or go on for ever.
    pub(crate) fn stays_calm(&self, rounds: usize) {
        let mut chance = fastrand::Rng::with_seed(17);
        let good = self.files[0].1.to_vec();
        for _ in 0..rounds {
            let mut bad = good.clone();
            for _ in 0..chance.usize(1..4) {
                let at = chance.usize(..bad.len());
                bad[at] = chance.u8(..);
            }
            if chance.u8(..4) == 0 {
                bad.truncate(chance.usize(1..=bad.len()));
            }
            let _ = Shelf { table: self.table.clone(), files: vec![("t/0".to_owned(), bad.into())] }.query("SELECT * FROM t");
        }
    }
}

#[async_trait]
impl Catalog for Shelf {
    async fn has_database(&self, _: &str) -> Outcome<bool> {
        Ok(true)
    }

    async fn table(&self, _: &str, _: &str) -> Outcome<Option<Value>> {
        Ok(Some(self.table.clone()))
    }

    async fn partitions(&self, _: &str, _: &str, _: Option<&str>) -> Outcome<Vec<Value>> {
        Ok(Vec::new())
    }
}

#[async_trait]
impl Objects for Shelf {
    async fn list(&self, _: &str, _: &str) -> Outcome<Vec<Object>> {
        Ok(self.files.iter().map(|(key, file)| Object { key: key.clone(), size: file.len() as u64, modified: 0 }).collect())
    }

    async fn read(&self, _: &str, key: &str, range: Range<u64>) -> Outcome<Bytes> {
        let file = self.files.iter().find(|(name, _)| name == key).map(|(_, file)| file).unwrap();
        Ok(file.slice(range.start as usize..range.end as usize))
    }

    async fn write(&self, _: &str, _: &str, _: Bytes) -> Outcome<()> {
        Ok(())
    }
}

/// A batch out of columns with their names.
pub(crate) fn batch(columns: Vec<(&str, datafusion::arrow::array::ArrayRef)>) -> RecordBatch {
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, column)| (name, column, true))).unwrap()
}
