//! What a service tells its client when it can't do what was asked.

use crate::value::{Map, Value};

/// An AWS error: code and message in AWS's words, further members where the error has some.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct AwsError {
    pub code: String,
    pub message: String,
    /// HTTP status, where it isn't the one that the model gives the code.
    pub status: Option<u16>,
    /// Members besides the message (`BucketName`, `Key`, …), in the error's body.
    pub members: Map,
    /// Headers that go with it.
    pub headers: Vec<(String, String)>,
}

/// What handlers return.
pub type AwsResult<T> = Result<T, AwsError>;

impl AwsError {
    pub fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        AwsError { code: code.into(), message: message.into(), status: None, members: Map::new(), headers: Vec::new() }
    }

    #[must_use]
    pub fn status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    #[must_use]
    pub fn with(mut self, member: &str, value: impl Into<Value>) -> Self {
        self.members.insert(member.to_owned(), value.into());
        self
    }

    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// Refuses by name what is not built. 501, which SDKs don't retry.
    pub fn not_implemented(what: impl std::fmt::Display) -> Self {
        AwsError::new("NotImplemented", format!("labrun does not implement {what}. SEMANTICS.md lists what it does.")).status(501)
    }

    /// A fault of ours.
    pub fn internal(message: impl Into<String>) -> Self {
        AwsError::new("InternalFailure", message).status(500)
    }
}
