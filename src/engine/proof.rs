//! Proves a lab: untouched it is red, each form of the solution makes it green, each mutant is caught where it says, nothing is
//! left. What `labrun test` runs.

mod mutants;

use std::collections::BTreeSet;
use std::path::Path;

use super::EngineError;
use super::content::Content;
use super::grade::{Graded, Grader};
use super::home::Home;
use super::probe::Kept;
use super::runtimes;
use super::session::{REGION, Session, State};
use super::{provision, solve, teardown, workspace};
use crate::cloud::Cloud;
use crate::cloud::admin::Admin;
use crate::lab::score::{Outcome, Score};
use crate::lab::solution::Step;

/// What the proof tells while it goes on.
pub(crate) enum Told<'t> {
    Passed(&'t str),
    Failed(&'t str),
}

/// What was proved.
#[derive(Debug, Default)]
pub(crate) struct Proof {
    pub faults: usize,
    pub mutants: usize,
    pub caught: usize,
    pub by_probe_alone: usize,
    /// Checks that some mutant reddens first.
    pub reddened: BTreeSet<String>,
    pub checks: usize,
}

pub(crate) struct Prover<'p> {
    pub content: &'p Content,
    pub home: &'p Home,
    pub admin: &'p Admin,
    pub tell: &'p mut dyn FnMut(Told<'_>),
    pub proof: Proof,
    /// Only the mutant of this name, if one is named.
    pub only: Option<String>,
}

impl Prover<'_> {
    /// Everything that `labrun test` demands.
    pub(crate) async fn prove(&mut self) -> Result<(), EngineError> {
        self.proof.checks = self.content.lab.tasks.iter().map(|task| task.checks.len()).sum();
        self.steps().await?;
        if self.only.is_none() {
            for form in ["solution.py", "solution.sh"] {
                self.form(form).await?;
            }
        }
        Ok(())
    }

    /// The solution's steps, with a look after each task, and the mutants that branch off on the way.
    async fn steps(&mut self) -> Result<(), EngineError> {
        let (session, cloud) = self.open().await?;
        let walked = self.walk(&session, &cloud).await;
        self.close(&session, &cloud).await?;
        walked
    }

    async fn walk(&mut self, session: &Session, cloud: &Cloud) -> Result<(), EngineError> {
        let untouched = self.grade(session, cloud, usize::MAX).await?;
        self.expect(untouched.score.points() == 0, "untouched: every check is red", &green(&untouched.score));
        let steps = self.content.steps();
        for number in 0..self.content.lab.tasks.len() {
            let id = self.content.lab.tasks[number].id.value.clone();
            let own: Vec<&Step> = steps.iter().filter(|step| step.task.value == id).collect();
            for step in own {
                let context = self.context(session, cloud, number).await?;
                self.branch_off(&steps, step, (session, &context)).await?;
                let (sdk, grader) = (cloud.sdk().await, self.grader(session, cloud, usize::MAX));
                solve::act(&grader, (&sdk, &[&self.content.solution]), step, &context).await?;
            }
            let graded = self.grade(session, cloud, number + 1).await?;
            let complete = graded.score.tasks.iter().all(|task| task.complete());
            self.expect(complete, &format!("steps.toml: all green after task {}", number + 1), &red(&graded.score));
        }
        let first = self.grade(session, cloud, usize::MAX).await?;
        let second = self.grade(session, cloud, usize::MAX).await?;
        self.expect(first.score == second.score, "a second check is identical", "it differs");
        Ok(())
    }

    /// A solution as a program, in a session of its own.
    async fn form(&mut self, name: &str) -> Result<(), EngineError> {
        let Some(text) = self.content.solution.text(name) else {
            self.expect(false, &format!("{name}: 100 %"), "there is no such file");
            return Ok(());
        };
        let (session, cloud) = self.open().await?;
        let ran = self.run_form(name, &text, (&session, &cloud)).await;
        self.close(&session, &cloud).await?;
        ran
    }

    async fn run_form(&mut self, name: &str, text: &str, place: (&Session, &Cloud)) -> Result<(), EngineError> {
        let (session, cloud) = place;
        let set = runtimes::named("learner").ok_or_else(|| EngineError::told("there is no set `learner`"))?;
        let learner = runtimes::install(set, self.home, &mut |_| ()).await?;
        let program = session.folder.join(name);
        std::fs::write(&program, text).map_err(EngineError::file(&program))?;
        let said = run(&program, session, &learner.join("venv/bin")).await?;
        let graded = self.grade(session, cloud, usize::MAX).await?;
        let reason = format!("{}; it said: {said}", red(&graded.score));
        self.expect(graded.score.complete(), &format!("{name}: 100 %"), &reason);
        Ok(())
    }

    async fn open(&mut self) -> Result<(Session, Cloud), EngineError> {
        let mut session = Session::new(&self.content.lab.id.value, Path::new("/").to_owned());
        session.id = session.id.replace(&self.content.lab.id.value, &format!("test-{}", self.content.lab.id.value));
        session.folder = self.home.root.join("tests").join(&session.id);
        session.save(self.home)?;
        session.take_keys(self.admin.open(&session.id, REGION).await?);
        let cloud = session.cloud(self.admin)?;
        session.fill_variables(&self.content.lab);
        let mut journal = session.journal(self.home);
        provision::provision(self.content, &cloud, &mut journal, &mut session.variables).await?;
        workspace::write(&session, self.content, &cloud)?;
        session.state = State::Active;
        session.save(self.home)?;
        Ok((session, cloud))
    }

    async fn close(&mut self, session: &Session, cloud: &Cloud) -> Result<(), EngineError> {
        let journal = session.journal(self.home);
        let receipt = teardown::teardown(Some(self.content), cloud, &journal, &session.variables).await?;
        let left: Vec<String> = receipt.left.iter().chain(&receipt.refused).cloned().collect();
        self.expect(left.is_empty(), "nothing is left after stop", &left.join(", "));
        self.admin.remove(&session.id).await?;
        let _gone = std::fs::remove_dir_all(&session.folder);
        session.forget(self.home)
    }

    fn grader<'g>(&'g self, session: &'g Session, cloud: &'g Cloud, tasks: usize) -> Grader<'g> {
        Grader { content: self.content, cloud, admin: self.admin, sandbox: &session.id, variables: &session.variables, tasks }
    }

    async fn grade(&self, session: &Session, cloud: &Cloud, tasks: usize) -> Result<Graded, EngineError> {
        self.grader(session, cloud, tasks).grade(&mut Kept::default(), &mut |_| ()).await
    }

    /// What a task's steps may name: variables, and what earlier tasks have bound.
    async fn context(&self, session: &Session, cloud: &Cloud, task: usize) -> Result<crate::lab::template::Context, EngineError> {
        let mut context = session.variables.clone();
        // Earlier tasks were graded green; the last one's probe binds nothing and isn't worth a run.
        if task > 0 && task < self.content.lab.tasks.len() {
            context.extend(self.grade(session, cloud, task).await?.bound);
        }
        Ok(context)
    }

    fn expect(&mut self, holds: bool, what: &str, otherwise: &str) {
        if holds {
            (self.tell)(Told::Passed(what));
        } else {
            self.proof.faults += 1;
            (self.tell)(Told::Failed(&format!("{what}: {otherwise}")));
        }
    }
}

/// The checks that are green, for a message.
fn green(score: &Score) -> String {
    let green = score.checks().filter(|(_, check)| check.outcome == Outcome::Passed);
    let names: Vec<String> = green.map(|(task, check)| format!("{}.{}", task.id, check.id)).collect();
    format!("green: {}", names.join(", "))
}

/// The checks that are not, each with its reason.
fn red(score: &Score) -> String {
    let red = score.checks().filter(|(_, check)| !matches!(check.outcome, Outcome::Passed | Outcome::Elsewhere));
    let names: Vec<String> = red.map(|(task, check)| format!("{}.{} {}", task.id, check.id, reason(&check.outcome))).collect();
    format!("red: {}", names.join(", "))
}

fn reason(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Failed { because: Some(because), .. } => format!("({}: {})", because.id, because.say),
        Outcome::Failed { miss: Some(miss), .. } => format!("({} is {}, not {})", miss.expression, miss.actual, miss.expected),
        other => format!("({other:?})"),
    }
}

/// Runs a solution as a learner would, in their folder and environment; returns the end of what it said.
async fn run(program: &Path, session: &Session, bin: &Path) -> Result<String, EngineError> {
    let interpreter = if program.extension().is_some_and(|ending| ending == "py") { "python" } else { "bash" };
    let path = std::env::join_paths(
        std::iter::once(bin.to_owned()).chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())),
    )
    .map_err(|error| EngineError::told(error.to_string()))?;
    let mut command = tokio::process::Command::new("/usr/bin/env");
    command.arg(interpreter).arg(program).current_dir(&session.folder).stdin(std::process::Stdio::null());
    for (name, value) in workspace::environment(session) {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    let said = command.env("PATH", path).output().await.map_err(EngineError::file(program))?;
    let text = [said.stdout, said.stderr].concat();
    let text = String::from_utf8_lossy(&text).into_owned();
    Ok(text.lines().rev().take(3).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join(" / "))
}
