//! The coverage table, `docs/coverage.md`: skills and topics against items and labs.

use std::fmt::Write as _;

use super::bank::Item;
use super::blueprint::{SKILLS, TOPICS};
use super::library::Library;

/// Markdown. `labs` has ids with their skills.
pub(crate) fn table(library: &Library, labs: &[(String, Vec<String>)]) -> String {
    let items = library.items();
    let mut table = String::from(
        "# Coverage\n\nWritten by `labrun lint --coverage docs/coverage.md`; a test holds it. Skills are numbered by the exam guide of DEA-C01, version 1.1.\n",
    );
    table.push_str("\n## Skills\n\n| Skill | | Items | for the exam | Labs |\n|---|---|---|---|---|\n");
    for skill in SKILLS {
        let own: Vec<&&Item> = items.iter().filter(|item| item.skill.value == skill.id).collect();
        let examinable = own.iter().filter(|item| item.examinable()).count();
        let labs: Vec<&str> =
            labs.iter().filter(|(_, skills)| skills.iter().any(|own| own == skill.id)).map(|(id, _)| id.as_str()).collect();
        line(&mut table, &[skill.id, skill.name, &own.len().to_string(), &examinable.to_string(), &labs.join(", ")]);
    }
    table.push_str("\n## Topics\n\n| Topic | | Items | at least | Lab checks |\n|---|---|---|---|---|\n");
    for topic in TOPICS {
        let own: Vec<&&Item> = items.iter().filter(|item| item.topics.iter().any(|named| named.value == topic.id)).collect();
        let mut checks: Vec<&str> = own.iter().filter_map(|item| item.lab.as_ref()).map(|lab| lab.value.as_str()).collect();
        checks.sort_unstable();
        checks.dedup();
        line(&mut table, &[topic.id, topic.name, &own.len().to_string(), &topic.least.to_string(), &checks.join(", ")]);
    }
    table
}

fn line(table: &mut String, cells: &[&str]) {
    // Writing to a string succeeds.
    let _ok = writeln!(table, "| {} |", cells.join(" | "));
}
