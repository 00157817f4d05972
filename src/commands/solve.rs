//! `labrun solve`: does tasks for the learner.

use super::active;
use crate::cli::Solve;
use crate::engine::home::Home;
use crate::engine::probe::Kept;
use crate::engine::solve;
use crate::exit::{Exit, Failure, Outcome};
use crate::lab::solution::Step;
use crate::ui::Ui;
use crate::ui::score::Detail;
use crate::ui::theme::Mark;

pub(super) async fn run(home: &Home, args: Solve) -> Outcome {
    let ui = Ui { json: super::json(args.session.format.format) };
    let mut active = active(home, args.session.session.as_deref()).await?;
    let _hold = active.session.hold(home)?;
    let kept = home.sessions().join(format!("{}.probes", active.session.id));
    let last = match args.task {
        Some(number) if (1..=active.content.lab.tasks.len()).contains(&number) => number - 1,
        Some(_) => return Err(Failure::new(format!("the lab has tasks 1 to {}", active.content.lab.tasks.len()))),
        None => {
            let graded = active.grader().grade(&mut Kept::open(&kept), &mut |_| ()).await?;
            graded.score.current().unwrap_or_default()
        }
    };
    let mut running = None;
    let mut tell = |step: &Step| {
        // The step before is finished when the next one begins.
        finish(running.take());
        running = Some((step.name.value.clone(), ui.spinner("solve", &step.name.value)));
    };
    let done = solve::solve(&active.grader(), last, &mut tell).await;
    match &done {
        Ok(_) => finish(running),
        Err(_) => drop(running),
    }
    for task in done? {
        if !active.session.solved.contains(&task) {
            active.session.solved.push(task);
        }
    }
    active.session.save(home)?;
    let graded = active.grader().grade(&mut Kept::open(&kept), &mut |_| ()).await?;
    let score = active.dress(graded.score);
    active.session.note(home, &score)?;
    if ui.json {
        ui.json(&score)
    } else {
        ui.score(&score, Detail::Tasks)
    }
    let complete = score.tasks.iter().take(last + 1).all(|task| task.complete());
    if !complete {
        ui.step(Mark::Note, "note", "the steps were done, and yet a check is red: something done by hand stands in the way");
    }
    Ok(if complete { Exit::Done } else { Exit::NotYet })
}

fn finish(running: Option<(String, crate::ui::progress::Running)>) {
    if let Some((name, running)) = running {
        running.done(&name);
    }
}
