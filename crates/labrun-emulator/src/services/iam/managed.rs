//! AWS-managed policies that labs meet: AWS's own documents, word for word, in `managed/`.
//!
//! Source: AWS Managed Policy Reference Guide (docs.aws.amazon.com/aws-managed-policy), read 2025; ids and times as GetPolicy gives
//! them. AWS has more than a thousand others: they exist, so they are refused by name, never as "not found".

use labrun_wire::{AwsError, AwsResult, time};

use super::policy::Policy;

struct Managed {
    name: &'static str,
    path: &'static str,
    id: &'static str,
    description: &'static str,
    created: &'static str,
    updated: &'static str,
    version: &'static str,
    document: &'static str,
}

const MANAGED: [Managed; 6] = [
    Managed {
        name: "AdministratorAccess",
        path: "/",
        id: "ANPAIWMBCKSKIEE64ZLYK",
        description: "Provides full access to AWS services and resources.",
        created: "2015-02-06T18:39:46Z",
        updated: "2015-02-06T18:39:46Z",
        version: "v1",
        document: include_str!("managed/AdministratorAccess.json"),
    },
    Managed {
        name: "AmazonS3FullAccess",
        path: "/",
        id: "ANPAIFIR6V6BVTRAHWINE",
        description: "Provides full access to all buckets via the AWS Management Console.",
        created: "2015-02-06T18:40:58Z",
        updated: "2021-09-27T20:16:37Z",
        version: "v2",
        document: include_str!("managed/AmazonS3FullAccess.json"),
    },
    Managed {
        name: "AmazonS3ReadOnlyAccess",
        path: "/",
        id: "ANPAIZTJ4DXE7G6AGAE6M",
        description: "Provides read only access to all buckets via the AWS Management Console.",
        created: "2015-02-06T18:40:59Z",
        updated: "2023-08-10T21:31:39Z",
        version: "v3",
        document: include_str!("managed/AmazonS3ReadOnlyAccess.json"),
    },
    Managed {
        name: "CloudWatchLogsFullAccess",
        path: "/",
        id: "ANPAJ3ZGNWK2R5HW5BQFO",
        description: "Provides full access to CloudWatch Logs",
        created: "2015-02-06T18:40:02Z",
        updated: "2025-05-20T17:07:06Z",
        version: "v3",
        document: include_str!("managed/CloudWatchLogsFullAccess.json"),
    },
    Managed {
        name: "AWSGlueServiceRole",
        path: "/service-role/",
        // Ours: AWS's id of this one could not be sourced.
        id: "ANPALABRUNGLUESERVICE",
        description: "Policy for AWS Glue service role which allows access to related services including EC2, S3, and \
                      Cloudwatch Logs",
        created: "2017-08-14T13:37:00Z",
        updated: "2023-09-11T16:39:47Z",
        version: "v5",
        document: include_str!("managed/AWSGlueServiceRole.json"),
    },
    Managed {
        name: "AWSLambdaBasicExecutionRole",
        path: "/service-role/",
        id: "ANPAJNCQGXC42545SKXIK",
        description: "Provides write permissions to CloudWatch Logs.",
        created: "2015-04-09T15:03:43Z",
        updated: "2015-04-09T15:03:43Z",
        version: "v1",
        document: include_str!("managed/AWSLambdaBasicExecutionRole.json"),
    },
];

impl Managed {
    fn arn(&self) -> String {
        format!("arn:aws:iam::aws:policy{}{}", self.path, self.name)
    }

    fn policy(&self) -> Policy {
        let moment = |text| time::parse_iso8601(text).unwrap_or_default();
        Policy {
            name: self.name.to_owned(),
            path: self.path.to_owned(),
            id: self.id.to_owned(),
            arn: self.arn(),
            version: self.version.to_owned(),
            document: self.document.to_owned(),
            description: Some(self.description.to_owned()),
            created: moment(self.created),
            updated: moment(self.updated),
            tags: Vec::new(),
        }
    }
}

pub(super) fn all() -> impl Iterator<Item = Policy> {
    MANAGED.iter().map(Managed::policy)
}

/// The AWS-managed policy of this ARN; none where the path is wrong for a policy that is here.
pub(super) fn find(arn: &str, name: &str) -> AwsResult<Option<Policy>> {
    match MANAGED.iter().find(|managed| managed.name == name) {
        Some(managed) => Ok(Some(managed).filter(|managed| managed.arn() == arn).map(Managed::policy)),
        None => {
            let here: Vec<&str> = MANAGED.iter().map(|managed| managed.name).collect();
            Err(AwsError::not_implemented(format_args!(
                "the AWS-managed policy {arn}, if there is one (of AWS's it has {})",
                here.join(", ")
            )))
        }
    }
}

/// Earlier versions of AWS's policies exist, but are not here.
pub(super) fn check_version(policy: &Policy, version: &str) -> AwsResult<()> {
    let number = |text: &str| text.trim_start_matches('v').parse::<u32>().unwrap_or_default();
    let earlier = (1..number(&policy.version)).contains(&number(version));
    if policy.arn.starts_with("arn:aws:iam::aws:") && earlier {
        return Err(AwsError::not_implemented(format_args!(
            "version {version} of {}: it has the default version alone",
            policy.arn
        )));
    }
    Ok(())
}
