//! The settings of a workgroup: where results go, which engine runs, what wins over a query's own.

use labrun_wire::AwsResult;
use serde::{Deserialize, Serialize};

use super::error;
use super::work_group::List;
use crate::sandbox::Tx;

const AUTO: &str = "AUTO";
/// What runs, whatever is selected.
const ENGINE: &str = "Athena engine version 3";

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Settings {
    pub(super) output_location: Option<String>,
    /// Whether these settings win over those of a query.
    pub(super) enforced: bool,
    metrics: bool,
    requester_pays: bool,
    /// Bytes that a query may read; 0 is no limit.
    #[serde(default)]
    pub(super) scan_limit: u64,
    /// What was selected; AUTO where nothing was.
    engine: Option<String>,
}

impl Settings {
    /// Those of a new workgroup: what is not said is off.
    pub(super) fn new(given: Configuration) -> AwsResult<Self> {
        let settings = Settings {
            output_location: given.result_configuration.and_then(|result| result.output_location),
            enforced: given.enforce_work_group_configuration.unwrap_or_default(),
            metrics: given.publish_metrics.unwrap_or_default(),
            requester_pays: given.requester_pays_enabled.unwrap_or_default(),
            scan_limit: given.bytes_scanned_cutoff_per_query.unwrap_or_default(),
            engine: given.engine_version.map(selected).transpose()?,
        };
        settings.output_location.as_deref().map(check_location).transpose()?;
        Ok(settings)
    }

    pub(super) fn shown(&self) -> ShownConfiguration {
        ShownConfiguration {
            result_configuration: ShownResult { output_location: self.output_location.clone() },
            enforce_work_group_configuration: self.enforced,
            publish_metrics: self.metrics,
            requester_pays_enabled: self.requester_pays,
            bytes_scanned_cutoff_per_query: (self.scan_limit > 0).then_some(self.scan_limit),
            engine_version: self.engine_version(),
        }
    }

    /// Changes what is named, and leaves the rest.
    pub(super) fn amend(&mut self, updates: Updates) -> AwsResult<()> {
        self.enforced = updates.enforce_work_group_configuration.unwrap_or(self.enforced);
        self.metrics = updates.publish_metrics.unwrap_or(self.metrics);
        self.requester_pays = updates.requester_pays_enabled.unwrap_or(self.requester_pays);
        self.scan_limit = match updates.remove_bytes_scanned_cutoff_per_query {
            Some(true) => 0,
            _ => updates.bytes_scanned_cutoff_per_query.unwrap_or(self.scan_limit),
        };
        if let Some(version) = updates.engine_version {
            self.engine = Some(selected(version)?);
        }
        if let Some(result) = updates.result_configuration_updates {
            if result.remove_output_location == Some(true) {
                self.output_location = None;
            }
            if let Some(location) = result.output_location {
                check_location(&location)?;
                self.output_location = Some(location);
            }
        }
        Ok(())
    }

    pub(super) fn engine_version(&self) -> EngineVersion {
        EngineVersion {
            selected_engine_version: self.engine.clone().unwrap_or_else(|| AUTO.to_owned()),
            effective_engine_version: Some(ENGINE.to_owned()),
        }
    }
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct EngineVersion {
    selected_engine_version: String,
    effective_engine_version: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Configuration {
    result_configuration: Option<ResultConfiguration>,
    enforce_work_group_configuration: Option<bool>,
    #[serde(rename = "PublishCloudWatchMetricsEnabled")]
    publish_metrics: Option<bool>,
    requester_pays_enabled: Option<bool>,
    bytes_scanned_cutoff_per_query: Option<u64>,
    engine_version: Option<EngineVersion>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ResultConfiguration {
    output_location: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Updates {
    enforce_work_group_configuration: Option<bool>,
    result_configuration_updates: Option<ResultUpdates>,
    #[serde(rename = "PublishCloudWatchMetricsEnabled")]
    publish_metrics: Option<bool>,
    requester_pays_enabled: Option<bool>,
    bytes_scanned_cutoff_per_query: Option<u64>,
    remove_bytes_scanned_cutoff_per_query: Option<bool>,
    engine_version: Option<EngineVersion>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ResultUpdates {
    output_location: Option<String>,
    remove_output_location: Option<bool>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ShownConfiguration {
    result_configuration: ShownResult,
    enforce_work_group_configuration: bool,
    #[serde(rename = "PublishCloudWatchMetricsEnabled")]
    publish_metrics: bool,
    requester_pays_enabled: bool,
    bytes_scanned_cutoff_per_query: Option<u64>,
    engine_version: EngineVersion,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ShownResult {
    output_location: Option<String>,
}

/// The version that is asked for, if it is one that Athena has.
fn selected(version: EngineVersion) -> AwsResult<String> {
    match version.selected_engine_version.as_str() {
        AUTO | ENGINE => Ok(version.selected_engine_version),
        other => Err(error::invalid(format!("Engine version {other} is not supported here; labrun runs {ENGINE}."))),
    }
}

/// Results go to a bucket, `s3://bucket/` and perhaps a prefix.
pub(super) fn check_location(location: &str) -> AwsResult<()> {
    let bucket = location.strip_prefix("s3://").and_then(|path| path.split('/').next());
    if bucket.is_some_and(|bucket| !bucket.is_empty()) { Ok(()) } else { Err(error::bad_output_location()) }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Versions {
    engine_versions: Vec<EngineVersion>,
    next_token: Option<String>,
}

pub(super) fn engine_versions(_: &Tx, _: List) -> AwsResult<Versions> {
    let version = |selected: &str| EngineVersion {
        selected_engine_version: selected.to_owned(),
        effective_engine_version: Some(ENGINE.to_owned()),
    };
    Ok(Versions { engine_versions: vec![version(AUTO), version(ENGINE)], next_token: None })
}
