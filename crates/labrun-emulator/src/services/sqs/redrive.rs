//! Dead-letter queues: who sends its failed messages where, who may, and the way of a message there.
//!
//! Source: SQS Developer Guide, "Using dead-letter queues", and the API Reference's RedrivePolicy and RedriveAllowPolicy.

use std::sync::Arc;

use labrun_wire::AwsResult;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::message::{self, MESSAGES, Message};
use super::queue::{Ask, QUEUES, Queue};
use super::settings::Settings;
use super::{address, error};
use crate::sandbox::Tx;

/// SQS Developer Guide, Configuring a dead-letter queue: "between 1 and 1,000".
const MOST_RECEIVES: i64 = 1000;

/// API Reference: "You can specify up to 10 source queue ARNs".
const MOST_SOURCES: usize = 10;

/// Where messages go that are received too often.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Redrive {
    target: String,
    most_receives: i64,
}

impl Redrive {
    /// An empty policy takes away the one that is there.
    ///
    /// The model's "Default: 10" for `maxReceiveCount` is the console's: the service insists on the member, and says so.
    pub(super) fn parse(text: &str) -> AwsResult<Option<Self>> {
        if text.is_empty() {
            return Ok(None);
        }
        let invalid = |reason: &str| error::redrive_policy(text, reason);
        let policy: Json = serde_json::from_str(text).map_err(|_| invalid("Redrive policy is not a valid JSON map."))?;
        let target = policy.get("deadLetterTargetArn").and_then(Json::as_str);
        let most = policy.get("maxReceiveCount");
        let lacks = |name: &str| invalid(&format!("Redrive policy does not contain mandatory attribute: {name}."));
        let most = most.ok_or_else(|| lacks("maxReceiveCount"))?;
        let target = target.ok_or_else(|| lacks("deadLetterTargetArn"))?;
        let number = most.as_i64().or_else(|| most.as_str()?.parse().ok());
        let number = number.filter(|number| (1..=MOST_RECEIVES).contains(number));
        let number = number.ok_or_else(|| invalid("Invalid value for maxReceiveCount: it must be between 1 and 1000."))?;
        Ok(Some(Redrive { target: target.to_owned(), most_receives: number }))
    }

    pub(super) fn shown(&self) -> String {
        serde_json::json!({"deadLetterTargetArn": self.target, "maxReceiveCount": self.most_receives}).to_string()
    }
}

/// Which queues may send their failed messages here; where nothing is said, all of this account and region.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Allow {
    redrive_permission: Permission,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_queue_arns: Option<Vec<String>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Permission {
    AllowAll,
    DenyAll,
    ByQueue,
}

impl Allow {
    /// An empty policy takes away the one that is there.
    pub(super) fn parse(text: &str) -> AwsResult<Option<Self>> {
        if text.is_empty() {
            return Ok(None);
        }
        let invalid = || error::attribute_value("RedriveAllowPolicy");
        let policy: Allow = serde_json::from_str(text).map_err(|_| invalid())?;
        let sources = policy.source_queue_arns.as_ref().map(Vec::len);
        let fits = match policy.redrive_permission {
            Permission::ByQueue => sources.is_some_and(|count| (1..=MOST_SOURCES).contains(&count)),
            Permission::AllowAll | Permission::DenyAll => sources.is_none(),
        };
        if fits { Ok(Some(policy)) } else { Err(invalid()) }
    }

    pub(super) fn shown(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    fn admits(&self, source: &str) -> bool {
        match self.redrive_permission {
            Permission::AllowAll => true,
            Permission::DenyAll => false,
            Permission::ByQueue => self.source_queue_arns.iter().flatten().any(|arn| arn == source),
        }
    }
}

/// Checks that what a queue's redrive policy names is there, of the same type, and willing. Reasons: ours.
pub(super) fn check(tx: &Tx, name: &str, settings: &Settings) -> AwsResult<()> {
    let Some(redrive) = &settings.redrive else { return Ok(()) };
    let invalid = |reason: &str| Err(error::redrive_policy(&redrive.shown(), reason));
    let Some(target) = address::with_arn(tx, &redrive.target) else {
        return invalid("Dead letter target does not exist.");
    };
    if target.is_fifo() != settings.fifo.is_some() {
        return invalid("Dead-letter queue must be same type of queue as the source.");
    }
    if !target.settings.allow.as_ref().is_none_or(|allow| allow.admits(&address::arn(tx, name))) {
        return invalid("Queue does not have permission to use this queue as its dead-letter queue.");
    }
    Ok(())
}

/// Where a message goes instead of being received once more; none if it may be, or its dead-letter queue is no longer there.
pub(super) fn target(tx: &Tx, queue: &Queue, message: &Message) -> Option<Arc<Queue>> {
    let redrive = queue.settings.redrive.as_ref().filter(|redrive| message.receives_here >= redrive.most_receives)?;
    address::with_arn(tx, &redrive.target)
}

/// Moves a message into its dead-letter queue.
///
/// Counts go on ("across all queues"). The time of sending stays, by which a standard queue lets messages expire; a FIFO queue
/// goes by the time of the move (older pages of the guide say "remains unchanged" of both).
pub(super) fn bury(tx: &mut Tx, queue: &Queue, target: &Queue, message: &Message) -> AwsResult<()> {
    tx.delete(&MESSAGES, &message::row(&queue.name, message.number));
    let moved = Message {
        entered: tx.now(),
        hidden_until: tx.now(),
        receives_here: 0,
        received: None,
        source: Some(address::arn(tx, &queue.name)),
        ..message.clone()
    };
    message::arrive(tx, &target.name, moved)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Sources {
    queue_url: String,
    next_token: Option<String>,
    max_results: Option<i64>,
}

#[derive(Serialize)]
pub(super) struct Listed {
    #[serde(rename = "queueUrls")]
    urls: Vec<String>,
    #[serde(rename = "NextToken")]
    next: Option<String>,
}

pub(super) fn sources(tx: &Tx, input: Sources) -> AwsResult<Listed> {
    let arn = address::arn(tx, &address::queue(tx, &input.queue_url)?.name);
    let sends_here = |queue: &Arc<Queue>| queue.settings.redrive.as_ref().is_some_and(|redrive| redrive.target == arn);
    let queues = tx.list(&QUEUES, "").into_iter().map(|(_, queue)| queue).filter(sends_here);
    let context = format!("sqs.ListDeadLetterSourceQueues {arn}");
    let (urls, next) = Ask { context, token: input.next_token, most: input.max_results }.page(tx, queues)?;
    Ok(Listed { urls, next })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redrive_policy_has_both_its_members() {
        let policy = |text: &str| Redrive::parse(text);
        assert_eq!(policy("").unwrap(), None);
        let count = |text: &str| policy(text).unwrap().unwrap().most_receives;
        assert_eq!(count(r#"{"deadLetterTargetArn": "a", "maxReceiveCount": "5"}"#), 5);
        assert_eq!(count(r#"{"deadLetterTargetArn": "a", "maxReceiveCount": 1000}"#), 1000);
        assert!(policy("{}").unwrap_err().message.ends_with("mandatory attribute: maxReceiveCount."));
        for odd in [r#"{"maxReceiveCount": 1}"#, r#"{"deadLetterTargetArn": "a", "maxReceiveCount": 0}"#, "[", "3"] {
            assert!(policy(odd).is_err(), "{odd}");
        }
    }

    #[test]
    fn sources_go_with_the_permission_that_needs_them() {
        assert!(Allow::parse(r#"{"redrivePermission": "denyAll"}"#).unwrap().is_some_and(|allow| !allow.admits("a")));
        let one = Allow::parse(r#"{"redrivePermission": "byQueue", "sourceQueueArns": ["a"]}"#).unwrap().unwrap();
        assert!(one.admits("a") && !one.admits("b"));
        for odd in [r#"{"redrivePermission": "byQueue"}"#, r#"{"redrivePermission": "allowAll", "sourceQueueArns": ["a"]}"#, "{}"]
        {
            assert!(Allow::parse(odd).is_err(), "{odd}");
        }
    }
}
