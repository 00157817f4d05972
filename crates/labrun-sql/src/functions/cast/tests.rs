use crate::functions::check::cast_to;

/// `from:value|to|answer`
fn all(cases: &[&str]) {
    for case in cases {
        let parts: Vec<&str> = case.split('|').collect();
        assert_eq!(cast_to(parts[0], parts[1]), parts[2], "{case}");
    }
}

#[test]
fn numbers() {
    all(&[
        "double:2.5|bigint|3",
        "double:-2.5|integer|-3",
        "double:1e10|integer|NUMERIC_VALUE_OUT_OF_RANGE: Out of range for integer: 1.0E10",
        "double:NaN|bigint|INVALID_CAST_ARGUMENT: Unable to cast NaN to bigint",
        "bigint:300|tinyint|NUMERIC_VALUE_OUT_OF_RANGE: Out of range for tinyint: 300",
        "integer:7|bigint|7",
        "integer:NULL|bigint|NULL",
        "decimal(3,1):2.5|integer|3",
        "decimal(3,1):-2.4|varchar|-2.4",
        "integer:100|decimal(3,1)|INVALID_CAST_ARGUMENT: Cannot cast INTEGER '100' to DECIMAL(3, 1)",
        "double:1.005|decimal(3,2)|1.00",
        "real:1.1|decimal(3,1)|1.1",
        "decimal(4,2):1.25|decimal(3,1)|1.3",
        "decimal(4,2):99.99|decimal(3,1)|INVALID_CAST_ARGUMENT: Cannot cast DECIMAL '99.99' to DECIMAL(3, 1)",
        "decimal(4,2):1.25|double|1.25",
        "boolean:true|double|1.0",
        "double:0|boolean|false",
        "varchar:x|integer|INVALID_CAST_ARGUMENT: Cannot cast 'x' to INT",
        "varchar: 1|bigint|INVALID_CAST_ARGUMENT: Cannot cast ' 1' to BIGINT",
        "varchar:999|tinyint|INVALID_CAST_ARGUMENT: Cannot cast '999' to TINYINT",
        "varchar:1.5|double|1.5",
        "varchar:1,5|double|INVALID_CAST_ARGUMENT: Cannot cast '1,5' to DOUBLE",
        "varchar:12.345|decimal(5,2)|12.35",
        "varchar:x|decimal(5,2)|INVALID_CAST_ARGUMENT: Cannot cast VARCHAR 'x' to DECIMAL(5, 2). Value is not a number.",
        "varchar:T|boolean|true",
        "varchar:yes|boolean|INVALID_CAST_ARGUMENT: Cannot cast 'yes' to BOOLEAN",
        "integer:1|date|Cannot cast integer to date",
    ]);
}

#[test]
fn texts() {
    all(&[
        "double:1e20|varchar|1.0E20",
        "integer:123|varchar(2)|INVALID_CAST_ARGUMENT: Value 123 cannot be represented as varchar(2)",
        "varchar:abc|varchar(2)|ab",
        "varchar:ab  |char(5)|ab   ",
        "char(4):ab|varchar|ab  ",
        "varchar:abc|varbinary|61 62 63",
        "varbinary:61|varchar|Cannot cast varbinary to varchar",
        "boolean:true|varchar|true",
        "timestamp(0):2020-01-01 00:00:00|varchar|2020-01-01 00:00:00",
        "timestamp(3) with time zone:2020-01-01 00:00:00 +05:30|varchar|2020-01-01 00:00:00.000 +05:30",
        "interval day to second:1|varchar|0 00:00:00.001",
        "varchar:::1|ipaddress|::1",
        "varchar:1.2.3.4|ipaddress|1.2.3.4",
        "varchar:1.2.3|ipaddress|INVALID_CAST_ARGUMENT: Cannot cast value to IPADDRESS: 1.2.3",
        "varchar:12151fd2-7586-11e9-8f9e-2a86e4085a59|uuid|12151fd2-7586-11e9-8f9e-2a86e4085a59",
        "varchar:1-2-3-4-1|uuid|INVALID_CAST_ARGUMENT: Invalid UUID string length: 9",
        "array(integer):[1]|varchar|Cannot cast array(integer) to varchar",
    ]);
}

#[test]
fn moments() {
    all(&[
        "varchar:2020-02-30|date|INVALID_CAST_ARGUMENT: Value cannot be cast to date: 2020-02-30",
        "varchar:2020-1-2|date|2020-01-02",
        "varchar:2020-01-01 01:02:03.4567|timestamp(3)|2020-01-01 01:02:03.457",
        "varchar:2020-01-01T01:02:03|timestamp(3)|INVALID_CAST_ARGUMENT: Value cannot be cast to timestamp: 2020-01-01T01:02:03",
        "varchar:2020-01-01 00:00:00|timestamp(0) with time zone|2020-01-01 00:00:00 UTC",
        "date:2020-01-01|timestamp(3)|2020-01-01 00:00:00.000",
        "timestamp(3):1969-12-31 23:00:00|date|1969-12-31",
        "timestamp(6):2020-01-01 23:59:59.999999|timestamp(3)|2020-01-02 00:00:00.000",
        "timestamp(6):2020-01-01 23:59:59.999999|time(3)|00:00:00.000",
        "timestamp(0) with time zone:2020-07-01 00:00:00 Europe/Berlin|timestamp(0)|2020-07-01 00:00:00",
        "timestamp(0) with time zone:2020-07-01 00:00:00 Europe/Berlin|time(0) with time zone|00:00:00+02:00",
        "timestamp(3):2020-01-01 00:00:00|timestamp(3) with time zone|2020-01-01 00:00:00.000 UTC",
    ]);
}

#[test]
fn nested() {
    all(&[
        "array(double):[1.5, null]|array(bigint)|[2, null]",
        "map(varchar, integer):{\"1\": 2}|map(integer, varchar)|{1=2}",
        "map(varchar, integer):{\"1\": 2, \"01\": 3}|map(integer, integer)|INVALID_CAST_ARGUMENT: duplicate keys",
        "row(a integer, b varchar):[1, \"2\"]|row(x varchar, y bigint)|{x=1, y=2}",
        "row(a integer):[1]|row(a integer, b integer)|Cannot cast row(a integer) to row(a integer, b integer)",
    ]);
}

#[test]
fn json() {
    all(&[
        "varchar:a\"b|json|\"a\\\"b\"",
        "double:1e20|json|1.0E20",
        "decimal(38,2):123456789012345678901234567890.12|json|123456789012345678901234567890.12",
        "array(integer):[1, null]|json|[1,null]",
        "map(varchar, integer):{\"b\": 1, \"a\": null}|json|{\"a\":null,\"b\":1}",
        "row(a integer, b varchar):[1, \"x\"]|json|{\"a\":1,\"b\":\"x\"}",
        "json:null|varchar|NULL",
        "json:\"x\"|varchar|x",
        "json:1.5|bigint|2",
        "json:{\"a\":1}|bigint|INVALID_CAST_ARGUMENT: Cannot cast '{\"a\":1}' to bigint",
        "json:[1, 2]|array(double)|[1.0, 2.0]",
        "json:{\"a\":1}|array(bigint)|INVALID_CAST_ARGUMENT: Cannot cast to array(bigint). Expected a json array, but got {\n{\"a\":1}",
        "json:{\"A\":1, \"c\":2}|row(a integer, b integer)|{a=1, b=null}",
        "json:{\"a\":[1]}|map(varchar, json)|{a=[1]}",
        "date:2020-01-01|json|\"2020-01-01\"",
    ]);
}
