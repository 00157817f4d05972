//! Client request tokens: a call that is sent again is answered as before, and made once.

use labrun_wire::AwsResult;
use serde::{Deserialize, Serialize};

use super::error;
use crate::sandbox::{Scope, Table, Tx};

const TOKENS: Table<Kept> = Table::new("athena.tokens", Scope::Regional);

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Kept {
    id: String,
    /// What was asked for.
    parameters: serde_json::Value,
}

/// The id that an earlier call with this token got. The same token with other parameters is an error.
pub(super) fn earlier(tx: &Tx, token: &str, parameters: &serde_json::Value) -> AwsResult<Option<String>> {
    match tx.get(&TOKENS, token) {
        Some(kept) if kept.parameters != *parameters => Err(error::other_parameters()),
        kept => Ok(kept.map(|kept| kept.id.clone())),
    }
}

pub(super) fn keep(tx: &mut Tx, token: &str, id: &str, parameters: serde_json::Value) {
    tx.put(&TOKENS, token, Kept { id: id.to_owned(), parameters });
}
