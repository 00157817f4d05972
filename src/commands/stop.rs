//! `labrun stop`: takes everything away and proves it.

use super::{chosen, content_of, up};
use crate::cli;
use crate::cloud::admin::Admin;
use crate::engine::home::Home;
use crate::engine::session::{Session, State};
use crate::engine::teardown::{Receipt, teardown};
use crate::engine::{EngineError, workspace};
use crate::exit::{Exit, Failure, Outcome};
use crate::ui::Ui;
use crate::ui::theme::Mark;

pub(super) async fn run(home: &Home, args: cli::Session) -> Outcome {
    let ui = Ui { json: super::json(args.format.format) };
    let mut session = chosen(home, args.session.as_deref())?;
    let _hold = session.hold(home)?;
    session.state = State::Stopping;
    session.save(home)?;
    let admin = up(home).await?;
    let receipt = match admin.sandbox(&session.id).await {
        Ok(sandbox) => {
            session.take_keys(sandbox);
            empty(home, &admin, &session).await?
        }
        // The sandbox never came into being, or a stop was cut off after it had gone.
        Err(error) if error.status() == Some(404) => Receipt::default(),
        Err(error) => return Err(EngineError::from(error).into()),
    };
    if !receipt.left.is_empty() {
        return Err(refused(ui, &receipt));
    }
    remove(&admin, &session).await?;
    workspace::disconnect(&session.folder)?;
    session.forget(home)?;
    show(ui, &session, &receipt);
    Ok(Exit::Done)
}

async fn empty(home: &Home, admin: &Admin, session: &Session) -> Result<Receipt, Failure> {
    let content = content_of(session).ok();
    let cloud = session.cloud(admin)?;
    let receipt = teardown(content.as_ref(), &cloud, &session.journal(home), &session.variables).await?;
    Ok(receipt)
}

async fn remove(admin: &Admin, session: &Session) -> Result<(), Failure> {
    match admin.remove(&session.id).await {
        Err(error) if error.status() != Some(404) => Err(EngineError::from(error).into()),
        _ => Ok(()),
    }
}

fn refused(ui: Ui, receipt: &Receipt) -> Failure {
    for (what, count) in &receipt.counts {
        let mark = if *count == 0 { Mark::Done } else { Mark::Red };
        ui.step(mark, &count.to_string(), what);
    }
    let failure = Failure::new(format!("not everything could be removed: {} left", receipt.left.len()));
    let failure = receipt.left.iter().fold(failure, |failure, left| failure.hint(format!("left: {left}")));
    let failure = receipt.refused.iter().fold(failure, |failure, reason| failure.hint(format!("refused: {reason}")));
    failure.hint("remove what stands in the way, then `labrun stop` again")
}

fn show(ui: Ui, session: &Session, receipt: &Receipt) {
    if ui.json {
        return ui.json(&serde_json::json!({ "session": session.id, "receipt": receipt }));
    }
    ui.step(Mark::Done, "removed", &format!("what session {} made, and whatever else its account held", session.id));
    let counts: Vec<String> =
        receipt.counts.iter().map(|(what, count)| format!("{count} {what}").replace(' ', "\u{a0}")).collect();
    if !counts.is_empty() {
        ui.step(Mark::Done, "receipt", &format!("nothing is left: {}", counts.join(", ")));
    }
    ui.step(Mark::Done, "sandbox", "deleted");
    ui.step(Mark::None, "kept", &format!("your files in {}", session.folder.display()));
}
