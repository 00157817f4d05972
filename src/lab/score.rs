//! Points: what is true now, and what of it counts.

use serde::{Deserialize, Serialize};

use super::expect::Miss;

/// What became of a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Outcome {
    Passed,
    Failed {
        miss: Option<Miss>,
        because: Option<Diagnosis>,
    },
    /// A probe that wasn't tried, because a plain check of its task is red.
    Untried,
    /// It needs what the named task yields.
    Waits {
        task: usize,
    },
    /// Not answerable on this cloud; its points leave the total.
    Elsewhere,
}

/// A `because` rule that recognised what happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Diagnosis {
    pub id: String,
    pub say: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct CheckResult {
    pub id: String,
    pub title: String,
    pub points: u64,
    pub outcome: Outcome,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct TaskResult {
    pub id: String,
    pub title: String,
    /// Did `solve` do it?
    pub solved: bool,
    /// What its paid hints cost.
    pub paid: u64,
    pub checks: Vec<CheckResult>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Score {
    pub tasks: Vec<TaskResult>,
}

impl TaskResult {
    pub(crate) fn points(&self) -> u64 {
        let passed = self.checks.iter().filter(|check| check.outcome == Outcome::Passed);
        passed.map(|check| check.points).sum()
    }

    pub(crate) fn total(&self) -> u64 {
        let answerable = self.checks.iter().filter(|check| check.outcome != Outcome::Elsewhere);
        answerable.map(|check| check.points).sum()
    }

    pub(crate) fn complete(&self) -> bool {
        self.checks.iter().all(|check| matches!(check.outcome, Outcome::Passed | Outcome::Elsewhere))
    }

    /// The task that this one waits for, from 0.
    pub(crate) fn waits_for(&self) -> Option<usize> {
        self.checks.iter().find_map(|check| match check.outcome {
            Outcome::Waits { task } => Some(task),
            _ => None,
        })
    }

    /// What progress keeps: nothing for a task that `solve` did, and paid hints lower the ceiling, not the points below it.
    pub(crate) fn credit(&self) -> u64 {
        if self.solved { 0 } else { self.points().min(self.total().saturating_sub(self.paid)) }
    }
}

impl Score {
    pub(crate) fn points(&self) -> u64 {
        self.tasks.iter().map(TaskResult::points).sum()
    }

    pub(crate) fn total(&self) -> u64 {
        self.tasks.iter().map(TaskResult::total).sum()
    }

    pub(crate) fn credit(&self) -> u64 {
        self.tasks.iter().map(TaskResult::credit).sum()
    }

    pub(crate) fn complete(&self) -> bool {
        self.tasks.iter().all(TaskResult::complete)
    }

    /// The task to work on: the first unfinished one, from 0.
    pub(crate) fn current(&self) -> Option<usize> {
        self.tasks.iter().position(|task| !task.complete())
    }

    /// Every check with its task, in order.
    pub(crate) fn checks(&self) -> impl Iterator<Item = (&TaskResult, &CheckResult)> {
        self.tasks.iter().flat_map(|task| task.checks.iter().map(move |check| (task, check)))
    }
}
