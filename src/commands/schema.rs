//! `labrun schema`: the JSON Schema of a content file, for editors.

use crate::cli::SchemaOf;
use crate::exit::{Exit, Outcome};
use crate::quiz::schema;
use crate::ui::Ui;

pub(super) fn run(of: SchemaOf) -> Outcome {
    match of {
        SchemaOf::Quiz => Ui::default().json(&schema::bank()),
    }
    Ok(Exit::Done)
}
