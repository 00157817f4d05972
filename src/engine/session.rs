//! A session: one learner on one lab. Its record in labrun's home, how it is found, who may work on it.

use std::collections::BTreeMap;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::EngineError;
use super::home::{Home, write_whole};
use super::journal::Journal;
use crate::cloud::Cloud;
use crate::cloud::admin::{Admin, Sandbox};
use crate::lab::file::Lab;
use crate::lab::plan::{Given, variables};
use crate::lab::score::Score;
use crate::lab::template::Context;
use crate::progress::{self, Attempt};

/// The region of a local session; AWS's first.
pub(crate) const REGION: &str = "us-east-1";

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Session {
    pub schema: u64,
    /// `glue-bookmarks-7f3a`; also the sandbox's id.
    pub id: String,
    pub lab: String,
    /// Where the lab was read from, when it wasn't the binary.
    #[serde(default)]
    pub lab_folder: Option<String>,
    pub state: State,
    /// The learner's folder.
    pub folder: PathBuf,
    pub started_ms: u64,
    #[serde(default)]
    pub keys: Option<Keys>,
    #[serde(default)]
    pub variables: Context,
    /// Tasks that `solve` did.
    #[serde(default)]
    pub solved: Vec<String>,
    /// By task: checks that left it unfinished.
    #[serde(default)]
    pub attempts: BTreeMap<String, u64>,
    /// By task: hints shown, and points paid for them.
    #[serde(default)]
    pub hints: BTreeMap<String, Hinted>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum State {
    /// Being opened or provisioned; `start` goes on.
    Starting,
    Active,
    /// Being torn down; `stop` goes on.
    Stopping,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Keys {
    pub account: String,
    pub region: String,
    pub access_key_id: String,
    pub secret_access_key: String,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Hinted {
    pub shown: usize,
    pub paid: u64,
}

/// Held while a command changes a session.
#[derive(Debug)]
pub(crate) struct Hold {
    _file: File,
}

/// Why no session could be chosen.
#[derive(Debug)]
pub(crate) enum Choice {
    None,
    Several(Vec<Session>),
}

impl Session {
    pub(crate) fn new(lab: &str, folder: PathBuf) -> Session {
        let suffix: String = (0..4).map(|_| fastrand::digit(16)).collect();
        Session {
            schema: 1,
            id: format!("{lab}-{suffix}"),
            lab: lab.to_owned(),
            lab_folder: None,
            state: State::Starting,
            folder,
            started_ms: now_ms(),
            keys: None,
            variables: Context::new(),
            solved: Vec::new(),
            attempts: BTreeMap::new(),
            hints: BTreeMap::new(),
        }
    }

    pub(crate) fn save(&self, home: &Home) -> Result<(), EngineError> {
        let text = serde_json::to_string_pretty(self).map_err(|error| EngineError::told(error.to_string()))?;
        write_whole(&home.sessions().join(format!("{}.json", self.id)), text.as_bytes())
    }

    pub(crate) fn journal(&self, home: &Home) -> Journal {
        Journal::open(&home.sessions().join(format!("{}.journal", self.id)))
    }

    /// Changes the record as it is now; `false` where another command holds the session or has ended it.
    pub(crate) fn amend(&mut self, home: &Home, change: impl FnOnce(&mut Session)) -> Result<bool, EngineError> {
        let Ok(_hold) = self.hold(home) else { return Ok(false) };
        let path = home.sessions().join(format!("{}.json", self.id));
        let Ok(text) = fs::read_to_string(&path) else { return Ok(false) };
        *self = serde_json::from_str(&text).map_err(|error| EngineError::told(error.to_string()))?;
        change(self);
        self.save(home)?;
        Ok(true)
    }

    /// Its things are gone: the next `start` provisions it anew.
    pub(crate) fn begin_again(mut self, home: &Home) -> Result<(), EngineError> {
        self.state = State::Starting;
        self.variables = Context::new();
        self.save(home)?;
        let path = home.sessions().join(format!("{}.journal", self.id));
        match fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(EngineError::file(&path)(error)),
            _ => Ok(()),
        }
    }

    /// Removes every trace of the session from labrun's home, the record last.
    pub(crate) fn forget(&self, home: &Home) -> Result<(), EngineError> {
        // What a killed command was writing lies beside its file, under a name that begins with a dot.
        let drafts = fs::read_dir(home.sessions()).into_iter().flatten().flatten().map(|entry| entry.path());
        let mine = format!(".{}.", self.id);
        let drafts = drafts.filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&mine)));
        let endings = ["journal", "probes", "lock", "json"].into_iter();
        let files = endings.map(|ending| home.sessions().join(format!("{}.{ending}", self.id)));
        for path in drafts.chain(files) {
            match fs::remove_file(&path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(EngineError::file(&path)(error)),
                _ => {}
            }
        }
        Ok(())
    }

    /// Keeps other commands from changing the session; the error names the session.
    pub(crate) fn hold(&self, home: &Home) -> Result<Hold, EngineError> {
        let path = home.sessions().join(format!("{}.lock", self.id));
        fs::create_dir_all(home.sessions()).map_err(EngineError::file(&path))?;
        let file = File::create(&path).map_err(EngineError::file(&path))?;
        match file.try_lock() {
            Ok(()) => Ok(Hold { _file: file }),
            Err(TryLockError::WouldBlock) => Err(EngineError::told(format!("another labrun is at work on session {}", self.id))),
            Err(TryLockError::Error(error)) => Err(EngineError::file(&path)(error)),
        }
    }

    pub(crate) fn take_keys(&mut self, sandbox: Sandbox) {
        self.keys = Some(Keys {
            account: sandbox.account,
            region: sandbox.region,
            access_key_id: sandbox.access_key_id,
            secret_access_key: sandbox.secret_access_key,
        });
    }

    /// The lab's variables, once account and region are known.
    pub(crate) fn fill_variables(&mut self, lab: &Lab) {
        if let (true, Some(keys)) = (self.variables.is_empty(), &self.keys) {
            let given = Given { session: &self.id, account: &keys.account, region: &keys.region };
            self.variables = variables(lab, &given);
        }
    }

    /// The session's account, through the learner's keys.
    pub(crate) fn cloud(&self, admin: &Admin) -> Result<Cloud, EngineError> {
        let keys = self.keys.as_ref().ok_or_else(|| EngineError::told(format!("session {} has no sandbox yet", self.id)))?;
        Ok(Cloud {
            host: format!("127.0.0.1:{}", admin.port),
            region: keys.region.clone(),
            access_key_id: keys.access_key_id.clone(),
            secret_access_key: keys.secret_access_key.clone(),
            http: admin.http.clone(),
        })
    }
}

/// Every session of this home, by start.
pub(crate) fn all(home: &Home) -> Vec<Session> {
    let entries = fs::read_dir(home.sessions()).into_iter().flatten().flatten();
    let files = entries.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|ending| ending == "json"));
    let read = |path: PathBuf| serde_json::from_str(&fs::read_to_string(path).ok()?).ok();
    let mut sessions: Vec<Session> = files.filter_map(read).collect();
    sessions.sort_by_key(|session| session.started_ms);
    sessions
}

/// Removes what killed commands have left of sessions that have no record: nothing was created for those.
pub(crate) fn sweep(home: &Home) {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(home.sessions()).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    // Locks last: they tell whether someone is at work.
    paths.sort_by_key(|path| path.extension().is_some_and(|ending| ending == "lock"));
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let id = name.trim_start_matches('.').split('.').next().unwrap_or_default().to_owned();
        let idle = File::open(home.sessions().join(format!("{id}.lock"))).is_ok_and(|lock| lock.try_lock().is_ok());
        if idle && !home.sessions().join(format!("{id}.json")).exists() {
            let _gone = fs::remove_file(path);
        }
    }
}

/// The session that is meant: the named one, that of the folder or a folder above, else the only one.
pub(crate) fn choose(home: &Home, named: Option<&str>, folder: &Path) -> Result<Session, Choice> {
    let mut sessions = all(home);
    if let Some(name) = named {
        sessions.retain(|session| session.id == name || session.lab == name);
    } else if let Some(session) = of_folder(&sessions, folder) {
        return Ok(session.clone());
    }
    match sessions.len() {
        0 => Err(Choice::None),
        1 => Ok(sessions.remove(0)),
        _ => Err(Choice::Several(sessions)),
    }
}

fn of_folder<'s>(sessions: &'s [Session], folder: &Path) -> Option<&'s Session> {
    let id = folder.ancestors().find_map(super::workspace::session_id)?;
    sessions.iter().find(|session| session.id == id)
}

impl Session {
    /// Notes a grading in the learner's record.
    pub(crate) fn note(&self, home: &Home, score: &Score) -> Result<(), EngineError> {
        let attempt = Attempt { session: &self.id, lab: &self.lab, solved: serde_json::json!(self.solved), at_ms: now_ms() };
        Ok(progress::record(&home.progress(), &attempt, score)?)
    }
}

pub(crate) fn now_ms() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home(name: &str) -> Home {
        let root = std::env::temp_dir().join(format!("labrun-session-{name}-{}", std::process::id()));
        let _old = fs::remove_dir_all(&root);
        Home { runtimes: root.join("runtimes"), root }
    }

    #[test]
    fn the_folder_names_the_session_then_the_only_one_then_nobody() {
        let home = home("choose");
        let elsewhere = home.root.join("elsewhere");
        assert!(matches!(choose(&home, None, &elsewhere), Err(Choice::None)));
        let one = Session::new("a", home.root.join("a"));
        one.save(&home).unwrap();
        assert_eq!(choose(&home, None, &elsewhere).unwrap().id, one.id);
        let two = Session::new("b", home.root.join("b"));
        two.save(&home).unwrap();
        assert!(matches!(choose(&home, None, &elsewhere), Err(Choice::Several(sessions)) if sessions.len() == 2));
        assert_eq!(choose(&home, Some("b"), &elsewhere).unwrap().id, two.id);
        fs::create_dir_all(two.folder.join(".labrun")).unwrap();
        fs::write(two.folder.join(".labrun/session"), format!("{}\n", two.id)).unwrap();
        assert_eq!(choose(&home, None, &two.folder.join("deep/down")).unwrap().id, two.id);
        fs::remove_dir_all(&home.root).unwrap();
    }

    #[test]
    fn leftovers_of_no_session_are_swept() {
        let home = home("sweep");
        let kept = Session::new("kept", home.root.join("a"));
        kept.save(&home).unwrap();
        drop(kept.hold(&home).unwrap());
        for name in ["gone-1.lock", ".gone-1.json.77"] {
            fs::write(home.sessions().join(name), "").unwrap();
        }
        sweep(&home);
        let mut left: Vec<_> = fs::read_dir(home.sessions()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, [format!("{}.json", kept.id), format!("{}.lock", kept.id)].map(std::ffi::OsString::from));
        fs::remove_dir_all(&home.root).unwrap();
    }

    #[test]
    fn one_command_at_a_time_changes_a_session() {
        let home = home("hold");
        let session = Session::new("a", home.root.join("a"));
        let hold = session.hold(&home).unwrap();
        assert!(session.hold(&home).is_err());
        drop(hold);
        assert!(session.hold(&home).is_ok());
        fs::remove_dir_all(&home.root).unwrap();
    }
}
