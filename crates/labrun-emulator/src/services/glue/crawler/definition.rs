//! What a crawler is told: targets, policies and configuration, checked and with all defaults filled in.

use labrun_wire::{AwsError, AwsResult};
use serde::{Deserialize, Serialize};

use super::super::{classifier, error};
use super::configuration::Configuration;
use super::exclude::Exclusions;
use crate::sandbox::Tx;

/// "A valid value is an integer between 1 and 249."
const SAMPLES: std::ops::RangeInclusive<i64> = 1..=249;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Definition {
    pub(super) role: String,
    pub(super) database: String,
    pub(super) description: Option<String>,
    pub(super) targets: Vec<Target>,
    pub(super) classifiers: Vec<String>,
    pub(super) table_prefix: Option<String>,
    pub(super) update: UpdateBehavior,
    pub(super) delete: DeleteBehavior,
    pub(super) recrawl: Recrawl,
    pub(super) configuration: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Target {
    pub(super) bucket: String,
    pub(super) prefix: String,
    /// As it was given.
    pub(super) path: String,
    pub(super) exclusions: Vec<String>,
    pub(super) sample: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum UpdateBehavior {
    Log,
    UpdateInDatabase,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum DeleteBehavior {
    Log,
    DeleteFromDatabase,
    DeprecateInDatabase,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Recrawl {
    #[serde(rename = "CRAWL_EVERYTHING")]
    Everything,
    #[serde(rename = "CRAWL_NEW_FOLDERS_ONLY")]
    NewFoldersOnly,
    #[serde(rename = "CRAWL_EVENT_MODE")]
    EventMode,
}

/// What CreateCrawler and UpdateCrawler are sent, beside name and tags. What is not sent stays.
#[derive(Default)]
pub(super) struct Parts {
    pub(super) role: Option<String>,
    pub(super) database: Option<String>,
    pub(super) description: Option<String>,
    pub(super) targets: Option<Targets>,
    pub(super) classifiers: Option<Vec<String>>,
    pub(super) table_prefix: Option<String>,
    pub(super) policy: Option<SchemaChangePolicy>,
    pub(super) recrawl: Option<RecrawlPolicy>,
    pub(super) configuration: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Targets {
    s3_targets: Option<Vec<S3Target>>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct S3Target {
    pub(super) path: Option<String>,
    pub(super) exclusions: Option<Vec<String>>,
    pub(super) sample_size: Option<i64>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SchemaChangePolicy {
    pub(super) update_behavior: Option<UpdateBehavior>,
    pub(super) delete_behavior: Option<DeleteBehavior>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct RecrawlPolicy {
    pub(super) recrawl_behavior: Option<Recrawl>,
}

impl Parts {
    /// A new definition, or an old one with changes.
    pub(super) fn applied(self, tx: &Tx, old: Option<&Definition>) -> AwsResult<Definition> {
        let kept = |pick: fn(&Definition) -> Option<String>| old.and_then(pick);
        let text = |new: Option<String>, pick| new.or_else(|| kept(pick)).filter(|text| !text.is_empty());
        let role = text(self.role, |old| Some(old.role.clone()));
        let database = text(self.database, |old| Some(old.database.clone()));
        let (update, delete, recrawl) = policies(self.policy, self.recrawl, old)?;
        let targets = match self.targets {
            Some(targets) => targets.checked()?,
            None => old.map(|old| old.targets.clone()).unwrap_or_default(),
        };
        let configuration = text(self.configuration, |old| old.configuration.clone());
        Configuration::parse(configuration.as_deref())?;
        let classifiers = self.classifiers.or_else(|| old.map(|old| old.classifiers.clone())).unwrap_or_default();
        classifiers.iter().try_for_each(|name| classifier::find(tx, name).map(drop))?;
        Ok(Definition {
            role: role.ok_or_else(|| error::invalid_input("Role should not be null or empty."))?,
            database: database.ok_or_else(|| error::invalid_input("A database name is required for S3 targets."))?,
            // An empty description takes it away.
            description: text(self.description, |old| old.description.clone()),
            targets,
            classifiers,
            table_prefix: text(self.table_prefix, |old| old.table_prefix.clone()),
            update,
            delete,
            recrawl,
            configuration,
        })
    }
}

type Policies = (UpdateBehavior, DeleteBehavior, Recrawl);

/// A crawler of new folders only changes and deletes nothing (Glue Developer Guide, "Scheduling incremental crawls"); the words are
/// AWS's, from reports of users.
fn policies(policy: Option<SchemaChangePolicy>, recrawl: Option<RecrawlPolicy>, old: Option<&Definition>) -> AwsResult<Policies> {
    let recrawl = recrawl.and_then(|policy| policy.recrawl_behavior).or_else(|| old.map(|old| old.recrawl));
    let recrawl = recrawl.unwrap_or(Recrawl::Everything);
    if recrawl == Recrawl::EventMode {
        return Err(AwsError::not_implemented("crawls by S3 events (RecrawlBehavior CRAWL_EVENT_MODE)"));
    }
    let only_new = recrawl == Recrawl::NewFoldersOnly;
    let (update, delete) = policy.map_or((None, None), |policy| (policy.update_behavior, policy.delete_behavior));
    let update = update.or_else(|| old.map(|old| old.update));
    let delete = delete.or_else(|| old.map(|old| old.delete));
    let update = update.unwrap_or(if only_new { UpdateBehavior::Log } else { UpdateBehavior::UpdateInDatabase });
    let delete = delete.unwrap_or(if only_new { DeleteBehavior::Log } else { DeleteBehavior::DeprecateInDatabase });
    if only_new && (update, delete) != (UpdateBehavior::Log, DeleteBehavior::Log) {
        return Err(error::invalid_input(
            "The SchemaChangePolicy for \"Crawl new folders only\" Amazon S3 target can have only LOG DeleteBehavior value and LOG \
             UpdateBehavior value.",
        ));
    }
    Ok((update, delete, recrawl))
}

impl Targets {
    fn checked(self) -> AwsResult<Vec<Target>> {
        let targets = self.s3_targets.unwrap_or_default();
        if targets.is_empty() {
            return Err(error::invalid_input("At least one crawl target must be specified."));
        }
        targets.into_iter().map(S3Target::checked).collect()
    }
}

impl S3Target {
    fn checked(self) -> AwsResult<Target> {
        let path = self.path.unwrap_or_default();
        let (bucket, prefix) = split(&path).ok_or_else(|| error::invalid_input(format!("The S3 path {path:?} is not valid.")))?;
        let sample = self.sample_size.map(|size| {
            let fits = SAMPLES.contains(&size).then(|| usize::try_from(size).ok()).flatten();
            fits.ok_or_else(|| error::invalid_input("SampleSize must be an integer between 1 and 249."))
        });
        let exclusions = self.exclusions.unwrap_or_default();
        Exclusions::new(&exclusions)?;
        Ok(Target { bucket, prefix, exclusions, sample: sample.transpose()?, path })
    }
}

/// Bucket and prefix, the latter without a slash at its end.
fn split(path: &str) -> Option<(String, String)> {
    let rest = path.strip_prefix("s3://")?;
    let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
    (!bucket.is_empty()).then(|| (bucket.to_owned(), prefix.trim_end_matches('/').to_owned()))
}
