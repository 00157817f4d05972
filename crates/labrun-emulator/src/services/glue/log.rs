//! A run's output in CloudWatch Logs: stdout in `/aws-glue/jobs/output`, stderr in `/aws-glue/jobs/error`, one stream a run, named
//! by its id. Source: Glue Developer Guide, "Logging for AWS Glue jobs".

use std::time::Duration;

use labrun_wire::value::Map;
use labrun_wire::{AwsResult, Value};
use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};
use tokio::time::Instant;

use crate::gateway::body::Upload;
use crate::sandbox::Cx;

/// What both groups' names begin with.
pub(super) const PREFIX: &str = "/aws-glue/jobs";
pub(super) const OUTPUT: &str = "/aws-glue/jobs/output";
pub(super) const ERROR: &str = "/aws-glue/jobs/error";

/// How long lines are gathered before they are put.
const GATHER: Duration = Duration::from_millis(200);
/// Lines and bytes of one call, below the service's limits.
const LINES: usize = 1000;
const BYTES: usize = 512 * 1024;
/// A longer line is cut into events of this size (an event is at most 1 MiB).
const EVENT: usize = 128 * 1024;

/// One stream that a run writes to.
#[derive(Clone)]
pub(super) struct Stream {
    cx: Cx,
    group: &'static str,
    name: String,
}

impl Stream {
    /// Makes group and stream if they are not there.
    pub(super) async fn open(cx: &Cx, group: &'static str, name: &str) -> AwsResult<Self> {
        let stream = Stream { cx: cx.clone(), group, name: name.to_owned() };
        let there_is_fine = |outcome: AwsResult<Value>| match outcome {
            Err(fault) if fault.code == "ResourceAlreadyExistsException" => Ok(()),
            outcome => outcome.map(drop),
        };
        there_is_fine(stream.call("CreateLogGroup", &[("logGroupName", group.into())]).await)?;
        let names = [("logGroupName", group.into()), ("logStreamName", name.into())];
        there_is_fine(stream.call("CreateLogStream", &names).await)?;
        Ok(stream)
    }

    async fn call(&self, operation: &str, members: &[(&str, Value)]) -> AwsResult<Value> {
        let input: Map = members.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        self.cx.call("logs", operation, Value::Map(input), Upload::empty()).await.map(|(output, _)| output)
    }

    /// Puts lines, as of now.
    pub(super) async fn put(&self, lines: Vec<String>) -> AwsResult<()> {
        let now = self.cx.now().millis();
        let pieces = lines.iter().filter(|line| !line.is_empty()).flat_map(|line| cut(line));
        let events: Vec<Value> = pieces
            .map(|line| Value::Map(Map::from([("timestamp".to_owned(), now.into()), ("message".to_owned(), line.into())])))
            .collect();
        if events.is_empty() {
            return Ok(());
        }
        let members = [
            ("logGroupName", self.group.into()),
            ("logStreamName", self.name.as_str().into()),
            ("logEvents", Value::List(events)),
        ];
        self.call("PutLogEvents", &members).await.map(drop)
    }

    /// Puts what a pipe brings, until it ends.
    pub(super) async fn pump(self, pipe: impl AsyncRead + Unpin + Send) -> AwsResult<()> {
        let mut reader = BufReader::new(pipe);
        loop {
            let (lines, ended) = gather(&mut reader).await;
            self.put(lines).await?;
            if ended {
                return Ok(());
            }
        }
    }
}

/// Pieces of at most an event's size, cut between characters.
fn cut(line: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = line;
    while rest.len() > EVENT {
        let at = (0..=EVENT).rev().find(|at| rest.is_char_boundary(*at)).unwrap_or(rest.len());
        let (piece, after) = rest.split_at(at);
        pieces.push(piece);
        rest = after;
    }
    pieces.push(rest);
    pieces
}

/// The lines of a moment, and whether the pipe has ended.
async fn gather<R: AsyncRead + Unpin>(reader: &mut BufReader<R>) -> (Vec<String>, bool) {
    let (mut lines, mut bytes, mut until) = (Vec::new(), 0, None);
    let mut line = Vec::new();
    while lines.len() < LINES && bytes < BYTES {
        // A cancelled read leaves what it has in `line`, and the next one goes on with it; so only whole lines end a wait.
        let read = match until {
            None => reader.read_until(b'\n', &mut line).await,
            Some(end) => match tokio::time::timeout_at(end, reader.read_until(b'\n', &mut line)).await {
                Ok(read) => read,
                Err(_) if line.is_empty() => return (lines, false),
                Err(_) => reader.read_until(b'\n', &mut line).await,
            },
        };
        match read {
            Ok(0) | Err(_) => return (lines, true),
            Ok(_) => {
                bytes += line.len();
                lines.push(String::from_utf8_lossy(&line).trim_end_matches(['\n', '\r']).to_owned());
                line.clear();
                until.get_or_insert_with(|| Instant::now() + GATHER);
            }
        }
    }
    (lines, false)
}
