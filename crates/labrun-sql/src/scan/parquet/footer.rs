//! Footers of Parquet files: read, and made to fit the table, so that columns are found by the table's names.

use std::sync::Arc;

use parquet::errors::Result;
use parquet::file::metadata::{FileMetaData, ParquetMetaData};
use parquet::schema::types::{SchemaDescriptor, Type};

/// With columns under the table's names: of any case, or by their places. A column that is not the table's keeps its name.
///
/// What Arrow's writer has said of types goes with the old names: it is about them.
pub(super) fn renamed(metadata: ParquetMetaData, columns: &[String], by_index: bool) -> Result<ParquetMetaData> {
    let old = metadata.file_metadata();
    let root = old.schema();
    let fields = root.get_fields().iter().enumerate().map(|(at, field)| {
        let name = match columns.get(at).filter(|_| by_index) {
            Some(name) => name.clone(),
            // By place there is no column behind the table's last.
            None if by_index => format!("{}#{at}", field.name()),
            None => field.name().to_lowercase(),
        };
        with_name(field, &name).map(Arc::new)
    });
    let renamed = Type::group_type_builder(root.name()).with_fields(fields.collect::<Result<_>>()?).build()?;
    let file = FileMetaData::new(
        old.version(),
        old.num_rows(),
        old.created_by().map(ToOwned::to_owned),
        None,
        Arc::new(SchemaDescriptor::new(Arc::new(renamed))),
        old.column_orders().cloned(),
    );
    let (column_index, offset_index) = (metadata.column_index().cloned(), metadata.offset_index().cloned());
    let builder = ParquetMetaData::new(file, metadata.row_groups().to_vec()).into_builder();
    Ok(builder.set_column_index(column_index).set_offset_index(offset_index).build())
}

fn with_name(field: &Type, name: &str) -> Result<Type> {
    let basic = field.get_basic_info();
    let id = basic.has_id().then(|| basic.id());
    match field {
        Type::PrimitiveType { physical_type, type_length, scale, precision, .. } => {
            Type::primitive_type_builder(name, *physical_type)
                .with_repetition(basic.repetition())
                .with_converted_type(basic.converted_type())
                .with_logical_type(basic.logical_type_ref().cloned())
                .with_length(*type_length)
                .with_precision(*precision)
                .with_scale(*scale)
                .with_id(id)
                .build()
        }
        Type::GroupType { fields, .. } => Type::group_type_builder(name)
            .with_repetition(basic.repetition())
            .with_converted_type(basic.converted_type())
            .with_logical_type(basic.logical_type_ref().cloned())
            .with_fields(fields.clone())
            .with_id(id)
            .build(),
    }
}
