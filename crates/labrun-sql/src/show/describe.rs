//! `DESCRIBE` (describe-table; widths and headings are measured). A row is name, type and comment, parted by tabs.

use crate::calendar::civil;
use serde_json::Value;

use super::{padded, visible};
use crate::ddl::Detail;
use crate::member::{columns, is_view, list, pairs, text};
use crate::types::Type;

/// A line that says nothing.
const EMPTY: &str = "\t \t ";

/// Of a table or a view.
pub fn describe(table: &Value, detail: Detail) -> Vec<String> {
    if is_view(table) {
        return columns(table).iter().map(of_view).collect();
    }
    describe_as(table, table, detail)
}

/// Of a partition, whose columns may be others.
pub fn describe_partition(table: &Value, partition: &Value, detail: Detail) -> Vec<String> {
    describe_as(table, partition, detail)
}

/// Types of views are Trino's.
fn of_view(column: &Value) -> String {
    let kind = text(column, "Type");
    let kind = Type::parse(kind).map_or_else(|_| kind.to_owned(), |kind| kind.to_trino());
    format!("{}\t{kind}", text(column, "Name"))
}

fn describe_as(table: &Value, stored: &Value, detail: Detail) -> Vec<String> {
    let keys = list(table, "PartitionKeys");
    let formatted = detail == Detail::Formatted;
    let mut lines = if formatted { vec![heading(), EMPTY.to_owned()] } else { Vec::new() };
    lines.extend(columns(stored).iter().map(row));
    if !keys.is_empty() {
        // Formatted, they stand only below their heading.
        lines.extend(keys.iter().filter(|_| !formatted).map(row));
        lines.extend([EMPTY.to_owned(), "# Partition Information\t \t ".to_owned(), heading(), EMPTY.to_owned()]);
        lines.extend(keys.iter().map(row));
    }
    match detail {
        Detail::Plain => {}
        Detail::Extended => lines.extend([EMPTY.to_owned(), format!("Detailed Table Information\t{}\t", dump(table, stored))]),
        Detail::Formatted => {
            lines.push(EMPTY.to_owned());
            lines.extend(information(table, stored));
        }
    }
    lines
}

fn heading() -> String {
    format!("# {}\t{}\t{}", padded("col_name"), padded("data_type"), padded("comment"))
}

fn row(column: &Value) -> String {
    format!("{}\t{}\t{}", padded(text(column, "Name")), padded(text(column, "Type")), padded(text(column, "Comment")))
}

/// One column; columns of tables with a SerDe say that they are from it (`[hive]`).
pub fn describe_column(table: &Value, path: &str) -> Option<Vec<String>> {
    let mut parts = path.split('.');
    let name = parts.next()?;
    let found = columns(table).iter().chain(list(table, "PartitionKeys")).find(|column| text(column, "Name") == name)?;
    let kind = parts.try_fold(Type::parse(text(found, "Type")).ok()?, inside)?;
    let comment = if path == name { text(found, "Comment") } else { "" };
    let comment = if comment.is_empty() { "from deserializer" } else { comment };
    let last = path.rsplit('.').next().unwrap_or(path);
    Some(vec![format!("{}\t{}\t{}", padded(last), padded(&kind.to_string()), padded(comment))])
}

/// `a.field`, `a.$elem$`, `a.$key$`, `a.$value$` (describe-table).
fn inside(kind: Type, part: &str) -> Option<Type> {
    match (kind, part) {
        (Type::Array(item), "$elem$") => Some(*item),
        (Type::Map(key, _), "$key$") => Some(*key),
        (Type::Map(_, value), "$value$") => Some(*value),
        (Type::Struct(fields), name) => {
            fields.into_iter().find(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, kind)| kind)
        }
        _ => None,
    }
}

fn pair(name: &str, value: &str) -> String {
    format!("{}\t{}\t ", padded(name), padded(value))
}

fn parameters(value: &Value) -> Vec<String> {
    pairs(value, "Parameters").iter().map(|(key, value)| format!("\t{}\t{}", padded(key), padded(&visible(value)))).collect()
}

fn information(table: &Value, stored: &Value) -> Vec<String> {
    let storage = &stored["StorageDescriptor"];
    let mut lines = vec!["# Detailed Table Information\t \t ".to_owned()];
    let retention = table["Retention"].as_i64().unwrap_or_default().to_string();
    lines.extend([
        pair("Database:", text(table, "DatabaseName")),
        pair("Owner:", text(table, "Owner")),
        pair("CreateTime:", &table["CreateTime"].as_f64().map_or_else(|| "UNKNOWN".to_owned(), moment)),
        pair("LastAccessTime:", &table["LastAccessTime"].as_f64().map_or_else(|| "UNKNOWN".to_owned(), moment)),
        pair("Protect Mode:", "None"),
        pair("Retention:", &retention),
        pair("Location:", text(storage, "Location")),
        pair("Table Type:", text(table, "TableType")),
        "Table Parameters:\t \t ".to_owned(),
    ]);
    lines.extend(parameters(stored));
    lines.extend([EMPTY.to_owned(), "# Storage Information\t \t ".to_owned()]);
    lines.extend(storage_information(storage));
    lines
}

fn storage_information(storage: &Value) -> Vec<String> {
    let serde = &storage["SerdeInfo"];
    let compressed = if storage["Compressed"].as_bool().unwrap_or_default() { "Yes" } else { "No" };
    let buckets = storage["NumberOfBuckets"].as_i64().unwrap_or(-1).to_string();
    let names = |member: &str, of: fn(&Value) -> &str| {
        let names: Vec<&str> = list(storage, member).iter().map(of).collect();
        format!("[{}]", names.join(", "))
    };
    let mut lines = vec![
        pair("SerDe Library:", text(serde, "SerializationLibrary")),
        pair("InputFormat:", text(storage, "InputFormat")),
        pair("OutputFormat:", text(storage, "OutputFormat")),
        pair("Compressed:", compressed),
        pair("Num Buckets:", &buckets),
        pair("Bucket Columns:", &names("BucketColumns", |name| name.as_str().unwrap_or_default())),
        pair("Sort Columns:", &names("SortColumns", |order| text(order, "Column"))),
        "Storage Desc Params:\t \t ".to_owned(),
    ];
    lines.extend(parameters(serde));
    lines
}

/// `Tue Nov 24 14:27:17 UTC 2026`, as Java writes it.
fn moment(seconds: f64) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let seconds = seconds as i64;
    let (days, clock) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = civil(days);
    let week_day = DAYS[days.rem_euclid(7) as usize];
    let (hour, minute, second) = (clock / 3600, clock / 60 % 60, clock % 60);
    format!("{week_day} {} {day:02} {hour:02}:{minute:02}:{second:02} UTC {year}", MONTHS[month as usize - 1])
}

/// After Thrift's own printing of a table (`[hive]`); what depends on it is beyond documentation.
fn dump(table: &Value, stored: &Value) -> String {
    let keys = schemas(list(table, "PartitionKeys"));
    let retention = table["Retention"].as_i64().unwrap_or_default();
    let text = |member: &str| text(table, member);
    format!(
        "Table(tableName:{}, dbName:{}, owner:{}, retention:{retention}, sd:{}, partitionKeys:[{keys}], parameters:{{{}}}, tableType:{})",
        text("Name"),
        text("DatabaseName"),
        text("Owner"),
        storage_dump(stored),
        told(stored),
        text("TableType"),
    )
}

fn storage_dump(stored: &Value) -> String {
    let storage = &stored["StorageDescriptor"];
    let serde = &storage["SerdeInfo"];
    let library = text(serde, "SerializationLibrary");
    let members = [
        format!("cols:[{}]", schemas(columns(stored))),
        format!("location:{}", text(storage, "Location")),
        format!("inputFormat:{}", text(storage, "InputFormat")),
        format!("outputFormat:{}", text(storage, "OutputFormat")),
        format!("compressed:{}", storage["Compressed"].as_bool().unwrap_or_default()),
        format!("numBuckets:{}", storage["NumberOfBuckets"].as_i64().unwrap_or(-1)),
        format!("serdeInfo:SerDeInfo(name:null, serializationLib:{library}, parameters:{{{}}})", told(serde)),
    ];
    format!("StorageDescriptor({})", members.join(", "))
}

fn schemas(columns: &[Value]) -> String {
    let schema = |column: &Value| {
        let comment = column["Comment"].as_str().unwrap_or("null");
        format!("FieldSchema(name:{}, type:{}, comment:{comment})", text(column, "Name"), text(column, "Type"))
    };
    columns.iter().map(schema).collect::<Vec<_>>().join(", ")
}

fn told(value: &Value) -> String {
    pairs(value, "Parameters").iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(", ")
}
