"""Queries of data as boto3 sees them: SQL that runs on the bytes in the bucket, its results, its errors, what it read."""

import gzip
import time
import unittest

from support import fresh
from support.athena import ATHENA, GLUE, S3, Athena

ORDERS = """
CREATE EXTERNAL TABLE {table} (id int, customer string, amount double, day date)
ROW FORMAT DELIMITED FIELDS TERMINATED BY ','
LOCATION 's3://{bucket}/orders/'
"""


class Data(Athena):
    @classmethod
    def setUpClass(cls):
        cls.bucket = fresh("athena-data")
        S3.create_bucket(Bucket=cls.bucket)
        cls.output = f"s3://{cls.bucket}/results"
        cls.database = fresh("db").replace("-", "_")
        GLUE.create_database(DatabaseInput={"Name": cls.database})
        cls.put("orders/a.csv", "1,ann,10.5,2024-01-01\n2,bob,20.0,2024-01-02\n")
        cls.put("orders/b.csv.gz", gzip.compress(b"3,ann,5.25,2024-01-03\n4,\\N,1.0,\\N\n"))
        cls.run_text(cls, ORDERS.format(table="orders", bucket=cls.bucket))

    @classmethod
    def put(cls, key, content):
        S3.put_object(Bucket=cls.bucket, Key=key, Body=content)

    def start(self, text, **more):
        more.setdefault("QueryExecutionContext", {"Database": self.database})
        return Athena.start(self, text, **more)

    def run_text(self, text, **more):
        """The execution of a statement that succeeds."""
        execution = Data.ended(self, Data.start(self, text, **more))
        assert execution["Status"]["State"] == "SUCCEEDED", execution["Status"]
        return execution

    def rows(self, text, **more):
        """What a query gives, without its heading; None is null."""
        execution = self.run_text(text, **more)
        pages = ATHENA.get_paginator("get_query_results").paginate(QueryExecutionId=execution["QueryExecutionId"])
        rows = [[cell.get("VarCharValue") for cell in row["Data"]] for page in pages for row in page["ResultSet"]["Rows"]]
        return rows[1:]

    def fails(self, text, number, words, category=2, **more):
        status = self.ended(self.start(text, **more))["Status"]
        self.assertEqual(status["State"], "FAILED", status)
        error = status["AthenaError"]
        self.assertIn(words, status["StateChangeReason"])
        self.assertEqual((error["ErrorCategory"], error["ErrorType"]), (category, number), status)


class Select(Data):
    def test_rows_of_files_plain_and_packed(self):
        found = self.rows("SELECT id, customer, amount, day FROM orders ORDER BY id")
        self.assertEqual(found, [["1", "ann", "10.5", "2024-01-01"], ["2", "bob", "20.0", "2024-01-02"], ["3", "ann", "5.25", "2024-01-03"], ["4", None, "1.0", None]])

    def test_grouped_and_joined(self):
        text = "SELECT o.customer, count(*) n, sum(o.amount) total FROM orders o JOIN orders p ON o.id = p.id WHERE o.customer IS NOT NULL GROUP BY o.customer ORDER BY total"
        self.assertEqual(self.rows(text), [["ann", "2", "15.75"], ["bob", "1", "20.0"]])

    def test_the_result_file_is_csv_and_has_a_companion(self):
        execution = self.run_text("SELECT 'say \"hi\"' AS a, CAST(NULL AS varchar) AS b, '' AS c")
        location = execution["ResultConfiguration"]["OutputLocation"]
        self.assertEqual(location, f"{self.output}/{execution['QueryExecutionId']}.csv")
        key = location.removeprefix(f"s3://{self.bucket}/")
        body = S3.get_object(Bucket=self.bucket, Key=key)["Body"].read().decode()
        self.assertEqual(body, '"a","b","c"\n"say ""hi""",,""\n')
        about = S3.get_object(Bucket=self.bucket, Key=f"{key}.metadata")["Body"].read()
        self.assertTrue(about.startswith(b"\n$" + execution["QueryExecutionId"].encode()), about)

    def test_columns_are_described(self):
        query = self.run_text("SELECT id, customer, CAST(1.25 AS decimal(10,2)) price, amount AS Total FROM orders LIMIT 1")["QueryExecutionId"]
        result = ATHENA.get_query_results(QueryExecutionId=query)
        columns = result["ResultSet"]["ResultSetMetadata"]["ColumnInfo"]
        self.assertEqual([(column["Name"], column["Type"], column["Precision"], column["Scale"]) for column in columns],
                         [("id", "integer", 10, 0), ("customer", "varchar", 2147483647, 0), ("price", "decimal", 10, 2), ("Total", "double", 17, 0)])
        self.assertEqual([cell["VarCharValue"] for cell in result["ResultSet"]["Rows"][0]["Data"]], ["id", "customer", "price", "Total"])

    def test_what_is_read_is_counted(self):
        size = sum(entry["Size"] for entry in S3.list_objects_v2(Bucket=self.bucket, Prefix="orders/")["Contents"])
        self.assertEqual(self.run_text("SELECT count(*) FROM orders")["Statistics"]["DataScannedInBytes"], size)
        self.assertEqual(self.run_text("SELECT 1")["Statistics"]["DataScannedInBytes"], 0)
        self.assertEqual(self.run_text("SHOW TABLES")["Statistics"]["DataScannedInBytes"], 0)

    def test_partitions_that_a_filter_rules_out_are_not_read(self):
        for day, content in [("2024-01-01", "1\n2\n"), ("2024-01-02", "3\n4\n5\n")]:
            self.put(f"parts/day={day}/x.csv", content)
        self.run_text(f"CREATE EXTERNAL TABLE parts (n int) PARTITIONED BY (day string) LOCATION 's3://{self.bucket}/parts/'")
        self.run_text("MSCK REPAIR TABLE parts")
        execution = self.run_text("SELECT sum(n) FROM parts WHERE day = '2024-01-02'")
        self.assertEqual(execution["Statistics"]["DataScannedInBytes"], 6)
        self.assertEqual(self.rows("SELECT day, sum(n) FROM parts GROUP BY day ORDER BY day"), [["2024-01-01", "3"], ["2024-01-02", "12"]])
        self.assertEqual(self.rows('SELECT DISTINCT "$path" FROM parts WHERE day = \'2024-01-01\''), [[f"s3://{self.bucket}/parts/day=2024-01-01/x.csv"]])

    def test_projected_partitions_are_in_no_catalog(self):
        for day in ("01", "02", "04"):
            self.put(f"logs/2024/03/{day}/x.csv", f"{day}\n")
        self.run_text(f"""CREATE EXTERNAL TABLE logs (line string) PARTITIONED BY (day string) LOCATION 's3://{self.bucket}/logs/'
            TBLPROPERTIES ('projection.enabled'='true', 'projection.day.type'='date', 'projection.day.range'='2024/03/01,2024/03/31',
            'projection.day.format'='yyyy/MM/dd', 'storage.location.template'='s3://{self.bucket}/logs/${{day}}/')""")
        self.assertEqual(self.rows("SELECT day, line FROM logs ORDER BY day"), [["2024/03/01", "01"], ["2024/03/02", "02"], ["2024/03/04", "04"]])
        execution = self.run_text("SELECT * FROM logs WHERE day >= '2024/03/04'")
        self.assertEqual(execution["Statistics"]["DataScannedInBytes"], 3)
        self.assertEqual(self.rows("SELECT * FROM logs WHERE day = '2025/01/01'"), [])
        self.run_text(f"CREATE EXTERNAL TABLE unset (line string) PARTITIONED BY (day string) LOCATION 's3://{self.bucket}/logs/' TBLPROPERTIES ('projection.enabled'='true')")
        self.fails("SELECT * FROM unset", 204, "missing projection configuration: [day]", category=1)

    def test_a_workgroup_can_limit_what_a_query_reads(self):
        name = fresh("limited")
        ATHENA.create_work_group(Name=name, Configuration={"BytesScannedCutoffPerQuery": 10_000_000})
        self.addCleanup(ATHENA.delete_work_group, WorkGroup=name, RecursiveDeleteOption=True)
        self.assertEqual(ATHENA.get_work_group(WorkGroup=name)["WorkGroup"]["Configuration"]["BytesScannedCutoffPerQuery"], 10_000_000)
        self.put("big/x.csv", "a" * 99 + "\n" + ("b" * 99 + "\n") * 120_000)
        self.run_text(f"CREATE EXTERNAL TABLE big (line string) LOCATION 's3://{self.bucket}/big/'")
        self.run_text("SELECT count(*) FROM big")
        execution = self.ended(self.start("SELECT count(*) FROM big", WorkGroup=name))
        self.assertEqual(execution["Status"]["State"], "CANCELLED", execution)
        self.assertGreater(execution["Statistics"]["DataScannedInBytes"], 10_000_000)
        self.assertIn("Bytes scanned limit", execution["Status"]["StateChangeReason"])

    def test_limit_stops_reading(self):
        self.put("long/x.csv", "\n".join(str(n) for n in range(2_000_000)))
        self.run_text(f"CREATE EXTERNAL TABLE long (n int) LOCATION 's3://{self.bucket}/long/'")
        whole = self.run_text("SELECT count(*) FROM long")["Statistics"]["DataScannedInBytes"]
        few = self.run_text("SELECT n FROM long LIMIT 3")["Statistics"]["DataScannedInBytes"]
        self.assertLess(few, whole / 2)

    def test_views(self):
        self.run_text("CREATE OR REPLACE VIEW by_customer AS SELECT customer, sum(amount) AS total FROM orders GROUP BY customer")
        self.assertEqual(self.rows("SELECT total FROM by_customer WHERE customer = 'ann'"), [["15.75"]])
        self.assertEqual(GLUE.get_table(DatabaseName=self.database, Name="by_customer")["Table"]["TableType"], "VIRTUAL_VIEW")
        self.fails("CREATE VIEW by_customer AS SELECT 1 AS x", 1006, "View already exists")
        self.fails("CREATE VIEW nameless AS SELECT 1", 1006, "MISSING_COLUMN_NAME")
        self.run_text("DROP VIEW by_customer")
        self.fails("SELECT * FROM by_customer", 1301, "TABLE_NOT_FOUND")

    def test_parameters(self):
        self.assertEqual(self.rows("SELECT id FROM orders WHERE customer = ? AND amount > ?", ExecutionParameters=["ann", "6"]), [["1"]])
        self.assertEqual(self.rows("SELECT ?", ExecutionParameters=["'quoted'"]), [["quoted"]])
        self.fails("SELECT ?, ?", 1100, "INVALID_PARAMETER_USAGE", ExecutionParameters=["1"])

    def test_prepared_statements(self):
        self.run_text("PREPARE of_customer FROM SELECT id FROM orders WHERE customer = ? ORDER BY id")
        self.addCleanup(self.run_text, "DEALLOCATE PREPARE of_customer")
        self.assertEqual(self.rows("EXECUTE of_customer USING 'ann'"), [["1"], ["3"]])

    def test_failures_have_trinos_names_and_places(self):
        for text, number, words in [
            ("SELECT nope FROM orders", 1006, "COLUMN_NOT_FOUND: line 1:8: Column 'nope' cannot be resolved"),
            ("SELECT *\nFROM nowhere", 1301, f"TABLE_NOT_FOUND: line 2:6: Table 'awsdatacatalog.{self.database}.nowhere' does not exist"),
            ("SELECT * FROM no_such_db.t", 1301, "SCHEMA_NOT_FOUND: line 1:15: Schema 'no_such_db' does not exist"),
            ("SELECT id = 'x' FROM orders", 1002, "TYPE_MISMATCH: line 1:11: Cannot apply operator: integer = varchar(1)"),
            ("SELECT nofunc(id) FROM orders", 1303, "FUNCTION_NOT_FOUND: line 1:8: Function 'nofunc' not registered"),
            ("SELECT 1 / (id - id) FROM orders", 1001, "DIVISION_BY_ZERO: Division by zero"),
            ("SELECT CAST('x' AS integer)", 1100, "INVALID_CAST_ARGUMENT: Cannot cast 'x' to INT"),
        ]:
            with self.subTest(text):
                self.fails(text, number, words)

    def test_no_text_that_is_no_sql_gets_an_id(self):
        answer = self.refused("InvalidRequestException", ATHENA.start_query_execution, QueryString="SELECT FROM WHERE", ResultConfiguration={"OutputLocation": self.output})
        self.assertEqual(answer["AthenaErrorCode"], "MALFORMED_QUERY")
        self.assertIn("line 1:8: mismatched input 'FROM'", answer["Error"]["Message"])

    def test_pages_of_a_long_result(self):
        text = "SELECT x FROM UNNEST(ARRAY[1,2,3,4,5,6,7,8,9,10]) t(x) CROSS JOIN UNNEST(ARRAY[1,2,3,4,5,6,7,8,9,10]) u(y) CROSS JOIN UNNEST(ARRAY[1,2,3,4,5,6,7,8,9,10,11,12]) v(z)"
        self.assertEqual(len(self.rows(text)), 1200)

    def test_a_stopped_query_is_cancelled_and_leaves_no_result(self):
        many = "UNNEST(ARRAY[1,2,3,4,5,6,7,8,9,10])"
        text = "SELECT count(*) FROM " + ", ".join(f"{many} t{n}(x{n})" for n in range(11))
        query = self.start(text)
        while ATHENA.get_query_execution(QueryExecutionId=query)["QueryExecution"]["Status"]["State"] == "QUEUED":
            time.sleep(0.01)
        ATHENA.stop_query_execution(QueryExecutionId=query)
        execution = self.ended(query)
        self.assertEqual(execution["Status"]["State"], "CANCELLED")
        answer = self.refused("InvalidRequestException", ATHENA.get_query_results, QueryExecutionId=query)
        self.assertEqual(answer["AthenaErrorCode"], "RESULT_NOT_FOUND")


class Write(Data):
    def keys(self, prefix):
        return [entry["Key"] for entry in S3.list_objects_v2(Bucket=self.bucket, Prefix=prefix).get("Contents", [])]

    def test_a_table_of_a_query(self):
        execution = self.run_text("CREATE TABLE made AS SELECT id, customer, amount FROM orders")
        self.assertEqual((execution["StatementType"], execution["SubstatementType"]), ("DDL", "CREATE_TABLE_AS_SELECT"))
        query = execution["QueryExecutionId"]
        self.assertEqual(execution["ResultConfiguration"]["OutputLocation"], f"{self.output}/tables/{query}")
        result = ATHENA.get_query_results(QueryExecutionId=query)
        self.assertEqual(result["UpdateCount"], 4)
        self.assertEqual(self.rows("SELECT * FROM made ORDER BY id")[3], ["4", None, "1.0"])
        manifest = S3.get_object(Bucket=self.bucket, Key=f"results/tables/{query}-manifest.csv")["Body"].read().decode()
        self.assertTrue(manifest.startswith(f"s3://{self.bucket}/results/tables/{query}/"), manifest)
        table = GLUE.get_table(DatabaseName=self.database, Name="made")["Table"]
        self.assertIn("ParquetHiveSerDe", table["StorageDescriptor"]["SerdeInfo"]["SerializationLibrary"])
        self.assertEqual([(column["Name"], column["Type"]) for column in table["StorageDescriptor"]["Columns"]], [("id", "int"), ("customer", "string"), ("amount", "double")])
        self.fails("CREATE TABLE made AS SELECT 1 AS x", 1006, "TABLE_ALREADY_EXISTS")
        self.run_text("CREATE TABLE IF NOT EXISTS made AS SELECT 1 AS x")

    def test_partitions_and_formats(self):
        for form in ("PARQUET", "ORC", "AVRO", "JSON", "TEXTFILE"):
            with self.subTest(form):
                name = f"by_{form.lower()}"
                place = f"s3://{self.bucket}/{name}/"
                self.run_text(f"CREATE TABLE {name} WITH (format = '{form}', external_location = '{place}', partitioned_by = ARRAY['day']) AS SELECT id, customer, day FROM orders WHERE day IS NOT NULL")
                self.assertEqual(self.rows(f"SELECT id, day FROM {name} ORDER BY id"), [["1", "2024-01-01"], ["2", "2024-01-02"], ["3", "2024-01-03"]])
                self.assertEqual(len({key.split("/")[1] for key in self.keys(f"{name}/")}), 3)
                self.run_text(f"INSERT INTO {name} SELECT 9, 'zoe', DATE '2024-02-01'")
                self.assertEqual(self.rows(f"SELECT customer FROM {name} WHERE day = DATE '2024-02-01'"), [["zoe"]])
                self.assertIn("day=2024-02-01", [row["Data"][0]["VarCharValue"] for row in ATHENA.get_query_results(QueryExecutionId=self.run_text(f"SHOW PARTITIONS {name}")["QueryExecutionId"])["ResultSet"]["Rows"]])

    def test_the_same_answer_for_less(self):
        lines = "".join(f"{n},{'x' * 50},{n % 7},2024-01-{n % 28 + 1:02}\n" for n in range(20_000))
        self.put("wide/a.csv", lines)
        self.run_text(ORDERS.format(table="wide", bucket=self.bucket).replace("/orders/", "/wide/"))
        self.run_text("CREATE TABLE narrow WITH (format = 'PARQUET') AS SELECT * FROM wide")
        text = "SELECT sum(id) FROM {}"
        self.assertEqual(self.rows(text.format("wide")), self.rows(text.format("narrow")))
        csv, parquet = (self.run_text(text.format(name))["Statistics"]["DataScannedInBytes"] for name in ("wide", "narrow"))
        self.assertLess(parquet, csv / 10)

    def test_insert_checks_what_it_is_given(self):
        self.run_text(f"CREATE EXTERNAL TABLE target (a int, b string) STORED AS PARQUET LOCATION 's3://{self.bucket}/target/'")
        self.run_text("INSERT INTO target VALUES (1, 'x'), (2, NULL)")
        self.run_text("INSERT INTO target (b) SELECT 'only'")
        self.assertEqual(self.rows("SELECT a, b FROM target ORDER BY a"), [["1", "x"], ["2", None], [None, "only"]])
        self.fails("INSERT INTO target SELECT 'x', 1", 1002, "Insert query has mismatched column types: Table: [integer, varchar], Query: [varchar(1), integer]")
        self.fails("INSERT INTO nowhere SELECT 1", 1301, "TABLE_NOT_FOUND")

    def test_ctas_refuses_what_athena_refuses(self):
        self.put("full/x", "x")
        for text, words in [
            ("CREATE TABLE nameless AS SELECT 1", "MISSING_COLUMN_NAME"),
            ("CREATE TABLE twice AS SELECT 1 AS a, 2 AS a", "DUPLICATE_COLUMN_NAME"),
            ("CREATE TABLE wrong WITH (partitioned_by = ARRAY['a']) AS SELECT 1 AS a, 2 AS b", "HIVE_COLUMN_ORDER_MISMATCH"),
            ("CREATE TABLE wrong WITH (colour = 'red') AS SELECT 1 AS a", "table property 'colour' does not exist"),
            (f"CREATE TABLE wrong WITH (external_location = 's3://{self.bucket}/full/') AS SELECT 1 AS a", "HIVE_PATH_ALREADY_EXISTS"),
            ("CREATE TABLE wrong AS SELECT uuid() AS a", "Unsupported Hive type: uuid"),
        ]:
            with self.subTest(text):
                status = self.ended(self.start(text))["Status"]
                self.assertEqual(status["State"], "FAILED", status)
                self.assertIn(words, status["StateChangeReason"])
        self.run_text("CREATE TABLE empty AS SELECT 1 AS a WITH NO DATA")
        self.assertEqual(self.rows("SELECT * FROM empty"), [])

    def test_unload(self):
        place = f"s3://{self.bucket}/unloaded/"
        self.run_text(f"UNLOAD (SELECT id, customer FROM orders) TO '{place}' WITH (format = 'JSON')")
        keys = self.keys("unloaded/")
        body = b"".join(gzip.decompress(S3.get_object(Bucket=self.bucket, Key=key)["Body"].read()) for key in keys).decode()
        self.assertEqual(sorted(body.splitlines())[0], '{"id":1,"customer":"ann"}')
        self.assertEqual(GLUE.get_tables(DatabaseName=self.database, Expression="unloaded.*")["TableList"], [])
        self.fails(f"UNLOAD (SELECT 1 AS a) TO '{place}' WITH (format = 'PARQUET')", 1006, "HIVE_PATH_ALREADY_EXISTS")


if __name__ == "__main__":
    unittest.main()
