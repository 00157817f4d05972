//! The labs: none has a fault, and each is proved, red untouched, green by its solution, every mutant caught.

use std::collections::BTreeSet;

use crate::support::{Background, Home, heavy, learner, root, spark};

/// What is in the repository.
fn folders(of: &str) -> BTreeSet<String> {
    let entries = std::fs::read_dir(root().join(of)).expect("the folder").flatten();
    let folders = entries.filter(|entry| entry.path().is_dir());
    folders.map(|entry| entry.file_name().into_string().expect("a plain name")).collect()
}

#[test]
fn all_are_embedded_and_without_faults() {
    let home = Home::bare();
    let labs = folders("labs");
    assert_eq!(labs, folders("solutions"), "a lab and its solution have the same name");
    let listed = home.run(&["list", "--format", "json"]);
    let listed: serde_json::Value = serde_json::from_str(&listed.stdout).unwrap_or_else(|_| panic!("{}", listed.said()));
    let ids: BTreeSet<String> =
        listed.as_array().expect("a list").iter().map(|lab| lab["id"].as_str().expect("an id").to_owned()).collect();
    assert_eq!(ids, labs);
    for lab in labs {
        // Once as it is embedded, once as it lies in the repository.
        for place in [lab.clone(), root().join("labs").join(&lab).display().to_string()] {
            let linted = home.run(&["lint", &place]);
            assert_eq!(linted.code, Some(0), "{place}: {}", linted.said());
        }
    }
}

#[test]
fn each_is_proved() {
    learner();
    spark();
    let _turn = heavy();
    let emulator = Background::of(Home::new());
    for lab in folders("labs") {
        let proved = emulator.home.run(&["test", &lab]);
        assert_eq!(proved.code, Some(0), "{lab}: {}", proved.said());
        assert!(proved.stdout.starts_with(&format!("{lab}: grader strength ")), "{}", proved.said());
    }
}
