//! Prepared statements: named by workgroup, made here or by `PREPARE`. Source: Athena API Reference.

use std::sync::Arc;

use labrun_wire::page::page;
use labrun_wire::{AwsError, AwsResult, Timestamp};
use serde::{Deserialize, Serialize};

use super::error;
use super::work_group::{self, Nothing};
use crate::sandbox::{Scope, Table, Tx};

/// By workgroup and name.
pub(super) const STATEMENTS: Table<Prepared> = Table::new("athena.prepared_statements", Scope::Regional);
/// Athena User Guide, troubleshooting workgroups.
const MOST: usize = 1000;
const PAGE: i64 = 50;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Prepared {
    statement_name: String,
    pub(super) query_statement: String,
    work_group_name: String,
    description: Option<String>,
    last_modified_time: Timestamp,
}

fn row(work_group: &str, name: &str) -> String {
    format!("{work_group}\0{name}")
}

pub(super) fn find(tx: &Tx, work_group: &str, name: &str) -> AwsResult<Arc<Prepared>> {
    let missing = || error::not_found("PreparedStatement", name);
    tx.get(&STATEMENTS, &row(work_group, name)).ok_or_else(missing)
}

/// A new statement under a name that is free.
pub(super) fn prepare(tx: &mut Tx, work_group: &str, name: &str, text: String, description: Option<String>) -> AwsResult<()> {
    if tx.has(&STATEMENTS, &row(work_group, name)) {
        return Err(error::invalid(format!("PreparedStatement {name} already exists in WorkGroup {work_group}")));
    }
    if tx.list(&STATEMENTS, &format!("{work_group}\0")).len() >= MOST {
        return Err(error::invalid(format!(
            "Cannot create prepared statement {name}. The number of prepared statements in this workgroup exceeds the limit of {MOST}."
        )));
    }
    let statement = Prepared {
        statement_name: name.to_owned(),
        query_statement: text,
        work_group_name: work_group.to_owned(),
        description,
        last_modified_time: tx.now(),
    };
    tx.put(&STATEMENTS, &row(work_group, name), statement);
    Ok(())
}

pub(super) fn deallocate(tx: &mut Tx, work_group: &str, name: &str) -> AwsResult<()> {
    find(tx, work_group, name)?;
    tx.delete(&STATEMENTS, &row(work_group, name));
    Ok(())
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Create {
    statement_name: String,
    work_group: String,
    query_statement: String,
    description: Option<String>,
}

pub(super) fn create(tx: &mut Tx, input: Create) -> AwsResult<Nothing> {
    let group = work_group::find(tx, &input.work_group)?.name.clone();
    prepare(tx, &group, &input.statement_name, input.query_statement, input.description)?;
    Ok(Nothing {})
}

pub(super) fn update(tx: &mut Tx, input: Create) -> AwsResult<Nothing> {
    let mut statement = (*find(tx, &input.work_group, &input.statement_name)?).clone();
    (statement.query_statement, statement.last_modified_time) = (input.query_statement, tx.now());
    statement.description = input.description.or(statement.description);
    tx.put(&STATEMENTS, &row(&input.work_group, &input.statement_name), statement);
    Ok(Nothing {})
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Named {
    statement_name: String,
    work_group: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Got {
    prepared_statement: Prepared,
}

pub(super) fn get(tx: &Tx, input: Named) -> AwsResult<Got> {
    Ok(Got { prepared_statement: (*find(tx, &input.work_group, &input.statement_name)?).clone() })
}

pub(super) fn delete(tx: &mut Tx, input: Named) -> AwsResult<Nothing> {
    deallocate(tx, &input.work_group, &input.statement_name)?;
    Ok(Nothing {})
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Many {
    prepared_statement_names: Vec<String>,
    work_group: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GotMany {
    prepared_statements: Vec<Prepared>,
    unprocessed_prepared_statement_names: Vec<Unprocessed>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Unprocessed {
    statement_name: String,
    error_code: String,
    error_message: String,
}

pub(super) fn batch_get(tx: &Tx, input: Many) -> AwsResult<GotMany> {
    work_group::find(tx, &input.work_group)?;
    let mut many = GotMany { prepared_statements: Vec::new(), unprocessed_prepared_statement_names: Vec::new() };
    for name in input.prepared_statement_names {
        match find(tx, &input.work_group, &name) {
            Ok(statement) => many.prepared_statements.push((*statement).clone()),
            Err(AwsError { code, message, .. }) => many.unprocessed_prepared_statement_names.push(Unprocessed {
                statement_name: name,
                error_code: code.to_string(),
                error_message: message,
            }),
        }
    }
    Ok(many)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct List {
    work_group: String,
    next_token: Option<String>,
    max_results: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Listed {
    prepared_statements: Vec<Summary>,
    next_token: Option<String>,
}

#[derive(Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Summary {
    statement_name: String,
    last_modified_time: Timestamp,
}

pub(super) fn list(tx: &Tx, input: List) -> AwsResult<Listed> {
    let group = work_group::find(tx, &input.work_group)?.name.clone();
    let (below, context) = (format!("{group}\0"), format!("athena.ListPreparedStatements {group}"));
    let after = work_group::after(&context, input.next_token.as_deref())?.map(|name| row(&group, &name));
    let mut found = Vec::new();
    tx.each(&STATEMENTS, &below, after.as_deref(), |_, statement| {
        let (statement_name, last_modified_time) = (statement.statement_name.clone(), statement.last_modified_time);
        found.push(Summary { statement_name, last_modified_time });
        true
    });
    let name = |summary: &Summary| summary.statement_name.clone();
    let page = page(found.into_iter(), work_group::size(input.max_results, PAGE), &context, name);
    Ok(Listed { prepared_statements: page.items, next_token: page.next })
}
