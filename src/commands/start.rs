//! `labrun start`: opens a session, makes what it needs, hands it over; or takes up one that is there.

use std::path::{Path, PathBuf};
use std::time::Instant;

use super::{Active, content_named, up};
use crate::cli::Start;
use crate::engine::content::Content;
use crate::engine::home::Home;
use crate::engine::probe::Kept;
use crate::engine::session::{self, REGION, Session, State};
use crate::engine::{EngineError, provision, runtimes, workspace};
use crate::exit::{Exit, Failure, Outcome};
use crate::lab::plan::summary;
use crate::ui::Ui;
use crate::ui::score::Detail;
use crate::ui::theme::Mark;

pub(super) async fn run(home: &Home, args: Start) -> Outcome {
    let ui = Ui::default();
    let content = content_named(&args.lab)?;
    let faults = content.lint();
    if !faults.is_empty() {
        ui.diagnostics(&faults);
        return Ok(Exit::CouldNotTell);
    }
    let lab = &content.lab;
    ui.title(&lab.title, &format!("skill {} · {} min · local, free", first_skill(&content), lab.minutes));
    session::sweep(home);
    let mut session = find_or_new(home, &content, args.dir.as_deref())?;
    let resumed = session.state == State::Active;
    make_sets(ui, home, &content).await?;
    let hold = session.hold(home)?;
    let admin = up(home).await?;
    session.save(home)?;
    open_sandbox(&admin, &mut session).await?;
    session.fill_variables(lab);
    session.save(home)?;
    let cloud = session.cloud(&admin)?;
    let account = session.keys.as_ref().map(|keys| keys.account.clone()).unwrap_or_default();
    ui.step(Mark::Done, "cloud", &format!("{}, account {account}, on its own clock", cloud.endpoint()));

    let began = Instant::now();
    let mut journal = session.journal(home);
    provision::provision(&content, &cloud, &mut journal, &mut session.variables).await?;
    ui.step(Mark::Done, "provision", &format!("{:56}{:.1} s", summary(lab), began.elapsed().as_secs_f64()));
    workspace::write(&session, &content, &cloud)?;
    session.state = State::Active;
    session.save(home)?;
    drop(hold);
    let files = workspace_files(&content);
    ui.step(Mark::Done, "workspace", &format!("{} ({files})", dotted(&session.folder)));
    if let Some(place) = workspace::real_credentials() {
        ui.step(Mark::Note, "note", &format!("{place} may lead to a real account; labrun shell and labrun env never do"));
    }
    let active = Active { session, content, admin, cloud };
    hand_over(ui, home, active, resumed).await
}

/// Ends with a first grading: what is there to be done.
async fn hand_over(ui: Ui, home: &Home, active: Active, resumed: bool) -> Outcome {
    let kept = home.sessions().join(format!("{}.probes", active.session.id));
    let graded = active.grader().grade(&mut Kept::open(&kept), &mut |_| ()).await?;
    let score = active.dress(graded.score);
    active.session.note(home, &score)?;
    let tasks = &active.content.lab.tasks;
    if let Some(task) = score.current().and_then(|number| tasks.get(number).map(|task| (number, task))) {
        ui.step(Mark::None, &format!("Task {} of {}", task.0 + 1, tasks.len()), &task.1.brief);
    }
    let folder = shown(&active.session.folder);
    let here = std::env::current_dir().is_ok_and(|here| here == active.session.folder);
    let go = if here { String::new() } else { format!("cd {folder} && ") };
    ui.step(Mark::None, "next", &format!("{go}labrun shell\nthen labrun check, labrun hint"));
    if resumed {
        ui.step(Mark::None, "", "The session was there already; it goes on.");
    }
    ui.say("");
    ui.score(&score, Detail::Tasks);
    Ok(Exit::Done)
}

fn find_or_new(home: &Home, content: &Content, dir: Option<&Path>) -> Result<Session, Failure> {
    let id = &content.lab.id.value;
    let folder = dir.map_or_else(|| PathBuf::from(id), Path::to_owned);
    let folder = std::path::absolute(folder).map_err(|error| Failure::new(error.to_string()))?;
    let here = std::env::current_dir().unwrap_or_default();
    let sessions = session::all(home);
    let inside = here.ancestors().find_map(workspace::session_id);
    let same = |session: &&Session| session.lab == *id && (session.folder == folder || Some(&session.id) == inside.as_ref());
    let mine = sessions.iter().find(same).or_else(|| sessions.iter().find(|session| session.lab == *id && dir.is_none()));
    if let Some(session) = mine {
        if session.state == State::Stopping {
            let failure = Failure::new(format!("session {} was not stopped to its end", session.id));
            return Err(failure.hint("end it first: `labrun stop`"));
        }
        return Ok(session.clone());
    }
    if !workspace::is_free(&folder, content) {
        let failure = Failure::new(format!("`{}` holds something else", folder.display()));
        return Err(failure.hint(format!("choose a folder: `labrun start {id} --dir FOLDER`")));
    }
    let mut session = Session::new(id, folder);
    let on_disk = matches!(content.files, crate::engine::content::Folder::Disk(_));
    session.lab_folder = on_disk.then(|| std::path::absolute(&content.place).unwrap_or_default().display().to_string());
    Ok(session)
}

/// The sets come first: where one can't be made, nothing was begun.
async fn make_sets(ui: Ui, home: &Home, content: &Content) -> Result<(), Failure> {
    for need in &content.lab.needs {
        let Some(set) = runtimes::named(&need.value) else { continue };
        super::runtimes::make(ui, home, set).await?;
    }
    Ok(())
}

/// The sandbox may be there from a start that was cut off.
async fn open_sandbox(admin: &crate::cloud::admin::Admin, session: &mut Session) -> Result<(), Failure> {
    let opened = match admin.open(&session.id, REGION).await {
        Err(error) if error.status() == Some(409) => admin.sandbox(&session.id).await,
        other => other,
    };
    session.take_keys(opened.map_err(EngineError::from)?);
    Ok(())
}

fn first_skill(content: &Content) -> &str {
    content.lab.skills.first().map_or("3.1", |skill| skill.value.as_str())
}

fn workspace_files(content: &Content) -> String {
    let mut names = vec!["brief.md".to_owned()];
    for file in content.files.folder("files").files() {
        let name = file.split_once('/').map_or(file.clone(), |(folder, _)| format!("{folder}/"));
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.join(", ")
}

/// A folder as one would type it here.
fn shown(folder: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    match folder.strip_prefix(&here) {
        Ok(below) if below.as_os_str().is_empty() => ".".to_owned(),
        Ok(below) => below.display().to_string(),
        Err(_) => folder.display().to_string(),
    }
}

/// As `shown`, with the `./` that tells a folder from a name.
fn dotted(folder: &Path) -> String {
    let shown = shown(folder);
    if shown.starts_with(['/', '.']) { shown } else { format!("./{shown}") }
}
