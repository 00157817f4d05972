//! The lab file, `lab.toml`, as types. `schema = 1`.
//!
//! ```toml
//! schema = 1
//! [lab]                                    # id, title, version, exam skills, minutes, clouds, needed requirement sets
//! [vars]                                   # values that names are made of; also variables of the learner's shell
//! bucket = "labrun-{{session}}"
//! [[setup]]                                # in order; undone in reverse
//! create = "s3.bucket"                     # typed: s3.bucket, s3.object, glue.database, glue.job
//! with = { bucket = "{{bucket}}" }
//! [[setup]]
//! call = "iam.CreateRole"                  # or any call, with what undoes it
//! with = { … }
//! undo = { call = "iam.DeleteRole", with = { … } }
//! bind = { role_arn = "Role.Arn" }         # a part of its answer becomes a variable
//! [[task]]
//! id = "remember"
//! [task.see]                               # what its checks look at, by name
//! job = { call = "glue.GetJob", with = { JobName = "{{job}}" } }      # an AWS error is bound as Error.Code, Error.Message
//! clean = { rows = "s3://{{bucket}}/clean/", format = "json" }        # rows (with _file, _modified), count, files
//! script = { text = "s3://{{bucket}}/job.py" }                        # for `because` only
//! mine = { find = "glue.GetJobs", items = "Jobs", where = "…" }       # what the learner made, whatever its name
//! [[task.check]]
//! id = "option"
//! points = 1
//! expect = { 'job.Job.DefaultArguments."--x"' = "y" }                 # JMESPath = value or part of it; or one JMESPath
//! let = { value = "…" }  bind = { target = "…" }  within = "20s"  only = "local"
//! probe = [ { put = "s3://…", file = "…" }, { run = "{{job}}", bind = "first" }, { see = "after", rows = "s3://…", format = "json" } ]
//! [[task.check.because]]                   # the first that fits is shown where the check is red
//! id = "pause"
//! when = "…"
//! say = "…"
//! [[task.hint]]                            # a ladder
//! text = "…"  cost = 1  after = { attempts = 2 }
//! ```
//! Reading is in `read`, meaning against the API models in `lint`.

use super::action::{Action, Call};
use super::template::{Expression, Template};
use crate::document::node::{Node, Text};

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Lab {
    pub id: Text,
    pub title: String,
    pub version: u64,
    pub skills: Vec<Text>,
    pub minutes: u64,
    pub ttl_millis: Option<u64>,
    pub clouds: Vec<CloudKind>,
    /// Requirement sets that `start` makes first.
    pub needs: Vec<Text>,
    pub ceiling_usd: Option<f64>,
    pub vars: Vec<(Text, Template)>,
    pub setup: Vec<Setup>,
    pub tasks: Vec<Task>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CloudKind {
    Local,
    Aws,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Setup {
    pub create: Create,
    /// What `start` counts this as.
    pub noun: Option<String>,
    /// Parts of the call's answer that become variables.
    pub bind: Vec<(Text, Expression)>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Create {
    Bucket {
        bucket: Template,
    },
    Object {
        bucket: Template,
        key: Template,
        file: Template,
    },
    Database {
        name: Template,
    },
    /// Members as CreateJob has them.
    Job {
        with: Node,
    },
    Call {
        call: Call,
        undo: Option<Call>,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Task {
    pub id: Text,
    pub title: String,
    pub brief: String,
    pub checks: Vec<Check>,
    pub hints: Vec<Hint>,
}

impl Task {
    pub(crate) fn points(&self) -> u64 {
        self.checks.iter().map(|check| check.points).sum()
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Check {
    pub id: Text,
    pub title: String,
    pub points: u64,
    pub only: Option<CloudKind>,
    pub within_millis: u64,
    /// The task's and the check's own.
    pub see: Vec<Sight>,
    pub lets: Vec<(Text, Expression)>,
    pub expect: Expect,
    /// What a green check makes known to later tasks.
    pub bind: Vec<(Text, Expression)>,
    pub probe: Vec<ProbeStep>,
    pub because: Vec<Because>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sight {
    pub name: Text,
    pub look: Look,
}

/// A way to look at the cloud without changing it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Look {
    Call(Call),
    Rows { from: Template, format: Format },
    Text { from: Template },
    Find { call: Call, items: Expression, fits: Option<Expression> },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub(crate) enum Format {
    Json,
    Csv,
    Parquet,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Expect {
    /// The expression must be true.
    Holds(Expression),
    /// Each expression must yield the value, or contain it where the value is a table.
    Yields(Vec<(Expression, Node)>),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ProbeStep {
    See(Sight),
    Act { action: Action, bind: Option<Text> },
}

/// Recognises a likely mistake and says what is wrong.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Because {
    pub id: Text,
    pub when: Expect,
    pub say: Template,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Hint {
    pub text: Template,
    pub cost: u64,
    /// Free after this many checks that left the task unfinished.
    pub after_attempts: Option<u64>,
}
