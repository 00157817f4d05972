//! What of a queue can be set: its attributes, with AWS's ranges and defaults (API Reference, CreateQueue and SetQueueAttributes).

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use labrun_wire::{AwsError, AwsResult};
use serde::{Deserialize, Serialize};

use super::error;
use super::redrive::{Allow, Redrive};

/// How a queue behaves. Times are seconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Settings {
    pub(super) delay: i64,
    pub(super) largest_message: i64,
    pub(super) retention: i64,
    pub(super) wait: i64,
    pub(super) visibility: i64,
    pub(super) redrive: Option<Redrive>,
    pub(super) allow: Option<Allow>,
    /// Said, as S3's AES256 is: nothing is encrypted on disk.
    encrypted: bool,
    pub(super) fifo: Option<Fifo>,
}

/// What only FIFO queues have.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Fifo {
    pub(super) by_content: bool,
    pub(super) per_group: bool,
    /// A quota here is never met, so that this says only what was said.
    throughput_per_group: bool,
}

impl Settings {
    pub(super) fn new(fifo: bool) -> Self {
        Settings {
            delay: 0,
            largest_message: 1_048_576,
            retention: 345_600,
            wait: 0,
            visibility: 30,
            redrive: None,
            allow: None,
            encrypted: true,
            fifo: fifo.then(Fifo::default),
        }
    }

    /// Takes `FifoQueue` out of the attributes: a queue is born with its type.
    pub(super) fn take_type(attributes: &mut BTreeMap<String, String>) -> AwsResult<bool> {
        attributes.remove("FifoQueue").map_or(Ok(false), |value| flag("FifoQueue", &value))
    }

    /// These settings with some attributes changed.
    pub(super) fn changed(&self, attributes: &BTreeMap<String, String>) -> AwsResult<Self> {
        let mut settings = self.clone();
        attributes.iter().try_for_each(|(name, value)| settings.set(name, value))?;
        let fifo = settings.fifo.as_ref();
        if fifo.is_some_and(|fifo| fifo.throughput_per_group && !fifo.per_group) {
            return Err(error::attribute_value("FifoThroughputLimit"));
        }
        Ok(settings)
    }

    /// The name of an attribute that is not what is asked for.
    pub(super) fn first_difference(&self, asked: &BTreeMap<String, String>) -> AwsResult<Option<String>> {
        for (name, value) in asked {
            let mut settings = self.clone();
            settings.set(name, value)?;
            if settings != *self {
                return Ok(Some(name.clone()));
            }
        }
        Ok(None)
    }

    /// A number, and what it can be.
    fn number(&mut self, name: &str) -> Option<(&mut i64, RangeInclusive<i64>)> {
        Some(match name {
            "DelaySeconds" => (&mut self.delay, 0..=900),
            "MaximumMessageSize" => (&mut self.largest_message, 1024..=1_048_576),
            "MessageRetentionPeriod" => (&mut self.retention, 60..=1_209_600),
            "ReceiveMessageWaitTimeSeconds" => (&mut self.wait, 0..=20),
            "VisibilityTimeout" => (&mut self.visibility, 0..=43_200),
            _ => return None,
        })
    }

    fn set(&mut self, name: &str, value: &str) -> AwsResult<()> {
        if let Some((field, range)) = self.number(name) {
            let number = value.parse().ok().filter(|number| range.contains(number));
            *field = number.ok_or_else(|| error::attribute_value(name))?;
            return Ok(());
        }
        match name {
            "RedrivePolicy" => self.redrive = Redrive::parse(value)?,
            "RedriveAllowPolicy" => self.allow = Allow::parse(value)?,
            "SqsManagedSseEnabled" => self.encrypted = flag(name, value)?,
            "ContentBasedDeduplication" | "DeduplicationScope" | "FifoThroughputLimit" => {
                self.fifo.as_mut().ok_or_else(|| error::unknown_attribute(name))?.set(name, value)?;
            }
            "Policy" | "KmsMasterKeyId" if value.is_empty() => {}
            "KmsDataKeyReusePeriodSeconds" if value == "300" => {}
            "Policy" | "KmsMasterKeyId" | "KmsDataKeyReusePeriodSeconds" => {
                return Err(AwsError::not_implemented(format_args!("the attribute {name} of a queue (it was {value})")));
            }
            _ => return Err(error::unknown_attribute(name)),
        }
        Ok(())
    }

    /// All attributes that have a value, as AWS spells them.
    pub(super) fn shown(&self) -> Vec<(&'static str, String)> {
        let mut shown = vec![
            ("DelaySeconds", self.delay.to_string()),
            ("MaximumMessageSize", self.largest_message.to_string()),
            ("MessageRetentionPeriod", self.retention.to_string()),
            ("ReceiveMessageWaitTimeSeconds", self.wait.to_string()),
            ("VisibilityTimeout", self.visibility.to_string()),
            ("SqsManagedSseEnabled", self.encrypted.to_string()),
        ];
        shown.extend(self.redrive.as_ref().map(|redrive| ("RedrivePolicy", redrive.shown())));
        shown.extend(self.allow.as_ref().map(|allow| ("RedriveAllowPolicy", allow.shown())));
        shown.extend(self.fifo.iter().flat_map(Fifo::shown));
        shown
    }
}

impl Fifo {
    fn set(&mut self, name: &str, value: &str) -> AwsResult<()> {
        match (name, value) {
            ("ContentBasedDeduplication", value) => self.by_content = flag(name, value)?,
            ("DeduplicationScope", "queue") => self.per_group = false,
            ("DeduplicationScope", "messageGroup") => self.per_group = true,
            ("FifoThroughputLimit", "perQueue") => self.throughput_per_group = false,
            ("FifoThroughputLimit", "perMessageGroupId") => self.throughput_per_group = true,
            _ => return Err(error::attribute_value(name)),
        }
        Ok(())
    }

    fn shown(&self) -> [(&'static str, String); 4] {
        let scope = if self.per_group { "messageGroup" } else { "queue" };
        let limit = if self.throughput_per_group { "perMessageGroupId" } else { "perQueue" };
        [
            ("FifoQueue", "true".to_owned()),
            ("ContentBasedDeduplication", self.by_content.to_string()),
            ("DeduplicationScope", scope.to_owned()),
            ("FifoThroughputLimit", limit.to_owned()),
        ]
    }
}

fn flag(name: &str, value: &str) -> AwsResult<bool> {
    value.parse().map_err(|_| error::attribute_value(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(fifo: bool, name: &str, value: &str) -> AwsResult<Settings> {
        Settings::new(fifo).changed(&BTreeMap::from([(name.to_owned(), value.to_owned())]))
    }

    #[test]
    fn numbers_keep_to_their_ranges() {
        for (name, least, most) in [
            ("DelaySeconds", 0, 900),
            ("MaximumMessageSize", 1024, 1_048_576),
            ("MessageRetentionPeriod", 60, 1_209_600),
            ("ReceiveMessageWaitTimeSeconds", 0, 20),
            ("VisibilityTimeout", 0, 43_200),
        ] {
            for fits in [least, most] {
                assert!(set(false, name, &fits.to_string()).is_ok(), "{name} {fits}");
            }
            for odd in [(least - 1).to_string(), (most + 1).to_string(), "x".to_owned(), String::new()] {
                assert_eq!(set(false, name, &odd).unwrap_err(), error::attribute_value(name), "{odd}");
            }
        }
    }

    #[test]
    fn a_standard_queue_has_nothing_of_a_fifo_queue() {
        assert_eq!(set(false, "DeduplicationScope", "queue").unwrap_err().code, "InvalidAttributeName");
        assert_eq!(set(true, "DeduplicationScope", "group").unwrap_err().code, "InvalidAttributeValue");
        assert_eq!(set(true, "FifoThroughputLimit", "perMessageGroupId").unwrap_err().code, "InvalidAttributeValue");
        assert!(set(true, "DeduplicationScope", "messageGroup").is_ok());
    }

    #[test]
    fn what_is_not_built_is_refused_unless_it_asks_for_nothing() {
        assert_eq!(set(false, "KmsMasterKeyId", "alias/aws/sqs").unwrap_err().code, "NotImplemented");
        assert_eq!(set(false, "Policy", "{}").unwrap_err().code, "NotImplemented");
        assert!(set(false, "Policy", "").is_ok() && set(false, "KmsDataKeyReusePeriodSeconds", "300").is_ok());
    }
}
