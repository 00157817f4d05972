//! Carries out an action of a probe or a solution.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::EngineError;
use super::content::{Content, Folder};
use crate::cloud::admin::Admin;
use crate::cloud::objects::Address;
use crate::cloud::sdk::Sdk;
use crate::cloud::{CallError, Cloud};
use crate::lab::action::{Action, Call};
use crate::lab::template::{Context, Template, fill};

/// No lab's job runs longer; its own timeout ends it before.
const LONGEST_RUN: Duration = Duration::from_secs(1800);
const FINAL: [&str; 5] = ["SUCCEEDED", "FAILED", "STOPPED", "TIMEOUT", "ERROR"];

/// Whose hands act, and on which sandbox.
pub(super) struct Actor<'a> {
    pub cloud: &'a Cloud,
    pub sdk: &'a Sdk,
    pub admin: &'a Admin,
    pub sandbox: &'a str,
    pub content: &'a Content,
    /// Where files are looked for before the lab's own folder.
    pub over: &'a [&'a Folder],
}

impl Actor<'_> {
    /// Does it and returns what came of it: a run, an answer, or nothing.
    pub(super) async fn act(&self, action: &Action, context: &Context) -> Result<Value, EngineError> {
        match action {
            Action::Put { to, file } => {
                let name = file.render(context);
                let bytes = self.content.file(self.over, &name);
                let bytes = bytes.ok_or_else(|| EngineError::told(format!("there is no file `{name}`")))?;
                self.sdk.put(&address(to, context)?, bytes).await?;
            }
            Action::Delete { from } => {
                let from = address(from, context)?;
                if from.key.is_empty() || from.key.ends_with('/') {
                    self.sdk.delete_under(&from).await?;
                } else {
                    self.sdk.delete(&from).await?;
                }
            }
            Action::Copy { from, to } => self.sdk.copy(&address(from, context)?, &address(to, context)?).await?,
            Action::Advance { millis } => return Ok(self.admin.advance(self.sandbox, *millis).await?),
            Action::Run { job, arguments } => {
                return Ok(self.run(&job.render(context), fill(&arguments.json(), context)).await?);
            }
            Action::Call(call) => return Ok(self.call(call, context).await?),
        }
        Ok(Value::Null)
    }

    /// Starts the job and returns its run when that has ended.
    async fn run(&self, job: &str, arguments: Value) -> Result<Value, CallError> {
        let input = json!({ "JobName": job, "Arguments": arguments });
        let started = self.cloud.call("glue", "StartJobRun", input).await?;
        let began = Instant::now();
        loop {
            let input = json!({ "JobName": job, "RunId": started["JobRunId"] });
            let run = self.cloud.call("glue", "GetJobRun", input).await?["JobRun"].take();
            let state = run["JobRunState"].as_str().unwrap_or_default();
            if FINAL.contains(&state) {
                return Ok(run);
            }
            if began.elapsed() > LONGEST_RUN {
                let reason = format!("run {} of {job} is still {state}", started["JobRunId"]);
                return Err(CallError::Unanswered { service: "glue".into(), operation: "GetJobRun".into(), reason });
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// What is to be deleted or reset may be gone already.
    async fn call(&self, call: &Call, context: &Context) -> Result<Value, CallError> {
        let answer = self.cloud.call(&call.service, &call.operation, fill(&call.with.json(), context)).await;
        let removes = ["Delete", "Reset", "Detach"].iter().any(|verb| call.operation.starts_with(verb));
        match answer {
            Err(error) if removes && error.is_absent() => Ok(Value::Null),
            other => other,
        }
    }
}

fn address(template: &Template, context: &Context) -> Result<Address, EngineError> {
    let text = template.render(context);
    Address::parse(&text).ok_or_else(|| EngineError::told(format!("`{text}` is no address in S3")))
}
