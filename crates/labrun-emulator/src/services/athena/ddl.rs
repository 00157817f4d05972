//! Statements of the catalog: each is a few calls of Glue and S3, made as whoever runs it.

mod alter;
mod database;
mod partition;
mod shown;
mod table;
mod view;

use labrun_sql::ddl::{Ddl, TableName};
use labrun_sql::prepared::Prepared;
use labrun_sql::{Kind, Statement, show};
use labrun_wire::{AwsError, AwsResult};
use serde_json::{Value, json};

use super::execute::Failure;
use super::query::Query;
use super::{glue, prepared};
use crate::sandbox::Cx;

/// What a statement printed.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub(super) lines: Vec<String>,
    pub(super) columns: Vec<(String, String)>,
}

/// Error catalog: a task of the DDL engine failed.
const TASK: i64 = 1003;
/// Error catalog: a table or database is not there (measured for TABLE_NOT_FOUND and SCHEMA_NOT_FOUND).
const NOT_FOUND: i64 = 1301;
/// Error catalog: the statement is of no kind that runs.
const UNSUPPORTED: i64 = 1200;

/// A statement that is being run.
struct Run<'r> {
    cx: &'r Cx,
    query: &'r Query,
    database: Option<&'r str>,
}

type Done<T> = Result<T, Failure>;

/// Runs a statement of the catalog, or of the workgroup.
pub(super) async fn run(cx: &Cx, query: &Query, statement: Statement) -> Result<Outcome, Failure> {
    if let Some(failure) = statement.failure {
        return Err(Failure { category: failure.category, number: failure.error_type, message: failure.message });
    }
    match statement.kind {
        Kind::Ddl(ddl) => {
            let run = Run { cx, query, database: query.context.database.as_deref() };
            let lines = run.execute(&ddl).await?;
            let columns = show::columns(&ddl).into_iter().map(|(name, kind)| (name.to_string(), kind.to_string())).collect();
            Ok(Outcome { lines, columns })
        }
        Kind::Prepared(statement) => saved(cx, &query.work_group, statement),
        Kind::Query(_) => Err(Failure::user(UNSUPPORTED, "this statement is no statement of the catalog")),
    }
}

/// PREPARE and DEALLOCATE PREPARE.
fn saved(cx: &Cx, work_group: &str, statement: Prepared) -> Result<Outcome, Failure> {
    let done = cx.write(|tx| match &statement {
        Prepared::Prepare { name, text } => prepared::prepare(tx, work_group, name, text.clone(), None),
        Prepared::Deallocate { name } => prepared::deallocate(tx, work_group, name),
        Prepared::Execute { .. } => Err(AwsError::not_implemented("EXECUTE")),
    });
    done.map(|()| Outcome::default()).map_err(|fault| Failure::user(TASK, fault.message))
}

impl Run<'_> {
    async fn execute(&self, ddl: &Ddl) -> Done<Vec<String>> {
        match ddl {
            Ddl::CreateDatabase(create) => self.create_database(create).await,
            Ddl::DropDatabase(drop) => self.drop_database(drop).await,
            Ddl::AlterDatabase(alter) => self.alter_database(alter).await,
            Ddl::CreateTable(create) => self.create_table(create).await,
            Ddl::DropTable(drop) => self.drop_table(drop, false).await,
            Ddl::CreateView(create) => self.create_view(create).await,
            Ddl::DropView(drop) => self.drop_table(drop, true).await,
            Ddl::AlterTable(alter) => self.alter_table(alter).await,
            Ddl::Repair(name) => self.repair(name).await,
            shown => self.show(shown).await,
        }
    }

    /// The database of a name, or of the query; Hive's `default` where neither says.
    fn database_of<'n>(&'n self, named: Option<&'n str>) -> &'n str {
        named.or(self.database).unwrap_or("default")
    }

    async fn glue(&self, operation: &str, input: Value) -> AwsResult<Value> {
        glue::call(self.cx, operation, &input).await
    }

    /// All pages of a listing.
    async fn all(&self, operation: &str, input: Value, items: &str) -> AwsResult<Vec<Value>> {
        glue::all(self.cx, operation, input, items).await
    }

    /// Glue's table of a name.
    async fn table(&self, name: &TableName) -> Done<Value> {
        let database = self.database_of(name.database.as_deref());
        let input = json!({ "DatabaseName": database, "Name": name.name });
        let found = glue::find(self.cx, "GetTable", &input, "Table").await.map_err(|fault| task(&fault))?;
        found.ok_or_else(|| no_table(&name.name))
    }
}

/// Hive's words for a table that is not there, with its error number.
fn no_table(name: &str) -> Failure {
    Failure::user(NOT_FOUND, format!("FAILED: SemanticException [Error 10001]: Table not found {name}"))
}

/// Hive's words for a database that is not there, with its error number.
fn no_database(name: &str) -> Failure {
    Failure::user(NOT_FOUND, format!("FAILED: SemanticException [Error 10072]: Database does not exist: {name}"))
}

/// What the catalog refuses, as Hive's task reports it.
fn task(fault: &AwsError) -> Failure {
    Failure::user(
        TASK,
        format!(
            "FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. {}(message:{})",
            fault.code, fault.message
        ),
    )
}
