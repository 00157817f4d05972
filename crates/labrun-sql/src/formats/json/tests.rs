//! Lines of JSON as rows, case by case.

use super::*;
use crate::datum::read;

fn rows(flavor: Flavor, options: &[(&str, &str)], columns: &[(&str, &str)], lines: &[&str]) -> Outcome<Vec<Vec<Datum>>> {
    let options = options.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let columns: Vec<_> = columns.iter().map(|(name, kind)| ((*name).to_owned(), SqlType::parse(kind).unwrap())).collect();
    let lines: Vec<&[u8]> = lines.iter().map(|line| line.as_bytes()).collect();
    let wanted: Vec<usize> = (0..columns.len()).collect();
    let made = Lines::new(flavor, &options, &columns).columns(&lines, &wanted)?;
    let row = |row| made.iter().zip(&columns).map(|(column, (_, kind))| read(column, kind, row)).collect();
    Ok((0..lines.len()).map(row).collect())
}

fn one(flavor: Flavor, options: &[(&str, &str)], kind: &str, line: &str) -> Result<Datum, String> {
    let found = rows(flavor, options, &[("a", kind)], &[line]).map_err(|fault| fault.to_string())?;
    Ok(found[0][0].clone())
}

fn text(text: &str) -> Result<Datum, String> {
    Ok(Datum::Text(text.to_owned()))
}

#[test]
fn values_of_all_kinds() {
    for flavor in [Flavor::OpenX, Flavor::Hive] {
        let one = |kind: &str, json: &str| one(flavor, &[], kind, &format!("{{\"A\": {json}}}"));
        assert_eq!(one("integer", "5"), Ok(Datum::Integer(5)));
        assert_eq!(one("bigint", "\"5\""), Ok(Datum::Integer(5)));
        assert_eq!(one("double", "1e3"), Ok(Datum::Double(1000.0)));
        assert_eq!(one("decimal(5,2)", "1.5"), Ok(Datum::Decimal(150)));
        assert_eq!(one("boolean", "true"), Ok(Datum::Boolean(true)));
        assert_eq!(one("varchar", "12.50"), text("12.50"));
        assert_eq!(one("varchar", r#""q\"\u00e4\ud83d\ude00\n""#), text("q\"ä😀\n"));
        assert_eq!(one("varchar", "null"), Ok(Datum::Null));
        assert_eq!(one("date", "\"1970-01-02\""), Ok(Datum::Date(1)));
        assert_eq!(one("timestamp(3)", "\"1970-01-01 00:00:01.000\""), Ok(Datum::Timestamp(1_000_000_000)));
        assert_eq!(one("array(integer)", "[1,null]"), Ok(Datum::Array(vec![Datum::Integer(1), Datum::Null])));
        assert_eq!(one("row(b varchar, c integer)", "{\"B\":\"x\"}"), Ok(Datum::Row(vec![text("x").unwrap(), Datum::Null])));
        let map = Datum::Map(vec![(text("X").unwrap(), Datum::Integer(1))]);
        assert_eq!(one("map(varchar, integer)", "{\"X\":1}"), Ok(map));
    }
}

#[test]
fn what_is_malformed() {
    for (line, words) in [
        ("{\"a\": 1", "Expected a ',' or '}' at 7 [character 8 line 1]"),
        ("{", "A JSONObject text must end with '}' at 1 [character 2 line 1]"),
        ("{\"a\" 1}", "Expected a ':' after a key at 5 [character 6 line 1]"),
        ("{\"a\":\"x}", "Unterminated string at 8 [character 9 line 1]"),
        ("{\"a\":1,\"A\":2}", "Duplicate key \"a\""),
    ] {
        let fault = one(Flavor::OpenX, &[], "varchar", line).unwrap_err();
        assert_eq!(fault, format!("HIVE_CURSOR_ERROR: Row is not a valid JSON Object - JSONException: {words}"));
        assert_eq!(one(Flavor::OpenX, &[("ignore.malformed.json", "TRUE")], "varchar", line), Ok(Datum::Null));
        assert!(one(Flavor::Hive, &[], "varchar", line).unwrap_err().starts_with("HIVE_CURSOR_ERROR: JsonParseException: "));
    }
    let fault = one(Flavor::Hive, &[], "varchar", "{\"a\": 1").unwrap_err();
    assert!(fault.contains("Unexpected end-of-input: expected close marker for OBJECT"), "{fault}");
    let fault = one(Flavor::OpenX, &[], "integer", "{\"a\":\"x\"}").unwrap_err();
    assert_eq!(fault, "HIVE_BAD_DATA: Error parsing field value 'x' for field 0: For input string: \"x\"");
}

#[test]
fn openx_takes_more() {
    let one = |kind: &str, line: &str| one(Flavor::OpenX, &[], kind, line);
    assert_eq!(one("varchar", "{a: word}"), text("word"));
    assert_eq!(one("varchar", "{'a'='x';}"), text("x"));
    assert_eq!(one("varchar", "{\"a\":{\"b\":[1, \"x\"]}}"), text("{\"b\":[1,\"x\"]}"));
    assert_eq!(one("array(integer)", "{\"a\":3}"), Ok(Datum::Array(vec![Datum::Integer(3)])));
    assert_eq!(one("integer", "[7]"), Ok(Datum::Integer(7)));
    assert_eq!(one("integer", "{\"a\":\"\"}"), Ok(Datum::Null));
    assert_eq!(one("integer", ""), Ok(Datum::Null));
    assert_eq!(one("timestamp(3)", "{\"a\":1500}"), Ok(Datum::Timestamp(1_500_000_000_000)));
}

#[test]
fn names_of_keys() {
    let one = |options: &[(&str, &str)], line: &str| one(Flavor::OpenX, options, "varchar", line);
    assert_eq!(one(&[("mapping.a", "Timestamp")], "{\"timestamp\":\"x\"}"), text("x"));
    let exact = [("case.insensitive", "FALSE"), ("mapping.a", "URL")];
    assert_eq!(one(&exact, "{\"Url\":\"no\",\"URL\":\"yes\"}"), text("yes"));
    let found = rows(Flavor::OpenX, &[("dots.in.keys", "true")], &[("a_b", "integer")], &["{\"a.b\":1}"]);
    assert_eq!(found, Ok(vec![vec![Datum::Integer(1)]]));
}

#[test]
fn patterns_of_moments() {
    let options = [("timestamp.formats", "yyyy-MM-dd'T'HH:mm:ss.SSS'Z',dd/MM/yyyy")];
    let found = one(Flavor::Hive, &options, "timestamp(3)", "{\"a\":\"02/01/1970\"}");
    assert_eq!(found, Ok(Datum::Timestamp(86_400_000_000_000)));
}

#[test]
fn random_texts_never_panic() {
    let mut chance = fastrand::Rng::with_seed(5);
    let signs = ["{", "}", "[", "]", ":", ",", "\"", "\\", "\\u12", "\\ud800", "a", "1", "-", "e", ".", "'", "ä", " ", "null"];
    for _ in 0..5_000 {
        let line: String = (0..chance.usize(..12)).map(|_| signs[chance.usize(..signs.len())]).collect();
        for flavor in [Flavor::OpenX, Flavor::Hive] {
            for line in [line.clone(), format!("{{\"a\":{line}}}")] {
                let _ = one(flavor, &[("timestamp.formats", "yyyy")], "row(a timestamp(3), b map(integer, varchar))", &line);
            }
        }
    }
    assert!(one(Flavor::OpenX, &[], "varchar", &"[".repeat(100_000)).is_err());
}
