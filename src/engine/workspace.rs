//! The learner's folder: brief, starter files, and `.labrun/` with the session's name and its own AWS files.

use std::fs;
use std::path::{Path, PathBuf};

use super::EngineError;
use super::content::Content;
use super::home::write_whole;
use super::session::Session;
use crate::cloud::Cloud;
use crate::document::node::Text;
use crate::lab::template::{Context, Template, plain};

/// The folder that belongs to labrun inside the learner's.
pub(crate) const OWN: &str = ".labrun";
/// The AWS profile of every session.
pub(crate) const PROFILE: &str = "labrun";

/// The session that a folder belongs to, by its `.labrun/session`.
pub(crate) fn session_id(folder: &Path) -> Option<String> {
    let text = fs::read_to_string(folder.join(OWN).join("session")).ok()?;
    Some(text.trim().to_owned())
}

/// May a lab be started here? Not in a folder that holds something else; one that a stopped session has left is fine.
pub(crate) fn is_free(folder: &Path, content: &Content) -> bool {
    let brief = content.files.text("brief.md").unwrap_or_default();
    let left = || {
        let there = fs::read_to_string(folder.join("brief.md")).unwrap_or_default();
        !brief.is_empty() && there.lines().next() == brief.lines().next()
    };
    match fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_none() || folder.join(OWN).is_dir() || left(),
        Err(error) => error.kind() == std::io::ErrorKind::NotFound,
    }
}

/// Writes what is missing; what the learner has changed stays.
pub(crate) fn write(session: &Session, content: &Content, cloud: &Cloud) -> Result<(), EngineError> {
    connect(session, cloud)?;
    let brief = content.files.text("brief.md").unwrap_or_default();
    let path = session.folder.join("brief.md");
    // The brief is labrun's: it names this session's things.
    fs::write(&path, rendered(&brief, &session.variables)).map_err(EngineError::file(&path))?;
    let files = content.files.folder("files");
    for name in files.files() {
        write_new(&session.folder.join(&name), &files.read(&name).unwrap_or_default())?;
    }
    Ok(())
}

/// Writes the session's name and its AWS files; again whenever the emulator's port has moved.
pub(crate) fn connect(session: &Session, cloud: &Cloud) -> Result<(), EngineError> {
    let own = session.folder.join(OWN);
    let config = format!(
        "[profile {PROFILE}]\nregion = {}\noutput = json\nendpoint_url = {}\ncli_pager =\ns3 =\n  addressing_style = path\n",
        cloud.region,
        cloud.endpoint()
    );
    let credentials = format!(
        "[{PROFILE}]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
        cloud.access_key_id, cloud.secret_access_key
    );
    for (name, text) in [("aws/config", config), ("aws/credentials", credentials), ("session", format!("{}\n", session.id))] {
        let path = own.join(name);
        if fs::read_to_string(&path).ok().as_ref() != Some(&text) {
            write_whole(&path, text.as_bytes())?;
        }
    }
    Ok(())
}

/// Takes `.labrun/` away; the learner's files stay.
pub(crate) fn disconnect(folder: &Path) -> Result<(), EngineError> {
    match fs::remove_dir_all(folder.join(OWN)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(EngineError::file(folder)(error)),
        _ => Ok(()),
    }
}

/// The variables of a learner's shell: where AWS is, and the lab's names in capitals. `None`: to be unset.
pub(crate) fn environment(session: &Session) -> Vec<(String, Option<String>)> {
    let own = session.folder.join(OWN).join("aws");
    let path = |name: &str| Some(own.join(name).display().to_string());
    let mut found = vec![
        ("AWS_CONFIG_FILE".to_owned(), path("config")),
        ("AWS_SHARED_CREDENTIALS_FILE".to_owned(), path("credentials")),
        ("AWS_PROFILE".to_owned(), Some(PROFILE.to_owned())),
        ("AWS_EC2_METADATA_DISABLED".to_owned(), Some("true".to_owned())),
        ("AWS_PAGER".to_owned(), Some(String::new())),
    ];
    // A key or an endpoint in the environment would win over the files.
    for name in [
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_DEFAULT_PROFILE",
        "AWS_ENDPOINT_URL",
        "AWS_REGION",
        "AWS_DEFAULT_REGION",
    ] {
        found.push((name.to_owned(), None));
    }
    let variable = |(name, value): (&String, &serde_json::Value)| (name.to_uppercase(), Some(plain(value)));
    let given = ["session", "suffix", "account", "region"];
    found.extend(session.variables.iter().filter(|(name, _)| !given.contains(&name.as_str())).map(variable));
    found
}

/// A brief with its names filled in.
pub(crate) fn rendered(text: &str, variables: &Context) -> String {
    Template::parse(Text { value: text.to_owned(), span: 0..0, inner: None }).0.render(variables)
}

/// Where a shell of the user's would find credentials of a real account.
pub(crate) fn real_credentials() -> Option<String> {
    for name in ["AWS_ACCESS_KEY_ID", "AWS_PROFILE"] {
        if std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != PROFILE) {
            return Some(format!("the variable {name}"));
        }
    }
    let home = std::env::var_os("HOME").map(PathBuf::from)?;
    home.join(".aws/credentials").is_file().then(|| "~/.aws/credentials".to_owned())
}

fn write_new(path: &Path, content: &[u8]) -> Result<(), EngineError> {
    if path.exists() {
        return Ok(());
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(EngineError::file(folder))?;
    fs::write(path, content).map_err(EngineError::file(path))
}
