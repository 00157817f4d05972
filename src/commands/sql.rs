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
        } else if ran.state == "SUCCEEDED" {
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
    let lines: Vec<Vec<String>> = ran.rows.iter().map(|row| row.iter().map(cell).collect()).collect();
    match ran.columns.len() {
        _ if ran.table => ui.headed_table(&ran.columns, &lines),
        // One value a row is printed as it is: Hive has padded it.
        0 | 1 => lines.iter().for_each(|row| ui.data(row.first().map_or("", String::as_str).trim_end())),
        _ => ui.table(&lines),
    }
    let rows = match (ran.table, ran.rows.len()) {
        (false, _) => String::new(),
        (true, 1) => ", 1 row".to_owned(),
        (true, count) => format!(", {count} rows"),
    };
    ui.say(&format!("{}{rows}: {:.2} s, {} scanned", ran.statement, ran.millis as f64 / 1000.0, bytes(ran.scanned_bytes)));
}

/// In the unit that reads best; as AWS counts, a KB is 1,024 bytes.
fn bytes(count: u64) -> String {
    const UNITS: [&str; 4] = ["KB", "MB", "GB", "TB"];
    if count < 1024 {
        return format!("{count} bytes");
    }
    let (mut size, mut unit) = (count as f64 / 1024.0, 0);
    while size >= 1024.0 && unit + 1 < UNITS.len() {
        size /= 1024.0;
        unit += 1;
    }
    format!("{size:.1} {}", UNITS[unit])
}

#[cfg(test)]
mod tests {
    #[test]
    fn sizes_read_well() {
        for (count, shown) in
            [(0, "0 bytes"), (1023, "1023 bytes"), (1024, "1.0 KB"), (10 << 20, "10.0 MB"), (1 << 50, "1024.0 TB")]
        {
            assert_eq!(super::bytes(count), shown);
        }
    }
}
