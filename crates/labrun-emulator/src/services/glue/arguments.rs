//! Job arguments that Glue itself consumes. Source: Glue Developer Guide, "Using job parameters in AWS Glue jobs".
//!
//! Each is honored, accepted because it changes nothing that a run does (and the run's log says so), or refused by name.

use std::collections::BTreeMap;

use labrun_wire::{AwsError, AwsResult};

use super::error;

pub(super) type Arguments = BTreeMap<String, String>;

/// Honored by the run.
const HONORED: &[&str] =
    &["--job-bookmark-option", "--job-bookmark-from", "--job-bookmark-to", "--TempDir", "--conf", "--job-language"];

/// Observability: what a run computes is the same with it and without. Switched on, the run's log says that nothing comes of it yet.
const OBSERVING: &[&str] = &[
    "--enable-metrics",
    "--enable-observability-metrics",
    "--enable-spark-ui",
    "--spark-event-logs-path",
    "--enable-continuous-cloudwatch-log",
    "--enable-continuous-log-filter",
    "--continuous-log-logGroup",
    "--continuous-log-logStreamPrefix",
    "--continuous-log-conversionPattern",
    "--enable-job-insights",
    "--enable-glue-datacatalog",
    "--enable-s3-parquet-optimized-committer",
    "--enable-rename-algorithm-v2",
];

/// Consumed by Glue, not built: refused unless off.
const REFUSED: &[&str] = &[
    "--additional-python-modules",
    "--class",
    "--datalake-formats",
    "--disable-proxy-v2",
    "--enable-auto-scaling",
    "--enable-lakeformation-fine-grained-access",
    "--extra-files",
    "--extra-jars",
    "--extra-py-files",
    "--number-of-autoscaling-workers",
    "--python-modules-installer-option",
    "--scriptLocation",
    "--use-postgres-driver",
    "--user-jars-first",
    "--custom-logGroup-prefix",
    "--custom-logStream-prefix",
    "--write-shuffle-files-to-s3",
    "--write-shuffle-spills-to-s3",
];

/// Set by Glue itself.
const INTERNAL: &[&str] =
    &["--JOB_NAME", "--JOB_ID", "--JOB_RUN_ID", "--debug", "--mode", "--SECURITY_CONFIGURATION", "--encryption-type"];

/// Refuses what a run could not honor.
pub(super) fn check(arguments: &Arguments) -> AwsResult<()> {
    arguments.iter().try_for_each(|(name, value)| check_one(name, value))
}

fn check_one(name: &str, value: &str) -> AwsResult<()> {
    let off = value.is_empty() || value.eq_ignore_ascii_case("false");
    if REFUSED.contains(&name) && !off {
        return Err(AwsError::not_implemented(format_args!("the job argument {name} (it was {value:?})")));
    }
    if INTERNAL.contains(&name) {
        return Err(error::invalid_input(format!("The argument {name} is internal to AWS Glue. Do not set it.")));
    }
    match (name, value) {
        ("--job-language", "" | "python") => Ok(()),
        ("--job-language", other) => Err(AwsError::not_implemented(format_args!("jobs in {other}"))),
        ("--job-bookmark-option", "job-bookmark-enable" | "job-bookmark-disable" | "job-bookmark-pause") => Ok(()),
        ("--job-bookmark-option", other) => Err(error::invalid_input(format!(
            "Invalid value {other} for --job-bookmark-option. It must be job-bookmark-enable, job-bookmark-disable or job-bookmark-pause."
        ))),
        ("--conf", conf) => spark_conf(conf).map(drop),
        _ => Ok(()),
    }
}

/// What a run gets: the job's own arguments, overridden by the run's, overridden by those that can't be.
pub(super) fn merge(defaults: &Arguments, run: &Arguments, fixed: &Arguments) -> Arguments {
    let mut merged = defaults.clone();
    merged.extend(run.clone());
    merged.extend(fixed.clone());
    merged
}

/// `k=v --conf k2=v2`, as the guide's example chains them.
pub(super) fn spark_conf(text: &str) -> AwsResult<BTreeMap<String, String>> {
    let settings = text.split("--conf").map(str::trim).filter(|setting| !setting.is_empty());
    settings
        .map(|setting| match setting.split_once('=') {
            Some((key, value)) if !key.contains(' ') => Ok((key.to_owned(), value.trim_matches('"').to_owned())),
            _ => Err(error::invalid_input(format!("--conf takes key=value, chained by --conf; it was {setting:?}"))),
        })
        .collect()
}

/// Names of accepted arguments that do nothing here, for the run's log.
pub(super) fn idle(arguments: &Arguments) -> Vec<&str> {
    let on = |value: &String| !value.eq_ignore_ascii_case("false");
    let found = arguments.iter().filter(|(name, value)| OBSERVING.contains(&name.as_str()) && on(value));
    found.map(|(name, _)| name.as_str()).collect()
}

/// The command line of the script: what it may ask `getResolvedOptions` for.
pub(super) fn command_line(arguments: &Arguments, job: &str, run: &str) -> Vec<String> {
    let mut line: Vec<String> = ["--JOB_NAME", job, "--JOB_RUN_ID", run, "--JOB_ID", job].map(str::to_owned).into();
    for (name, value) in arguments.iter().filter(|(name, _)| name.as_str() != "--conf") {
        line.push(name.clone());
        if !value.is_empty() || !is_special(name) {
            line.push(value.clone());
        }
    }
    line
}

fn is_special(name: &str) -> bool {
    HONORED.contains(&name) || OBSERVING.contains(&name) || REFUSED.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_pasted_call_carries_is_accepted() {
        for (name, value) in
            [("--enable-metrics", ""), ("--enable-auto-scaling", "false"), ("--job-language", "python"), ("--day", "x")]
        {
            assert_eq!(check_one(name, value), Ok(()), "{name}");
        }
    }

    #[test]
    fn what_a_run_could_not_honor_is_refused_by_name() {
        let code = |name, value| check_one(name, value).unwrap_err().code;
        assert_eq!(code("--extra-py-files", "s3://b/x.zip"), "NotImplemented");
        assert_eq!(code("--job-language", "scala"), "NotImplemented");
        assert_eq!(code("--job-bookmark-option", "enable"), "InvalidInputException");
        assert_eq!(code("--JOB_NAME", "x"), "InvalidInputException");
    }

    #[test]
    fn spark_settings_chain() {
        let conf = spark_conf("spark.a=1 --conf spark.b=x=y").unwrap();
        assert_eq!(conf.into_iter().collect::<Vec<_>>(), [("spark.a".into(), "1".into()), ("spark.b".into(), "x=y".into())]);
        assert!(spark_conf("spark.a 1").is_err());
    }
}
