//! Avro's object container files, one record a row.

use std::sync::Arc;

use arrow_avro::compression::CompressionCodec;
use arrow_avro::writer::format::AvroOcfFormat;
use arrow_avro::writer::{AvroWriter, WriterBuilder};
use datafusion::arrow::array::{ArrayRef, RecordBatch};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Field, Fields, Schema, SchemaRef, TimeUnit};

use super::{Packing, failed};
use crate::fault::{Fault, Outcome};
use crate::sqltype::SqlType;

pub(super) struct Encoder {
    schema: SchemaRef,
    writer: AvroWriter<Vec<u8>>,
    rows: usize,
}

impl Encoder {
    pub(super) fn new(columns: &[(String, SqlType)], packing: Packing) -> Outcome<Self> {
        if let Some((_, kind)) = columns.iter().find(|(_, kind)| has_other_keys(kind)) {
            return Err(Fault::not_supported(format!("Avro keys of maps are text: {kind}")));
        }
        let fields = columns.iter().map(|(name, kind)| Field::new(name, form(&kind.arrow()), true));
        let schema = Schema::new(fields.collect::<Vec<_>>());
        let builder = WriterBuilder::new(schema.clone()).with_compression(codec(packing)?);
        let writer = builder.build::<_, AvroOcfFormat>(Vec::new()).map_err(|error| failed(&error))?;
        Ok(Encoder { schema: Arc::new(schema), writer, rows: 0 })
    }
}

fn has_other_keys(kind: &SqlType) -> bool {
    match kind {
        SqlType::Map(key, value) => !matches!(**key, SqlType::Varchar(_) | SqlType::Char(_)) || has_other_keys(value),
        SqlType::Array(item) => has_other_keys(item),
        SqlType::Row(fields) => fields.iter().any(|(_, kind)| has_other_keys(kind)),
        _ => false,
    }
}

/// What Avro has for a form of ours: whole numbers of 32 bits at least, instants in UTC.
fn form(from: &DataType) -> DataType {
    let field = |field: &Field| Arc::new(field.clone().with_data_type(form(field.data_type())));
    match from {
        DataType::Int8 | DataType::Int16 => DataType::Int32,
        DataType::Utf8View => DataType::Utf8,
        DataType::Timestamp(..) => DataType::Timestamp(TimeUnit::Millisecond, Some("+00:00".into())),
        DataType::List(item) => DataType::List(field(item)),
        DataType::Map(entries, sorted) => DataType::Map(field(entries), *sorted),
        DataType::Struct(fields) => DataType::Struct(fields.iter().map(|inner| field(inner)).collect::<Fields>()),
        plain => plain.clone(),
    }
}

fn codec(packing: Packing) -> Outcome<Option<CompressionCodec>> {
    Ok(Some(match packing {
        Packing::None => return Ok(None),
        Packing::Gzip => CompressionCodec::Deflate,
        Packing::Snappy => CompressionCodec::Snappy,
        Packing::Zstd(_) => CompressionCodec::ZStandard,
        Packing::Bzip2 => CompressionCodec::Bzip2,
        Packing::Lz4 => return Err(Fault::not_supported("Avro has no compression LZ4")),
    }))
}

impl super::Encoder for Encoder {
    fn write(&mut self, columns: Vec<ArrayRef>, rows: usize) -> Outcome<()> {
        let columns = columns.iter().zip(self.schema.fields()).map(|(column, field)| cast(column, field.data_type()));
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns.collect::<Result<Vec<_>, _>>()?)?;
        self.rows += rows;
        self.writer.write(&batch).map_err(|error| failed(&error))
    }

    /// The library does not say how much it has written.
    fn size(&self) -> usize {
        self.rows * self.schema.fields().len() * 8
    }

    fn finish(mut self: Box<Self>) -> Outcome<Vec<u8>> {
        self.writer.finish().map_err(|error| failed(&error))?;
        Ok(self.writer.into_inner())
    }
}
