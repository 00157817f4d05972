//! Spark scripts both ways: on plain Spark over a folder, and as Glue jobs over `s3://`; what they leave must agree.
//!
//! The scripts, their input and the comparison are in `tests/spark`.

use crate::support::{Emulator, Script, heavy, judge, python, spark};

#[test]
fn plain_spark_and_glue_jobs_agree() {
    let set = spark();
    let _turn = heavy();
    let emulator = Emulator::start();
    let sandbox = emulator.sandbox("judged");
    judge(&emulator, &sandbox, Script { folder: "jobs", name: "both_ways", python: &python(&set) });
}
