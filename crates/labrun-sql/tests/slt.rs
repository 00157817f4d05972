//! Runs every file of `tests/slt`: statements with their rows, or their errors. Each file names its source in its first line.
//!
//! All columns have the type `T`; NULL is `NULL`, an empty text is `(empty)`. Tables are made by `CREATE TABLE name AS ..`-free means:
//! queries here read what they bring with `VALUES`, or the files that [`world`] lays out.

mod world;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use labrun_sql::engine::{Engine, Session};
use labrun_sql::fault::Fault;
use labrun_sql::query;
use sqllogictest::{AsyncDB, DBOutput, DefaultColumnType, Runner};

/// Queries against the world of the tests.
struct Athena {
    engine: Arc<Engine>,
    session: Session,
}

impl Athena {
    fn new() -> Self {
        let engine = Arc::new(Engine::new(256 << 20, 2).expect("an engine"));
        Athena { engine, session: world::session() }
    }

    async fn rows(&self, sql: &str) -> Result<(usize, Vec<Vec<String>>), Fault> {
        let parsed = query::parse(sql).map_err(|error| Fault::new("SYNTAX_ERROR", error.to_string()))?;
        let mut running = self.engine.start(&parsed.query, &self.session).await?;
        let mut rows = Vec::new();
        while let Some(batch) = running.next().await? {
            rows.extend(batch.texts().into_iter().map(|row| row.into_iter().map(shown).collect::<Vec<_>>()));
        }
        Ok((running.columns.len(), rows))
    }
}

fn shown(text: Option<String>) -> String {
    match text {
        None => "NULL".to_owned(),
        Some(text) if text.is_empty() => "(empty)".to_owned(),
        Some(text) => text,
    }
}

#[async_trait::async_trait]
impl AsyncDB for Athena {
    type Error = Fault;
    type ColumnType = DefaultColumnType;

    async fn run(&mut self, sql: &str) -> Result<DBOutput<DefaultColumnType>, Fault> {
        let (width, rows) = self.rows(sql).await?;
        Ok(DBOutput::Rows { types: vec![DefaultColumnType::Text; width], rows })
    }

    async fn shutdown(&mut self) {}
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the folder of the files") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|end| end == "slt") {
            found.push(path);
        }
    }
}

/// All files that the first argument of the environment's filter names; a failure says file, line, and what came.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_file_holds() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/slt");
    let mut all = Vec::new();
    files(&root, &mut all);
    all.sort();
    assert!(!all.is_empty(), "no files in {}", root.display());
    let mut failures = Vec::new();
    for path in &all {
        let text = std::fs::read_to_string(path).expect("a file");
        let shown = path.strip_prefix(&root).unwrap_or(path).display().to_string();
        if !text.starts_with("# Source: ") {
            failures.push(format!("{shown}: the first line names no source"));
        }
        let records = match sqllogictest::parse_with_name::<DefaultColumnType>(&text, &*shown) {
            Ok(records) => records,
            Err(error) => {
                failures.push(format!("{shown}: {error}"));
                continue;
            }
        };
        let mut runner = Runner::new(|| async { Ok(Athena::new()) });
        for record in records {
            if let Err(error) = runner.run_async(record).await {
                failures.push(error.display(false).to_string());
            }
        }
    }
    assert!(failures.is_empty(), "{} of {} files' records fail:\n\n{}", failures.len(), all.len(), failures.join("\n\n"));
}
