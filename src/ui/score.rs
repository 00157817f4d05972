//! A grading as the learner sees it: one line a task, words only where they help now.

use owo_colors::Stream;

use super::Ui;
use super::columns::{pad, width, wrap};
use super::theme::{Mark, bold, dim, paint};
use crate::lab::score::{CheckResult, Outcome, Score, TaskResult};

const NAME: usize = 32;
const POINTS: usize = 6;
/// Where the words beside a task begin.
const INDENT: usize = 4 + NAME + POINTS;

/// How much of a grading is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Detail {
    Tasks,
    Checks,
}

impl Ui {
    pub(crate) fn score(&self, score: &Score, detail: Detail) {
        lines(score, detail, width()).iter().for_each(|line| self.data(line));
    }
}

fn lines(score: &Score, detail: Detail, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let current = score.current();
    for (number, task) in score.tasks.iter().enumerate() {
        let current = current == Some(number);
        let name = format!("{} {}", number + 1, task.title);
        let words = if detail == Detail::Checks { String::new() } else { words(task, current) };
        lines.extend(task_lines(mark(task, current), &name, task, &wrap(&words, width.saturating_sub(INDENT))));
        if detail == Detail::Checks {
            lines.extend(task.checks.iter().flat_map(|check| check_lines(check, width)));
        }
    }
    lines.push(total(score));
    if score.credit() != score.points() {
        let why = "without what labrun solve did and hints cost";
        lines.push(format!(
            "  {}",
            paint(&format!("{:26}{why}", format!("counts {}/{}", score.credit(), score.total())), dim(), Stream::Stdout)
        ));
    }
    lines
}

fn task_lines(mark: Mark, name: &str, task: &TaskResult, words: &[String]) -> Vec<String> {
    let sign = paint(mark.sign(), mark.style(), Stream::Stdout);
    let points = format!("{}/{}", task.points(), task.total());
    let first = words.first().map(String::as_str).unwrap_or_default();
    let first = format!("  {sign} {}{}{first}", pad(name, NAME), pad(&points, POINTS)).trim_end().to_owned();
    let rest = words.iter().skip(1).map(|line| format!("{}{line}", " ".repeat(INDENT)));
    std::iter::once(first).chain(rest).collect()
}

fn check_lines(check: &CheckResult, width: usize) -> Vec<String> {
    let mark = match check.outcome {
        Outcome::Passed => Mark::Done,
        Outcome::Failed { .. } => Mark::Red,
        Outcome::Untried | Outcome::Waits { .. } | Outcome::Elsewhere => Mark::Open,
    };
    let sign = paint(mark.sign(), mark.style(), Stream::Stdout);
    let points = if check.outcome == Outcome::Passed { check.points } else { 0 };
    let first = format!("      {sign} {}   {points}/{}", check.title, check.points);
    let reasons = wrap(&reason(&check.outcome), width.saturating_sub(8)).into_iter().filter(|line| !line.is_empty());
    std::iter::once(first).chain(reasons.map(|line| format!("        {}", paint(&line, dim(), Stream::Stdout)))).collect()
}

fn total(score: &Score) -> String {
    let points = format!("score {}/{}", score.points(), score.total());
    let next = match score.current() {
        Some(task) => format!("hint: labrun hint   solve: labrun solve --task {}", task + 1),
        None => "all done; labrun stop takes everything away".to_owned(),
    };
    let gap = " ".repeat(26_usize.saturating_sub(points.len()).max(3));
    format!("  {}{gap}{next}", paint(&points, bold(), Stream::Stdout))
}

fn mark(task: &TaskResult, current: bool) -> Mark {
    match () {
        () if task.complete() => Mark::Done,
        () if current || task.points() > 0 => Mark::Red,
        () => Mark::Open,
    }
}

/// What is said beside a task: why it is red, where someone is at work on it.
fn words(task: &TaskResult, current: bool) -> String {
    if task.complete() {
        return if task.solved { "done by labrun solve (counts 0)".to_owned() } else { String::new() };
    }
    if let Some(other) = task.waits_for() {
        return format!("waits for task {}", other + 1);
    }
    if !current && task.points() == 0 {
        return String::new();
    }
    let red = task.checks.iter().find(|check| matches!(check.outcome, Outcome::Failed { .. }));
    red.map(|check| match reason(&check.outcome) {
        said if said.is_empty() => format!("not yet: {}", check.title),
        said => said,
    })
    .unwrap_or_default()
}

fn reason(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Failed { because: Some(because), .. } => because.say.clone(),
        Outcome::Failed { miss: Some(miss), .. } if miss.expected != "true" => {
            format!("{} is {}, not {}", miss.expression, miss.actual, miss.expected)
        }
        Outcome::Failed { .. } | Outcome::Passed => String::new(),
        Outcome::Untried => "tried when the checks above are green".to_owned(),
        Outcome::Waits { task } => format!("waits for task {}", task + 1),
        Outcome::Elsewhere => "not answerable on this cloud".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::score::Diagnosis;

    fn check(points: u64, outcome: Outcome) -> CheckResult {
        CheckResult { id: String::new(), title: "the bookmark is on".into(), points, outcome }
    }

    fn task(title: &str, checks: Vec<CheckResult>) -> TaskResult {
        TaskResult { id: String::new(), title: title.into(), solved: false, paid: 0, checks }
    }

    #[test]
    fn words_stand_beside_the_task_one_is_at() {
        let say = "job-bookmark-option is job-bookmark-pause: pause reads from the old position and never moves it.";
        let because = Some(Diagnosis { id: "pause".into(), say: say.into() });
        let score = Score {
            tasks: vec![
                task("See the double count", vec![check(2, Outcome::Passed)]),
                task("Remember what was read", vec![check(3, Outcome::Failed { miss: None, because })]),
                task("Name it and commit it", vec![check(4, Outcome::Waits { task: 1 })]),
                task("Prove it on a new day", vec![check(3, Outcome::Untried)]),
            ],
        };
        owo_colors::set_override(false);
        let shown = lines(&score, Detail::Tasks, 80).join("\n");
        owo_colors::unset_override();
        assert_eq!(
            shown,
            "  ✓ 1 See the double count          2/2
  ✗ 2 Remember what was read        0/3   job-bookmark-option is
                                          job-bookmark-pause: pause reads from
                                          the old position and never moves it.
  · 3 Name it and commit it         0/4   waits for task 2
  · 4 Prove it on a new day         0/3
  score 2/12                hint: labrun hint   solve: labrun solve --task 2"
        );
    }
}
