//! Grades a session: what is true in the cloud now, check by check.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::EngineError;
use super::content::Content;
use super::observe::Observer;
use super::probe::{self, Kept};
use crate::cloud::Cloud;
use crate::cloud::admin::Admin;
use crate::lab::expect::diagnose;
use crate::lab::file::{Check, CloudKind, Task};
use crate::lab::needs;
use crate::lab::score::{CheckResult, Diagnosis, Outcome, Score, TaskResult};
use crate::lab::template::Context;

/// How often a check with `within` looks again.
const AGAIN: Duration = Duration::from_millis(250);

/// What is graded.
pub(crate) struct Grader<'g> {
    pub content: &'g Content,
    pub cloud: &'g Cloud,
    pub admin: &'g Admin,
    pub sandbox: &'g str,
    pub variables: &'g Context,
    /// Tasks beyond this number are left out; all where it is large.
    pub tasks: usize,
}

/// A score, and what green checks made known.
pub(crate) struct Graded {
    pub score: Score,
    pub bound: Context,
}

/// What is known while grading goes on.
struct Known {
    context: Context,
    bound: Context,
    /// Names that an unfinished check would bind, by the task that it belongs to.
    pending: BTreeMap<String, usize>,
}

/// What a probe reads and leaves.
struct Probing<'p> {
    known: &'p mut Known,
    kept: &'p mut Kept,
    /// Told before something slow begins.
    slow: &'p mut dyn FnMut(&str),
}

impl Grader<'_> {
    /// Grades every task. `slow` is told before a probe begins.
    pub(crate) async fn grade(&self, kept: &mut Kept, slow: &mut dyn FnMut(&str)) -> Result<Graded, EngineError> {
        let observer = Observer::new(self.cloud).await;
        let mut known = Known { context: self.variables.clone(), bound: Context::new(), pending: BTreeMap::new() };
        let mut tasks = Vec::new();
        for (number, task) in self.content.lab.tasks.iter().enumerate().take(self.tasks) {
            let mut checks: Vec<CheckResult> = Vec::new();
            for check in &task.checks {
                let plain_green = checks.iter().all(|check| check.outcome == Outcome::Passed);
                let outcome = match self.beforehand(check, &known, plain_green) {
                    Some(outcome) => outcome,
                    None if check.probe.is_empty() => self.plain(check, &observer, &mut known).await?,
                    None => self.probed(task, check, &observer, Probing { known: &mut known, kept, slow }).await?,
                };
                checks.push(CheckResult {
                    id: check.id.value.clone(),
                    title: check.title.clone(),
                    points: check.points,
                    outcome,
                });
            }
            known.note_pending(task, number, &checks);
            tasks.push(TaskResult { id: task.id.value.clone(), title: task.title.clone(), solved: false, paid: 0, checks });
        }
        Ok(Graded { score: Score { tasks }, bound: known.bound })
    }

    /// What is settled before anything is looked at.
    fn beforehand(&self, check: &Check, known: &Known, plain_green: bool) -> Option<Outcome> {
        if check.only.is_some_and(|cloud| cloud != CloudKind::Local) {
            return Some(Outcome::Elsewhere);
        }
        let needed = needs::of_check(check);
        let waits = needed.iter().filter_map(|name| known.pending.get(name)).min();
        if let Some(task) = waits {
            return Some(Outcome::Waits { task: *task });
        }
        (!check.probe.is_empty() && !plain_green).then_some(Outcome::Untried)
    }

    async fn plain(&self, check: &Check, observer: &Observer<'_>, known: &mut Known) -> Result<Outcome, EngineError> {
        let began = Instant::now();
        loop {
            let context = self.see(check, observer, &known.context).await?;
            let outcome = judge(check, context, known);
            if outcome == Outcome::Passed || began.elapsed() >= Duration::from_millis(check.within_millis) {
                return Ok(outcome);
            }
            tokio::time::sleep(AGAIN).await;
            observer.forget();
        }
    }

    async fn probed(
        &self,
        task: &Task,
        check: &Check,
        observer: &Observer<'_>,
        state: Probing<'_>,
    ) -> Result<Outcome, EngineError> {
        let Probing { known, kept, slow } = state;
        let name = format!("{}.{}", task.id.value, check.id.value);
        let commit = self.admin.sandbox(self.sandbox).await?.commit;
        if let Some(outcome) = kept.get(&name, commit, self.content) {
            return Ok(outcome);
        }
        slow(&check.title);
        let mut context = self.see(check, observer, &known.context).await?;
        context.extend(probe::run(&check.probe, self.content, (self.admin, self.sandbox), &context).await?);
        let outcome = judge(check, context, known);
        kept.keep(&name, commit, self.content, &outcome)?;
        Ok(outcome)
    }

    async fn see(&self, check: &Check, observer: &Observer<'_>, context: &Context) -> Result<Context, EngineError> {
        let mut seen = context.clone();
        for sight in &check.see {
            let value = observer.look(&sight.look, context).await?;
            seen.insert(sight.name.value.clone(), value);
        }
        Ok(seen)
    }
}

/// Judges what was seen; a green check makes its names known.
fn judge(check: &Check, mut context: Context, known: &mut Known) -> Outcome {
    for (name, expression) in &check.lets {
        let value = expression.value(&context);
        context.insert(name.value.clone(), value);
    }
    let Some(miss) = check.expect.miss(&context) else {
        for (name, expression) in &check.bind {
            known.learn(&name.value, expression.value(&context));
        }
        return Outcome::Passed;
    };
    let because = diagnose(&check.because, &context).map(|(id, say)| Diagnosis { id, say });
    Outcome::Failed { miss: Some(miss), because }
}

impl Known {
    fn learn(&mut self, name: &str, value: Value) {
        self.context.insert(name.to_owned(), value.clone());
        self.bound.insert(name.to_owned(), value);
    }

    fn note_pending(&mut self, task: &Task, number: usize, results: &[CheckResult]) {
        for (check, result) in task.checks.iter().zip(results) {
            if result.outcome != Outcome::Passed {
                self.pending.extend(check.bind.iter().map(|(name, _)| (name.value.clone(), number)));
            }
        }
    }
}
