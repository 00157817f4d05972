//! Takes a session's things away, in reverse, then whatever else is in its account, and proves by listing that nothing is left.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::EngineError;
use super::content::Content;
use super::journal::Journal;
use super::provision::absent;
use crate::cloud::objects::Address;
use crate::cloud::sdk::Sdk;
use crate::cloud::{CallError, Cloud};
use crate::lab::file::Create;
use crate::lab::template::{Context, fill};

/// What an account can hold: how it is listed, and under which member things have their names (empty where they are names themselves).
struct Listing {
    what: &'static str,
    service: &'static str,
    operation: &'static str,
    input: &'static str,
    items: &'static str,
    name: &'static str,
}

const CRAWLERS: Listing =
    Listing { what: "glue crawlers", service: "glue", operation: "ListCrawlers", input: "{}", items: "CrawlerNames", name: "" };

/// In the order of deletion: what uses others comes first.
const LISTINGS: [Listing; 10] = [
    Listing { what: "glue jobs", service: "glue", operation: "GetJobs", input: "{}", items: "Jobs", name: "Name" },
    CRAWLERS,
    // Their names are under the member for their kind.
    Listing {
        what: "glue classifiers",
        service: "glue",
        operation: "GetClassifiers",
        input: "{}",
        items: "Classifiers",
        name: "Name",
    },
    Listing {
        what: "glue databases",
        service: "glue",
        operation: "GetDatabases",
        input: "{}",
        items: "DatabaseList",
        name: "Name",
    },
    Listing { what: "iam roles", service: "iam", operation: "ListRoles", input: "{}", items: "Roles", name: "RoleName" },
    Listing {
        what: "iam policies",
        service: "iam",
        operation: "ListPolicies",
        input: r#"{"Scope":"Local"}"#,
        items: "Policies",
        name: "Arn",
    },
    Listing { what: "s3 buckets", service: "s3", operation: "ListBuckets", input: "{}", items: "Buckets", name: "Name" },
    Listing {
        what: "log groups",
        service: "logs",
        operation: "DescribeLogGroups",
        input: "{}",
        items: "logGroups",
        name: "logGroupName",
    },
    Listing {
        what: "athena workgroups",
        service: "athena",
        operation: "ListWorkGroups",
        input: "{}",
        items: "WorkGroups",
        name: "Name",
    },
    // Without MaxResults there is no second page.
    Listing {
        what: "sqs queues",
        service: "sqs",
        operation: "ListQueues",
        input: r#"{"MaxResults":1000}"#,
        items: "QueueUrls",
        name: "",
    },
];

/// What every account has and nobody can delete.
const ALWAYS: [(&str, &str); 1] = [("athena workgroups", "primary")];

/// The proof: every listing with its count, and what refused to go.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Receipt {
    pub counts: Vec<(String, usize)>,
    /// What is left, by name.
    pub left: Vec<String>,
    pub refused: Vec<String>,
}

/// Undoes the journal, then empties the account, then lists.
pub(crate) async fn teardown(
    content: Option<&Content>,
    cloud: &Cloud,
    journal: &Journal,
    variables: &Context,
) -> Result<Receipt, EngineError> {
    let account = Account { cloud, sdk: cloud.sdk().await };
    let mut refused = Vec::new();
    account.stop_runs().await?;
    account.stop_crawlers().await?;
    for number in journal.backwards() {
        let setup = content.and_then(|content| content.lab.setup.get(number));
        if let Some(setup) = setup {
            // What refuses here gets a second chance below, without what hung on it.
            let _ = settle(account.undo(&setup.create, variables).await)?;
        }
    }
    for listing in &LISTINGS {
        for name in account.list(listing).await? {
            if let Some(reason) = settle(account.remove(listing, &name).await)? {
                refused.push(format!("{} `{name}`: {reason}", listing.what));
            }
        }
    }
    account.receipt(refused).await
}

/// A refusal is kept as its reason; silence ends the teardown, to be taken up again.
fn settle(result: Result<(), CallError>) -> Result<Option<String>, EngineError> {
    match result {
        Ok(()) => Ok(None),
        Err(error) if error.is_absent() => Ok(None),
        Err(CallError::Refused { code, message, .. }) => Ok(Some(format!("{code}: {message}"))),
        Err(error) => Err(error.into()),
    }
}

struct Account<'a> {
    cloud: &'a Cloud,
    sdk: Sdk,
}

impl Account<'_> {
    async fn call(&self, service: &str, operation: &str, input: Value) -> Result<Value, CallError> {
        self.cloud.call(service, operation, input).await
    }

    async fn undo(&self, create: &Create, variables: &Context) -> Result<(), CallError> {
        match create {
            Create::Bucket { bucket } => self.remove_bucket(&bucket.render(variables)).await,
            Create::Object { bucket, key, .. } => {
                let address = Address { bucket: bucket.render(variables), key: key.render(variables) };
                self.sdk.delete(&address).await
            }
            Create::Database { name } => {
                absent(self.call("glue", "DeleteDatabase", json!({ "Name": name.render(variables) })).await)
            }
            Create::Job { with } => {
                let name = fill(&with.json(), variables)["Name"].clone();
                absent(self.call("glue", "DeleteJob", json!({ "JobName": name })).await)
            }
            Create::Call { undo: Some(undo), .. } => {
                absent(self.call(&undo.service, &undo.operation, fill(&undo.with.json(), variables)).await)
            }
            Create::Call { undo: None, .. } => Ok(()),
        }
    }

    /// Names of what a listing lists, over all its pages.
    async fn list(&self, listing: &Listing) -> Result<Vec<String>, CallError> {
        let mut input: Value = serde_json::from_str(listing.input).unwrap_or_else(|_| json!({}));
        let mut names = Vec::new();
        loop {
            let page = match self.call(listing.service, listing.operation, input.clone()).await {
                // What the emulator doesn't have yet, nobody can have made.
                Err(error) if error.code() == Some("NotImplemented") => return Ok(names),
                other => other?,
            };
            let name = |item: &Value| {
                let within = || item.as_object()?.values().find_map(|one| one[listing.name].as_str());
                item.as_str().or_else(|| item[listing.name].as_str()).or_else(within).map(str::to_owned)
            };
            let found = page[listing.items].as_array().into_iter().flatten().filter_map(name);
            names.extend(found.filter(|name| !ALWAYS.contains(&(listing.what, name.as_str()))));
            let pairs = [
                ("NextToken", "NextToken"),
                ("nextToken", "nextToken"),
                ("Marker", "Marker"),
                ("ContinuationToken", "ContinuationToken"),
            ];
            let next = pairs.iter().find_map(|(out, into)| Some((*into, page[*out].as_str()?.to_owned())));
            match next {
                Some((into, token)) if !token.is_empty() => input[into] = json!(token),
                _ => return Ok(names),
            }
        }
    }

    async fn remove(&self, listing: &Listing, name: &str) -> Result<(), CallError> {
        let (service, operation, input) = match listing.what {
            "s3 buckets" => return self.remove_bucket(name).await,
            "iam roles" => return self.remove_role(name).await,
            "iam policies" => ("iam", "DeletePolicy", json!({ "PolicyArn": name })),
            "glue jobs" => ("glue", "DeleteJob", json!({ "JobName": name })),
            "glue crawlers" => ("glue", "DeleteCrawler", json!({ "Name": name })),
            "glue classifiers" => ("glue", "DeleteClassifier", json!({ "Name": name })),
            "glue databases" => ("glue", "DeleteDatabase", json!({ "Name": name })),
            "athena workgroups" => ("athena", "DeleteWorkGroup", json!({ "WorkGroup": name, "RecursiveDeleteOption": true })),
            "sqs queues" => ("sqs", "DeleteQueue", json!({ "QueueUrl": name })),
            _ => ("logs", "DeleteLogGroup", json!({ "logGroupName": name })),
        };
        absent(self.call(service, operation, input).await)
    }

    async fn remove_bucket(&self, bucket: &str) -> Result<(), CallError> {
        let all = Address { bucket: bucket.to_owned(), key: String::new() };
        self.sdk.delete_under(&all).await?;
        let uploads = self.call("s3", "ListMultipartUploads", json!({ "Bucket": bucket })).await?;
        for upload in uploads["Uploads"].as_array().into_iter().flatten() {
            let input = json!({ "Bucket": bucket, "Key": upload["Key"], "UploadId": upload["UploadId"] });
            absent(self.call("s3", "AbortMultipartUpload", input).await)?;
        }
        absent(self.call("s3", "DeleteBucket", json!({ "Bucket": bucket })).await)
    }

    /// A role goes only when nothing hangs on it.
    async fn remove_role(&self, role: &str) -> Result<(), CallError> {
        let input = json!({ "RoleName": role });
        let attached = self.call("iam", "ListAttachedRolePolicies", input.clone()).await?;
        for policy in attached["AttachedPolicies"].as_array().into_iter().flatten() {
            let input = json!({ "RoleName": role, "PolicyArn": policy["PolicyArn"] });
            absent(self.call("iam", "DetachRolePolicy", input).await)?;
        }
        let inline = self.call("iam", "ListRolePolicies", input.clone()).await?;
        for name in inline["PolicyNames"].as_array().into_iter().flatten() {
            let input = json!({ "RoleName": role, "PolicyName": name });
            absent(self.call("iam", "DeleteRolePolicy", input).await)?;
        }
        absent(self.call("iam", "DeleteRole", input).await)
    }

    /// Nothing may write while things are taken away.
    async fn stop_runs(&self) -> Result<(), CallError> {
        let began = Instant::now();
        loop {
            let mut running = 0;
            for job in self.list(&LISTINGS[0]).await? {
                let runs = self.call("glue", "GetJobRuns", json!({ "JobName": job })).await?;
                let state = |run: &Value, states: &[&str]| run["JobRunState"].as_str().is_some_and(|it| states.contains(&it));
                let runs = runs["JobRuns"].as_array().cloned().unwrap_or_default();
                running += runs.iter().filter(|run| state(run, &["WAITING", "STARTING", "RUNNING", "STOPPING"])).count();
                let ids: Vec<&Value> =
                    runs.iter().filter(|run| state(run, &["WAITING", "STARTING", "RUNNING"])).map(|run| &run["Id"]).collect();
                if !ids.is_empty() {
                    self.call("glue", "BatchStopJobRun", json!({ "JobName": job, "JobRunIds": ids })).await?;
                }
            }
            if running == 0 || began.elapsed() > Duration::from_secs(30) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// A crawler that runs can't be deleted, and a schedule would start it again.
    async fn stop_crawlers(&self) -> Result<(), CallError> {
        let began = Instant::now();
        loop {
            let mut running = 0;
            for name in self.list(&CRAWLERS).await? {
                let crawler = self.call("glue", "GetCrawler", json!({ "Name": name })).await?;
                if crawler["Crawler"]["Schedule"]["State"] == "SCHEDULED" {
                    self.call("glue", "StopCrawlerSchedule", json!({ "CrawlerName": name })).await?;
                }
                match crawler["Crawler"]["State"].as_str() {
                    // It may come to its end by itself meanwhile.
                    Some("RUNNING") => drop(settle(self.call("glue", "StopCrawler", json!({ "Name": name })).await.map(drop))),
                    Some("STOPPING") => {}
                    _ => continue,
                }
                running += 1;
            }
            if running == 0 || began.elapsed() > Duration::from_secs(30) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    async fn receipt(&self, refused: Vec<String>) -> Result<Receipt, EngineError> {
        let mut receipt = Receipt { refused, ..Receipt::default() };
        for listing in &LISTINGS {
            let names = self.list(listing).await?;
            receipt.counts.push((listing.what.to_owned(), names.len()));
            receipt.left.extend(names.into_iter().map(|name| format!("{} `{name}`", listing.what)));
        }
        Ok(receipt)
    }
}
