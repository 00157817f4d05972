//! `labrun runtimes`: the sets of packages that labs run on.

use std::path::PathBuf;

use serde_json::json;

use crate::cli::Runtimes;
use crate::document::diagnostic::closest;
use crate::engine::home::Home;
use crate::engine::runtimes::{Progress, Set, install, named, sets};
use crate::exit::{Exit, Failure, Outcome};
use crate::ui::Ui;
use crate::ui::theme::Mark;

pub(super) async fn run(home: &Home, verb: Runtimes) -> Outcome {
    match verb {
        Runtimes::List(args) => list(home, Ui { json: super::json(args.format) }),
        Runtimes::Install { sets: names } => {
            let ui = Ui::default();
            let chosen: Vec<&Set> = match names.as_slice() {
                [] => sets().iter().collect(),
                names => names.iter().map(|name| known(name)).collect::<Result<_, _>>()?,
            };
            for set in chosen {
                let there = set.ready(home).is_some();
                let folder = make(ui, home, set).await?;
                if there {
                    ui.step(Mark::Done, set.name, &format!("is there: {}", folder.display()));
                }
            }
            Ok(Exit::Done)
        }
    }
}

/// Makes a set in the foreground, unless it is there; returns its folder.
pub(super) async fn make(ui: Ui, home: &Home, set: &Set) -> Result<PathBuf, Failure> {
    if let Some(folder) = set.ready(home) {
        return Ok(folder);
    }
    ui.step(Mark::None, set.name, &format!("{}; made once per machine, about {} MB", set.what, set.megabytes));
    let bar = ui.bar(set.name, set.megabytes);
    let made = install(set, home, &mut |progress: Progress<'_>| bar.at(progress.phase, progress.megabytes)).await;
    match made {
        Ok(folder) => {
            bar.done(&folder.display().to_string());
            Ok(folder)
        }
        Err(error) => {
            drop(bar);
            let failure = Failure::new(format!("the set `{}` could not be made: {error}", set.name));
            Err(failure.hint(format!("when this is mended: `labrun runtimes install {}`", set.name)))
        }
    }
}

fn known(name: &str) -> Result<&'static Set, Failure> {
    named(name).ok_or_else(|| {
        let failure = Failure::new(format!("there is no set `{name}`"));
        let names: Vec<&str> = sets().iter().map(|set| set.name).collect();
        match closest(name, names.iter().copied()) {
            Some(meant) => failure.hint(format!("did you mean `{meant}`?")),
            None => failure.hint(format!("there are {}", names.join(", "))),
        }
    })
}

fn list(home: &Home, ui: Ui) -> Outcome {
    let ready: Vec<(&Set, Option<PathBuf>)> = sets().iter().map(|set| (set, set.ready(home))).collect();
    if ui.json {
        let listed = ready.iter().map(|(set, folder)| json!({ "set": set.name, "what": set.what, "folder": folder }));
        ui.json(&listed.collect::<Vec<_>>());
        return Ok(Exit::Done);
    }
    let row = |(set, folder): &(&Set, Option<PathBuf>)| {
        let place = folder
            .as_ref()
            .map_or_else(|| format!("not made, about {} MB", set.megabytes), |folder| folder.display().to_string());
        vec![set.name.to_owned(), set.what.to_owned(), place]
    };
    ui.table(&ready.iter().map(row).collect::<Vec<_>>());
    Ok(Exit::Done)
}
