//! Looks at a cloud for a check: each look once per grading, whatever number of checks asks for it.

use std::cell::RefCell;
use std::collections::HashMap;

use serde_json::{Value, json};

use super::rows;
use crate::cloud::objects::Address;
use crate::cloud::sdk::Sdk;
use crate::cloud::{CallError, Cloud};
use crate::lab::action::Call;
use crate::lab::file::Look;
use crate::lab::template::{Context, fill};

/// How much of an object `because` may read.
const MOST_TEXT: u64 = 1 << 20;

/// Answers of one moment.
pub(super) struct Observer<'o> {
    cloud: &'o Cloud,
    sdk: Sdk,
    seen: RefCell<HashMap<String, Value>>,
}

impl<'o> Observer<'o> {
    pub(super) async fn new(cloud: &'o Cloud) -> Self {
        Observer { cloud, sdk: cloud.sdk().await, seen: RefCell::default() }
    }

    pub(super) fn sdk(&self) -> &Sdk {
        &self.sdk
    }

    /// Forgets what was seen: something has changed, or a retry wants to look anew.
    pub(super) fn forget(&self) {
        self.seen.borrow_mut().clear();
    }

    /// What is seen, as expressions get it. AWS's refusals are answers too: `{ Error: { Code, Message } }`.
    pub(super) async fn look(&self, look: &Look, context: &Context) -> Result<Value, CallError> {
        let key = key(look, context);
        if let Some(seen) = self.seen.borrow().get(&key) {
            return Ok(seen.clone());
        }
        let seen = match self.look_now(look, context).await {
            Err(CallError::Refused { code, message, status, .. }) if status < 500 => {
                json!({ "Error": { "Code": code, "Message": message } })
            }
            other => other?,
        };
        self.seen.borrow_mut().insert(key, seen.clone());
        Ok(seen)
    }

    async fn look_now(&self, look: &Look, context: &Context) -> Result<Value, CallError> {
        match look {
            Look::Call(call) => self.call(call, context).await,
            Look::Rows { from, format } => match Address::parse(&from.render(context)) {
                Some(address) => rows::read(&self.sdk, &address, *format).await,
                None => Ok(no_address(&from.render(context))),
            },
            Look::Text { from } => match Address::parse(&from.render(context)) {
                Some(address) => {
                    let bytes = self.sdk.read(&address, MOST_TEXT).await?;
                    Ok(json!({ "text": String::from_utf8_lossy(&bytes) }))
                }
                None => Ok(no_address(&from.render(context))),
            },
            Look::Find { call, items, fits } => {
                let mut input = fill(&call.with.json(), context);
                loop {
                    let page = self.cloud.call(&call.service, &call.operation, input.clone()).await?;
                    let mut place = context.clone();
                    place.extend(page.as_object().cloned().unwrap_or_default());
                    let found = items.value(&place);
                    let fit = found.as_array().into_iter().flatten().find(|item| match (fits, item.as_object()) {
                        (Some(fits), Some(members)) => fits.holds(members),
                        _ => fits.is_none(),
                    });
                    match (fit, page["NextToken"].as_str()) {
                        (Some(item), _) => return Ok(item.clone()),
                        (None, Some(token)) => input["NextToken"] = json!(token),
                        (None, None) => return Ok(Value::Null),
                    }
                }
            }
        }
    }

    async fn call(&self, call: &Call, context: &Context) -> Result<Value, CallError> {
        self.cloud.call(&call.service, &call.operation, fill(&call.with.json(), context)).await
    }
}

fn no_address(text: &str) -> Value {
    json!({ "Error": { "Code": "NoAddress", "Message": format!("`{text}` is no address in S3") } })
}

/// Two looks with the same key see the same.
fn key(look: &Look, context: &Context) -> String {
    match look {
        Look::Call(call) => format!("call {} {}", call.name.value, fill(&call.with.json(), context)),
        Look::Rows { from, format } => format!("rows {format:?} {}", from.render(context)),
        Look::Text { from } => format!("text {}", from.render(context)),
        Look::Find { call, items, fits } => {
            let fits = fits.as_ref().map(|fits| fits.template.render(context)).unwrap_or_default();
            format!("find {} {} {} {fits}", call.name.value, fill(&call.with.json(), context), items.template.text.value)
        }
    }
}
