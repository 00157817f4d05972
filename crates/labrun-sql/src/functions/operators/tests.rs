use crate::functions::check::all;

#[test]
fn numbers() {
    all(&[
        "+|bigint:1|integer:2|3",
        "+|bigint:NULL|integer:2|NULL",
        "+|bigint:9223372036854775807|bigint:1|NUMERIC_VALUE_OUT_OF_RANGE: bigint addition overflow: 9223372036854775807 + 1",
        "-|tinyint:-128|tinyint:1|NUMERIC_VALUE_OUT_OF_RANGE: tinyint subtraction overflow: -128 - 1",
        "*|integer:65536|integer:65536|NUMERIC_VALUE_OUT_OF_RANGE: integer multiplication overflow: 65536 * 65536",
        "/|integer:-7|integer:2|-3",
        "/|integer:1|integer:0|DIVISION_BY_ZERO: Division by zero",
        "/|double:1|double:0|Infinity",
        "%|integer:-7|integer:2|-1",
        "%|bigint:-9223372036854775808|bigint:-1|0",
        "negate|smallint:-32768|NUMERIC_VALUE_OUT_OF_RANGE: smallint negation overflow: -32768",
        "+|real:0.5|bigint:1|1.5",
        "negate|double:0|-0.0",
    ]);
}

#[test]
fn decimals() {
    all(&[
        "+|decimal(3,1):1.5|decimal(4,2):0.25|1.75",
        "+|decimal(3,1):1.5|integer:1|2.5",
        "*|decimal(3,1):1.5|decimal(4,2):0.25|0.375",
        "/|decimal(3,1):1.0|decimal(2,1):3.0|0.3",
        "/|decimal(3,1):2.0|decimal(2,1):-3.0|-0.7",
        "/|decimal(38,0):99999999999999999999999999999999999999|decimal(2,1):1.0|NUMERIC_VALUE_OUT_OF_RANGE: Decimal overflow",
        "/|decimal(3,1):1.0|decimal(2,1):0.0|DIVISION_BY_ZERO: Division by zero",
        "%|decimal(3,1):-7.5|decimal(2,1):2.0|-1.5",
        "+|decimal(38,0):99999999999999999999999999999999999999|decimal(1,0):1|NUMERIC_VALUE_OUT_OF_RANGE: Decimal overflow",
        "negate|decimal(3,1):1.5|-1.5",
    ]);
}

#[test]
fn moments() {
    all(&[
        "+|date:2024-01-31|interval year to month:1|2024-02-29",
        "+|interval day to second:86400000|date:2024-01-31|2024-02-01",
        "-|date:2024-01-31|interval day to second:1000|INVALID_FUNCTION_ARGUMENT: Cannot subtract hour, minutes or seconds from a date",
        "-|date:2024-03-01|date:2024-02-28|2 00:00:00.000",
        "+|timestamp(3):2024-01-31 23:00:00|interval day to second:3600001|2024-02-01 00:00:00.001",
        "-|timestamp(0):2024-01-01 00:00:00|timestamp(3):2024-01-02 00:00:00.001|-1 00:00:00.001",
        "+|timestamp(0) with time zone:2024-03-09 12:00:00 America/New_York|interval day to second:86400000|2024-03-10 13:00:00 America/New_York",
        "+|time(3):23:00:00|interval day to second:7200000|01:00:00.000",
        "at_timezone|timestamp(0) with time zone:2024-01-01 00:00:00 UTC|varchar:Asia/Tokyo|2024-01-01 09:00:00 Asia/Tokyo",
        "at_timezone|timestamp(0) with time zone:2024-01-01 00:00:00 UTC|varchar:Mars|INVALID_FUNCTION_ARGUMENT: 'Mars' is not a valid time zone",
        "*|interval day to second:1000|double:1.5|0 00:00:01.500",
        "*|bigint:3|interval year to month:5|1-3",
        "/|interval day to second:1000|double:2|0 00:00:00.500",
        "negate|interval year to month:5|-0-5",
    ]);
}

#[test]
fn the_others() {
    all(&[
        "=|array(integer):[1, null]|array(integer):[1, 2]|NULL",
        "=|array(integer):[1, null]|array(integer):[2, 2]|false",
        "<|row(a integer):[1]|row(a integer):[2]|true",
        "<|map(varchar, integer):{}|map(varchar, integer):{}|FUNCTION_NOT_FOUND: Unexpected parameters (map(varchar, integer), map(varchar, integer)) for function <. Expected: <(T, T) T:orderable",
        "is distinct|integer:NULL|integer:NULL|false",
        "<=|double:NaN|double:1|false",
    ]);
    for (name, arguments, expected) in [
        ("||", &["varchar:a", "varchar:b"][..], "ab"),
        ("||", &["char(3):a", "char(1):b"], "a  b"),
        ("||", &["varbinary:01", "varbinary:02"], "01 02"),
        ("||", &["array(integer):[1]", "array(integer):[2]"], "[1, 2]"),
        ("||", &["array(integer):[1]", "integer:NULL"], "[1, null]"),
        ("||", &["integer:0", "array(bigint):[1]"], "[0, 1]"),
        ("like", &["varchar:abc", "varchar:a%"], "true"),
        ("like", &["varchar:a", "varchar:a", "varchar:"], "INVALID_FUNCTION_ARGUMENT: Escape string must be a single character"),
        ("subscript", &["array(integer):[1, 2]", "integer:2"], "2"),
        (
            "subscript",
            &["array(integer):[1, 2, 3]", "integer:4"],
            "INVALID_FUNCTION_ARGUMENT: Array subscript must be less than or equal to array length: 4 > 3",
        ),
        ("subscript", &["array(integer):[1]", "integer:0"], "INVALID_FUNCTION_ARGUMENT: SQL array indices start at 1"),
        ("subscript", &["array(integer):[1]", "integer:-1"], "INVALID_FUNCTION_ARGUMENT: Array subscript is negative: -1"),
        ("subscript", &["map(varchar, integer):{\"k\": 1}", "varchar:k"], "1"),
        ("subscript", &["map(varchar, integer):{}", "varchar:x"], "INVALID_FUNCTION_ARGUMENT: Key not present in map: x"),
    ] {
        assert_eq!(crate::functions::check::call(name, arguments), expected, "{name} of {arguments:?}");
    }
}
