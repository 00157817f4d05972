//! Data catalogs: the account's own, `AwsDataCatalog`, which is Glue's. Others can't be made here.

use std::collections::BTreeMap;

use labrun_wire::AwsResult;
use serde::{Deserialize, Serialize};

use super::error;
use crate::sandbox::Tx;

pub(super) const OWN: &str = "AwsDataCatalog";

/// Athena takes its name in any case. Ours, where another is named.
pub(super) fn check(name: &str) -> AwsResult<()> {
    if name.eq_ignore_ascii_case(OWN) { Ok(()) } else { Err(error::invalid(format!("Data catalog {name} was not found"))) }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct List {
    next_token: Option<String>,
    max_results: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Listed {
    data_catalogs_summary: Vec<Summary>,
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Summary {
    catalog_name: &'static str,
    r#type: &'static str,
}

/// One, on one page.
pub(super) fn list(_: &Tx, input: List) -> AwsResult<Listed> {
    let _one_page_however_small = input.max_results;
    if input.next_token.is_some() {
        return Err(error::invalid("Invalid NextToken"));
    }
    Ok(Listed { data_catalogs_summary: vec![Summary { catalog_name: OWN, r#type: "GLUE" }], next_token: None })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Named {
    name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Got {
    data_catalog: DataCatalog,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct DataCatalog {
    name: &'static str,
    r#type: &'static str,
    parameters: BTreeMap<&'static str, String>,
}

pub(super) fn get(tx: &Tx, input: Named) -> AwsResult<Got> {
    check(&input.name)?;
    let parameters = BTreeMap::from([("catalog-id", tx.caller().account.clone())]);
    Ok(Got { data_catalog: DataCatalog { name: OWN, r#type: "GLUE", parameters } })
}
