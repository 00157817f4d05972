//! Tables out of statements, and what statements make of tables. Classes and parameters: the SerDe pages; limits: data-types.

use super::*;
use crate::ddl::{Action, Ddl, NewPartition};
use crate::statement::{Kind, parse};

fn ddl(text: &str) -> Ddl {
    match parse(text).unwrap_or_else(|error| panic!("{text}: {error}")).kind {
        Kind::Ddl(ddl) => ddl,
        other => panic!("{other:?}"),
    }
}

fn input(text: &str) -> Result<Value, TableError> {
    match ddl(&format!("CREATE EXTERNAL TABLE {text}")) {
        Ddl::CreateTable(create) => table_input(&create),
        other => panic!("{other:?}"),
    }
}

fn action(text: &str) -> Action {
    match ddl(&format!("ALTER TABLE t {text}")) {
        Ddl::AlterTable(alter) => alter.action,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_whole_table() {
    let made = input(
        "d.Sales (Id int COMMENT 'key', tags array<string>) COMMENT 'all' PARTITIONED BY (dt date) CLUSTERED BY (id) INTO 8 BUCKETS \
         ROW FORMAT DELIMITED FIELDS TERMINATED BY '\\t' NULL DEFINED AS '-' LOCATION 's3://b//sales/' \
         TBLPROPERTIES ('classification' = 'csv', 'EXTERNAL' = 'FALSE')",
    );
    let expected = json!({
        "Name": "sales",
        "TableType": "EXTERNAL_TABLE",
        "Retention": 0,
        "StorageDescriptor": {
            "Columns": [{"Name": "id", "Type": "int", "Comment": "key"}, {"Name": "tags", "Type": "array<string>"}],
            "Location": "s3://b/sales/",
            "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
            "OutputFormat": "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
            "Compressed": false,
            "NumberOfBuckets": 8,
            "SerdeInfo": {
                "SerializationLibrary": "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
                "Parameters": {"field.delim": "\t", "serialization.format": "\t", "serialization.null.format": "-"},
            },
            "BucketColumns": ["id"],
            "SortColumns": [],
            "StoredAsSubDirectories": false,
        },
        "PartitionKeys": [{"Name": "dt", "Type": "date"}],
        "Parameters": {"EXTERNAL": "TRUE", "classification": "csv", "comment": "all"},
    });
    assert_eq!(made, Ok(expected));
}

#[test]
fn classes_by_format() {
    for (text, serde, input_format, parameters) in [
        ("", "LazySimpleSerDe", "TextInputFormat", json!({"serialization.format": "1"})),
        ("STORED AS PARQUET", "ParquetHiveSerDe", "MapredParquetInputFormat", json!({"serialization.format": "1"})),
        ("STORED AS orc", "OrcSerde", "OrcInputFormat", json!({"serialization.format": "1"})),
        ("STORED AS AVRO", "AvroSerDe", "AvroContainerInputFormat", json!({"serialization.format": "1"})),
        ("STORED AS SEQUENCEFILE", "LazySimpleSerDe", "SequenceFileInputFormat", json!({"serialization.format": "1"})),
        ("STORED AS RCFILE", "LazyBinaryColumnarSerDe", "RCFileInputFormat", json!({"serialization.format": "1"})),
        (
            "ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' WITH SERDEPROPERTIES ('ignore.malformed.json' = 'true')",
            "JsonSerDe",
            "TextInputFormat",
            json!({"ignore.malformed.json": "true", "serialization.format": "1"}),
        ),
        (
            "ROW FORMAT SERDE 'com.amazonaws.glue.serde.GrokSerDe' STORED AS INPUTFORMAT 'a.InFormat' OUTPUTFORMAT 'a.Out' \
             WITH SERDEPROPERTIES ('input.format' = '%{X}', 'serialization.format' = '9')",
            "GrokSerDe",
            "InFormat",
            json!({"input.format": "%{X}", "serialization.format": "9"}),
        ),
    ] {
        let made = input(&format!("t (a int) {text} LOCATION 's3://b/t/'")).unwrap();
        let storage = &made["StorageDescriptor"];
        assert!(storage["SerdeInfo"]["SerializationLibrary"].as_str().unwrap().ends_with(serde), "{text}");
        assert!(storage["InputFormat"].as_str().unwrap().ends_with(input_format), "{text}");
        assert_eq!(storage["SerdeInfo"]["Parameters"], parameters, "{text}");
        assert_eq!(made["Parameters"], json!({"EXTERNAL": "TRUE"}));
    }
}

#[test]
fn what_no_table_can_be() {
    let long = "x".repeat(256);
    for (text, message) in [
        ("t (a int)", "No location was specified for table. An S3 location must be specified"),
        ("t (a int) LOCATION 'hdfs://b/t/'", "The location hdfs://b/t/ is not an S3 location: s3://bucket/folder/"),
        ("t (a int) LOCATION 's3a://b/t/'", "The location s3a://b/t/ is not an S3 location: s3://bucket/folder/"),
        ("t (a int) LOCATION 's3://'", "The location s3:// is not an S3 location: s3://bucket/folder/"),
        (
            "t (a int) LOCATION 'arn:aws:s3:eu-west-1:1:accesspoint/x'",
            "The location arn:aws:s3:eu-west-1:1:accesspoint/x is not an S3 location: s3://bucket/folder/",
        ),
        (
            "t (a int) LOCATION 's3://b/*.csv'",
            "The location s3://b/*.csv has a glob character. Name a bucket or a folder, with a slash at its end",
        ),
        (
            "t (a int, dt date) PARTITIONED BY (DT string) LOCATION 's3://b/t/'",
            "FAILED: SemanticException [Error 10035]: Column repeated in partitioning columns",
        ),
        ("t (a int, A int) LOCATION 's3://b/t/'", "FAILED: SemanticException [Error 10036]: Duplicate column name: a"),
        ("t (a decimal(39,2)) LOCATION 's3://b/t/'", "FAILED: ParseException Decimal precision out of allowed range [1,38]"),
        (
            "t (a int) PARTITIONED BY (b array<decimal(5,6)>) LOCATION 's3://b/t/'",
            "FAILED: ParseException Decimal scale must be less than or equal to precision",
        ),
        ("t (a char(300)) LOCATION 's3://b/t/'", "FAILED: ParseException Char length 300 out of allowed range [1, 255]"),
        (
            "t LOCATION 's3://b/t/'",
            "FAILED: SemanticException [Error 10043]: Either list of columns or a custom serializer should be specified",
        ),
        (
            "t (a int) CLUSTERED BY (b) INTO 2 BUCKETS LOCATION 's3://b/t/'",
            "FAILED: SemanticException [Error 10002]: Invalid column reference b",
        ),
        (&format!("{long} (a int) LOCATION 's3://b/t/'"), "The name xxxxxxxxxxxxxxxxxxxx.. is longer than 255 characters"),
    ] {
        assert_eq!(input(text).unwrap_err().to_string(), message, "{text}");
    }
}

#[test]
fn locations() {
    for (written, stored) in
        [("s3://b", "s3://b"), ("s3://b/", "s3://b/"), ("s3://b//x///y", "s3://b/x/y"), ("s3://b/A b/", "s3://b/A b/")]
    {
        assert_eq!(location(written), Ok(stored.to_owned()));
    }
}

#[test]
fn databases() {
    let made = |text: &str| match ddl(text) {
        Ddl::CreateDatabase(create) => database_input(&create),
        other => panic!("{other:?}"),
    };
    assert_eq!(made("CREATE DATABASE D"), Ok(json!({"Name": "d"})));
    assert_eq!(
        made("CREATE DATABASE d COMMENT 'c' LOCATION 's3://b/d/' WITH DBPROPERTIES ('a' = 'b')"),
        Ok(json!({"Name": "d", "Description": "c", "LocationUri": "s3://b/d/", "Parameters": {"a": "b"}}))
    );
    assert!(made("CREATE DATABASE d LOCATION '/d'").is_err());
}

fn table() -> Value {
    input("t (a int) PARTITIONED BY (year int, city string) LOCATION 's3://b/t/'").unwrap()
}

fn columns_of(text: &str) -> Vec<Column> {
    match action(text) {
        Action::AddColumns(columns) | Action::ReplaceColumns(columns) => columns,
        other => panic!("{other:?}"),
    }
}

#[test]
fn columns_added_and_replaced() {
    let added = add_columns(&table(), &columns_of("ADD COLUMNS (b bigint COMMENT 'c')")).unwrap();
    let expected = json!([{"Name": "a", "Type": "int"}, {"Name": "b", "Type": "bigint", "Comment": "c"}]);
    assert_eq!(added["StorageDescriptor"]["Columns"], expected);
    assert_eq!(added["PartitionKeys"], table()["PartitionKeys"]);
    let replaced = replace_columns(&added, &columns_of("REPLACE COLUMNS (z string)")).unwrap();
    assert_eq!(replaced["StorageDescriptor"]["Columns"], json!([{"Name": "z", "Type": "string"}]));
    for (text, message) in [
        ("ADD COLUMNS (a int)", "FAILED: SemanticException [Error 10036]: Duplicate column name: a"),
        ("ADD COLUMNS (city int)", "FAILED: SemanticException [Error 10035]: Column repeated in partitioning columns"),
        ("ADD COLUMNS (d date)", "The type date does not work in ADD COLUMNS and REPLACE COLUMNS: use timestamp for d"),
        ("ADD COLUMNS (d varchar(0))", "FAILED: ParseException Varchar length 0 out of allowed range [1, 65535]"),
    ] {
        assert_eq!(add_columns(&table(), &columns_of(text)).unwrap_err().to_string(), message);
    }
    let json = input("t (a int) ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://b/t/'").unwrap();
    let error = replace_columns(&json, &columns_of("REPLACE COLUMNS (z string)")).unwrap_err();
    assert_eq!(error.to_string(), "Replace columns is not supported for table t. SerDe may be incompatible.");
}

#[test]
fn location_and_properties_set() {
    assert_eq!(set_location(&table(), "s3://c/x/").unwrap()["StorageDescriptor"]["Location"], "s3://c/x/");
    assert!(set_location(&table(), "/x").is_err());
    let Action::SetProperties(properties) = action("SET TBLPROPERTIES ('a' = '1', 'EXTERNAL' = 'FALSE', 'a' = '2')") else {
        panic!()
    };
    assert_eq!(set_properties(&table(), &properties)["Parameters"], json!({"EXTERNAL": "TRUE", "a": "2"}));
    assert_eq!(set_properties(&json!({}), &properties), json!({"Parameters": {"a": "2"}}));
}

fn new_partition(text: &str) -> NewPartition {
    match action(&format!("ADD PARTITION {text}")) {
        Action::AddPartitions { mut partitions, .. } => partitions.remove(0),
        other => panic!("{other:?}"),
    }
}

#[test]
fn partitions() {
    let made = partition_input(&table(), &new_partition("(city = 'ulm', Year = 2024)")).unwrap();
    assert_eq!(made["Values"], json!(["2024", "ulm"]));
    let storage = &made["StorageDescriptor"];
    assert_eq!(storage["Location"], "s3://b/t/year=2024/city=ulm");
    assert_eq!(storage["InputFormat"], table()["StorageDescriptor"]["InputFormat"]);
    let elsewhere = partition_input(&table(), &new_partition("(city = 'ulm', year = 2024) LOCATION 's3://c/x/'")).unwrap();
    assert_eq!(elsewhere["StorageDescriptor"]["Location"], "s3://c/x/");
    for (text, message) in [
        ("(year = 1)", "FAILED: SemanticException partition spec {year=1} doesn't contain all (2) partition columns"),
        ("(year = 1, x = 2)", "FAILED: SemanticException Partition spec {year=1, x=2} contains non-partition columns"),
    ] {
        assert_eq!(partition_input(&table(), &new_partition(text)).unwrap_err().to_string(), message);
    }
    assert_eq!(values(&table(), &vec![("city".to_owned(), "ulm".to_owned())]), Ok(vec![None, Some("ulm".to_owned())]));
}

#[test]
fn inputs_have_no_more_than_glue_takes() {
    let shown = json!({"Name": "t", "DatabaseName": "d", "CreateTime": 5, "Owner": null, "VersionId": "1", "Parameters": {}});
    assert_eq!(as_input(&shown), json!({"Name": "t", "Parameters": {}}));
    assert_eq!(as_partition_input(&json!({"Values": ["1"], "TableName": "t"})), json!({"Values": ["1"]}));
}
