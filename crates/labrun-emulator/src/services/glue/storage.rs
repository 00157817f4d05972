//! How data is stored: what tables and partitions say of it. Kept and returned; who reads the data acts on it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub(super) type Parameters = BTreeMap<String, String>;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Column {
    pub(super) name: String,
    #[serde(rename = "Type")]
    pub(super) kind: Option<String>,
    comment: Option<String>,
    pub(super) parameters: Option<Parameters>,
}

/// A reference to a schema of the registry is not here.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct StorageDescriptor {
    pub(super) columns: Option<Vec<Column>>,
    pub(super) location: Option<String>,
    additional_locations: Option<Vec<String>>,
    input_format: Option<String>,
    output_format: Option<String>,
    compressed: bool,
    number_of_buckets: i64,
    serde_info: Option<SerdeInfo>,
    bucket_columns: Option<Vec<String>>,
    sort_columns: Vec<Order>,
    parameters: Option<Parameters>,
    skewed_info: Option<SkewedInfo>,
    stored_as_sub_directories: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SerdeInfo {
    name: Option<String>,
    serialization_library: Option<String>,
    parameters: Option<Parameters>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Order {
    column: String,
    sort_order: i64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SkewedInfo {
    skewed_column_names: Option<Vec<String>>,
    skewed_column_values: Option<Vec<String>>,
    skewed_column_value_location_maps: Option<Parameters>,
}
