//! What all of the Data Catalog shares: whose catalog it is, how names are folded, and how a listing pages.

use labrun_wire::page::position;
use labrun_wire::{AwsError, AwsResult};
use serde::{Deserialize, Serialize};

use super::error;
use crate::sandbox::Tx;

/// The answer of operations that have nothing to say.
#[derive(Serialize)]
pub(super) struct Nothing {}

/// One thing of a batch that went wrong.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ErrorDetail {
    error_code: String,
    error_message: String,
}

impl From<AwsError> for ErrorDetail {
    fn from(error: AwsError) -> Self {
        ErrorDetail { error_code: error.code, error_message: error.message }
    }
}

/// Which catalog a request means. There is one for each account; another account's is refused.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub(super) struct CatalogId(Option<String>);

impl CatalogId {
    pub(super) fn check(&self, tx: &Tx, operation: &str) -> AwsResult<()> {
        match &self.0 {
            Some(id) if *id != tx.caller().account => {
                let caller = tx.caller();
                let arn = format!("arn:aws:glue:{}:{id}:catalog", caller.region);
                Err(error::not_shared(&caller.principal.arn, operation, &arn))
            }
            _ => Ok(()),
        }
    }
}

/// "For Hive compatibility, this is folded to lowercase when it is stored" (API reference, DatabaseInput and TableInput).
pub(super) fn folded(name: &str) -> String {
    name.to_lowercase()
}

pub(super) fn after(context: &str, token: Option<&str>) -> AwsResult<Option<String>> {
    token.map(|token| position(context, token).ok_or_else(error::bad_token)).transpose()
}

pub(super) fn size(asked: Option<i64>, otherwise: i64) -> usize {
    usize::try_from(asked.unwrap_or(otherwise)).unwrap_or(1)
}
