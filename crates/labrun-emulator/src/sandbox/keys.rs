//! Access keys: who a key is, and in which sandbox. Keys are unique over all sandboxes, so the key finds the sandbox.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock, Weak};

use labrun_wire::{AwsResult, Timestamp};
use serde::{Deserialize, Serialize};

use super::Sandbox;
use super::state::{Scope, Table};
use super::tx::{Caller, Principal, Tx, Write};

/// Keys that this sandbox minted. Their rows live beside the services' and survive a restart.
pub(crate) const KEYS: Table<AccessKey> = Table::new("_keys", Scope::Global);

/// What every key minted here begins with, after AWS's own `AKIA` or `ASIA`; such a key never falls through to the open sandbox.
pub(crate) const MARK: &str = "LR";

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct AccessKey {
    pub(crate) id: String,
    pub(crate) secret: String,
    /// Temporary keys come with a token and an end.
    pub(crate) session_token: Option<String>,
    pub(crate) expires: Option<Timestamp>,
    pub(crate) account: String,
    pub(crate) principal: Principal,
}

/// A key, and the sandbox that it opens.
type Owned = (Weak<Sandbox>, Arc<AccessKey>);

/// All keys of the process.
#[derive(Default)]
pub(crate) struct KeyIndex(RwLock<HashMap<String, Owned>>);

impl KeyIndex {
    pub(crate) fn find(&self, id: &str) -> Option<(Arc<Sandbox>, Arc<AccessKey>)> {
        let keys = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let (sandbox, key) = keys.get(id)?;
        Some((sandbox.upgrade()?, Arc::clone(key)))
    }

    fn insert(&self, sandbox: &Arc<Sandbox>, key: Arc<AccessKey>) {
        let mut keys = self.0.write().unwrap_or_else(PoisonError::into_inner);
        keys.insert(key.id.clone(), (Arc::downgrade(sandbox), key));
    }

    /// Forgets a key if it is this sandbox's: a fork holds rows of its parent's keys, which stay the parent's.
    fn remove(&self, sandbox: &Arc<Sandbox>, id: &str) {
        let mut keys = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if keys.get(id).is_some_and(|(owner, _)| owner.as_ptr() == Arc::as_ptr(sandbox)) {
            keys.remove(id);
        }
    }
}

/// Makes a key for a principal. Temporary if it has an end.
pub(crate) fn mint(tx: &mut Tx, account: &str, principal: Principal, expires: Option<Timestamp>) -> AccessKey {
    let kind = if expires.is_some() { "ASIA" } else { "AKIA" };
    let id = format!("{kind}{MARK}{}", tx.ids().capitals(14));
    let session_token = expires.map(|_| format!("IQoJb3JpZ2luX2Vj{}", tx.ids().secret(240)));
    let key = AccessKey {
        id: id.clone(),
        secret: tx.ids().secret(40),
        session_token,
        expires,
        account: account.to_owned(),
        principal: Principal { access_key_id: id.clone(), ..principal },
    };
    tx.put(&KEYS, &id, key.clone());
    key
}

/// Brings the index in line with what was just committed.
pub(super) fn follow(sandbox: &Arc<Sandbox>, writes: &[Write]) {
    for write in writes {
        let Some(id) = write.key.strip_prefix("_keys\0") else { continue };
        match &write.value {
            Some(value) => {
                if let Ok(key) = serde_json::from_slice::<AccessKey>(value) {
                    sandbox.keys.insert(sandbox, Arc::new(key));
                }
            }
            None => sandbox.keys.remove(sandbox, id),
        }
    }
}

pub(super) fn register_all(sandbox: &Arc<Sandbox>) {
    for key in all(sandbox) {
        sandbox.keys.insert(sandbox, key);
    }
}

pub(super) fn forget_all(sandbox: &Arc<Sandbox>) {
    for key in all(sandbox) {
        sandbox.keys.remove(sandbox, &key.id);
    }
}

fn all(sandbox: &Arc<Sandbox>) -> Vec<Arc<AccessKey>> {
    let caller = Arc::new(Caller::service("", ""));
    let keys = sandbox.read(&caller, |tx| Ok(tx.list(&KEYS, "")));
    keys.unwrap_or_default().into_iter().map(|(_, key)| key).collect()
}

impl Sandbox {
    /// Puts the learner's own key, which the descriptor names, into the state.
    pub(super) fn mint_learner(self: &Arc<Self>) -> AwsResult<()> {
        let descriptor = &self.descriptor;
        let key = AccessKey {
            id: descriptor.access_key_id.clone(),
            secret: descriptor.secret_access_key.clone(),
            session_token: None,
            expires: None,
            account: descriptor.account.clone(),
            principal: Principal {
                arn: descriptor.user_arn.clone(),
                user_id: format!("AIDA{MARK}{}", self.ids.capitals(15)),
                access_key_id: descriptor.access_key_id.clone(),
            },
        };
        let caller = Arc::new(Caller::service(&descriptor.account, &descriptor.region));
        self.write(&caller, |tx| {
            tx.put(&KEYS, &key.id, key.clone());
            Ok(())
        })
    }
}
