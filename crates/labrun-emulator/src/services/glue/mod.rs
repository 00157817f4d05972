//! AWS Glue: Spark ETL jobs in Python, their runs, which really run, and their bookmarks; the Data Catalog.
//!
//! Not here: Scala, streaming, Ray and Python shell jobs, connections, triggers, workflows, crawlers, data quality, ML. They are
//! refused by name. What a run does is the script's business: it runs on the Spark engine, contained, as its role.

mod arguments;
mod bookmark;
mod capacity;
mod error;
mod execute;
mod job;
mod log;
mod run;
mod tag;

use crate::registry::Service;

pub(super) fn service() -> Service {
    Service::new("glue")
        .op("CreateJob", job::create)
        .op("UpdateJob", job::update)
        .op("DeleteJob", job::delete)
        .read("GetJob", job::get)
        .read("GetJobs", job::list)
        .read("ListJobs", job::names)
        .read("BatchGetJobs", job::batch_get)
        .op("StartJobRun", run::start)
        .op("BatchStopJobRun", run::batch_stop)
        .read("GetJobRun", run::get)
        .read("GetJobRuns", run::list)
        .read("GetJobBookmark", bookmark::get)
        .op("ResetJobBookmark", bookmark::reset)
        .task("Execute", execute::execute)
        .echoed(&["CreateJob.Description", "CreateJob.LogUri", "UpdateJob.JobUpdate.Description", "UpdateJob.JobUpdate.LogUri"])
}
