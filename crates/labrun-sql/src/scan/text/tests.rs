//! Lines of text as rows, and splits that part a file.

use crate::scan::tests::Shelf;

const SERDE: &str = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe";

fn numbers(rows: usize) -> String {
    (0..rows).map(|row| format!("{row},some text to make the line longer than it would be otherwise {row}\n")).collect()
}

fn shelf(content: impl Into<bytes::Bytes>) -> Shelf {
    Shelf::new(SERDE, &[("field.delim", ",")], &[("n", "bigint"), ("t", "string")], content)
}

#[test]
fn a_file_in_several_parts_is_read_once() {
    let content = numbers(300_000);
    let size = content.len() as u64;
    // Long enough for two tasks to share it.
    assert!(size > 17 << 20);
    let found = shelf(content).query("SELECT count(*), sum(n), max(n) FROM t").unwrap();
    assert_eq!(found.rows, ["300000; 44999850000; 299999"]);
    assert!((size..size + (256 << 10)).contains(&found.bytes_read), "{} of {size}", found.bytes_read);
}

#[test]
fn who_wants_few_rows_reads_little() {
    let content = numbers(300_000);
    let found = shelf(content.clone()).query("SELECT t FROM t LIMIT 3").unwrap();
    assert_eq!(found.rows.len(), 3);
    assert!(found.bytes_read <= 1 << 20, "{}", found.bytes_read);
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
    std::io::Write::write_all(&mut gzip, content.as_bytes()).unwrap();
    let packed = gzip.finish().unwrap();
    let found = Shelf::named(SERDE, &[], &[("t", "string")], "t/0.gz", packed.into()).query("SELECT t FROM t LIMIT 3").unwrap();
    assert_eq!(found.rows.len(), 3);
    assert!(found.bytes_read <= 1 << 20, "{}", found.bytes_read);
}

#[test]
fn a_line_that_never_ends() {
    let fault = shelf(vec![b'x'; 40 << 20]).query("SELECT count(*) FROM t").unwrap_err();
    assert_eq!(fault.to_string(), "HIVE_CURSOR_ERROR: Line too long in text file: s3://b/t/0");
}

#[test]
fn headers_are_of_each_file() {
    let shelf = Shelf::new(SERDE, &[("field.delim", ","), ("skip.header.line.count", "2")], &[("n", "int")], "a\nb\n1\n2\n");
    assert_eq!(shelf.rows("SELECT n FROM t ORDER BY n"), ["1", "2"]);
}
