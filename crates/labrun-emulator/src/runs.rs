//! Runs under way, by their one-run tokens: what a contained process may do in place of a signature.
//!
//! A token dies with its run. It says who the run is; what that one may do is decided as for any caller.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use labrun_wire::AwsResult;

use crate::sandbox::Cx;

/// What a run can ask of its own service.
pub(crate) trait Run: Send + Sync {
    /// The run's identity: its role's session.
    fn cx(&self) -> &Cx;
    fn read_bookmark(&self) -> AwsResult<serde_json::Value>;
    /// Durable when it returns.
    fn write_bookmark(&self, body: &[u8]) -> AwsResult<serde_json::Value>;
}

#[derive(Default)]
pub(crate) struct Runs(RwLock<HashMap<String, Arc<dyn Run>>>);

impl Runs {
    pub(crate) fn add(&self, token: String, run: Arc<dyn Run>) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(token, run);
    }

    pub(crate) fn remove(&self, token: &str) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).remove(token);
    }

    pub(crate) fn get(&self, token: &str) -> Option<Arc<dyn Run>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(token).cloned()
    }

    pub(crate) fn find(&self, token: &str) -> Option<Cx> {
        self.get(token).map(|run| run.cx().clone())
    }
}
