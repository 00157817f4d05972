//! SQS's errors. Codes: the API model's shapes, and the two of AWS's common framework that SQS answers with but does not model.
//!
//! Messages: as the service sends them, where AWS's documentation or reports of its users show them; those under "ours" are
//! worded here, because no page of AWS confirms any.

use labrun_wire::AwsError;

fn invalid_parameter(message: impl Into<String>) -> AwsError {
    AwsError::new("InvalidParameterValueException", message)
}

/// The frame is AWS's; its reasons are too where no comment says otherwise.
fn invalid(value: impl std::fmt::Display, parameter: &str, reason: &str) -> AwsError {
    invalid_parameter(format!("Value {value} for parameter {parameter} is invalid. Reason: {reason}"))
}

pub(super) fn missing(parameter: &str) -> AwsError {
    AwsError::new("MissingRequiredParameterException", format!("The request must contain the parameter {parameter}."))
}

pub(super) fn no_queue() -> AwsError {
    AwsError::new("QueueDoesNotExist", "The specified queue does not exist.")
}

/// SQS Developer Guide, Troubleshooting API errors.
pub(super) fn no_access() -> AwsError {
    AwsError::new("QueueDoesNotExist", "The specified queue does not exist or you do not have access to it.")
}

pub(super) fn queue_exists(attribute: &str) -> AwsError {
    let message = format!("A queue already exists with the same name and a different value for attribute {attribute}");
    AwsError::new("QueueNameExists", message)
}

/// The model's own words.
pub(super) fn deleted_recently() -> AwsError {
    let message = "You must wait 60 seconds after deleting a queue before you can create another queue with the same name.";
    AwsError::new("QueueDeletedRecently", message)
}

pub(super) fn queue_name() -> AwsError {
    invalid_parameter("Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length")
}

pub(super) fn fifo_queue_name() -> AwsError {
    invalid_parameter(
        "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix \
         and be 1 to 80 in length.",
    )
}

pub(super) fn attribute_value(name: &str) -> AwsError {
    AwsError::new("InvalidAttributeValue", format!("Invalid value for the parameter {name}."))
}

pub(super) fn redrive_policy(value: &str, reason: &str) -> AwsError {
    invalid(value, "RedrivePolicy", reason)
}

pub(super) fn max_messages(value: i64) -> AwsError {
    invalid(value, "MaxNumberOfMessages", "Must be between 1 and 10, if provided.")
}

pub(super) fn handle_expired(handle: &str) -> AwsError {
    invalid(handle, "ReceiptHandle", "The receipt handle has expired.")
}

pub(super) fn not_changeable(handle: &str) -> AwsError {
    invalid(handle, "ReceiptHandle", "Message does not exist or is not available for visibility timeout change.")
}

pub(super) fn total_visibility(value: i64) -> AwsError {
    invalid(value, "VisibilityTimeout", "Total VisibilityTimeout for the message is beyond the limit [43200 seconds]")
}

pub(super) fn message_too_long(most: i64) -> AwsError {
    invalid_parameter(format!("One or more parameters are invalid. Reason: Message must be shorter than {most} bytes."))
}

/// The model's own words.
pub(super) fn not_in_flight() -> AwsError {
    AwsError::new("MessageNotInflight", "The specified message isn't in flight.")
}

/// The model's own words.
pub(super) fn ids_not_distinct() -> AwsError {
    AwsError::new("BatchEntryIdsNotDistinct", "Two or more batch entries in the request have the same Id.")
}

/// The model's own words.
pub(super) fn empty_batch() -> AwsError {
    AwsError::new("EmptyBatchRequest", "The batch request doesn't contain any entries.")
}

/// The model's own words.
pub(super) fn batch_too_long() -> AwsError {
    AwsError::new("BatchRequestTooLong", "The length of all the messages put together is more than the limit.")
}

/// The model's own words.
pub(super) fn entry_id() -> AwsError {
    let message = "The Id of a batch entry in a batch request doesn't abide by the specification.";
    AwsError::new("InvalidBatchEntryId", message)
}

/// The model's own words.
pub(super) fn handle_invalid() -> AwsError {
    AwsError::new("ReceiptHandleIsInvalid", "The specified receipt handle isn't valid.")
}

// Ours.

pub(super) fn unknown_attribute(name: &str) -> AwsError {
    AwsError::new("InvalidAttributeName", format!("Unknown Attribute {name}."))
}

pub(super) fn address(url: &str) -> AwsError {
    AwsError::new("InvalidAddress", format!("The address {url} is not valid for this endpoint."))
}

pub(super) fn purge_in_progress(name: &str) -> AwsError {
    let message = format!("Only one PurgeQueue operation on {name} is allowed every 60 seconds.");
    AwsError::new("PurgeQueueInProgress", message)
}

pub(super) fn too_many_entries(sent: usize) -> AwsError {
    let message = format!("Maximum number of entries per request are 10. You have sent {sent}.");
    AwsError::new("TooManyEntriesInBatchRequest", message)
}

pub(super) fn contents() -> AwsError {
    let message = "Invalid characters found. Valid unicode characters are \
                   #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF";
    AwsError::new("InvalidMessageContents", message)
}

pub(super) fn range(value: i64, parameter: &str, most: i64) -> AwsError {
    invalid(value, parameter, &format!("Must be >= 0 and <= {most}, if provided."))
}

pub(super) fn max_results(value: i64) -> AwsError {
    invalid(value, "MaxResults", "Must be between 1 and 1000, if provided.")
}

pub(super) fn next_token() -> AwsError {
    invalid_parameter("Invalid or expired next token.")
}

pub(super) fn queue_type(value: impl std::fmt::Display, parameter: &str) -> AwsError {
    invalid(value, parameter, "The request include parameter that is not valid for this queue type.")
}

pub(super) fn no_deduplication() -> AwsError {
    invalid_parameter(
        "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
    )
}

pub(super) fn identifier(value: &str, parameter: &str) -> AwsError {
    let reason = format!("{parameter} can only include alphanumeric and punctuation characters. 1 to 128 in length.");
    invalid(value, parameter, &reason)
}

pub(super) fn message_attribute(name: &str, fault: &str) -> AwsError {
    invalid_parameter(format!("The message attribute '{name}' {fault}"))
}

pub(super) fn message_attributes(count: usize) -> AwsError {
    invalid_parameter(format!("Number of message attributes [{count}] exceeds the allowed maximum [10]."))
}

pub(super) fn tag(fault: &str) -> AwsError {
    invalid_parameter(fault)
}
