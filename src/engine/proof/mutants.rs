//! Wrong solutions: each branches off the reference path in a fork, just before the step that it replaces.

use super::super::act::Actor;
use super::super::content::Folder;
use super::super::grade::{Graded, Grader};
use super::super::probe::Kept;
use super::{EngineError, Prover, Session, Step};
use crate::cloud::Cloud;
use crate::lab::action::Action;
use crate::lab::score::{CheckResult, Outcome, Score, TaskResult};
use crate::lab::solution::Mutant;
use crate::lab::template::Context;

/// What became of a mutant.
struct Caught {
    check: String,
    because: String,
    /// Was every plain check green?
    probe_alone: bool,
    /// A run of it that did not succeed.
    failed: Option<String>,
}

impl Prover<'_> {
    /// Runs every mutant that replaces this step, or a file that this step is the first to use.
    pub(super) async fn branch_off(
        &mut self,
        steps: &[Step],
        step: &Step,
        from: (&Session, &Context),
    ) -> Result<(), EngineError> {
        for name in self.content.mutants() {
            if self.only.as_ref().is_some_and(|only| *only != name) {
                continue;
            }
            let mutant = self.content.mutant(&name);
            if !replaces(&mutant, steps, step) {
                continue;
            }
            let fork = self.admin.fork(&from.0.id).await?;
            let cloud = self.admin.cloud(&fork);
            let caught = self.mutate((&name, &mutant), steps, step, (from.0, &cloud, &fork.id, from.1)).await;
            self.admin.remove(&fork.id).await?;
            self.judge(&name, &mutant, caught?);
        }
        Ok(())
    }

    /// The rest of the path with the mutation in it, until a check is red that should be green.
    async fn mutate(
        &self,
        mutant: (&str, &Mutant),
        steps: &[Step],
        from: &Step,
        place: (&Session, &Cloud, &str, &Context),
    ) -> Result<Option<Caught>, EngineError> {
        let (session, cloud, sandbox, context) = place;
        let own = self.content.solution.folder(&format!("mutants/{}", mutant.0));
        let over: [&Folder; 2] = [&own, &self.content.solution];
        let sdk = cloud.sdk().await;
        let mut context = context.clone();
        let mut failed = None;
        let path = mutated(mutant.1, steps, from);
        // A replaced step that leaves nothing of its task ends that task at once.
        let mut task = &from.task.value;
        for step in path.iter().map(Some).chain([None]) {
            if step.is_none_or(|step| step.task.value != *task) {
                let graded = self.grade_fork(session, cloud, sandbox, task).await?;
                if let Some((task, check)) = first_red(&graded.score) {
                    return Ok(Some(self.caught(task, check, failed)));
                }
                context.extend(graded.bound);
            }
            let Some(step) = step else { break };
            task = &step.task.value;
            let actor = Actor { cloud, sdk: &sdk, admin: self.admin, sandbox, content: self.content, over: &over };
            let came = actor.act(&step.action, &context).await?;
            let state = came["JobRunState"].as_str().unwrap_or("SUCCEEDED");
            if matches!(step.action, Action::Run { .. }) && state != "SUCCEEDED" {
                failed = Some(format!("{state}: {}", came["ErrorMessage"].as_str().unwrap_or("no message")));
            }
        }
        Ok(None)
    }

    /// Grades a fork up to a task.
    async fn grade_fork(&self, session: &Session, cloud: &Cloud, sandbox: &str, task: &str) -> Result<Graded, EngineError> {
        let number = self.content.lab.tasks.iter().position(|other| other.id.value == task).unwrap_or_default();
        let (content, admin, variables) = (self.content, self.admin, &session.variables);
        let grader = Grader { content, cloud, admin, sandbox, variables, tasks: number + 1 };
        grader.grade(&mut Kept::default(), &mut |_| ()).await
    }

    fn caught(&self, task: &TaskResult, check: &CheckResult, failed: Option<String>) -> Caught {
        let because = match &check.outcome {
            Outcome::Failed { because: Some(because), .. } => because.id.clone(),
            other => format!("none ({})", super::reason(other)),
        };
        let described = self.content.lab.tasks.iter().find(|other| other.id.value == task.id);
        let described = described.and_then(|task| task.checks.iter().find(|other| other.id.value == check.id));
        let probe_alone = described.is_some_and(|check| !check.probe.is_empty());
        Caught { check: format!("{}.{}", task.id, check.id), because, probe_alone, failed }
    }

    fn judge(&mut self, name: &str, mutant: &Mutant, caught: Option<Caught>) {
        self.proof.mutants += 1;
        let what = format!("mutant {name}: {}", mutant.title);
        let Some(caught) = caught else { return self.expect(false, &what, "it passes everything") };
        let red = caught.check == mutant.red.value;
        let because = caught.because == mutant.because.value;
        let fails = mutant.fails == caught.failed.is_some();
        if red && because && fails {
            self.proof.caught += 1;
            self.proof.by_probe_alone += usize::from(caught.probe_alone);
            self.proof.reddened.insert(caught.check.clone());
        }
        let otherwise = format!(
            "red is {} because {}, not {} because {}{}",
            caught.check,
            caught.because,
            mutant.red.value,
            mutant.because.value,
            caught.failed.map(|failed| format!("; a run of it ended {failed}")).unwrap_or_default()
        );
        self.expect(red && because && fails, &what, &otherwise);
    }
}

/// The steps from `from` on, as the mutant has them.
fn mutated(mutant: &Mutant, steps: &[Step], from: &Step) -> Vec<Step> {
    let start = steps.iter().position(|step| step.name.value == from.name.value).unwrap_or_default();
    let mut path = steps[start..].to_vec();
    if from.name.value == mutant.replaces.value {
        path.splice(..1, mutant.steps.iter().cloned());
    }
    path
}

fn replaces(mutant: &Mutant, steps: &[Step], step: &Step) -> bool {
    let uses = |step: &Step| matches!(&step.action, Action::Put { file, .. } if file.text.value == mutant.replaces.value);
    if steps.iter().any(|step| step.name.value == mutant.replaces.value) {
        return step.name.value == mutant.replaces.value;
    }
    steps.iter().find(|step| uses(step)).is_some_and(|first| first.name.value == step.name.value)
}

fn first_red(score: &Score) -> Option<(&TaskResult, &CheckResult)> {
    score.checks().find(|(_, check)| !matches!(check.outcome, Outcome::Passed | Outcome::Elsewhere))
}
