//! ORC, as far as the library writes it: plain types without decimals, and no moments with a fraction of a second before 1970.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, RecordBatch};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use orc_rust::arrow_writer::ArrowWriterBuilder;
use orc_rust::compression::CompressionType;

use super::{Packing, failed};
use crate::fault::{Fault, Outcome};
use crate::sqltype::SqlType;

/// The library's writer can't go from one thread to another: rows wait here until the file is finished.
pub(super) struct Encoder {
    schema: SchemaRef,
    codec: Option<CompressionType>,
    batches: Vec<RecordBatch>,
}

impl Encoder {
    pub(super) fn new(columns: &[(String, SqlType)], packing: Packing) -> Outcome<Self> {
        let fields = columns.iter().map(|(name, kind)| Ok(Field::new(name, form(kind)?, true)));
        let schema = Arc::new(Schema::new(fields.collect::<Outcome<Vec<_>>>()?));
        Ok(Encoder { schema, codec: codec(packing)?, batches: Vec::new() })
    }
}

/// What the library takes for a type; of others it would panic.
fn form(kind: &SqlType) -> Outcome<DataType> {
    Ok(match kind {
        SqlType::Varchar(_) | SqlType::Char(_) => DataType::Utf8,
        SqlType::Decimal(..) | SqlType::Array(_) | SqlType::Map(..) | SqlType::Row(_) => {
            return Err(Fault::not_emulated(format!("writing ORC columns of type {kind}")));
        }
        plain => plain.arrow(),
    })
}

fn codec(packing: Packing) -> Outcome<Option<CompressionType>> {
    Ok(Some(match packing {
        Packing::None => return Ok(None),
        Packing::Gzip => CompressionType::Zlib,
        Packing::Snappy => CompressionType::Snappy,
        Packing::Zstd(_) => CompressionType::Zstd,
        Packing::Lz4 => CompressionType::Lz4,
        Packing::Bzip2 => return Err(Fault::not_supported("ORC has no compression BZIP2")),
    }))
}

impl super::Encoder for Encoder {
    fn write(&mut self, columns: Vec<ArrayRef>, _: usize) -> Outcome<()> {
        let columns = columns.iter().zip(self.schema.fields()).map(|(column, field)| cast(column, field.data_type()));
        let columns = columns.collect::<Result<Vec<_>, _>>()?;
        self.batches.push(RecordBatch::try_new(Arc::clone(&self.schema), columns)?);
        Ok(())
    }

    fn size(&self) -> usize {
        self.batches.iter().map(RecordBatch::get_array_memory_size).sum()
    }

    fn finish(self: Box<Self>) -> Outcome<Vec<u8>> {
        let mut out = Vec::new();
        let mut builder = ArrowWriterBuilder::new(&mut out, self.schema);
        if let Some(codec) = self.codec {
            builder = builder.with_compression(codec);
        }
        let mut writer = builder.try_build().map_err(|error| failed(&error))?;
        for batch in &self.batches {
            writer.write(batch).map_err(|error| failed(&error))?;
        }
        writer.close().map_err(|error| failed(&error))?;
        Ok(out)
    }
}
