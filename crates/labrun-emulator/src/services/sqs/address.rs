//! How a queue is named in requests: by its URL, its ARN, its name.
//!
//! A URL begins with this emulator's own endpoint, because some SDKs send a queue's requests to whatever its URL says: with AWS's
//! host in it, a learner's requests would leave the machine. What a client sends is read by account and name alone, so that a URL
//! outlives a restart on another port.

use std::sync::Arc;

use labrun_wire::{AwsError, AwsResult};

use super::error;
use super::queue::{QUEUES, Queue};
use crate::sandbox::Tx;

pub(super) fn url(tx: &Tx, name: &str) -> AwsResult<String> {
    let emulator = tx.sandbox().emulator().ok_or_else(|| AwsError::internal("labrun is going down"))?;
    Ok(format!("http://127.0.0.1:{}/{}/{name}", emulator.port(), tx.caller().account))
}

pub(super) fn arn(tx: &Tx, name: &str) -> String {
    tx.caller().arn("sqs", name)
}

/// The queue of an ARN, if it is one of this account and region.
pub(super) fn with_arn(tx: &Tx, arn: &str) -> Option<Arc<Queue>> {
    tx.get(&QUEUES, arn.strip_prefix(&self::arn(tx, ""))?)
}

/// The queue that a URL names.
pub(super) fn queue(tx: &Tx, url: &str) -> AwsResult<Arc<Queue>> {
    let (account, name) = parts(url).ok_or_else(|| error::address(url))?;
    if account != tx.caller().account {
        return Err(error::no_access());
    }
    tx.get(&QUEUES, name).ok_or_else(error::no_queue)
}

/// Account and name in a URL.
fn parts(url: &str) -> Option<(&str, &str)> {
    let (_, rest) = url.split_once("://")?;
    let (_, path) = rest.split_once('/')?;
    let (account, name) = path.split_once('/')?;
    let digits = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    (digits && !name.is_empty() && !name.contains('/')).then_some((account, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_host_will_do_and_nothing_else() {
        let found = Some(("123456789012", "orders.fifo"));
        assert_eq!(parts("http://127.0.0.1:4566/123456789012/orders.fifo"), found);
        assert_eq!(parts("https://sqs.eu-west-1.amazonaws.com/123456789012/orders.fifo"), found);
        for odd in ["orders", "http://127.0.0.1/orders", "http://127.0.0.1/12/orders", "http://127.0.0.1/123456789012/a/b", ""] {
            assert_eq!(parts(odd), None, "{odd}");
        }
    }
}
