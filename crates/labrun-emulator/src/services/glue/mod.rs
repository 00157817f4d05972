//! AWS Glue: Spark ETL jobs in Python, their runs, which really run, and their bookmarks; the Data Catalog; crawlers over S3, which
//! really read the files.
//!
//! Not here: Scala, streaming, Ray and Python shell jobs, connections, triggers, workflows, data quality, ML. They are refused
//! by name. What a run does is the script's business: it runs on the Spark engine, contained, as its role.

mod arguments;
mod bookmark;
mod capacity;
mod catalog;
mod classifier;
mod classify;
mod crawler;
mod database;
mod error;
mod execute;
mod expression;
mod job;
mod log;
mod partition;
mod partition_batch;
mod role;
mod run;
mod storage;
mod table;
mod tag;
mod version;

use crate::registry::Service;

pub(super) fn service() -> Service {
    crawler::operations(classifiers(catalog(Service::new("glue"))))
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
        .echoed(ECHOED)
}

/// What is only stored and returned. Of the catalog that is nearly everything: it is there for those who read the data.
const ECHOED: &[&str] = &[
    "CreateJob.Description",
    "CreateJob.LogUri",
    "UpdateJob.JobUpdate.Description",
    "UpdateJob.JobUpdate.LogUri",
    "CreateCrawler.Description",
    "UpdateCrawler.Description",
    "CreateDatabase.DatabaseInput",
    "UpdateDatabase.DatabaseInput",
    "CreateTable.TableInput",
    "UpdateTable.TableInput",
    "CreatePartition.PartitionInput",
    "UpdatePartition.PartitionInput",
    "BatchCreatePartition.PartitionInputList",
    "BatchUpdatePartition.Entries.PartitionInput",
];

/// Custom classifiers of crawlers.
fn classifiers(service: Service) -> Service {
    service
        .op("CreateClassifier", classifier::create)
        .read("GetClassifier", classifier::get)
        .read("GetClassifiers", classifier::list)
        .op("UpdateClassifier", classifier::update)
        .op("DeleteClassifier", classifier::delete)
}

/// The Data Catalog and tags.
fn catalog(service: Service) -> Service {
    service
        .op("CreateDatabase", database::create)
        .read("GetDatabase", database::get)
        .read("GetDatabases", database::list)
        .op("UpdateDatabase", database::update)
        .op("DeleteDatabase", database::delete)
        .op("CreateTable", table::create)
        .read("GetTable", table::get)
        .read("GetTables", table::list)
        .op("UpdateTable", table::update)
        .op("DeleteTable", table::delete)
        .op("BatchDeleteTable", table::batch_delete)
        .read("GetTableVersion", version::get)
        .read("GetTableVersions", version::list)
        .op("DeleteTableVersion", version::delete)
        .op("BatchDeleteTableVersion", version::batch_delete)
        .op("CreatePartition", partition::create)
        .read("GetPartition", partition::get)
        .read("GetPartitions", partition::list)
        .op("UpdatePartition", partition::update)
        .op("DeletePartition", partition::delete)
        .op("BatchCreatePartition", partition_batch::create)
        .op("BatchDeletePartition", partition_batch::delete)
        .read("BatchGetPartition", partition_batch::get)
        .op("BatchUpdatePartition", partition_batch::update)
        .op("TagResource", tag::tag)
        .op("UntagResource", tag::untag)
        .read("GetTags", tag::list)
}
