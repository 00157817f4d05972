//! Amazon SQS: standard and FIFO queues, messages with attributes, visibility, delays and retention, long polling, dead-letter
//! queues, tags.
//!
//! A queue here is one ordered line, so a receiver sees what is free at once and in order; nothing comes twice. Not here: moving
//! messages back out of a dead-letter queue, permissions and policies, KMS, fair queues, receive attempts. They are refused by
//! name.

mod address;
mod attributes;
mod batch;
mod content;
mod deduplication;
mod error;
mod message;
mod pick;
mod queue;
mod receipt;
mod receive;
mod redrive;
mod send;
mod settings;
mod tag;

use crate::registry::Service;

pub(super) fn service() -> Service {
    Service::new("sqs")
        .op("CreateQueue", queue::create)
        .read("GetQueueUrl", queue::locate)
        .read("ListQueues", queue::list)
        .op("DeleteQueue", queue::delete)
        .op("PurgeQueue", queue::purge)
        .read("GetQueueAttributes", attributes::get)
        .op("SetQueueAttributes", attributes::set)
        .op("SendMessage", send::send)
        .op("SendMessageBatch", send::send_batch)
        .stream("ReceiveMessage", receive::receive)
        .op("DeleteMessage", receipt::delete)
        .op("DeleteMessageBatch", receipt::delete_batch)
        .op("ChangeMessageVisibility", receipt::change)
        .op("ChangeMessageVisibilityBatch", receipt::change_batch)
        .read("ListDeadLetterSourceQueues", redrive::sources)
        .op("TagQueue", tag::tag)
        .op("UntagQueue", tag::untag)
        .read("ListQueueTags", tag::list)
}
