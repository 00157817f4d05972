//! A crawler's `Configuration`: JSON in a string, of which every key is acted on or refused.
//!
//! Source: Glue Developer Guide, "Setting crawler configuration options using the API".

use labrun_wire::{AwsError, AwsResult};
use serde_json::Value;

use super::super::error;

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Configuration {
    /// "Add new columns only."
    pub(super) merge_new_columns: bool,
    /// Partitions have their table's schema and properties.
    pub(super) inherit: bool,
    /// "Create a single schema for each S3 path": whether schemas are similar does not matter, only that they fit.
    pub(super) combine: bool,
    /// On which level below S3 tables are; a bucket is on the first.
    pub(super) level: Option<usize>,
}

impl Configuration {
    pub(super) fn parse(text: Option<&str>) -> AwsResult<Self> {
        let mut configuration = Configuration::default();
        let Some(text) = text else { return Ok(configuration) };
        let bad = |why: &dyn std::fmt::Display| error::invalid_input(format!("The crawler configuration is not valid: {why}"));
        let json: Value = serde_json::from_str(text).map_err(|fault| bad(&fault))?;
        if json["Version"].as_f64() != Some(1.0) {
            return Err(bad(&"Version must be 1.0"));
        }
        configuration.walk("", &json)?;
        Ok(configuration)
    }

    fn walk(&mut self, path: &str, value: &Value) -> AwsResult<()> {
        match (path, value) {
            ("" | "CrawlerOutput" | "CrawlerOutput.Tables" | "CrawlerOutput.Partitions" | "Grouping", Value::Object(members)) => {
                let place = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
                return members.iter().try_for_each(|(name, value)| self.walk(&place(name), value));
            }
            ("Version", _) | ("CreatePartitionIndex", Value::Bool(false)) => {}
            ("CrawlerOutput.Tables.AddOrUpdateBehavior", Value::String(text)) if text == "MergeNewColumns" => {
                self.merge_new_columns = true;
            }
            ("CrawlerOutput.Partitions.AddOrUpdateBehavior", Value::String(text)) if text == "InheritFromTable" => {
                self.inherit = true;
            }
            ("Grouping.TableGroupingPolicy", Value::String(text)) if text == "CombineCompatibleSchemas" => self.combine = true,
            ("Grouping.TableLevelConfiguration", Value::Number(level)) if level.as_u64().is_some_and(|level| level > 0) => {
                self.level = level.as_u64().and_then(|level| usize::try_from(level).ok());
            }
            _ => return Err(AwsError::not_implemented(format_args!("the crawler configuration {path} (it was {value})"))),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_acts_or_is_refused() {
        let text = r#"{"Version":1.0,"CrawlerOutput":{"Tables":{"AddOrUpdateBehavior":"MergeNewColumns"},
            "Partitions":{"AddOrUpdateBehavior":"InheritFromTable"}},
            "Grouping":{"TableGroupingPolicy":"CombineCompatibleSchemas","TableLevelConfiguration":3}}"#;
        let all = Configuration { merge_new_columns: true, inherit: true, combine: true, level: Some(3) };
        assert_eq!(Configuration::parse(Some(text)).unwrap(), all);
        for (text, code) in [
            ("x", "InvalidInputException"),
            ("{}", "InvalidInputException"),
            (r#"{"Version":1.0,"CreatePartitionIndex":true}"#, "NotImplemented"),
            (r#"{"Version":1.0,"CrawlerOutput":{"Tables":{"TableThreshold":2}}}"#, "NotImplemented"),
            (r#"{"Version":1.0,"Grouping":{"TableGroupingPolicy":"Other"}}"#, "NotImplemented"),
        ] {
            assert_eq!(Configuration::parse(Some(text)).unwrap_err().code, code, "{text}");
        }
    }
}
