//! GetQueueAttributes and SetQueueAttributes: what a queue says of itself.

use std::collections::BTreeMap;

use labrun_wire::AwsResult;
use labrun_wire::model::Model;
use serde::{Deserialize, Serialize};

use super::message::Counts;
use super::queue::{self, Nothing, Queue};
use super::{address, error, redrive};
use crate::sandbox::Tx;

/// Shapes of the model that list the names of attributes.
const QUEUE_ATTRIBUTES: &str = "QueueAttributeName";
pub(super) const MESSAGE_ATTRIBUTES: &str = "MessageSystemAttributeName";

/// Attributes that a client asks for by names that there are.
pub(super) fn asked_for(names: Vec<String>, known: &str) -> AwsResult<Vec<String>> {
    let shape = Model::named("sqs").and_then(|model| model.shapes().find(|(name, _)| *name == known));
    let known = shape.map(|(_, shape)| shape.names.as_slice()).unwrap_or_default();
    match names.iter().find(|name| !known.contains(name)) {
        Some(other) => Err(error::unknown_attribute(other)),
        None => Ok(names),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Get {
    queue_url: String,
    attribute_names: Option<Vec<String>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Got {
    attributes: Option<BTreeMap<&'static str, String>>,
}

/// An attribute that this queue does not have is left out; who names none is told none.
pub(super) fn get(tx: &Tx, input: Get) -> AwsResult<Got> {
    let queue = address::queue(tx, &input.queue_url)?;
    let names = asked_for(input.attribute_names.unwrap_or_default(), QUEUE_ATTRIBUTES)?;
    let asked = |name: &str| names.iter().any(|asked| asked == "All" || asked == name);
    let attributes: BTreeMap<_, _> = shown(tx, &queue).into_iter().filter(|(name, _)| asked(name)).collect();
    Ok(Got { attributes: Some(attributes).filter(|attributes| !attributes.is_empty()) })
}

fn shown(tx: &Tx, queue: &Queue) -> Vec<(&'static str, String)> {
    let counts = Counts::of(tx, queue);
    let mut shown = queue.settings.shown();
    shown.extend([
        ("QueueArn", address::arn(tx, &queue.name)),
        ("CreatedTimestamp", queue.created.seconds().to_string()),
        ("LastModifiedTimestamp", queue.modified.seconds().to_string()),
        ("ApproximateNumberOfMessages", counts.available.to_string()),
        ("ApproximateNumberOfMessagesNotVisible", counts.in_flight.to_string()),
        ("ApproximateNumberOfMessagesDelayed", counts.delayed.to_string()),
    ]);
    shown
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Set {
    queue_url: String,
    attributes: BTreeMap<String, String>,
}

/// Holds at once (on AWS: within 60 seconds, the retention within 15 minutes).
pub(super) fn set(tx: &mut Tx, input: Set) -> AwsResult<Nothing> {
    let queue = address::queue(tx, &input.queue_url)?;
    let settings = queue.settings.changed(&input.attributes)?;
    if settings.redrive != queue.settings.redrive {
        redrive::check(tx, &queue.name, &settings)?;
    }
    let now = tx.now();
    queue::change(tx, &queue.name, |queue| {
        queue.settings = settings;
        queue.modified = now;
    })?;
    Ok(Nothing {})
}
