//! Does tasks for the learner, by the solution's steps.

use super::EngineError;
use super::act::Actor;
use super::content::Folder;
use super::grade::Grader;
use super::probe::Kept;
use crate::cloud::sdk::Sdk;
use crate::lab::action::Action;
use crate::lab::solution::Step;
use crate::lab::template::Context;

/// Does every unfinished task up to `last` (from 0), telling each step; returns the ids of the tasks that it did.
pub(crate) async fn solve(grader: &Grader<'_>, last: usize, tell: &mut dyn FnMut(&Step)) -> Result<Vec<String>, EngineError> {
    let steps = grader.content.steps();
    let sdk = grader.cloud.sdk().await;
    let mut done = Vec::new();
    for (number, task) in grader.content.lab.tasks.iter().enumerate().take(last + 1) {
        let graded = Grader { tasks: number + 1, ..*grader }.grade(&mut Kept::default(), &mut |_| ()).await?;
        if graded.score.tasks[number].complete() {
            continue;
        }
        let mut context = grader.variables.clone();
        context.extend(graded.bound);
        let own: Vec<&Step> = steps.iter().filter(|step| step.task.value == task.id.value).collect();
        for step in own {
            tell(step);
            act(grader, (&sdk, &[&grader.content.solution]), step, &context).await?;
        }
        done.push(task.id.value.clone());
    }
    Ok(done)
}

/// One step; a run that does not succeed is an error.
pub(super) async fn act(
    grader: &Grader<'_>,
    tools: (&Sdk, &[&Folder]),
    step: &Step,
    context: &Context,
) -> Result<(), EngineError> {
    let actor = Actor {
        cloud: grader.cloud,
        sdk: tools.0,
        admin: grader.admin,
        sandbox: grader.sandbox,
        content: grader.content,
        over: tools.1,
    };
    let came = actor.act(&step.action, context).await?;
    let state = came["JobRunState"].as_str().unwrap_or_default();
    if matches!(step.action, Action::Run { .. }) && state != "SUCCEEDED" {
        let message = came["ErrorMessage"].as_str().unwrap_or("no message");
        return Err(EngineError::told(format!("step `{}`: the run ended {state}: {message}", step.name.value)));
    }
    Ok(())
}
