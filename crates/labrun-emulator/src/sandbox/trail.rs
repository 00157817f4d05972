//! The trail: the last calls with principal, parameters and outcome. People and the live view read it; a check never does.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use labrun_wire::{AwsError, Value};
use serde::Serialize;

use super::tx::Cx;

/// Older calls are forgotten.
const KEPT: usize = 2000;
/// Parameters longer than this are cut: the trail is no second store.
const PARAMETERS: usize = 1024;

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Event {
    pub(crate) seq: u64,
    pub(crate) time_ms: i64,
    pub(crate) service: String,
    pub(crate) operation: String,
    pub(crate) principal: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<String>,
    pub(crate) parameters: String,
}

/// A call, as the trail keeps it.
pub(crate) struct Asked<'a> {
    service: &'a str,
    operation: &'a str,
    parameters: String,
}

impl<'a> Asked<'a> {
    pub(crate) fn new(service: &'a str, operation: &'a str, input: &Value) -> Self {
        let mut parameters = input.to_json_text();
        if parameters.len() > PARAMETERS {
            let cut = (0..=PARAMETERS).rev().find(|at| parameters.is_char_boundary(*at)).unwrap_or_default();
            parameters.truncate(cut);
            parameters.push('…');
        }
        Asked { service, operation, parameters }
    }
}

#[derive(Default)]
pub(crate) struct Trail(Mutex<(u64, VecDeque<Event>)>);

impl Trail {
    pub(crate) fn record(&self, cx: &Cx, asked: Asked, error: Option<&AwsError>) {
        let Asked { service, operation, parameters } = asked;
        cx.sandbox().meter().count(&format!("{service}.{operation}"), 1);
        let mut trail = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        trail.0 += 1;
        let event = Event {
            seq: trail.0,
            time_ms: cx.now().millis(),
            service: service.to_owned(),
            operation: operation.to_owned(),
            principal: cx.caller().principal.arn.clone(),
            error: error.map(|error| error.code.clone()),
            parameters,
        };
        trail.1.push_back(event);
        if trail.1.len() > KEPT {
            trail.1.pop_front();
        }
    }

    pub(crate) fn after(&self, seq: u64) -> Vec<Event> {
        let trail = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        trail.1.iter().filter(|event| event.seq > seq).cloned().collect()
    }

    pub(super) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).1.clear();
    }
}
