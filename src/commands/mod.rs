//! One verb per file. A command gathers what it needs, calls the engine, and shows what came of it.

mod brief;
mod check;
mod cloud;
pub(crate) mod contain;
mod doctor;
mod env;
mod exam;
mod hint;
mod lint;
mod list;
mod next;
mod progress;
mod quiz;
mod review;
mod round;
mod runtimes;
mod schema;
mod seat;
mod shell;
mod solve;
mod sql;
mod start;
mod status;
mod stop;
mod test;

use std::future::Future;

use crate::cli::{Cli, Command, Shape};
use crate::cloud::Cloud;
use crate::cloud::admin::Admin;
use crate::cloud::local;
use crate::document::diagnostic::closest;
use crate::engine::content::{self, Content};
use crate::engine::grade::Grader;
use crate::engine::home::{Home, VARIABLES};
use crate::engine::session::{self, Choice, Session, State};
use crate::engine::{EngineError, workspace};
use crate::exit::{Failure, Outcome};
use crate::lab::score::Score;
use crate::ui::Ui;

/// Runs what was typed.
pub(crate) fn run(cli: Cli) -> Outcome {
    refuse_unknown_variables()?;
    let home = Home::from_environment()?;
    match cli.command {
        Command::List(args) => list::run(&home, Ui { json: json(args.format.format) }),
        Command::Start(args) => block_on(start::run(&home, args)),
        Command::Brief(args) => brief::run(&home, args),
        Command::Check(args) => block_on(check::run(&home, args)),
        Command::Hint(args) => block_on(hint::run(&home, args)),
        Command::Solve(args) => block_on(solve::run(&home, args)),
        Command::Stop(args) => block_on(stop::run(&home, args)),
        Command::Status(args) => block_on(status::run(&home, Ui { json: json(args.format) })),
        Command::Env(args) => block_on(env::run(&home, args)),
        Command::Shell(args) => block_on(shell::run(&home, args)),
        Command::Sql(args) => block_on(sql::run(&home, args)),
        Command::Quiz(args) => quiz::run(&home, args),
        Command::Exam(args) => exam::run(&home, args),
        Command::Review(args) => review::run(&home, args),
        Command::Progress(args) => progress::run(&home, Ui { json: json(args.format) }),
        Command::Next(args) => next::run(&home, Ui { json: json(args.format) }),
        Command::Lint(args) => lint::run(args),
        Command::Schema { of } => schema::run(of),
        Command::Test(args) => block_on(test::run(&home, args)),
        Command::Doctor(args) => block_on(doctor::run(&home, Ui { json: json(args.format) })),
        Command::Runtimes(verb) => block_on(runtimes::run(&home, verb)),
        Command::Cloud(verb) => cloud::run(&home, verb),
    }
}

fn json(shape: Shape) -> bool {
    shape == Shape::Json
}

/// Commands wait for one thing at a time; one thread does.
fn block_on(command: impl Future<Output = Outcome>) -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| Failure::new(error.to_string()))?.block_on(command)
}

fn refuse_unknown_variables() -> Result<(), Failure> {
    let known: Vec<&str> = VARIABLES.iter().map(|(name, _)| *name).collect();
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        if name.starts_with("LABRUN_") && !known.contains(&name.as_str()) {
            let failure = Failure::new(format!("the variable {name} means nothing to labrun"));
            let hint = match closest(&name, known.iter().copied()) {
                Some(meant) => format!("did you mean {meant}?"),
                None => format!("it knows {}", known.join(", ")),
            };
            return Err(failure.hint(hint));
        }
    }
    Ok(())
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        let failure = Failure::new(error.to_string());
        match &error {
            EngineError::Local(local) => match Home::from_environment() {
                Ok(home) => failure.hint(local.hint(&home.root)),
                Err(_) => failure,
            },
            _ => failure,
        }
    }
}

/// A session that is at work, and the ways to it.
struct Active {
    session: Session,
    content: Content,
    admin: Admin,
    cloud: Cloud,
}

impl Active {
    fn grader(&self) -> Grader<'_> {
        Grader {
            content: &self.content,
            cloud: &self.cloud,
            admin: &self.admin,
            sandbox: &self.session.id,
            variables: &self.session.variables,
            tasks: usize::MAX,
        }
    }

    /// Adds to a score what only the session knows.
    fn dress(&self, mut score: Score) -> Score {
        for task in &mut score.tasks {
            task.solved = self.session.solved.contains(&task.id);
            task.paid = self.session.hints.get(&task.id).map(|hinted| hinted.paid).unwrap_or_default();
        }
        score
    }
}

/// The session that is meant, as recorded.
fn chosen(home: &Home, named: Option<&str>) -> Result<Session, Failure> {
    let folder = std::env::current_dir().unwrap_or_default();
    session::choose(home, named, &folder).map_err(|choice| match choice {
        Choice::None => match named {
            Some(name) => Failure::new(format!("there is no session `{name}`")).hint("`labrun status` shows them all"),
            None => Failure::new("there is no session").hint("start one: `labrun start glue-bookmarks`"),
        },
        Choice::Several(sessions) => {
            let failure = Failure::new("there are several sessions; say which, or go to its folder");
            sessions.iter().fold(failure, |failure, session| {
                failure.hint(format!("--session {:24} {}", session.id, session.folder.display()))
            })
        }
    })
}

/// The session that is meant, with the emulator brought back where it isn't running.
async fn active(home: &Home, named: Option<&str>) -> Result<Active, Failure> {
    let session = chosen(home, named)?;
    match session.state {
        State::Active => {}
        State::Starting => {
            let failure = Failure::new(format!("session {} was not started to its end", session.id));
            return Err(failure.hint(format!("go on with `labrun start {}`, or end it with `labrun stop`", session.lab)));
        }
        State::Stopping => {
            let failure = Failure::new(format!("session {} was not stopped to its end", session.id));
            return Err(failure.hint("go on with `labrun stop`"));
        }
    }
    let content = content_of(&session)?;
    let admin = up(home).await?;
    let cloud = session.cloud(&admin)?;
    if session.folder.is_dir() {
        workspace::connect(&session, &cloud)?;
    }
    Ok(Active { session, content, admin, cloud })
}

async fn up(home: &Home) -> Result<Admin, Failure> {
    local::up(&home.root, &[]).await.map_err(|error| EngineError::from(error).into())
}

fn content_of(session: &Session) -> Result<Content, Failure> {
    content_named(session.lab_folder.as_deref().unwrap_or(&session.lab))
}

fn content_named(name: &str) -> Result<Content, Failure> {
    content::find(name).map_err(|(message, hint)| {
        let failure = Failure::new(message);
        match hint {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    })
}
