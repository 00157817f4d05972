//! Amazon Athena: workgroups, statements that really run, their results in S3, named queries and prepared statements.
//!
//! A statement of the catalog (DDL, SHOW, DESCRIBE) is executed through Glue as its caller; SELECT, CTAS, INSERT and UNLOAD
//! are run by `labrun-sql` on the objects that its caller may read and write. EXPLAIN and DML on Iceberg are refused by name. So are
//! notebooks, sessions, capacity reservations, encryption of results, managed results, other data catalogs than Glue's, and result reuse.

mod catalog;
mod data;
mod ddl;
mod error;
mod execute;
mod glue;
mod lake;
mod metadata;
mod named;
mod prepared;
mod query;
mod result;
mod s3;
mod settings;
mod show;
mod store;
mod tag;
mod token;
mod work_group;

use crate::registry::Service;

pub(super) fn service() -> Service {
    saved(Service::new("athena"))
        .op("StartQueryExecution", query::start)
        .op("StopQueryExecution", query::stop)
        .read("GetQueryExecution", show::get)
        .read("BatchGetQueryExecution", show::batch_get)
        .read("ListQueryExecutions", show::list)
        .read("GetQueryRuntimeStatistics", show::runtime_statistics)
        .stream("GetQueryResults", result::get)
        .op("CreateWorkGroup", work_group::create)
        .read("GetWorkGroup", work_group::get)
        .read("ListWorkGroups", work_group::list)
        .op("UpdateWorkGroup", work_group::update)
        .op("DeleteWorkGroup", work_group::delete)
        .read("ListEngineVersions", settings::engine_versions)
        .task("Execute", execute::execute)
        .echoed(ECHOED)
}

/// Metrics come with CloudWatch; who pays for a request makes no difference to what it reads.
const ECHOED: &[&str] = &[
    "CreateWorkGroup.Configuration.PublishCloudWatchMetricsEnabled",
    "UpdateWorkGroup.ConfigurationUpdates.PublishCloudWatchMetricsEnabled",
    "CreateWorkGroup.Configuration.RequesterPaysEnabled",
    "UpdateWorkGroup.ConfigurationUpdates.RequesterPaysEnabled",
];

/// What is kept beside queries, and what is read of the catalog.
fn saved(service: Service) -> Service {
    service
        .op("CreateNamedQuery", named::create)
        .read("GetNamedQuery", named::get)
        .read("BatchGetNamedQuery", named::batch_get)
        .read("ListNamedQueries", named::list)
        .op("UpdateNamedQuery", named::update)
        .op("DeleteNamedQuery", named::delete)
        .op("CreatePreparedStatement", prepared::create)
        .read("GetPreparedStatement", prepared::get)
        .read("BatchGetPreparedStatement", prepared::batch_get)
        .read("ListPreparedStatements", prepared::list)
        .op("UpdatePreparedStatement", prepared::update)
        .op("DeletePreparedStatement", prepared::delete)
        .read("ListDataCatalogs", catalog::list)
        .read("GetDataCatalog", catalog::get)
        .read("ListDatabases", metadata::databases)
        .read("GetDatabase", metadata::database)
        .read("ListTableMetadata", metadata::tables)
        .read("GetTableMetadata", metadata::table)
        .op("TagResource", tag::tag)
        .op("UntagResource", tag::untag)
        .read("ListTagsForResource", tag::list)
}
