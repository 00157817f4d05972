//! Tags of Glue's resources, by ARN.
//!
//! Source: Glue Developer Guide, "AWS tags in AWS Glue": jobs, crawlers and databases can have tags, tables can't; at most 50, and
//! none may begin with `aws`. Connections, triggers and the others that could have some are not here, so none is found.

use std::collections::BTreeMap;

use labrun_wire::AwsResult;
use serde::{Deserialize, Serialize};

use super::catalog::Nothing;
use super::{crawler, database, error, job};
use crate::sandbox::{Scope, Table, Tx};

type Tags = BTreeMap<String, String>;

const TAGS: Table<Tags> = Table::new("glue.tags", Scope::Regional);
const MOST: usize = 50;

/// The tags of a resource.
pub(super) fn of(tx: &Tx, arn: &str) -> Tags {
    tx.get(&TAGS, arn).map(|tags| (*tags).clone()).unwrap_or_default()
}

/// Replaces the tags of a resource; none forgets it.
pub(super) fn set(tx: &mut Tx, arn: &str, tags: Tags) {
    if tags.is_empty() {
        tx.delete(&TAGS, arn);
    } else {
        tx.put(&TAGS, arn, tags);
    }
}

/// Tags that a resource may have.
pub(super) fn checked(tags: Tags) -> AwsResult<Tags> {
    if tags.keys().any(|key| key.to_lowercase().starts_with("aws")) {
        return Err(error::invalid_input("Tag keys must not begin with aws."));
    }
    if tags.len() > MOST {
        return Err(error::invalid_input(format!("A resource can have no more than {MOST} tags.")));
    }
    Ok(tags)
}

/// Finds the resource of an ARN.
fn check(tx: &Tx, arn: &str) -> AwsResult<()> {
    let missing = || error::no_tagged(arn);
    let resource = arn.strip_prefix(&tx.caller().arn("glue", "")).ok_or_else(missing)?;
    match resource.split_once('/') {
        Some(("job", name)) => job::find(tx, name).map(drop).map_err(|_| missing()),
        Some(("crawler", name)) => crawler::find(tx, name).map(drop).map_err(|_| missing()),
        Some(("database", name)) => database::named(tx, name).map(drop).map_err(|_| missing()),
        Some(("table" | "userDefinedFunction", _)) | None => {
            Err(error::invalid_input(format!("Tags are not supported for the resource {arn}.")))
        }
        Some(_) => Err(missing()),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Add {
    resource_arn: String,
    tags_to_add: Tags,
}

pub(super) fn tag(tx: &mut Tx, input: Add) -> AwsResult<Nothing> {
    check(tx, &input.resource_arn)?;
    let mut tags = of(tx, &input.resource_arn);
    tags.extend(checked(input.tags_to_add)?);
    set(tx, &input.resource_arn, checked(tags)?);
    Ok(Nothing {})
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Remove {
    resource_arn: String,
    tags_to_remove: Vec<String>,
}

pub(super) fn untag(tx: &mut Tx, input: Remove) -> AwsResult<Nothing> {
    check(tx, &input.resource_arn)?;
    let mut tags = of(tx, &input.resource_arn);
    tags.retain(|key, _| !input.tags_to_remove.contains(key));
    set(tx, &input.resource_arn, tags);
    Ok(Nothing {})
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct List {
    resource_arn: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Listed {
    tags: Tags,
}

pub(super) fn list(tx: &Tx, input: List) -> AwsResult<Listed> {
    check(tx, &input.resource_arn)?;
    Ok(Listed { tags: of(tx, &input.resource_arn) })
}
