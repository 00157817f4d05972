//! `labrun sql`: Athena statements in the session, from the command line or a file.

use super::active;
use crate::cli::Sql;
use crate::engine::EngineError;
use crate::engine::home::Home;
use crate::engine::sql::{self, Ran};
use crate::exit::{Exit, Failure, Outcome};
use crate::ui::Ui;

pub(super) async fn run(home: &Home, args: Sql) -> Outcome {
    let ui = Ui { json: super::json(args.session.format.format) };
    let statements = statements(&args)?;
    let active = active(home, args.session.session.as_deref()).await?;
    for text in statements {
        let ran = sql::run(&active.cloud, &text, args.database.as_deref()).await.map_err(EngineError::from)?;
        if ui.json {
            ui.json(&ran);
        } else {
            show(ui, &ran);
        }
        if ran.state != "SUCCEEDED" {
            let reason = ran.reason.unwrap_or_else(|| format!("the statement is {}", ran.state));
            return Err(Failure::new(reason).hint(format!("in: {}", text.lines().next().unwrap_or_default())));
        }
    }
    Ok(Exit::Done)
}

/// What was typed, or what the file has.
fn statements(args: &Sql) -> Result<Vec<String>, Failure> {
    let read = |file: &std::path::PathBuf| {
        std::fs::read_to_string(file).map_err(|error| Failure::new(format!("`{}`: {error}", file.display())))
    };
    let text = match (&args.statement, &args.file) {
        (Some(text), _) => text.clone(),
        (None, Some(file)) => read(file)?,
        (None, None) => String::new(),
    };
    let statements: Vec<String> = labrun_sql::script::statements(&text).into_iter().map(str::to_owned).collect();
    let none = || Failure::new("there is no statement").hint("labrun sql \"SHOW DATABASES\", or labrun sql -f file.sql");
    if statements.is_empty() { Err(none()) } else { Ok(statements) }
}

fn show(ui: Ui, ran: &Ran) {
    let cell = |value: &Option<String>| value.clone().unwrap_or_default();
    match ran.columns.len() {
        // One value a row is printed as it is: Hive has padded it.
        0 | 1 => ran.rows.iter().for_each(|row| ui.data(row.first().map(cell).unwrap_or_default().trim_end())),
        _ => ui.table(&ran.rows.iter().map(|row| row.iter().map(cell).collect()).collect::<Vec<_>>()),
    }
    ui.say(&format!("{}: {:.2} s, {} bytes scanned", ran.statement, ran.millis as f64 / 1000.0, ran.scanned_bytes));
}
