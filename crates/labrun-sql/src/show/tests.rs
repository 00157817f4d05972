//! What is shown, blank by blank. Measured: widths, headings of partitions, names of columns; the page describe-table has the list of
//! FORMATTED.

use serde_json::json;

use super::*;
use crate::ddl::Detail;
use crate::statement::{Kind, parse};
use crate::table::table_input;
use crate::view::View;

fn ddl(text: &str) -> Ddl {
    match parse(text).unwrap_or_else(|error| panic!("{text}: {error}")).kind {
        Kind::Ddl(ddl) => ddl,
        other => panic!("{other:?}"),
    }
}

fn input(text: &str) -> Value {
    match ddl(text) {
        Ddl::CreateTable(create) => table_input(&create).unwrap(),
        other => panic!("{other:?}"),
    }
}

fn table() -> Value {
    let mut table = input(
        "CREATE EXTERNAL TABLE t (id int COMMENT 'it\\'s', s struct<a:int,b:array<string>>) PARTITIONED BY (dt string) \
         ROW FORMAT DELIMITED FIELDS TERMINATED BY '\\t' LOCATION 's3://b/t/' TBLPROPERTIES ('classification' = 'csv')",
    );
    table["DatabaseName"] = json!("d");
    table["Owner"] = json!("hadoop");
    table["CreateTime"] = json!(1_795_530_437.0);
    table
}

#[test]
fn describe_pads_to_twenty() {
    assert_eq!(
        describe(&table(), Detail::Plain),
        [
            "id                  \tint                 \tit's                ",
            "s                   \tstruct<a:int,b:array<string>>\t                    ",
            "dt                  \tstring              \t                    ",
            "\t \t ",
            "# Partition Information\t \t ",
            "# col_name            \tdata_type           \tcomment             ",
            "\t \t ",
            "dt                  \tstring              \t                    ",
        ]
    );
    let plain = input("CREATE EXTERNAL TABLE t (größe int) LOCATION 's3://b/t/'");
    assert_eq!(describe(&plain, Detail::Plain), ["größe               \tint                 \t                    "]);
}

#[test]
fn describe_formatted() {
    assert_eq!(
        describe(&table(), Detail::Formatted),
        [
            "# col_name            \tdata_type           \tcomment             ",
            "\t \t ",
            "id                  \tint                 \tit's                ",
            "s                   \tstruct<a:int,b:array<string>>\t                    ",
            "\t \t ",
            "# Partition Information\t \t ",
            "# col_name            \tdata_type           \tcomment             ",
            "\t \t ",
            "dt                  \tstring              \t                    ",
            "\t \t ",
            "# Detailed Table Information\t \t ",
            "Database:           \td                   \t ",
            "Owner:              \thadoop              \t ",
            "CreateTime:         \tTue Nov 24 14:27:17 UTC 2026\t ",
            "LastAccessTime:     \tUNKNOWN             \t ",
            "Protect Mode:       \tNone                \t ",
            "Retention:          \t0                   \t ",
            "Location:           \ts3://b/t/           \t ",
            "Table Type:         \tEXTERNAL_TABLE      \t ",
            "Table Parameters:\t \t ",
            "\tEXTERNAL            \tTRUE                ",
            "\tclassification      \tcsv                 ",
            "\t \t ",
            "# Storage Information\t \t ",
            "SerDe Library:      \torg.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe\t ",
            "InputFormat:        \torg.apache.hadoop.mapred.TextInputFormat\t ",
            "OutputFormat:       \torg.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat\t ",
            "Compressed:         \tNo                  \t ",
            "Num Buckets:        \t-1                  \t ",
            "Bucket Columns:     \t[]                  \t ",
            "Sort Columns:       \t[]                  \t ",
            "Storage Desc Params:\t \t ",
            "\tfield.delim         \t\\t                  ",
            "\tserialization.format\t\\t                  ",
        ]
    );
}

#[test]
fn describe_extended_ends_in_one_long_line() {
    let lines = describe(&table(), Detail::Extended);
    let last = lines.last().unwrap();
    assert!(last.starts_with("Detailed Table Information\tTable(tableName:t, dbName:d, owner:hadoop, "), "{last}");
    assert!(last.contains("sd:StorageDescriptor(cols:[FieldSchema(name:id, type:int, comment:it's), "));
    assert_eq!(lines[lines.len() - 2], "\t \t ");
}

#[test]
fn describe_one_column_and_what_is_in_it() {
    let line = |path: &str| describe_column(&table(), path).map(|lines| lines[0].clone());
    assert_eq!(line("id").unwrap(), "id                  \tint                 \tit's                ");
    assert_eq!(line("s.b").unwrap(), "b                   \tarray<string>       \tfrom deserializer   ");
    assert_eq!(line("s.b.$elem$").unwrap(), "$elem$              \tstring              \tfrom deserializer   ");
    assert!(line("dt").is_some());
    assert_eq!((line("x"), line("s.x"), line("id.x")), (None, None, None));
}

#[test]
fn describe_a_partition_by_its_own_columns() {
    let partition = json!({"Values": ["1"], "StorageDescriptor": {"Columns": [{"Name": "old", "Type": "int"}]}});
    let lines = describe_partition(&table(), &partition, Detail::Plain);
    assert!(lines[0].starts_with("old ") && lines[1].starts_with("dt "));
}

#[test]
fn show_create_table_is_the_statement_again() {
    let lines = create_table(&table());
    assert_eq!(
        lines,
        [
            "CREATE EXTERNAL TABLE `t`(",
            "  `id` int COMMENT 'it\\'s', ",
            "  `s` struct<a:int,b:array<string>>)",
            "PARTITIONED BY ( ",
            "  `dt` string)",
            "ROW FORMAT DELIMITED ",
            "  FIELDS TERMINATED BY '\\t' ",
            "STORED AS INPUTFORMAT ",
            "  'org.apache.hadoop.mapred.TextInputFormat' ",
            "OUTPUTFORMAT ",
            "  'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'",
            "LOCATION",
            "  's3://b/t/'",
            "TBLPROPERTIES (",
            "  'classification'='csv')",
        ]
    );
}

#[test]
fn show_create_table_can_be_run() {
    for text in [
        "CREATE EXTERNAL TABLE t (a int) LOCATION 's3://b/t/'",
        "CREATE EXTERNAL TABLE t (a int) COMMENT 'c' STORED AS PARQUET LOCATION 's3://b/t/' TBLPROPERTIES ('x' = 'a\\'b\\\\c\\n')",
        "CREATE EXTERNAL TABLE t (a int, b map<int,int>) CLUSTERED BY (a) INTO 3 BUCKETS ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' \
         ESCAPED BY '\\\\' COLLECTION ITEMS TERMINATED BY '\\002' MAP KEYS TERMINATED BY '\\003' LINES TERMINATED BY '\\n' \
         NULL DEFINED AS '' LOCATION 's3://b/t/' TBLPROPERTIES ('x' = 'y')",
        "CREATE EXTERNAL TABLE t (a int) ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.OpenCSVSerde' \
         WITH SERDEPROPERTIES ('separatorChar' = ',', 'escapeChar' = '\\\\') LOCATION 's3://b/t/' TBLPROPERTIES ('x' = 'y')",
        "CREATE EXTERNAL TABLE t (a int) ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' WITH SERDEPROPERTIES ('serialization.format' = '9') \
         LOCATION 's3://b/t/' TBLPROPERTIES ('x' = 'y')",
    ] {
        let table = input(text);
        assert_eq!(input(&create_table(&table).join("\n")), table, "{text}");
    }
}

#[test]
fn lists() {
    assert_eq!(show_columns(&table()), ["id                  ", "s                   ", "dt                  "]);
    assert_eq!(show_properties(&table(), None), ["EXTERNAL\tTRUE", "classification\tcsv"]);
    assert_eq!(show_properties(&table(), Some("classification")), ["csv"]);
    assert_eq!(show_properties(&table(), Some("x")), ["Table d.t does not have property: x"]);
    let table = json!({"PartitionKeys": [{"Name": "y"}, {"Name": "m"}]});
    assert_eq!(
        show_partitions(&table, &[json!({"Values": ["2024", "01"]}), json!({"Values": ["2024", "02"]})]),
        ["y=2024/m=01", "y=2024/m=02"]
    );
}

#[test]
fn views() {
    let view = View {
        query: "SELECT a\nFROM t".to_owned(),
        catalog: "awsdatacatalog".to_owned(),
        schema: "d".to_owned(),
        columns: vec![("a".to_owned(), "integer".to_owned()), ("j".to_owned(), "json".to_owned())],
    };
    let mut table = view.table_input("v");
    table["DatabaseName"] = json!("d");
    assert_eq!(create_view(&table).unwrap(), ["CREATE VIEW d.v AS ", "SELECT a", "FROM t"]);
    assert_eq!(describe(&table, Detail::Plain), ["a\tinteger", "j\tjson"]);
    assert_eq!(show_columns(&table), ["a", "j"]);
    assert!(create_view(&json!({})).is_err());
}

#[test]
fn columns_of_results() {
    for (text, names) in [
        ("SHOW TABLES", &["tab_name"][..]),
        ("SHOW SCHEMAS", &["database_name"]),
        ("SHOW COLUMNS IN t", &["field"]),
        ("SHOW PARTITIONS t", &["partition"]),
        ("SHOW TBLPROPERTIES t", &["prpt_name", "prpt_value"]),
        ("SHOW CREATE TABLE t", &["createtab_stmt"]),
        ("SHOW VIEWS", &["views"]),
        ("SHOW CREATE VIEW t", &["create view"]),
        ("DESCRIBE t", &["col_name", "data_type", "comment"]),
        ("DROP TABLE t", &[]),
    ] {
        let columns = columns(&ddl(text));
        assert!(columns.iter().all(|(_, kind)| *kind == "string"));
        assert_eq!(columns.iter().map(|(name, _)| *name).collect::<Vec<_>>(), names, "{text}");
    }
}
