//! The grammar, case by case. Source: Glue API reference, GetPartitions.

use super::*;

fn keys() -> Vec<Column> {
    let kinds = [
        ("dt", "date"),
        ("at", "timestamp"),
        ("region", "string"),
        ("year", "int"),
        ("price", "decimal(10,2)"),
        ("odd", "array<int>"),
    ];
    let json: Vec<serde_json::Value> = kinds.iter().map(|(name, kind)| serde_json::json!({"Name": name, "Type": kind})).collect();
    serde_json::from_value(json.into()).unwrap()
}

fn values() -> Vec<String> {
    ["2024-02-29", "2024-02-29 12:30:00", "eu-west-1", "2024", "9.50", "x"].map(str::to_owned).to_vec()
}

fn holds(text: &str) -> bool {
    Expression::parse(text, &keys()).unwrap_or_else(|error| panic!("{text}: {error}")).matches(&values()).unwrap()
}

#[test]
fn comparisons_are_typed_by_the_key() {
    for text in [
        "year = 2024",
        "year > 999",
        "year <> 5",
        "year != 5",
        "year >= '2024'",
        "YEAR<=2024",
        "2023 < year",
        "-1 < year",
        "price > 9",
        "price < 10",
        "price = 9.5",
        "price >= '9.500'",
        "price > -10.75",
        "dt = '2024-02-29'",
        "dt < '2024-03-01'",
        "at > '2024-02-29'",
        "at < '2024-02-29 12:30:00.001'",
        "region > 'ap'",
        "region = 'eu-west-1'",
        "`region` = 'eu-west-1'",
        "\"region\" <> 'it''s'",
        "",
    ] {
        assert!(holds(text), "{text}");
    }
    for text in ["year < 999", "price > 10", "dt > '2024-02-29'", "region = 'EU-WEST-1'", "at = '2024-02-29'"] {
        assert!(!holds(text), "{text}");
    }
}

#[test]
fn predicates_and_their_negations() {
    for text in [
        "year IN (2023, 2024)",
        "region in ('a', 'eu-west-1')",
        "region NOT IN ('a')",
        "year BETWEEN 2020 AND 2024",
        "dt between '2024-01-01' and '2024-12-31' and year = 2024",
        "year NOT BETWEEN 1 AND 9",
        "region LIKE 'eu-%'",
        "region LIKE 'eu_west__'",
        "region LIKE '%w%t%'",
        "region NOT LIKE 'us%'",
        "region IS NOT NULL",
        "NOT region IS NULL",
        "not (year = 1)",
    ] {
        assert!(holds(text), "{text}");
    }
    for text in ["region LIKE 'eu'", "region LIKE '_'", "region IS NULL", "year IN (1)", "NOT year = 2024"] {
        assert!(!holds(text), "{text}");
    }
}

#[test]
fn and_binds_closer_than_or() {
    assert!(holds("year = 2024 OR year = 1 AND region = 'x'"));
    assert!(!holds("(year = 2024 OR year = 1) AND region = 'x'"));
    assert!(holds("((year = 2024))"));
}

#[test]
fn null_is_neither_true_nor_false() {
    let values: Vec<String> = ["2024-02-29", "2024-02-29", NULL, NULL, "1", "x"].map(str::to_owned).to_vec();
    let holds = |text: &str| Expression::parse(text, &keys()).unwrap().matches(&values).unwrap();
    assert!(holds("year IS NULL"));
    assert!(!holds("year = 1"));
    assert!(!holds("NOT year = 1"));
    assert!(holds("year = 1 OR region IS NULL"));
}

#[test]
fn what_is_wrong() {
    for text in [
        "nothing = 1",
        "year",
        "year =",
        "= 1",
        "year = 2024 AND",
        "(year = 2024",
        "year = 2024)",
        "year == 2024",
        "year = abc",
        "year = 'abc'",
        "year = 1.5",
        "region = 5",
        "dt = '2024-02-30'",
        "dt = 20240229",
        "at = 'noon'",
        "year LIKE '2%'",
        "year IN ()",
        "year IN 2024",
        "year BETWEEN 1",
        "year IS 5",
        "year NOT = 5",
        "region = 'open",
        "1 = 1",
        "year = region",
        "year = 1e3",
        "price = 1.2.3",
        "and = 1",
        "year; drop",
        "select",
    ] {
        let error = Expression::parse(text, &keys()).err().unwrap_or_else(|| panic!("{text}"));
        assert_eq!(
            (error.code.as_str(), error.message.as_str()),
            ("InvalidInputException", "Invalid partition expression!"),
            "{text}"
        );
    }
    let error = Expression::parse("odd = '1'", &keys()).err().unwrap();
    assert_eq!(error.message, "Unsupported type array<int> of the partition key odd in an expression.");
    let deep = format!("{}year = 1{}", "(".repeat(500), ")".repeat(500));
    assert!(Expression::parse(&deep, &keys()).is_err());
}

#[test]
fn a_value_that_is_not_of_its_type() {
    let mut values = values();
    values[3] = "null".to_owned();
    let error = Expression::parse("year >= 0", &keys()).unwrap().matches(&values).unwrap_err();
    let expected = ("InvalidStateException", "For input string: \"null\" is not an integer.");
    assert_eq!((error.code.as_str(), error.message.as_str()), expected);
}
