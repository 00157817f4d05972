//! `labrun cloud up`: the emulator in the background.

use super::refuse_iam;
use crate::cli::Serve;
use crate::cloud::local;
use crate::engine::EngineError;
use crate::engine::home::Home;
use crate::exit::{Exit, Outcome};
use crate::ui::Ui;
use crate::ui::theme::Mark;

pub(super) async fn run(home: &Home, args: Serve) -> Outcome {
    refuse_iam(&args)?;
    let ui = Ui::default();
    let arguments = ["--port".to_owned(), args.port.to_string()];
    let admin = local::up(&home.root, &arguments).await.map_err(EngineError::from)?;
    ui.step(Mark::Done, "cloud", &format!("http://127.0.0.1:{}   any key opens the sandbox of account 000000000000", admin.port));
    if admin.port != args.port && args.port != 0 {
        ui.step(Mark::Note, "port", &format!("{} was not free, or the emulator ran already", args.port));
    }
    ui.data(&format!("http://127.0.0.1:{}", admin.port));
    Ok(Exit::Done)
}
