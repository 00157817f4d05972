//! Glue runs that really run: PySpark in contained processes, judged by boto3.

use crate::support::{Emulator, Script, heavy, judge, learner, python, spark};

fn run(name: &str) {
    spark();
    let _turn = heavy();
    let emulator = Emulator::start();
    let sandbox = emulator.sandbox("judged");
    judge(&emulator, &sandbox, Script { folder: "jobs", name, python: &python(&learner()) });
}

#[test]
fn life() {
    run("life");
}

#[test]
fn bookmarks() {
    run("bookmarks");
}
