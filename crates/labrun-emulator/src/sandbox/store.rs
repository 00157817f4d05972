//! The state on disk: one SQLite file a sandbox. Every acknowledged write is in it before its answer goes out.
//!
//! WAL with `synchronous=NORMAL`: a killed emulator loses nothing, a power cut at most the last moments, never consistency.

use std::path::Path;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, params};

use super::state::{Row, State};
use super::tx::Write;
use super::{Descriptor, OpenFault};

/// Raised when the meaning of stored rows changes; an older file is read as its version says.
pub(super) const FORMAT: i64 = 1;

/// Commit numbers of one opening begin this far after those of the one before: they never repeat, and no write has to store its own.
const COMMITS: u64 = 1 << 40;

pub(super) struct Store {
    connection: Connection,
}

impl Store {
    pub(super) fn create(folder: &Path, descriptor: &Descriptor) -> Result<Self, OpenFault> {
        let fault = |fault| OpenFault::Store(folder.to_path_buf(), fault);
        let store = Self::connect(folder).map_err(fault)?;
        let text = serde_json::to_string(descriptor).unwrap_or_default();
        // With a rowid, because the tree of one without has short cells: a value would spill into a page of its own, which every search
        // that comes by then reads. Files of either form are read and written alike.
        store
            .connection
            .execute_batch(
                "CREATE TABLE rows (key BLOB PRIMARY KEY, value BLOB NOT NULL);
                 CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;",
            )
            .map_err(fault)?;
        let insert = |name: &str, value: String| {
            store.connection.execute("INSERT INTO meta VALUES (?1, ?2)", params![name, value]).map(drop)
        };
        insert("format", FORMAT.to_string()).map_err(fault)?;
        insert("sandbox", text).map_err(fault)?;
        insert("opened", "0".to_owned()).map_err(fault)?;
        Ok(store)
    }

    pub(super) fn open(folder: &Path) -> Result<(Self, Descriptor, State), OpenFault> {
        let fault = |fault| OpenFault::Store(folder.to_path_buf(), fault);
        let store = Self::connect(folder).map_err(fault)?;
        let format: i64 = store.meta("format").map_err(fault)?.and_then(|text| text.parse().ok()).unwrap_or_default();
        if format > FORMAT {
            return Err(OpenFault::Newer(folder.to_path_buf(), format));
        }
        let descriptor = store.meta("sandbox").map_err(fault)?.and_then(|text| serde_json::from_str(&text).ok());
        let descriptor = descriptor.ok_or_else(|| OpenFault::Nameless(folder.to_path_buf()))?;
        let mut state = State { commit: store.next_opening().map_err(fault)? * COMMITS, ..State::default() };
        store.load(&mut state).map_err(fault)?;
        Ok((store, descriptor, state))
    }

    fn connect(folder: &Path) -> rusqlite::Result<Self> {
        let connection = Connection::open(folder.join("state.db"))?;
        // One process has the file: no lock and no shared index for each transaction.
        connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.pragma_update(None, "cache_size", -512)?;
        // Longer, and the log's index gets slow: it walks over all earlier frames of a page that is written again and again.
        connection.pragma_update(None, "wal_autocheckpoint", 1500)?;
        Ok(Store { connection })
    }

    fn meta(&self, name: &str) -> rusqlite::Result<Option<String>> {
        self.connection.query_row("SELECT value FROM meta WHERE name = ?1", [name], |row| row.get(0)).optional()
    }

    fn load(&self, state: &mut State) -> rusqlite::Result<()> {
        let mut statement = self.connection.prepare("SELECT key, value FROM rows")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let key: Vec<u8> = row.get(0)?;
            let key: Arc<str> = String::from_utf8_lossy(&key).into();
            state.rows.insert(key, Arc::new(Row::raw(row.get(1)?)));
        }
        Ok(())
    }

    /// Counts how often the state was opened.
    fn next_opening(&self) -> rusqlite::Result<u64> {
        let opened: u64 = self.meta("opened")?.and_then(|text| text.parse().ok()).unwrap_or_default();
        self.connection.execute("INSERT OR REPLACE INTO meta VALUES ('opened', ?1)", [(opened + 1).to_string()])?;
        Ok(opened + 1)
    }

    pub(super) fn commit(&mut self, writes: &[Write]) -> rusqlite::Result<()> {
        // A statement outside a transaction is one by itself: most commits need no BEGIN and COMMIT around them.
        if let [write] = writes {
            return apply(&self.connection, write);
        }
        let transaction = self.connection.transaction()?;
        writes.iter().try_for_each(|write| apply(&transaction, write))?;
        transaction.commit()
    }

    pub(super) fn clear(&mut self) -> rusqlite::Result<()> {
        self.connection.execute("DELETE FROM rows", []).map(drop)
    }
}

fn apply(connection: &Connection, write: &Write) -> rusqlite::Result<()> {
    let key = write.key.as_bytes();
    let changed = match &write.value {
        Some(value) => connection
            .prepare_cached("INSERT INTO rows VALUES (?1, ?2) ON CONFLICT(key) DO UPDATE SET value = excluded.value")?
            .execute(params![key, value]),
        None => connection.prepare_cached("DELETE FROM rows WHERE key = ?1")?.execute([key]),
    };
    changed.map(drop)
}
