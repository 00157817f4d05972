//! What a crawl says of itself: its log in `/aws-glue/crawlers`, a stream named like the crawler, and the summary of its changes.

use labrun_wire::AwsResult;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::super::log::Stream;
use super::Crawler;
use super::crawl::Crawl;
use crate::sandbox::{Caller, Cx};

pub(super) const GROUP: &str = "/aws-glue/crawlers";
/// The longest `Summary` that the API model allows.
const LONGEST: usize = 255;

/// Names of tables, and how many partitions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Changes {
    pub(super) tables_added: Vec<String>,
    pub(super) tables_updated: Vec<String>,
    pub(super) tables_deleted: Vec<String>,
    pub(super) partitions_added: usize,
    pub(super) partitions_updated: usize,
    pub(super) partitions_deleted: usize,
}

impl Changes {
    /// "A run summary for the specific crawl in JSON." Names are left out where they don't fit.
    pub(super) fn summary(&self) -> Option<String> {
        let full = self.json(true).to_string();
        match self == &Changes::default() {
            true => None,
            false if full.len() <= LONGEST => Some(full),
            false => Some(self.json(false).to_string()),
        }
    }

    fn json(&self, names: bool) -> Value {
        let tables = |list: &[String]| match names {
            true => json!({"Count": list.len(), "Details": {"names": list}}),
            false => json!({"Count": list.len()}),
        };
        let mut summary = json!({});
        for (key, list) in [("ADD", &self.tables_added), ("UPDATE", &self.tables_updated), ("DELETE", &self.tables_deleted)] {
            if !list.is_empty() {
                summary["TABLE"][key] = tables(list);
            }
        }
        for (key, count) in
            [("ADD", self.partitions_added), ("UPDATE", self.partitions_updated), ("DELETE", self.partitions_deleted)]
        {
            if count > 0 {
                summary["PARTITION"][key] = json!({"Count": count});
            }
        }
        summary
    }
}

/// Names of crawlers may hold what names of streams may not.
pub(super) fn stream_name(crawler: &str) -> String {
    crawler.replace([':', '*'], "_")
}

/// Lines on their way to the log.
pub(super) struct Log {
    stream: Stream,
    prefix: String,
    lines: Vec<String>,
}

impl Log {
    pub(super) async fn open(cx: &Cx, crawl: &Crawl) -> AwsResult<Self> {
        let service = cx.with_caller(Caller::service(&cx.caller().account, &cx.caller().region));
        let stream = Stream::open(&service, GROUP, &stream_name(&crawl.crawler)).await?;
        Ok(Log { stream, prefix: crawl.id.clone(), lines: Vec::new() })
    }

    pub(super) fn say(&mut self, level: &str, text: impl std::fmt::Display) {
        self.lines.push(format!("[{}] {level} : {text}", self.prefix));
    }

    pub(super) async fn flush(&mut self) -> AwsResult<()> {
        let lines = std::mem::take(&mut self.lines);
        for part in lines.chunks(500) {
            self.stream.put(part.to_vec()).await?;
        }
        Ok(())
    }

    pub(super) fn policies(&mut self, crawler: &Crawler) {
        let policy = json!({
            "UpdateBehavior": crawler.definition.update,
            "DeleteBehavior": crawler.definition.delete,
        });
        self.say("INFO", format_args!("Crawler configured with SchemaChangePolicy {policy}."));
        if let Some(configuration) = &crawler.definition.configuration {
            self.say("INFO", format_args!("Crawler configured with Configuration {configuration}."));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_fits_its_member() {
        assert_eq!(Changes::default().summary(), None);
        let few = Changes { tables_added: vec!["a".into()], partitions_added: 3, ..Changes::default() };
        let expected = json!({"TABLE": {"ADD": {"Count": 1, "Details": {"names": ["a"]}}}, "PARTITION": {"ADD": {"Count": 3}}});
        assert_eq!(serde_json::from_str::<Value>(&few.summary().unwrap()).unwrap(), expected);
        let many = Changes { tables_added: (0..90).map(|at| format!("table{at}")).collect(), ..Changes::default() };
        assert_eq!(many.summary().as_deref(), Some(r#"{"TABLE":{"ADD":{"Count":90}}}"#));
    }
}
