//! Accepted: statement, type, substatement, and what must stand in its data.

use crate::parse;

type Accepted = (&'static str, &'static str, &'static str, &'static [&'static str]);

#[rustfmt::skip]
const STATEMENTS: &[Accepted] = &[
    ("SELECT 1", "DML", "SELECT", &["Select"]),
    (r#"SELECT * FROM "d"."t" WHERE a = 'x;y' -- ;"#, "DML", "SELECT", &[]),
    (r#"/* lead */ select 1 as "a;b""#, "DML", "SELECT", &[]),
    ("(SELECT 1) UNION (SELECT 2)", "DML", "SELECT", &[]),
    ("WITH q AS (SELECT 1) SELECT * FROM q", "DML", "SELECT", &[]),
    ("VALUES (1, 'a'), (2, 'b')", "DML", "SELECT", &[]),
    ("TABLE t", "DML", "SELECT", &[]),
    ("INSERT INTO d.t SELECT * FROM u", "DML", "INSERT", &[r#"Some("d"), name: "t""#, r#"columns: [], query: Query { with: [], body: Select("#, r#"Table(QualifiedName { parts: [Name { text: "u""#]),
    ("INSERT INTO t (a, B) VALUES (1, 2)", "DML", "INSERT", &[r#"columns: ["a", "b"]"#, "query: Query { with: [], body: Values([Expr { kind: Row("]),
    ("INSERT INTO t (SELECT 1)", "DML", "INSERT", &["columns: [], query: Query { with: [], body: Query("]),
    (r#"INSERT INTO awsdatacatalog.d."t" (a) SELECT 1;"#, "DML", "INSERT", &[r#"Some("awsdatacatalog"), database: Some("d"), name: "t""#, r#"columns: ["a"], query: Query"#]),
    ("UPDATE t SET a = 1", "DML", "UPDATE", &[]),
    ("DELETE FROM t WHERE a = 1", "DML", "DELETE", &[]),
    ("MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN DELETE", "DML", "MERGE", &[]),
    ("OPTIMIZE t REWRITE DATA USING BIN_PACK", "DDL", "OPTIMIZE", &[]),
    ("VACUUM d.t", "DML", "VACUUM", &[]),
    ("EXPLAIN SELECT 1", "DML", "EXPLAIN", &["analyze: false", "statement: Select(Query {"]),
    ("EXPLAIN ANALYZE (FORMAT JSON) SELECT 1", "DML", "EXPLAIN", &["analyze: true", r#"[("FORMAT", "JSON")]"#]),
    ("EXPLAIN (TYPE IO, FORMAT JSON) INSERT INTO t SELECT 1", "DML", "EXPLAIN", &[r#"[("TYPE", "IO"), ("FORMAT", "JSON")]"#]),
    ("EXPLAIN (SELECT 1)", "DML", "EXPLAIN", &["options: [], statement: Select(Query { with: [], body: Query("]),
    ("UNLOAD (SELECT f(a, (1)) FROM t) TO 's3://b/u/' WITH (format = 'PARQUET', partitioned_by = ARRAY['x', 'y'])", "DML", "UNLOAD", &["query: Query {", r#"location: "s3://b/u/""#, r#"("partitioned_by", List([Text("x"), Text("y")]))"#]),
    ("CREATE TABLE t AS SELECT 1 AS a", "DDL", "CREATE_TABLE_AS_SELECT", &[r#"alias: Some(Name { text: "a""#, "with_data: true"]),
    (r#"CREATE TABLE IF NOT EXISTS "d"."t" (a) WITH (format = 'ORC', bucket_count = 5, is_external = false) AS (SELECT 1) WITH NO DATA"#, "DDL", "CREATE_TABLE_AS_SELECT", &[r#"if_not_exists: true, columns: ["a"]"#, r#"[("format", Text("ORC")), ("bucket_count", Number("5")), ("is_external", Boolean(false))]"#, "query: Query { with: [], body: Query(", "with_data: false"]),
    ("CREATE TABLE t AS (WITH q AS (SELECT 1) SELECT * FROM q)", "DDL", "CREATE_TABLE_AS_SELECT", &["query: Query { with: [CommonTable"]),
    ("CREATE TABLE t AS SELECT 1 WITH DATA", "DDL", "CREATE_TABLE_AS_SELECT", &["with_data: true"]),
    ("CREATE VIEW v AS SELECT 1 -- c", "DDL", "CREATE_VIEW", &["or_replace: false, query: Query {", r#"text: "SELECT 1 -- c""#]),
    (r#"CREATE OR REPLACE VIEW "d"."V" AS WITH q AS (SELECT 1) SELECT * FROM q;"#, "DDL", "CREATE_VIEW", &[r#"Some("d"), name: "v""#, "or_replace: true", r#"text: "WITH q AS (SELECT 1) SELECT * FROM q""#]),
    ("DROP VIEW v", "DDL", "DROP_VIEW", &["if_exists: false"]),
    (r#"DROP VIEW IF EXISTS "d"."v""#, "DDL", "DROP_VIEW", &[r#"Some("d"), name: "v" }, if_exists: true"#]),
    ("DROP VIEW `d`.`v`", "DDL", "DROP_VIEW", &[r#"Some("d"), name: "v""#]),
    ("SHOW FUNCTIONS", "UTILITY", "SHOW_FUNCTIONS", &["Query(ShowFunctions)"]),
    ("SHOW FUNCTIONS LIKE 'a%'", "UTILITY", "SHOW_FUNCTIONS", &[]),
    ("PREPARE Mine FROM SELECT * FROM t WHERE a = ?", "UTILITY", "PREPARE", &[r#"name: "Mine", text: "SELECT * FROM t WHERE a = ?""#]),
    ("PREPARE p FROM INSERT INTO t VALUES (?)", "UTILITY", "PREPARE", &[r#"text: "INSERT INTO t VALUES (?)""#]),
    ("EXECUTE Mine USING 1, f(a, 'b,c'), ARRAY[1, 2]", "UTILITY", "EXECUTE", &[r#"parameters: ["1", "f(a, 'b,c')", "ARRAY[1, 2]"]"#]),
    ("EXECUTE Mine", "UTILITY", "EXECUTE", &[r#"name: "Mine", parameters: []"#]),
    ("DEALLOCATE PREPARE Mine", "UTILITY", "DEALLOCATE_PREPARE", &[r#"name: "Mine""#]),
    ("CREATE DATABASE d", "DDL", "CREATE_DATABASE", &[r#"name: "d", if_not_exists: false, comment: None, location: None, properties: []"#]),
    (r#"CREATE SCHEMA IF NOT EXISTS `my-D` COMMENT 'it''s' LOCATION 's3://b/d/' WITH DBPROPERTIES ('a' = 'b', "c" = "d")"#, "DDL", "CREATE_DATABASE", &[r#"name: "my-d", if_not_exists: true, comment: Some("it's"), location: Some("s3://b/d/"), properties: [("a", "b"), ("c", "d")]"#]),
    ("DROP SCHEMA d RESTRICT", "DDL", "DROP_DATABASE", &["if_exists: false, cascade: false"]),
    ("DROP DATABASE IF EXISTS d CASCADE", "DDL", "DROP_DATABASE", &["if_exists: true, cascade: true"]),
    ("ALTER SCHEMA d SET DBPROPERTIES ('a' = 'b')", "DDL", "ALTER_DATABASE", &[r#"name: "d", properties: [("a", "b")]"#]),
    ("CREATE EXTERNAL TABLE Sales (Id INT) LOCATION 's3://b/t/'", "DDL", "CREATE_TABLE", &[r#"name: "sales""#, r#"Column { name: "id", kind: Int, comment: None }"#, r#"location: Some("s3://b/t/")"#]),
    ("CREATE EXTERNAL TABLE IF NOT EXISTS d.t (`date` date COMMENT 'd', s STRUCT<A:int,b:map<string,array<double>>>) COMMENT 'c' PARTITIONED BY (dt string) CLUSTERED BY (s) INTO 4 BUCKETS STORED AS PARQUET LOCATION 's3://b/t/' TBLPROPERTIES ('parquet.compression'='GZIP')", "DDL", "CREATE_TABLE", &[r#"Column { name: "date", kind: Date, comment: Some("d") }"#, r#"Struct([("a", Int), ("b", Map(String, Array(Double)))])"#, r#"comment: Some("c"), partitioned_by: [Column { name: "dt""#, r#"Buckets { columns: ["s"], count: 4 }"#, r#"Some(Format("PARQUET"))"#, r#"[("parquet.compression", "GZIP")]"#]),
    (r#"CREATE EXTERNAL TABLE t (a decimal, b decimal(5), c char(3), d varchar(9), e tinyint, f float) ROW FORMAT DELIMITED FIELDS TERMINATED BY '\t' ESCAPED BY '\\' COLLECTION ITEMS TERMINATED BY '\002' MAP KEYS TERMINATED BY ':' LINES TERMINATED BY '\n' NULL DEFINED AS '' LOCATION 's3://b/t/'"#, "DDL", "CREATE_TABLE", &["Decimal(10, 0)", "Decimal(5, 0)", "Char(3)", "Varchar(9)", r#"fields: Some("\t"), escape: Some("\\"), items: Some("\u{2}"), keys: Some(":"), lines: Some("\n"), null: Some("")"#]),
    (r#"CREATE EXTERNAL TABLE t (a int) ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.OpenCSVSerde' WITH SERDEPROPERTIES ("separatorChar" = ",", "quoteChar" = "`", "escapeChar" = "\\") STORED AS TEXTFILE LOCATION 's3://b/t/'"#, "DDL", "CREATE_TABLE", &[r#"Serde("org.apache.hadoop.hive.serde2.OpenCSVSerde")"#, r#"[("separatorChar", ","), ("quoteChar", "`"), ("escapeChar", "\\")]"#, r#"Format("TEXTFILE")"#]),
    ("create external table t (a int) row format serde 'x' stored as inputformat 'i' outputformat 'o' with serdeproperties ('input.format'='%{X}') location 's3://b/t/'", "DDL", "CREATE_TABLE", &[r#"Classes { input: "i", output: "o" }"#, r#"[("input.format", "%{X}")]"#]),
    ("CREATE /* x */ EXTERNAL -- y\n TABLE 2020_t (a int) LOCATION 's3://b/t/';", "DDL", "CREATE_TABLE", &[r#"name: "2020_t""#]),
    ("CREATE EXTERNAL TABLE `_t` (a int, type string, year int) LOCATION 's3://b/t/'", "DDL", "CREATE_TABLE", &[r#"name: "_t""#, r#"name: "type""#]),
    ("DROP TABLE t", "DDL", "DROP_TABLE", &["if_exists: false"]),
    ("DROP TABLE IF EXISTS `d`.`t`", "DDL", "DROP_TABLE", &[r#"Some("d"), name: "t" }, if_exists: true"#]),
    ("ALTER TABLE d.t ADD IF NOT EXISTS PARTITION (dt = '2024-01-01', n = 5) LOCATION 's3://b/x/' PARTITION (dt = date '2024-01-02', n = -6)", "DDL", "ALTER_TABLE_ADD_PARTITION", &["if_not_exists: true", r#"spec: [("dt", "2024-01-01"), ("n", "5")], location: Some("s3://b/x/")"#, r#"spec: [("dt", "2024-01-02"), ("n", "-6")], location: None"#]),
    (r#"ALTER TABLE t ADD PARTITION (`date` = "x")"#, "DDL", "ALTER_TABLE_ADD_PARTITION", &[r#"[("date", "x")]"#]),
    ("ALTER TABLE t DROP IF EXISTS PARTITION (a = 1), PARTITION (a = 2)", "DDL", "ALTER_TABLE_DROP_PARTITION", &[r#"if_exists: true, partitions: [[("a", "1")], [("a", "2")]]"#]),
    ("ALTER TABLE t PARTITION (a = 1) RENAME TO PARTITION (a = 2)", "DDL", "ALTER_TABLE_RENAME_PARTITION", &[r#"partition: Some([("a", "1")]), action: RenamePartition([("a", "2")])"#]),
    ("ALTER TABLE t PARTITION (a = 1) SET LOCATION 's3://b/y/'", "DDL", "ALTER_TABLE_SET_LOCATION", &["partition: Some(", r#"SetLocation("s3://b/y/")"#]),
    ("ALTER TABLE t ADD COLUMNS (x int COMMENT 'c', y array<string>)", "DDL", "ALTER_TABLE_ADD_COLUMNS", &[r#"AddColumns([Column { name: "x", kind: Int, comment: Some("c") }, Column { name: "y", kind: Array(String), comment: None }])"#]),
    ("ALTER TABLE t PARTITION (a = 1) ADD COLUMNS (x int)", "DDL", "ALTER_TABLE_ADD_COLUMNS", &["partition: Some("]),
    ("ALTER TABLE t REPLACE COLUMNS (x int)", "DDL", "ALTER_TABLE_REPLACE_COLUMNS", &["ReplaceColumns"]),
    ("ALTER TABLE t PARTITION (a = 1) REPLACE COLUMNS (x int)", "DDL", "ALTER_TABLE_REPLACE_COLUMNS", &["ReplaceColumns"]),
    ("ALTER TABLE t SET LOCATION 's3://b/y/'", "DDL", "ALTER_TABLE_SET_LOCATION", &["partition: None"]),
    ("ALTER TABLE t SET TBLPROPERTIES ('a' = 'b')", "DDL", "ALTER_TABLE_SET_TBLPROPERTIES", &[r#"SetProperties([("a", "b")])"#]),
    ("ALTER TABLE t RENAME TO u", "DDL", "ALTER_TABLE_RENAME", &["RenameTo"]),
    ("ALTER TABLE t DROP COLUMN a", "DDL", "ALTER_TABLE_DROP_COLUMN", &[r#"DropColumn("a")"#]),
    ("MSCK REPAIR TABLE d.t", "DDL", "MSCK_REPAIR", &["Repair", r#"Some("d"), name: "t""#]),
    ("SHOW DATABASES", "UTILITY", "SHOW_DATABASES", &["ShowDatabases(None)"]),
    ("SHOW SCHEMAS LIKE 'sales.*'", "UTILITY", "SHOW_DATABASES", &[r#"ShowDatabases(Some("sales.*"))"#]),
    ("SHOW TABLES", "UTILITY", "SHOW_TABLES", &["database: None, pattern: None"]),
    ("SHOW TABLES IN d 'a*|b*'", "UTILITY", "SHOW_TABLES", &[r#"database: Some("d"), pattern: Some("a*|b*")"#]),
    ("SHOW TABLES FROM `d` LIKE '*'", "UTILITY", "SHOW_TABLES", &[r#"database: Some("d"), pattern: Some("*")"#]),
    ("SHOW VIEWS IN d LIKE '*'", "UTILITY", "SHOW_VIEWS", &[r#"database: Some("d"), pattern: Some("*")"#]),
    ("SHOW COLUMNS FROM t IN d", "UTILITY", "SHOW_COLUMNS", &[r#"Some("d"), name: "t""#]),
    ("SHOW COLUMNS IN d.t", "UTILITY", "SHOW_COLUMNS", &[r#"Some("d"), name: "t""#]),
    ("SHOW PARTITIONS d.t", "UTILITY", "SHOW_PARTITIONS", &[r#"Some("d"), name: "t""#]),
    ("SHOW CREATE TABLE `t`", "UTILITY", "SHOW_CREATE_TABLE", &[r#"name: "t""#]),
    ("SHOW CREATE VIEW v", "UTILITY", "SHOW_CREATE_VIEW", &[r#"name: "v""#]),
    ("SHOW TBLPROPERTIES t", "UTILITY", "SHOW_TBLPROPERTIES", &["key: None"]),
    ("SHOW TBLPROPERTIES d.t ('classification')", "UTILITY", "SHOW_TBLPROPERTIES", &[r#"key: Some("classification")"#]),
    ("DESCRIBE t", "UTILITY", "DESCRIBE_TABLE", &["detail: Plain, partition: None, column: None"]),
    ("DESC formatted", "UTILITY", "DESCRIBE_TABLE", &[r#"name: "formatted" }, detail: Plain"#]),
    ("DESC FORMATTED d.t", "UTILITY", "DESCRIBE_TABLE", &[r#"Some("d"), name: "t" }, detail: Formatted"#]),
    ("DESCRIBE EXTENDED t PARTITION (a = 1) c", "UTILITY", "DESCRIBE_TABLE", &[r#"detail: Extended, partition: Some([("a", "1")]), column: Some("c")"#]),
    ("DESCRIBE t m.'$key$'", "UTILITY", "DESCRIBE_TABLE", &[r#"column: Some("m.$key$")"#]),
    ("DESCRIBE t s.a.b", "UTILITY", "DESCRIBE_TABLE", &[r#"column: Some("s.a.b")"#]),
    ("DESCRIBE input", "UTILITY", "DESCRIBE_TABLE", &[r#"name: "input""#]),
];

#[test]
fn accepted_as_what() {
    for (text, kind, substatement, parts) in STATEMENTS {
        let statement = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!((statement.statement_type(), statement.substatement_type()), (*kind, *substatement), "{text}");
        let data = format!("{:?}", statement.kind);
        for part in *parts {
            assert!(data.contains(part), "{text}: no {part} in {data}");
        }
    }
}

/// Whatever is cut off or put in, the answer is a statement or a refusal.
#[test]
fn nothing_panics() {
    for (text, ..) in STATEMENTS {
        let cuts = (0..=text.len()).filter(|at| text.is_char_boundary(*at));
        for at in cuts {
            let (before, after) = text.split_at(at);
            let _ = (parse(before), parse(after));
            for middle in ["'", "\"", "`", "(", ")", ",", "\\", "/*", "ß", ";", " select ", "<"] {
                let _ = parse(&format!("{before}{middle}{after}"));
            }
        }
    }
}
