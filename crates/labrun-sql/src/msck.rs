//! `MSCK REPAIR TABLE` (msck-repair-table): which folders are partitions that the catalog does not know. It only adds.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::member::{keys, list, text};
use crate::table;

/// What a repair finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repair {
    /// Partitions to add, in the order of their values.
    pub add: Vec<Found>,
    /// What the statement prints.
    pub lines: Vec<String>,
}

/// A folder that is a partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// In the order of the table's keys.
    pub values: Vec<String>,
    /// Its folder.
    pub location: String,
}

impl Found {
    /// `CreatePartition`'s `PartitionInput`.
    pub fn input(&self, table: &Value) -> Value {
        table::stored(table, &self.values, &self.location)
    }
}

/// Of a `Table`, its `Partition`s, and the keys of the objects under its location (whole, from the bucket on).
pub fn repair(table: &Value, partitions: &[Value], objects: &[&str]) -> Repair {
    let name = text(table, "Name");
    let location = text(&table["StorageDescriptor"], "Location").trim_end_matches('/');
    let prefix = location.strip_prefix("s3://").and_then(|path| path.split_once('/')).map_or("", |(_, prefix)| prefix);
    let below: Vec<&str> = objects.iter().filter_map(|key| under(key, prefix)).collect();
    if below.is_empty() {
        return Repair { add: Vec::new(), lines: vec![format!("Tables missing on filesystem:\t{name}")] };
    }
    let keys = keys(table);
    // By values: two folders may spell the same ones.
    let found: BTreeMap<Vec<String>, String> = below.iter().filter_map(|path| folder(path, &keys)).collect();
    let known: BTreeSet<Vec<String>> = partitions.iter().map(values).collect();
    let gone: Vec<String> =
        known.iter().filter(|values| !found.contains_key(*values)).map(|values| spec(&keys, values)).collect();
    let (specs, add): (Vec<String>, Vec<Found>) = found
        .into_iter()
        .filter(|(values, _)| !known.contains(values))
        .map(|(values, folder)| (spec(&keys, &values), Found { values, location: format!("{location}/{folder}") }))
        .unzip();
    Repair { lines: lines(name, &specs, &gone), add }
}

fn values(partition: &Value) -> Vec<String> {
    list(partition, "Values").iter().map(|value| value.as_str().unwrap_or_default().to_owned()).collect()
}

fn under<'a>(key: &'a str, prefix: &str) -> Option<&'a str> {
    if prefix.is_empty() { Some(key) } else { key.strip_prefix(prefix)?.strip_prefix('/') }
}

/// The values of a path, and the folder of the innermost key: names in lower case and in the table's order, values without a colon. What a folder does not
/// spell so is passed over without a word.
fn folder(path: &str, keys: &[&str]) -> Option<(Vec<String>, String)> {
    let (folders, _) = path.rsplit_once('/')?;
    let parts: Vec<&str> = folders.split('/').take(keys.len()).collect();
    if keys.is_empty() || parts.len() < keys.len() {
        return None;
    }
    let value =
        |(part, key): (&&str, &&str)| part.strip_prefix(key)?.strip_prefix('=').filter(|value| plain(value)).map(unescaped);
    let values: Option<Vec<String>> = parts.iter().zip(keys).map(value).collect();
    Some((values?, parts.join("/")))
}

fn plain(value: &str) -> bool {
    !value.is_empty() && !value.contains(':')
}

/// Hive writes some letters of values as `%3A` (`[hive]`, `FileUtils.unescapePathName`).
fn unescaped(value: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = value.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = after.get(..2).filter(|digits| *first == b'%' && digits.iter().all(u8::is_ascii_hexdigit));
        let code = code.and_then(|digits| std::str::from_utf8(digits).ok());
        match code.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn spec(keys: &[&str], values: &[String]) -> String {
    keys.iter().zip(values).map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join("/")
}

/// `[hive]`, `DDLTask.msck`; the line on missing tables is measured.
fn lines(name: &str, new: &[String], gone: &[String]) -> Vec<String> {
    let mut lines = Vec::new();
    for (title, specs) in [("Partitions not in metastore:", new), ("Partitions missing from filesystem:", gone)] {
        if !specs.is_empty() {
            let all: String = specs.iter().map(|spec| format!("\t{name}:{spec}")).collect();
            lines.push(format!("{title}{all}"));
        }
    }
    lines.extend(new.iter().map(|spec| format!("Repair: Added partition to metastore {name}:{spec}")));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn table() -> Value {
        json!({
            "Name": "t",
            "PartitionKeys": [{"Name": "year", "Type": "int"}, {"Name": "city", "Type": "string"}],
            "StorageDescriptor": {"Location": "s3://b/data/t/", "InputFormat": "x"},
        })
    }

    #[test]
    fn only_what_is_new_is_added() {
        let known = [json!({"Values": ["2023", "ulm"]}), json!({"Values": ["2020", "bonn"]})];
        let objects = [
            "data/t/year=2023/city=ulm/a.csv",
            "data/t/year=2024/city=ulm/a.csv",
            "data/t/year=2024/city=ulm/sub/b.csv",
            "data/t/year=2024/city=a%20b/",
            "data/t/Year=2024/city=ulm/a.csv",
            "data/t/year=2024/city=10:30/a.csv",
            "data/t/2024/ulm/a.csv",
            "data/t/year=2024/a.csv",
            "data/t/a.csv",
            "data/t2/year=2025/city=ulm/a.csv",
        ];
        let repair = repair(&table(), &known, &objects);
        assert_eq!(
            repair.lines,
            [
                "Partitions not in metastore:\tt:year=2024/city=a b\tt:year=2024/city=ulm",
                "Partitions missing from filesystem:\tt:year=2020/city=bonn",
                "Repair: Added partition to metastore t:year=2024/city=a b",
                "Repair: Added partition to metastore t:year=2024/city=ulm",
            ]
        );
        assert_eq!(repair.add[0].location, "s3://b/data/t/year=2024/city=a%20b");
        let input = repair.add[1].input(&table());
        assert_eq!(input["Values"], json!(["2024", "ulm"]));
        assert_eq!(input["StorageDescriptor"], json!({"Location": "s3://b/data/t/year=2024/city=ulm", "InputFormat": "x"}));
    }

    #[test]
    fn nothing_there_and_nothing_new() {
        assert_eq!(repair(&table(), &[], &["other/x"]).lines, ["Tables missing on filesystem:\tt"]);
        let known = [json!({"Values": ["2023", "ulm"]})];
        assert_eq!(repair(&table(), &known, &["data/t/year=2023/city=ulm/a"]), Repair { add: vec![], lines: vec![] });
    }
}
