//! `labrun test`: proves a lab with its solutions and its mutants.

use super::{content_named, up};
use crate::cli::Test;
use crate::document::diagnostic::closest;
use crate::engine::home::Home;
use crate::engine::proof::{Proof, Prover, Told};
use crate::engine::runtimes;
use crate::exit::{Exit, Failure, Outcome};
use crate::ui::Ui;
use crate::ui::theme::Mark;

pub(super) async fn run(home: &Home, args: Test) -> Outcome {
    let ui = Ui::default();
    let content = content_named(&args.lab)?;
    let faults = content.lint();
    if !faults.is_empty() {
        ui.diagnostics(&faults);
        return Ok(Exit::NotYet);
    }
    let mutants = content.mutants();
    if let Some(name) = args.mutant.as_ref().filter(|name| !mutants.contains(name)) {
        let failure = Failure::new(format!("there is no mutant `{name}`"));
        let meant = closest(name, mutants.iter().map(String::as_str));
        return Err(match meant {
            Some(meant) => failure.hint(format!("did you mean `{meant}`?")),
            None => failure.hint(format!("there are {}", mutants.join(", "))),
        });
    }
    for set in runtimes::sets() {
        super::runtimes::make(ui, home, set).await?;
    }
    let admin = up(home).await?;
    let began = std::time::Instant::now();
    let mut tell = |told: Told<'_>| match told {
        Told::Passed(what) => ui.step(Mark::Done, &seconds(began), what),
        Told::Failed(what) => ui.step(Mark::Red, &seconds(began), what),
    };
    let mut prover =
        Prover { content: &content, home, admin: &admin, tell: &mut tell, proof: Proof::default(), only: args.mutant };
    prover.prove().await?;
    let proof = prover.proof;
    ui.data(&strength(&args.lab, &proof));
    Ok(if proof.faults == 0 { Exit::Done } else { Exit::NotYet })
}

fn seconds(began: std::time::Instant) -> String {
    format!("{:>6.1} s", began.elapsed().as_secs_f64())
}

fn strength(lab: &str, proof: &Proof) -> String {
    format!(
        "{lab}: grader strength {}/{} mutants caught where they should be, {} by a probe alone; {} of {} checks redden first for one",
        proof.caught,
        proof.mutants,
        proof.by_probe_alone,
        proof.reddened.len(),
        proof.checks,
    )
}
