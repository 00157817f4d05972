//! Creates what a lab needs, each thing announced in the journal first. Runs again after a crash, from where it stood.

use std::collections::BTreeMap;

use serde_json::Value;

use super::EngineError;
use super::content::Content;
use super::journal::Journal;
use crate::cloud::objects::Address;
use crate::cloud::sdk::Sdk;
use crate::cloud::{CallError, Cloud};
use crate::lab::action::Call;
use crate::lab::file::{Create, Setup};
use crate::lab::template::{Context, fill};

/// Creates what isn't there yet; `variables` gain what the answers make known.
pub(crate) async fn provision(
    content: &Content,
    cloud: &Cloud,
    journal: &mut Journal,
    variables: &mut Context,
) -> Result<(), EngineError> {
    let sdk = cloud.sdk().await;
    for (number, setup) in content.lab.setup.iter().enumerate() {
        if let Some(known) = journal.result(number) {
            variables.extend(known.clone());
            continue;
        }
        let torn = journal.was_intended(number);
        if !torn {
            journal.intend(number)?;
        }
        let place = Place { content, cloud, sdk: &sdk, variables };
        let bind = place.create(setup, torn).await?;
        journal.made(number, bind.clone())?;
        variables.extend(bind);
    }
    Ok(())
}

struct Place<'p> {
    content: &'p Content,
    cloud: &'p Cloud,
    sdk: &'p Sdk,
    variables: &'p Context,
}

impl Place<'_> {
    /// `torn`: an earlier attempt may have created it.
    async fn create(&self, setup: &Setup, torn: bool) -> Result<BTreeMap<String, Value>, EngineError> {
        let answer = match &setup.create {
            Create::Bucket { bucket } => {
                there(torn, self.sdk.create_bucket(&bucket.render(self.variables)).await)?;
                Value::Null
            }
            Create::Object { bucket, key, file } => {
                let name = file.render(self.variables);
                let bytes = self.content.file(&[], &name);
                let bytes = bytes.ok_or_else(|| EngineError::told(format!("the lab has no file `{name}`")))?;
                let to = Address { bucket: bucket.render(self.variables), key: key.render(self.variables) };
                self.sdk.put(&to, bytes).await?;
                Value::Null
            }
            Create::Database { name } => {
                there(torn, self.sdk.create_database(&name.render(self.variables)).await)?;
                Value::Null
            }
            Create::Job { with } => {
                there(torn, self.sdk.create_job(&fill(&with.json(), self.variables)).await)?;
                Value::Null
            }
            Create::Call { call, undo } => {
                if let (true, Some(undo)) = (torn, undo) {
                    absent(self.call(undo).await)?;
                }
                self.call(call).await?
            }
        };
        let context = answer.as_object().cloned().unwrap_or_default();
        Ok(setup.bind.iter().map(|(name, part)| (name.value.clone(), part.value(&context))).collect())
    }

    async fn call(&self, call: &Call) -> Result<Value, CallError> {
        self.cloud.call(&call.service, &call.operation, fill(&call.with.json(), self.variables)).await
    }
}

/// After a crash, "it exists already" says that the earlier attempt came through.
fn there(torn: bool, result: Result<(), CallError>) -> Result<(), CallError> {
    match result {
        Err(error) if torn && error.is_present() => Ok(()),
        other => other,
    }
}

/// What isn't there needs no undoing.
pub(super) fn absent(result: Result<Value, CallError>) -> Result<(), CallError> {
    match result {
        Err(error) if !error.is_absent() => Err(error),
        _ => Ok(()),
    }
}
