//! `labrun hint`: the next step of a task's ladder.

use super::{Active, active};
use crate::cli::Hint;
use crate::engine::hints::{self, Next};
use crate::engine::home::Home;
use crate::engine::probe::Kept;
use crate::exit::{Exit, Failure, Outcome};
use crate::lab::plan::counted;
use crate::ui::Ui;

pub(super) async fn run(home: &Home, args: Hint) -> Outcome {
    let ui = Ui { json: super::json(args.session.format.format) };
    let mut active = active(home, args.session.session.as_deref()).await?;
    let Some(number) = wanted(home, &active, args.task).await? else {
        ui.say("Everything is done; there is nothing left to hint at.");
        return Ok(Exit::Done);
    };
    let task = &active.content.lab.tasks[number];
    let attempts = active.session.attempts.get(&task.id.value).copied().unwrap_or_default();
    let hinted = active.session.hints.get(&task.id.value).cloned().unwrap_or_default();
    let paid = match hints::next(task, &hinted, attempts) {
        Next::End => {
            ui.say(&format!("That was the last hint for task {0}: labrun solve --task {0} does it.", number + 1));
            return Ok(Exit::NotYet);
        }
        Next::Costs { points, earned_in } if !args.pay => {
            ui.say(&price(points, earned_in));
            return Ok(Exit::NotYet);
        }
        Next::Costs { points, .. } => points,
        Next::Free => 0,
    };
    let id = task.id.value.clone();
    let noted = active.session.amend(home, |session| hints::shown(session.hints.entry(id).or_default(), paid))?;
    if !noted {
        return Err(Failure::new(format!("another labrun is at work on session {}", active.session.id)));
    }
    let text = task.hints[hinted.shown].text.render(&active.session.variables);
    if ui.json {
        ui.json(&serde_json::json!({ "task": number + 1, "hint": text.trim(), "cost": paid }));
    } else {
        let step = format!("hint {} of {}", hinted.shown + 1, task.hints.len());
        ui.title(&format!("Task {}: {}", number + 1, task.title), &step);
        ui.text(text.trim_matches('\n'));
    }
    Ok(Exit::Done)
}

/// The task that is meant, from 0: the named one, else the first unfinished.
async fn wanted(home: &Home, active: &Active, named: Option<usize>) -> Result<Option<usize>, Failure> {
    let tasks = active.content.lab.tasks.len();
    match named {
        Some(number) if (1..=tasks).contains(&number) => Ok(Some(number - 1)),
        Some(_) => Err(Failure::new(format!("the lab has tasks 1 to {tasks}"))),
        None => {
            let kept = home.sessions().join(format!("{}.probes", active.session.id));
            let graded = active.grader().grade(&mut Kept::open(&kept), &mut |_| ()).await?;
            Ok(graded.score.current())
        }
    }
}

fn price(points: u64, earned_in: Option<u64>) -> String {
    let points = counted(usize::try_from(points).unwrap_or(usize::MAX), "point");
    let price = format!("The next hint costs {points}: labrun hint --pay");
    match earned_in {
        Some(1) => format!("{price}\nIt is free after one more labrun check."),
        Some(checks) => format!("{price}\nIt is free after {checks} more of labrun check."),
        None => price,
    }
}
