//! The ladder of hints: which comes next, and whether it is free, earned, or has a price.

use super::session::Hinted;
use crate::lab::file::Task;

/// The next step of a task's ladder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Next {
    /// All were shown.
    End,
    Free,
    /// It costs points now; free after so many more checks, if it can be earned at all.
    Costs {
        points: u64,
        earned_in: Option<u64>,
    },
}

pub(crate) fn next(task: &Task, hinted: &Hinted, attempts: u64) -> Next {
    let Some(hint) = task.hints.get(hinted.shown) else { return Next::End };
    let earned_in = hint.after_attempts.map(|needed| needed.saturating_sub(attempts));
    if hint.cost == 0 || earned_in == Some(0) {
        return Next::Free;
    }
    // A ladder never costs more than the task gives.
    let points = hint.cost.min(task.points().saturating_sub(hinted.paid));
    if points == 0 { Next::Free } else { Next::Costs { points, earned_in } }
}

/// Notes that the next hint was shown; `paid` is what it cost.
pub(crate) fn shown(hinted: &mut Hinted, paid: u64) {
    hinted.shown += 1;
    hinted.paid += paid;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn task() -> Task {
        let source = include_str!("../../labs/glue-bookmarks/lab.toml");
        crate::lab::read::lab("lab.toml", source).0.tasks.remove(0)
    }

    #[test]
    fn hints_are_free_earned_or_paid_and_end() {
        let task = task();
        let after = |shown, paid, attempts| next(&task, &Hinted { shown, paid }, attempts);
        assert_eq!(after(0, 0, 0), Next::Free);
        assert_eq!(after(2, 0, 0), Next::Costs { points: 1, earned_in: Some(2) });
        assert_eq!(after(2, 0, 2), Next::Free);
        assert_eq!(after(3, 1, 1), Next::Costs { points: 1, earned_in: Some(3) });
        assert_eq!(after(4, 0, 9), Next::End);
    }
}
