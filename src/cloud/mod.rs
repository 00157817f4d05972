//! The AWS that a lab talks to, and how: calls by name, objects, AWS's own SDK for typed setup.
//!
//! `local` finds or starts the embedded emulator; `admin` speaks to its admin API. Live AWS comes with a later issue.

pub(crate) mod admin;
pub(crate) mod call;
pub(crate) mod http;
pub(crate) mod local;
pub(crate) mod models;
pub(crate) mod objects;
pub(crate) mod sdk;

use http::Http;

/// One account of a cloud, seen with one caller's credentials.
#[derive(Clone)]
pub(crate) struct Cloud {
    /// `127.0.0.1:4566`
    pub host: String,
    pub region: String,
    pub access_key_id: String,
    pub secret_access_key: String,
    pub(crate) http: Http,
}

impl Cloud {
    pub(crate) fn endpoint(&self) -> String {
        format!("http://{}", self.host)
    }
}

/// Why a call gave no answer that could be used.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum CallError {
    /// AWS said no: an answer, which a check may look at.
    #[error("{service}.{operation}: {code}: {message}")]
    Refused { service: String, operation: String, code: String, message: String, status: u16 },
    /// Nothing came back, or nothing that can be read.
    #[error("{service}.{operation}: {reason}")]
    Unanswered { service: String, operation: String, reason: String },
}

impl CallError {
    /// AWS's error code, if AWS answered.
    pub(crate) fn code(&self) -> Option<&str> {
        match self {
            CallError::Refused { code, .. } => Some(code),
            CallError::Unanswered { .. } => None,
        }
    }

    /// Does the error say that the thing isn't there?
    pub(crate) fn is_absent(&self) -> bool {
        const CODES: [&str; 8] = [
            "NoSuchBucket",
            "NoSuchKey",
            "NoSuchEntity",
            "NotFound",
            "EntityNotFoundException",
            "ResourceNotFoundException",
            "AWS.SimpleQueueService.NonExistentQueue",
            "404",
        ];
        self.code().is_some_and(|code| CODES.contains(&code))
    }

    /// Does the error say that the thing is there already?
    pub(crate) fn is_present(&self) -> bool {
        const CODES: [&str; 5] = [
            "BucketAlreadyOwnedByYou",
            "EntityAlreadyExists",
            "AlreadyExistsException",
            "IdempotentParameterMismatchException",
            "ResourceAlreadyExistsException",
        ];
        self.code().is_some_and(|code| CODES.contains(&code))
    }
}
