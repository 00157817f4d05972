//! Rows that go into files: of CTAS, INSERT INTO and UNLOAD.

use std::collections::BTreeMap;
use std::sync::Arc;

use datafusion::arrow::array::{RecordBatch, UInt32Array};
use datafusion::arrow::compute::take_record_batch;

use crate::datum::{Datum, Reader};
use crate::fault::{Fault, Outcome};
use crate::formats::write::{Packing, Target, Writer};
use crate::functions::cast;
use crate::scan::Location;
use crate::source::Objects;
use crate::sqltype::SqlType;

/// At most so many folders in one statement (ctas-insert-into).
const MOST_OPEN: usize = 100;

/// A file that has so many bytes is full.
const FULL: usize = 128 << 20;

/// Where rows go, and in which form.
#[derive(Clone, Debug)]
pub struct Sink {
    pub(crate) location: Location,
    pub(crate) target: Target,
    pub(crate) packing: Packing,
    /// The last columns.
    pub(crate) partitioned_by: Vec<String>,
    /// Files are called by it, and a number.
    pub(crate) name: String,
    /// The folder must be empty: CTAS and UNLOAD overwrite nothing.
    pub(crate) fresh: bool,
}

/// What was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// How many rows.
    pub rows: u64,
    /// Where the files are: `s3://bucket/key`.
    pub files: Vec<String>,
    /// Values of the partitions that got rows.
    pub partitions: Vec<Vec<String>>,
}

/// A sink under way.
pub(super) struct Filling<'s> {
    sink: &'s Sink,
    objects: Arc<dyn Objects>,
    /// Of all columns, those of partitions last.
    columns: Vec<(String, SqlType)>,
    open: BTreeMap<Vec<String>, Writer>,
    written: Written,
}

impl<'s> Filling<'s> {
    pub(super) async fn new(sink: &'s Sink, objects: Arc<dyn Objects>, columns: Vec<(String, SqlType)>) -> Outcome<Self> {
        if sink.fresh && !objects.list(&sink.location.bucket, &sink.location.prefix).await?.is_empty() {
            let place = format!("s3://{}/{}", sink.location.bucket, sink.location.prefix);
            return Err(Fault::new(
                "HIVE_PATH_ALREADY_EXISTS",
                format!("Target directory for table already exists and is not empty: {place}"),
            ));
        }
        Ok(Filling { sink, objects, columns, open: BTreeMap::new(), written: Written::default() })
    }

    fn own(&self) -> &[(String, SqlType)] {
        &self.columns[..self.columns.len() - self.sink.partitioned_by.len()]
    }

    /// Rows of the query, each into its folder.
    pub(super) async fn take(&mut self, batch: &RecordBatch) -> Outcome<()> {
        self.written.rows += batch.num_rows() as u64;
        for (values, rows) in self.parted(batch) {
            let part = take_record_batch(batch, &UInt32Array::from(rows))?;
            let width: Vec<usize> = (0..self.own().len()).collect();
            self.write(values, &part.project(&width)?).await?;
        }
        Ok(())
    }

    /// Which rows belong to which partition.
    fn parted(&self, batch: &RecordBatch) -> BTreeMap<Vec<String>, Vec<u32>> {
        let own = self.own().len();
        let keys: Vec<(Reader, &SqlType)> = batch.columns()[own..]
            .iter()
            .zip(&self.columns[own..])
            .map(|(column, (_, kind))| (Reader::new(column, kind), kind))
            .collect();
        let mut parted: BTreeMap<Vec<String>, Vec<u32>> = BTreeMap::new();
        for row in 0..batch.num_rows() {
            let values = keys.iter().map(|(reader, kind)| folder_value(&reader.get(row), kind)).collect();
            parted.entry(values).or_default().push(row as u32);
        }
        parted
    }

    async fn write(&mut self, values: Vec<String>, rows: &RecordBatch) -> Outcome<()> {
        if !self.open.contains_key(&values) {
            if self.open.len() >= MOST_OPEN {
                let message = format!("Exceeded limit of {MOST_OPEN} open writers for partitions/buckets");
                return Err(Fault::new("HIVE_TOO_MANY_OPEN_PARTITIONS", message));
            }
            let writer = Writer::new(self.sink.target, self.sink.packing, self.own())?;
            self.open.insert(values.clone(), writer);
        }
        let Some(writer) = self.open.get_mut(&values) else { return Ok(()) };
        writer.write(rows)?;
        if writer.size() >= FULL
            && let Some(writer) = self.open.remove(&values)
        {
            self.close(values, writer).await?;
        }
        Ok(())
    }

    async fn close(&mut self, values: Vec<String>, writer: Writer) -> Outcome<()> {
        let folders = self.sink.partitioned_by.iter().zip(&values).map(|(name, value)| format!("{name}={}/", escaped(value)));
        let folders: String = folders.collect();
        let number = self.written.files.len();
        let end = self.sink.target.extension(self.sink.packing);
        let Location { bucket, prefix } = &self.sink.location;
        let key = format!("{prefix}{folders}{}_{number:05}{end}", self.sink.name);
        self.objects.write(bucket, &key, writer.finish()?).await?;
        self.written.files.push(format!("s3://{bucket}/{key}"));
        if !values.is_empty() && !self.written.partitions.contains(&values) {
            self.written.partitions.push(values);
        }
        Ok(())
    }

    /// Writes what is still open.
    pub(super) async fn finish(mut self) -> Outcome<Written> {
        for (values, writer) in std::mem::take(&mut self.open) {
            self.close(values, writer).await?;
        }
        Ok(self.written)
    }
}

/// `[hive]`: the folder of what has no value.
const NULL_FOLDER: &str = "__HIVE_DEFAULT_PARTITION__";

fn folder_value(value: &Datum, kind: &SqlType) -> String {
    cast::text(value, kind).filter(|text| !text.is_empty()).unwrap_or_else(|| NULL_FOLDER.to_owned())
}

/// As Hive writes values into paths (`[hive]`, FileUtils.escapePathName).
fn escaped(value: &str) -> String {
    let special = |letter: char| letter.is_control() || "\"#%'*/:=?\\{[]^\u{7f}".contains(letter);
    let mut path = String::new();
    for letter in value.chars() {
        if special(letter) {
            path.push_str(&format!("%{:02X}", letter as u32));
        } else {
            path.push(letter);
        }
    }
    path
}

#[cfg(test)]
mod tests {
    #[test]
    fn values_in_paths() {
        for (value, path) in [("2024-01-01", "2024-01-01"), ("a b", "a b"), ("10:30", "10%3A30"), ("50%/x", "50%25%2Fx")] {
            assert_eq!(super::escaped(value), path);
        }
    }
}
