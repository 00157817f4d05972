//! `labrun cloud`: the emulator itself.

mod advance;
mod down;
mod reset;
mod serve;
mod status;
mod up;

use crate::cli::{Cloud, Iam, Serve};
use crate::engine::home::Home;
use crate::exit::{Failure, Outcome};
use crate::ui::Ui;

pub(super) fn run(home: &Home, verb: Cloud) -> Outcome {
    match verb {
        Cloud::Up(args) if args.foreground => serve::run(home, &args),
        Cloud::Up(args) => super::block_on(up::run(home, args)),
        Cloud::Down => super::block_on(down::run(home)),
        Cloud::Status(args) => super::block_on(status::run(home, Ui { json: super::json(args.format) })),
        Cloud::Advance { duration, session } => super::block_on(advance::run(home, &duration, session.as_deref())),
        Cloud::Reset { session } => super::block_on(reset::run(home, session.as_deref())),
        Cloud::Serve(args) => serve::run(home, &args),
    }
}

/// Policies are stored, not yet evaluated: whoever asks for more is told.
fn refuse_iam(args: &Serve) -> Result<(), Failure> {
    let mode = match args.iam {
        Iam::Off => return Ok(()),
        Iam::Warn => "warn",
        Iam::Enforce => "enforce",
    };
    let failure = Failure::new(format!("--iam {mode}: IAM policies are stored, but not evaluated yet"));
    Err(failure.hint("--iam off is what there is; `labrun cloud status` says so"))
}
