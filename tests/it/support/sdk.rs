//! AWS's own SDK for Rust, pointed at a sandbox: for tests that kill the emulator between two calls.

use aws_config::{BehaviorVersion, SdkConfig};
use aws_sdk_s3::config::{Credentials, Region};

use super::{Emulator, Sandbox};

/// The configuration of a sandbox's learner; nothing is read from the environment or from files.
async fn config(emulator: &Emulator, sandbox: &Sandbox) -> SdkConfig {
    aws_config::defaults(BehaviorVersion::latest())
        .empty_test_environment()
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .credentials_provider(Credentials::new(&sandbox.key, &sandbox.secret, None, None, "test"))
        .region(Region::new("us-east-1"))
        .endpoint_url(emulator.endpoint())
        .retry_config(aws_config::retry::RetryConfig::disabled())
        .load()
        .await
}

pub(crate) async fn s3(emulator: &Emulator, sandbox: &Sandbox) -> aws_sdk_s3::Client {
    let config = config(emulator, sandbox).await;
    aws_sdk_s3::Client::from_conf(aws_sdk_s3::config::Builder::from(&config).force_path_style(true).build())
}

pub(crate) async fn glue(emulator: &Emulator, sandbox: &Sandbox) -> aws_sdk_glue::Client {
    aws_sdk_glue::Client::new(&config(emulator, sandbox).await)
}
