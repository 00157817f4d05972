//! Files of lines as a step of a plan. A file is read in chunks; who stops asking stops the reading.

use std::fmt;
use std::io::Read;
use std::sync::Arc;

use bytes::Bytes;
use datafusion::arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions};
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::common::Result;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::{EquivalenceProperties, PhysicalExpr};
use datafusion::physical_plan::execution_plan::{Boundedness, EmissionType};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{DisplayAs, DisplayFormatType, ExecutionPlan, Partitioning, PlanProperties};
use futures::StreamExt;
use futures::stream::{self, BoxStream};

use super::files::Split;
use super::store::Store;
use super::table::Layout;
use crate::datum;
use crate::fault::{Fault, Outcome};
use crate::formats::{Compression, Format, TextFile};

/// How much of a file is read at once.
const CHUNK: u64 = 1 << 20;

/// Lines of a batch.
const ROWS: usize = 8192;

/// More than Athena takes: `Line too long in text file` (other-notable-limitations).
const LONGEST_LINE: usize = 32 << 20;

/// Reads the splits of each group, one group a task.
#[derive(Debug)]
pub(crate) struct TextScan {
    scan: Arc<Scan>,
    groups: Vec<Vec<Split>>,
    properties: Arc<PlanProperties>,
}

#[derive(Debug)]
struct Scan {
    layout: Arc<Layout>,
    store: Store,
    /// Places in the table's schema: of the file, then of the constants.
    wanted: Vec<usize>,
    schema: SchemaRef,
}

impl TextScan {
    pub(crate) fn new(layout: Arc<Layout>, store: Store, groups: Vec<Vec<Split>>, wanted: Vec<usize>, schema: SchemaRef) -> Self {
        let properties = PlanProperties::new(
            EquivalenceProperties::new(Arc::clone(&schema)),
            Partitioning::UnknownPartitioning(groups.len()),
            EmissionType::Incremental,
            Boundedness::Bounded,
        );
        TextScan { scan: Arc::new(Scan { layout, store, wanted, schema }), groups, properties: Arc::new(properties) }
    }
}

impl DisplayAs for TextScan {
    fn fmt_as(&self, _: DisplayFormatType, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let files: usize = self.groups.iter().map(Vec::len).sum();
        write!(out, "TextScan: {}.{}, splits={files}", self.scan.layout.database, self.scan.layout.name)
    }
}

impl ExecutionPlan for TextScan {
    fn name(&self) -> &'static str {
        "TextScan"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        Vec::new()
    }

    fn apply_expressions(
        &self,
        _: &mut dyn for<'a> FnMut(&'a Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn with_new_children(self: Arc<Self>, _: Vec<Arc<dyn ExecutionPlan>>) -> Result<Arc<dyn ExecutionPlan>> {
        Ok(self)
    }

    fn execute(&self, partition: usize, _: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let scan = Arc::clone(&self.scan);
        let schema = Arc::clone(&scan.schema);
        let splits = stream::iter(self.groups[partition].clone());
        let batches = splits.flat_map(move |split| batches(Arc::clone(&scan), split));
        Ok(Box::pin(RecordBatchStreamAdapter::new(schema, batches.map(|batch| batch.map_err(Into::into)))))
    }
}

/// A split under way.
struct Reading {
    scan: Arc<Scan>,
    split: Split,
    /// Of the file's bytes: where the next chunk starts.
    next: u64,
    /// Bytes that are read and are no rows yet.
    pending: Vec<u8>,
    /// Lines at the start that are still to be left out.
    skip: usize,
    /// The rest of a line whose start lies before the split is still to be left out.
    inside_line: bool,
    decompressed: bool,
    done: bool,
}

fn batches(scan: Arc<Scan>, split: Split) -> BoxStream<'static, Outcome<RecordBatch>> {
    let Format::Lines(format) = scan.layout.format.clone() else {
        return stream::once(async { Err(Fault::new("GENERIC_INTERNAL_ERROR", "the format has no lines")) }).boxed();
    };
    let reading = Reading {
        next: split.start.saturating_sub(u64::from(split.start > 0)),
        inside_line: split.start > 0,
        skip: if split.start == 0 { format.header_lines } else { 0 },
        pending: Vec::new(),
        decompressed: false,
        done: false,
        scan,
        split,
    };
    let step = move |mut reading: Reading| {
        let format = Arc::clone(&format);
        async move {
            match reading.batch(&format).await {
                Ok(Some(batch)) => Some((Ok(batch), reading)),
                Ok(None) => None,
                Err(fault) => {
                    reading.done = true;
                    reading.pending.clear();
                    Some((Err(fault), reading))
                }
            }
        }
    };
    stream::unfold(reading, step).boxed()
}

impl Reading {
    /// The next rows; none at the end.
    async fn batch(&mut self, format: &TextFile) -> Outcome<Option<RecordBatch>> {
        loop {
            let (ends, consumed) = self.whole_lines();
            let full = ends.len() >= ROWS || (self.done && !ends.is_empty());
            if full || (!ends.is_empty() && !self.wants_more(ends.len())) {
                let batch = self.rows(format, &ends)?;
                self.pending.drain(..consumed);
                match batch {
                    Some(batch) => return Ok(Some(batch)),
                    None => continue,
                }
            }
            if self.done {
                return Ok(None);
            }
            self.more().await?;
        }
    }

    /// Fewer lines than a batch, and the file goes on.
    fn wants_more(&self, lines: usize) -> bool {
        lines < ROWS && !self.done
    }

    /// Where lines end among what is pending, a batch of them at most, and how many bytes that is. Past the split's end no line starts.
    fn whole_lines(&self) -> (Vec<(usize, usize)>, usize) {
        let mut lines = Vec::new();
        let mut start = 0;
        while lines.len() < ROWS {
            match memchr(&self.pending[start..]) {
                Some(length) => {
                    lines.push((start, start + length));
                    start += length + 1;
                }
                None if self.done && start < self.pending.len() => {
                    lines.push((start, self.pending.len()));
                    start = self.pending.len();
                }
                None => break,
            }
        }
        (lines, start)
    }

    /// One chunk more, or all of a compressed file.
    async fn more(&mut self) -> Outcome<()> {
        let file = Arc::clone(&self.split.file);
        if Compression::of(&file.object.key) != Compression::None {
            if !self.decompressed {
                let packed = self.part(0, file.object.size).await?;
                self.pending = unpack(&packed, &file.path())?;
                self.decompressed = true;
            }
            self.done = true;
            return Ok(());
        }
        // A line that starts before the end of the split belongs to it, however far it goes.
        let over = self.next >= self.split.end;
        if self.next >= file.object.size || (over && (self.pending.is_empty() || self.ends_line_at_border())) {
            self.done = true;
            return Ok(());
        }
        let limit = if over { file.object.size } else { self.split.end };
        let end = (self.next + if over { 64 << 10 } else { CHUNK }).min(limit);
        let chunk = self.part(self.next, end).await?;
        let chunk_start = self.next;
        self.next = end;
        self.append(&chunk, chunk_start, over);
        if self.pending.len() > LONGEST_LINE + CHUNK as usize && memchr(&self.pending).is_none() {
            return Err(Fault::new("HIVE_CURSOR_ERROR", format!("Line too long in text file: {}", file.path())));
        }
        Ok(())
    }

    /// All pending bytes are whole lines, and so nothing goes on behind the split.
    fn ends_line_at_border(&self) -> bool {
        self.pending.last() == Some(&b'\n')
    }

    fn append(&mut self, chunk: &[u8], _start: u64, over: bool) {
        let mut chunk = chunk;
        if self.inside_line {
            match memchr(chunk) {
                Some(at) => {
                    chunk = &chunk[at + 1..];
                    self.inside_line = false;
                }
                None => return,
            }
        }
        if over {
            // Only the rest of the last line.
            if let Some(at) = memchr(chunk) {
                self.pending.extend_from_slice(&chunk[..=at]);
                self.done = true;
                return;
            }
        }
        self.pending.extend_from_slice(chunk);
    }

    async fn part(&self, start: u64, end: u64) -> Outcome<Bytes> {
        let file = &self.split.file;
        self.scan.store.part(&file.bucket, &file.object.key, start..end).await
    }

    fn rows(&mut self, format: &TextFile, ends: &[(usize, usize)]) -> Outcome<Option<RecordBatch>> {
        let left_out = self.skip.min(ends.len());
        self.skip -= left_out;
        let lines: Vec<&[u8]> = ends[left_out..].iter().map(|(start, end)| line(&self.pending[*start..*end])).collect();
        if lines.is_empty() {
            return Ok(None);
        }
        self.scan.store.meter.rows(lines.len());
        let own = self.scan.layout.columns.len();
        let wanted: Vec<usize> = self.scan.wanted.iter().copied().filter(|at| *at < own).collect();
        let mut read = format.rows.columns(&lines, &wanted)?.into_iter();
        let columns = self.scan.wanted.iter().map(|at| {
            if *at < own {
                return read.next().ok_or_else(|| Fault::new("GENERIC_INTERNAL_ERROR", "a format gave too few columns"));
            }
            self.constant(*at - own, lines.len())
        });
        let columns = columns.collect::<Outcome<Vec<ArrayRef>>>()?;
        let options = RecordBatchOptions::new().with_row_count(Some(lines.len()));
        Ok(Some(RecordBatch::try_new_with_options(Arc::clone(&self.scan.schema), columns, &options)?))
    }

    /// A column of the partition, or the path.
    fn constant(&self, at: usize, rows: usize) -> Outcome<ArrayRef> {
        let kind = self.scan.layout.constant_kind(at);
        datum::column(&vec![self.split.file.values[at].clone(); rows], &kind)
    }
}

fn memchr(bytes: &[u8]) -> Option<usize> {
    memchr::memchr(b'\n', bytes)
}

/// Without the carriage return of other systems.
fn line(bytes: &[u8]) -> &[u8] {
    bytes.strip_suffix(b"\r").unwrap_or(bytes)
}

fn unpack(packed: &[u8], path: &str) -> Outcome<Vec<u8>> {
    let mut plain = Vec::new();
    flate2::read::MultiGzDecoder::new(packed)
        .read_to_end(&mut plain)
        .map_err(|error| Fault::new("HIVE_CURSOR_ERROR", format!("Failed to read file: {path}: {error}")))?;
    Ok(plain)
}
