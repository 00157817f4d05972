//! Named queries: texts that a workgroup keeps. Source: Athena API Reference.

use std::sync::Arc;

use labrun_wire::page::page;
use labrun_wire::{AwsError, AwsResult};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::error;
use super::token;
use super::work_group::{self, Nothing, PRIMARY};
use crate::sandbox::{Scope, Table, Tx};

const NAMED: Table<NamedQuery> = Table::new("athena.named_queries", Scope::Regional);
const PAGE: i64 = 50;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct NamedQuery {
    name: String,
    description: Option<String>,
    database: String,
    query_string: String,
    named_query_id: String,
    work_group: String,
}

pub(super) fn any_of(tx: &Tx, work_group: &str) -> bool {
    tx.list(&NAMED, "").iter().any(|(_, named)| named.work_group == work_group)
}

/// Forgets those of a workgroup that is gone.
pub(super) fn forget(tx: &mut Tx, work_group: &str) {
    for (id, named) in tx.list(&NAMED, "") {
        if named.work_group == work_group {
            tx.delete(&NAMED, &id);
        }
    }
}

fn find(tx: &Tx, id: &str) -> AwsResult<Arc<NamedQuery>> {
    tx.get(&NAMED, id).ok_or_else(|| error::invalid(format!("NamedQuery {id} was not found")))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Create {
    name: String,
    description: Option<String>,
    database: String,
    query_string: String,
    client_request_token: Option<String>,
    work_group: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Created {
    named_query_id: String,
}

pub(super) fn create(tx: &mut Tx, input: Create) -> AwsResult<Created> {
    let work_group = work_group::find(tx, input.work_group.as_deref().unwrap_or(PRIMARY))?.name.clone();
    let asked = json!(["named", input.name, input.description, input.database, input.query_string, work_group]);
    let token = input.client_request_token;
    if let Some(id) = token.as_deref().map(|token| token::earlier(tx, token, &asked)).transpose()?.flatten() {
        return Ok(Created { named_query_id: id });
    }
    let id = tx.ids().uuid();
    let named = NamedQuery {
        name: input.name,
        description: input.description,
        database: input.database,
        query_string: input.query_string,
        named_query_id: id.clone(),
        work_group,
    };
    tx.put(&NAMED, &id, named);
    token.iter().for_each(|token| token::keep(tx, token, &id, asked.clone()));
    Ok(Created { named_query_id: id })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Identified {
    named_query_id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Got {
    named_query: NamedQuery,
}

pub(super) fn get(tx: &Tx, input: Identified) -> AwsResult<Got> {
    Ok(Got { named_query: (*find(tx, &input.named_query_id)?).clone() })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Many {
    named_query_ids: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GotMany {
    named_queries: Vec<NamedQuery>,
    unprocessed_named_query_ids: Vec<Unprocessed>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Unprocessed {
    named_query_id: String,
    error_code: String,
    error_message: String,
}

pub(super) fn batch_get(tx: &Tx, input: Many) -> AwsResult<GotMany> {
    let mut many = GotMany { named_queries: Vec::new(), unprocessed_named_query_ids: Vec::new() };
    for id in input.named_query_ids {
        match find(tx, &id) {
            Ok(named) => many.named_queries.push((*named).clone()),
            Err(AwsError { message, .. }) => many.unprocessed_named_query_ids.push(Unprocessed {
                named_query_id: id,
                error_code: "INVALID_INPUT".to_owned(),
                error_message: message,
            }),
        }
    }
    Ok(many)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct List {
    next_token: Option<String>,
    max_results: Option<i64>,
    work_group: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Listed {
    named_query_ids: Vec<String>,
    next_token: Option<String>,
}

pub(super) fn list(tx: &Tx, input: List) -> AwsResult<Listed> {
    let group = work_group::find(tx, input.work_group.as_deref().unwrap_or(PRIMARY))?.name.clone();
    let context = format!("athena.ListNamedQueries {group}");
    let after = work_group::after(&context, input.next_token.as_deref())?;
    let mut ids = Vec::new();
    tx.each(&NAMED, "", after.as_deref(), |id, named| {
        if named.work_group == group {
            ids.push(id.to_owned());
        }
        true
    });
    let page = page(ids.into_iter(), work_group::size(input.max_results, PAGE), &context, Clone::clone);
    Ok(Listed { named_query_ids: page.items, next_token: page.next })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Update {
    named_query_id: String,
    name: String,
    description: Option<String>,
    query_string: String,
}

pub(super) fn update(tx: &mut Tx, input: Update) -> AwsResult<Nothing> {
    let mut named = (*find(tx, &input.named_query_id)?).clone();
    (named.name, named.query_string) = (input.name, input.query_string);
    named.description = input.description.or(named.description);
    tx.put(&NAMED, &input.named_query_id, named);
    Ok(Nothing {})
}

pub(super) fn delete(tx: &mut Tx, input: Identified) -> AwsResult<Nothing> {
    find(tx, &input.named_query_id)?;
    tx.delete(&NAMED, &input.named_query_id);
    Ok(Nothing {})
}
