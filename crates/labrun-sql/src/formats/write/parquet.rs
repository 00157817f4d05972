//! Parquet, as it is defined, without what Arrow adds of itself.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions};
use datafusion::arrow::datatypes::{Field, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, GzipLevel, ZstdLevel};
use parquet::file::properties::WriterProperties;

use super::{Packing, failed};
use crate::fault::{Fault, Outcome};
use crate::sqltype::SqlType;

pub(super) struct Encoder {
    schema: SchemaRef,
    writer: ArrowWriter<Vec<u8>>,
}

impl Encoder {
    pub(super) fn new(columns: &[(String, SqlType)], packing: Packing) -> Outcome<Self> {
        let fields = columns.iter().map(|(name, kind)| Field::new(name, kind.arrow(), true));
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        // Children of lists and maps get the names of the format's definition.
        let properties = WriterProperties::builder().set_compression(codec(packing)?).set_coerce_types(true).build();
        let options = ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true);
        let writer = ArrowWriter::try_new_with_options(Vec::new(), Arc::clone(&schema), options);
        Ok(Encoder { schema, writer: writer.map_err(|error| failed(&error))? })
    }
}

fn codec(packing: Packing) -> Outcome<Compression> {
    Ok(match packing {
        Packing::None => Compression::UNCOMPRESSED,
        Packing::Gzip => Compression::GZIP(GzipLevel::default()),
        Packing::Snappy => Compression::SNAPPY,
        Packing::Zstd(level) => Compression::ZSTD(ZstdLevel::try_new(level.unwrap_or(3)).map_err(|error| failed(&error))?),
        Packing::Lz4 => Compression::LZ4,
        Packing::Bzip2 => return Err(Fault::not_supported("Parquet has no compression BZIP2")),
    })
}

impl super::Encoder for Encoder {
    fn write(&mut self, columns: Vec<ArrayRef>, rows: usize) -> Outcome<()> {
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        let batch = RecordBatch::try_new_with_options(Arc::clone(&self.schema), columns, &options)?;
        self.writer.write(&batch).map_err(|error| failed(&error))
    }

    fn size(&self) -> usize {
        self.writer.bytes_written() + self.writer.in_progress_size()
    }

    fn finish(self: Box<Self>) -> Outcome<Vec<u8>> {
        self.writer.into_inner().map_err(|error| failed(&error))
    }
}
