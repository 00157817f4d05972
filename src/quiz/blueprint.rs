//! What the exam guide asks for: tasks and skills of DEA-C01's domain 3, and the topics that the banks must cover.
//!
//! Source: AWS Certified Data Engineer - Associate exam guide, version 1.1. The guide weighs domains only; inside one, every skill
//! weighs the same here.

/// The version of the guide that skills are numbered by.
pub(crate) const GUIDE: &str = "1.1";
pub(crate) const EXAM: &str = "DEA-C01";

/// A skill of the guide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Skill {
    pub id: &'static str,
    pub name: &'static str,
}

/// A row of the coverage table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Topic {
    pub id: &'static str,
    pub name: &'static str,
    /// How many items there must be.
    pub least: usize,
}

pub(crate) const SKILLS: [Skill; 28] = [
    skill("3.1.1", "orchestrate data pipelines"),
    skill("3.1.2", "troubleshoot managed workflows"),
    skill("3.1.3", "call SDKs to reach AWS from code"),
    skill("3.1.4", "process data with EMR, Redshift, Glue"),
    skill("3.1.5", "consume and maintain data APIs"),
    skill("3.1.6", "prepare data for transformation"),
    skill("3.1.7", "query data with Athena"),
    skill("3.1.8", "automate processing with Lambda"),
    skill("3.1.9", "manage events and schedulers"),
    skill("3.2.1", "visualize data"),
    skill("3.2.2", "verify and clean data"),
    skill("3.2.3", "query with SQL, create views"),
    skill("3.2.4", "explore with Athena Spark notebooks"),
    skill("3.2.5", "weigh provisioned against serverless"),
    skill("3.2.6", "aggregate, group, pivot"),
    skill("3.3.1", "extract logs for audits"),
    skill("3.3.2", "deploy logging for traceability"),
    skill("3.3.3", "send alerts"),
    skill("3.3.4", "troubleshoot performance"),
    skill("3.3.5", "track API calls with CloudTrail"),
    skill("3.3.6", "maintain and repair pipelines"),
    skill("3.3.7", "log to CloudWatch Logs, automated"),
    skill("3.3.8", "analyze logs"),
    skill("3.4.1", "check quality while processing"),
    skill("3.4.2", "define quality rules"),
    skill("3.4.3", "investigate consistency"),
    skill("3.4.4", "sample data"),
    skill("3.4.5", "handle data skew"),
];

pub(crate) const TOPICS: [Topic; 51] = [
    topic("glue-bookmarks", "Glue bookmarks"),
    topic("glue-workflows", "Glue workflows and triggers"),
    topic("monitoring", "Robust monitoring: CloudWatch, alarms"),
    topic("emr-large", "EMR for large Spark and Hadoop work"),
    topic("emr-not-small", "EMR: not for small work"),
    topic("schema-changes", "Schema changes"),
    topic("resource-limits", "Resource limits"),
    topic("lambda-light", "Lambda for light event-driven work"),
    topic("lambda-limits", "Lambda: 15 minutes, 6 MB, memory"),
    topic("lambda-not-large", "Lambda: not for large transformations"),
    topic("redshift-data-api", "Redshift Data API"),
    topic("redshift-data-api-not", "Redshift Data API: not for frequent real-time queries; query editor, Athena"),
    topic("glue-api", "Glue API and boto3"),
    topic("scripting-emr", "Scripting in EMR: Spark, Hadoop, Presto, Hive"),
    topic("scripting-glue", "Scripting in Glue: Python, Scala"),
    topic("scripting-redshift", "Scripting in Redshift: SQL, stored procedures"),
    topic("emr-scaling", "EMR scaling, spot, instance fleets"),
    topic("glue-sessions", "Glue interactive sessions and development endpoints"),
    topic("managed-vs-serverless", "Managed against serverless cost, reserved capacity"),
    topic("mwaa", "MWAA: environments, DAGs, roles, logs, retries"),
    topic("step-functions", "Step Functions: .sync, retry, catch"),
    topic("credentials", "Wrong credentials and roles"),
    topic("glue-redshift", "Glue to Redshift"),
    topic("glue-memory", "Glue memory limits and DPUs"),
    topic("api-gateway", "API Gateway with Lambda and DynamoDB, throttling, WAF"),
    topic("athena-ddl", "Athena DDL, poorly formatted data"),
    topic("athena-formats", "Athena formats, partitions"),
    topic("databrew", "DataBrew recipes, profiles"),
    topic("s3-triggers", "S3 triggers, payload limits"),
    topic("eventbridge-schedules", "EventBridge schedules, time zones"),
    topic("eventbridge-patterns", "EventBridge patterns, targets, dead-letter queues"),
    further("sdk", "AWS SDKs: pages, retries, waiters"),
    further("data-preparation", "SageMaker Unified Studio, Data Wrangler"),
    further("visualize", "Visualizing"),
    further("clean-data", "Verifying and cleaning"),
    further("sql-views", "SQL and views"),
    further("athena-spark", "Athena notebooks on Spark"),
    further("aggregation", "Aggregation, grouping, pivot"),
    further("audit-logs", "Logs for audits"),
    further("traceability", "Traceability"),
    further("alerts", "Alerts"),
    further("performance", "Performance"),
    further("cloudtrail", "CloudTrail"),
    further("pipeline-repair", "Repairing pipelines"),
    further("logs-automation", "CloudWatch Logs, automated"),
    further("log-analysis", "Log analysis"),
    further("quality-checks", "Quality checks while processing"),
    further("quality-rules", "Quality rules"),
    further("consistency", "Consistency"),
    further("sampling", "Sampling"),
    further("skew", "Data skew"),
];

const fn skill(id: &'static str, name: &'static str) -> Skill {
    Skill { id, name }
}

/// A knowledge point, antipattern, cost trade-off or pitfall of task 3.1.
const fn topic(id: &'static str, name: &'static str) -> Topic {
    Topic { id, name, least: 5 }
}

/// Another topic, of which some item must speak.
const fn further(id: &'static str, name: &'static str) -> Topic {
    Topic { id, name, least: 1 }
}

pub(crate) fn skill_named(id: &str) -> Option<&'static Skill> {
    SKILLS.iter().find(|skill| skill.id == id)
}

/// Skills of a task (`3.1`), of a domain (`3`), or the one skill that is named.
pub(crate) fn skills_of(prefix: &str) -> impl Iterator<Item = &'static Skill> {
    SKILLS
        .iter()
        .filter(move |skill| skill.id == prefix || skill.id.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('.')))
}
