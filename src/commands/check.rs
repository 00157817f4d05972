//! `labrun check`: grades the session.

use super::active;
use crate::cli::Check;
use crate::engine::home::Home;
use crate::engine::probe::Kept;
use crate::engine::session::Session;
use crate::exit::{Exit, Outcome};
use crate::ui::Ui;
use crate::ui::score::Detail;

pub(super) async fn run(home: &Home, args: Check) -> Outcome {
    let ui = Ui { json: super::json(args.session.format.format) };
    let mut active = active(home, args.session.session.as_deref()).await?;
    let kept = home.sessions().join(format!("{}.probes", active.session.id));
    let mut running = None;
    let mut slow = |title: &str| running = Some(ui.spinner("probe", &format!("in a copy of your sandbox: {title}")));
    let graded = active.grader().grade(&mut Kept::open(&kept), &mut slow).await?;
    drop(running);
    let score = active.dress(graded.score);
    if let Some(task) = score.current().and_then(|number| score.tasks.get(number)) {
        let count = |session: &mut Session| *session.attempts.entry(task.id.clone()).or_default() += 1;
        active.session.amend(home, count)?;
    }
    active.session.note(home, &score)?;
    if ui.json {
        ui.json(&serde_json::json!({
            "session": active.session.id,
            "points": score.points(),
            "total": score.total(),
            "credit": score.credit(),
            "tasks": score.tasks,
        }));
    } else {
        ui.score(&score, if args.all { Detail::Checks } else { Detail::Tasks });
    }
    Ok(if score.complete() { Exit::Done } else { Exit::NotYet })
}
