//! AWS's own SDK, pointed at the same endpoint and keys: typed setup goes through it, as a user's program would.

use aws_config::BehaviorVersion;
use aws_sdk_glue::types::{ExecutionProperty, JobCommand, WorkerType};
use aws_sdk_s3::config::{Credentials, Region};
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use serde_json::Value;

use super::{CallError, Cloud};

/// The SDK's clients, over one HTTP client without TLS.
pub(crate) struct Sdk {
    pub s3: aws_sdk_s3::Client,
    pub glue: aws_sdk_glue::Client,
}

impl Cloud {
    /// Builds the clients; nothing is read from the environment or from files of the user.
    pub(crate) async fn sdk(&self) -> Sdk {
        let keys = Credentials::new(&self.access_key_id, &self.secret_access_key, None, None, "labrun");
        let config = aws_config::defaults(BehaviorVersion::latest())
            .empty_test_environment()
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .credentials_provider(keys)
            .region(Region::new(self.region.clone()))
            .endpoint_url(self.endpoint())
            .load()
            .await;
        let s3 = aws_sdk_s3::config::Builder::from(&config).force_path_style(true).build();
        Sdk { s3: aws_sdk_s3::Client::from_conf(s3), glue: aws_sdk_glue::Client::new(&config) }
    }
}

impl Sdk {
    pub(crate) async fn create_bucket(&self, bucket: &str) -> Result<(), CallError> {
        self.s3.create_bucket().bucket(bucket).send().await.map_err(|error| told("s3", "CreateBucket", &error))?;
        Ok(())
    }

    pub(crate) async fn create_database(&self, name: &str) -> Result<(), CallError> {
        let fault = |error: &dyn std::error::Error| unanswered("CreateDatabase", error);
        let input = aws_sdk_glue::types::DatabaseInput::builder().name(name).build().map_err(|error| fault(&error))?;
        let sent = self.glue.create_database().database_input(input).send().await;
        sent.map_err(|error| told("glue", "CreateDatabase", &error))?;
        Ok(())
    }

    /// Creates a Glue job from members as the API has them; `JOB_MEMBERS` are those that are known here.
    pub(crate) async fn create_job(&self, members: &Value) -> Result<(), CallError> {
        let text = |name: &str| members[name].as_str().map(str::to_owned);
        let number = |name: &str| members[name].as_i64().and_then(|number| i32::try_from(number).ok());
        let command = &members["Command"];
        let part = |name: &str| command[name].as_str().map(str::to_owned);
        let built = JobCommand::builder()
            .set_name(part("Name"))
            .set_script_location(part("ScriptLocation"))
            .set_python_version(part("PythonVersion"))
            .build();
        let runs = members["ExecutionProperty"]["MaxConcurrentRuns"].as_i64().and_then(|runs| i32::try_from(runs).ok());
        let sent = self
            .glue
            .create_job()
            .set_name(text("Name"))
            .set_description(text("Description"))
            .set_role(text("Role"))
            .command(built)
            .set_default_arguments(strings(&members["DefaultArguments"]))
            .set_tags(strings(&members["Tags"]))
            .set_glue_version(text("GlueVersion"))
            .set_worker_type(text("WorkerType").map(|name| WorkerType::from(name.as_str())))
            .set_number_of_workers(number("NumberOfWorkers"))
            .set_timeout(number("Timeout"))
            .set_max_retries(number("MaxRetries"))
            .set_execution_property(runs.map(|runs| ExecutionProperty::builder().max_concurrent_runs(runs).build()))
            .send()
            .await;
        sent.map_err(|error| told("glue", "CreateJob", &error))?;
        Ok(())
    }
}

fn strings(value: &Value) -> Option<std::collections::HashMap<String, String>> {
    let entry = |(key, value): (&String, &Value)| Some((key.clone(), value.as_str()?.to_owned()));
    Some(value.as_object()?.iter().filter_map(entry).collect())
}

fn unanswered(operation: &str, error: &dyn std::error::Error) -> CallError {
    CallError::Unanswered { service: "glue".to_owned(), operation: operation.to_owned(), reason: error.to_string() }
}

/// An SDK's error in our words.
pub(super) fn told<E, R>(service: &str, operation: &str, error: &SdkError<E, R>) -> CallError
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
    R: std::fmt::Debug + 'static,
{
    match error {
        SdkError::ServiceError(answer) => CallError::Refused {
            service: service.to_owned(),
            operation: operation.to_owned(),
            code: answer.err().code().unwrap_or("Unknown").to_owned(),
            message: answer.err().message().unwrap_or_default().to_owned(),
            status: 0,
        },
        other => CallError::Unanswered {
            service: service.to_owned(),
            operation: operation.to_owned(),
            reason: aws_sdk_s3::error::DisplayErrorContext(other).to_string(),
        },
    }
}
