//! What CTAS, INSERT and UNLOAD say of their files (create-table-as, insert-into, unload).

use serde_json::Value as Json;

use super::sink::Sink;
use crate::ddl::{Column, CreateTable, Delimiters, RowFormat, Storage};
use crate::dml::{CreateTableAs, Unload, Value};
use crate::fault::{Fault, Outcome};
use crate::formats::write::{Packing, Target};
use crate::plan::OutputColumn;
use crate::scan::{Location, strings};
use crate::sqltype::SqlType;
use crate::table;

/// Properties by name; each is taken once, and what is left is none that is known.
struct Properties<'p> {
    given: Vec<(&'p str, &'p Value)>,
}

impl<'p> Properties<'p> {
    fn new(given: &'p [(String, Value)]) -> Self {
        Properties { given: given.iter().map(|(key, value)| (key.as_str(), value)).collect() }
    }

    fn take(&mut self, key: &str) -> Option<&'p Value> {
        let at = self.given.iter().position(|(own, _)| own.eq_ignore_ascii_case(key))?;
        Some(self.given.remove(at).1)
    }

    fn text(&mut self, key: &str) -> Outcome<Option<&'p str>> {
        match self.take(key) {
            None => Ok(None),
            Some(Value::Text(text)) => Ok(Some(text)),
            Some(_) => Err(invalid(key, "is a text")),
        }
    }

    fn texts(&mut self, key: &str) -> Outcome<Vec<String>> {
        match self.take(key) {
            None => Ok(Vec::new()),
            Some(Value::List(items)) => items
                .iter()
                .map(|item| {
                    if let Value::Text(text) = item { Ok(text.to_lowercase()) } else { Err(invalid(key, "is an array of texts")) }
                })
                .collect(),
            Some(_) => Err(invalid(key, "is an array of texts")),
        }
    }

    /// Format and codec; the codec of a format where none is written.
    fn form(&mut self, default: Option<&'static str>) -> Outcome<(Target, Packing)> {
        let name = self.text("format")?.or(default).ok_or_else(|| invalid("format", "must be given"))?.to_uppercase();
        let delimiter = self.text("field_delimiter")?;
        let target = match name.as_str() {
            "PARQUET" => Target::Parquet,
            "ORC" => Target::Orc,
            "AVRO" => Target::Avro,
            "JSON" => Target::Json,
            "TEXTFILE" => Target::Text(sign(delimiter)?),
            "ION" => return Err(Fault::not_emulated("writing Ion")),
            other => return Err(invalid("format", &format!("can't be {other}"))),
        };
        let level = match self.take("compression_level") {
            None => None,
            Some(Value::Number(digits)) => Some(digits.parse().map_err(|_| invalid("compression_level", "is a number"))?),
            Some(_) => return Err(invalid("compression_level", "is a number")),
        };
        let mut codecs = Vec::new();
        for key in ["write_compression", "parquet_compression", "orc_compression", "compression"] {
            codecs.extend(self.text(key)?);
        }
        let packing = match codecs.as_slice() {
            [] => Packing::Gzip,
            [one] => Packing::parse(one, level).ok_or_else(|| invalid("write_compression", &format!("can't be {one}")))?,
            _ => return Err(invalid("write_compression", "can be given once only")),
        };
        Ok((target, packing))
    }

    fn end(self) -> Outcome<()> {
        match self.given.first() {
            None => Ok(()),
            Some((key, _)) => Err(Fault::new(
                "INVALID_TABLE_PROPERTY",
                format!("Catalog 'awsdatacatalog' table property '{key}' does not exist"),
            )),
        }
    }
}

fn invalid(key: &str, what: &str) -> Fault {
    Fault::new("INVALID_TABLE_PROPERTY", format!("The property {key} {what}"))
}

/// One character; `^A` where none is written.
fn sign(text: Option<&str>) -> Outcome<u8> {
    match text.map(str::as_bytes) {
        None => Ok(1),
        Some([sign]) => Ok(*sign),
        Some(_) => Err(invalid("field_delimiter", "is one character")),
    }
}

/// A CTAS: where its rows go, and the table that it makes.
pub struct NewTable {
    /// Where rows go.
    pub sink: Sink,
    /// What the catalog gets, once the rows are there.
    create: CreateTable,
    external: bool,
}

/// Reads a CTAS. Data goes below `default` where the statement names no place; `name` is the query's.
pub fn of_ctas(create: &CreateTableAs, default: &str, name: &str) -> Outcome<NewTable> {
    let mut properties = Properties::new(&create.properties);
    match properties.text("table_type")?.map(str::to_uppercase).as_deref() {
        None | Some("HIVE") => {}
        Some("ICEBERG") => return Err(Fault::not_emulated("Iceberg tables")),
        Some(other) => return Err(invalid("table_type", &format!("can't be {other}"))),
    }
    if properties.take("bucketed_by").is_some() || properties.take("bucket_count").is_some() {
        return Err(Fault::not_emulated("bucketed tables"));
    }
    let external = !matches!(properties.take("is_external"), Some(Value::Boolean(false)));
    let location = properties.text("external_location")?.unwrap_or(default);
    let partitioned_by = properties.texts("partitioned_by")?;
    let (target, packing) = properties.form(Some("PARQUET"))?;
    properties.end()?;
    let sink = Sink { location: Location::parse(location)?, target, packing, partitioned_by, name: name.to_owned(), fresh: true };
    let create = CreateTable {
        name: create.name.clone(),
        if_not_exists: create.if_not_exists,
        columns: Vec::new(),
        comment: None,
        partitioned_by: Vec::new(),
        clustered_by: None,
        row_format: row_format(target),
        stored_as: stored_as(target),
        serde_properties: Vec::new(),
        location: Some(format!("s3://{}/{}", sink.location.bucket, sink.location.prefix)),
        properties: vec![("classification".to_owned(), classification(target).to_owned())],
    };
    Ok(NewTable { sink, create, external })
}

fn row_format(target: Target) -> Option<RowFormat> {
    match target {
        Target::Text(sign) => {
            let fields = Some(char::from(sign).to_string());
            Some(RowFormat::Delimited(Delimiters { fields, escape: None, items: None, keys: None, lines: None, null: None }))
        }
        Target::Json => Some(RowFormat::Serde("org.apache.hive.hcatalog.data.JsonSerDe".to_owned())),
        _ => None,
    }
}

fn stored_as(target: Target) -> Option<Storage> {
    match target {
        Target::Parquet => Some(Storage::Format("PARQUET".to_owned())),
        Target::Orc => Some(Storage::Format("ORC".to_owned())),
        Target::Avro => Some(Storage::Format("AVRO".to_owned())),
        Target::Text(_) | Target::Json => None,
    }
}

fn classification(target: Target) -> &'static str {
    match target {
        Target::Parquet => "parquet",
        Target::Orc => "orc",
        Target::Avro => "avro",
        Target::Json => "json",
        Target::Text(_) => "csv",
    }
}

impl NewTable {
    /// Its `TableInput`, with the columns that the query gives.
    pub fn input(&self, columns: &[OutputColumn]) -> Outcome<Json> {
        check_names(columns, &self.sink.partitioned_by)?;
        let columns = columns.iter().map(|column| {
            let kind =
                column.kind.to_column().ok_or_else(|| Fault::not_supported(format!("Unsupported Hive type: {}", column.kind)))?;
            Ok(Column { name: column.name.to_lowercase(), kind, comment: None })
        });
        let mut own = columns.collect::<Outcome<Vec<_>>>()?;
        let partitioned_by = own.split_off(own.len() - self.sink.partitioned_by.len());
        let create = CreateTable { columns: own, partitioned_by, ..self.create.clone() };
        let mut input = table::table_input(&create).map_err(|error| Fault::new("INVALID_TABLE_PROPERTY", error.to_string()))?;
        if !self.external {
            input["TableType"] = Json::from("MANAGED_TABLE");
        }
        Ok(input)
    }
}

/// Every column of a new table has a name of its own, and the keys of partitions are the last ones.
fn check_names(columns: &[OutputColumn], partitioned_by: &[String]) -> Outcome<()> {
    for (at, column) in columns.iter().enumerate() {
        if column.name == format!("_col{at}") {
            return Err(Fault::new("MISSING_COLUMN_NAME", format!("line 1:1: Column name not specified at position {}", at + 1)));
        }
        let twin = columns[..at].iter().any(|other| other.name.eq_ignore_ascii_case(&column.name));
        if twin {
            return Err(Fault::new("DUPLICATE_COLUMN_NAME", format!("Column name '{}' specified more than once", column.name)));
        }
    }
    let last = columns.len().saturating_sub(partitioned_by.len());
    let fits = columns.len() > partitioned_by.len()
        && columns[last..].iter().zip(partitioned_by).all(|(column, key)| column.name.eq_ignore_ascii_case(key));
    if partitioned_by.is_empty() || fits {
        return Ok(());
    }
    let keys = partitioned_by.join(", ");
    let message =
        format!("Partition keys must be the last columns in the table and in the same order as the table properties: [{keys}]");
    Err(Fault::new("HIVE_COLUMN_ORDER_MISMATCH", message))
}

/// Reads an UNLOAD.
pub fn of_unload(unload: &Unload, name: &str) -> Outcome<Sink> {
    let mut properties = Properties::new(&unload.properties);
    let partitioned_by = properties.texts("partitioned_by")?;
    let (target, packing) = properties.form(None)?;
    properties.end()?;
    Ok(Sink { location: Location::parse(&unload.location)?, target, packing, partitioned_by, name: name.to_owned(), fresh: true })
}

/// Where rows of a table go, and its columns in their order, those of partitions last.
pub fn of_table(table: &Json, name: &str) -> Outcome<(Sink, Vec<(String, SqlType)>)> {
    let descriptor = &table["StorageDescriptor"];
    let serde = descriptor["SerdeInfo"]["SerializationLibrary"].as_str().unwrap_or_default();
    let options = strings(&descriptor["SerdeInfo"]["Parameters"]);
    let parameters = strings(&table["Parameters"]);
    let target = match serde.rsplit('.').next().unwrap_or_default() {
        "ParquetHiveSerDe" => Target::Parquet,
        "OrcSerde" => Target::Orc,
        "AvroSerDe" => Target::Avro,
        "LazySimpleSerDe" => Target::Text(options.get("field.delim").and_then(|text| text.bytes().next()).unwrap_or(1)),
        "JsonSerDe" if serde.contains("hcatalog") => Target::Json,
        // insert-into lists what can be inserted into.
        other => return Err(Fault::not_supported(format!("Cannot insert into tables with the SerDe {other}"))),
    };
    let codec = ["write.compression", "parquet.compression", "orc.compress"].iter().find_map(|key| parameters.get(*key));
    let packing = match (codec, target) {
        (Some(name), _) => Packing::parse(name, None).ok_or_else(|| invalid("write.compression", &format!("can't be {name}")))?,
        (None, _) => Packing::Gzip,
    };
    let columns = crate::scan::columns(&descriptor["Columns"])?;
    let keys = crate::scan::columns(&table["PartitionKeys"])?;
    let sink = Sink {
        location: Location::parse(descriptor["Location"].as_str().unwrap_or_default())?,
        target,
        packing,
        partitioned_by: keys.iter().map(|(name, _)| name.clone()).collect(),
        name: name.to_owned(),
        fresh: false,
    };
    Ok((sink, columns.into_iter().chain(keys).collect()))
}
