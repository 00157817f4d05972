"""Athena as boto3 sees it: statements of the catalog that run, their results in S3, workgroups, what is saved, what is refused."""

import time
import unittest
import uuid

from support import ACCOUNT, fresh
from support.athena import ATHENA, GLUE, S3, Athena

TABLE = """
CREATE EXTERNAL TABLE IF NOT EXISTS {table} (
  id bigint COMMENT 'key',
  name string,
  item struct<sku:string,tags:array<string>>)
COMMENT 'orders of a shop'
PARTITIONED BY (year int, region string)
ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
WITH SERDEPROPERTIES ('ignore.malformed.json' = 'true')
LOCATION 's3://{bucket}/orders/'
TBLPROPERTIES ('classification' = 'json')
"""


class Catalog(Athena):
    def test_a_database_comes_and_goes(self):
        name = self.database()
        self.assertEqual(GLUE.get_database(Name=name)["Database"]["Description"], "a shop")
        self.assertIn(name, self.run_query("SHOW DATABASES"))
        self.assertEqual(self.run_query(f"SHOW SCHEMAS LIKE '{name}'"), [name])
        self.run_query(f"CREATE DATABASE IF NOT EXISTS {name}")
        self.run_query(f"DROP DATABASE {name}")
        with self.assertRaises(GLUE.exceptions.EntityNotFoundException):
            GLUE.get_database(Name=name)
        self.run_query(f"DROP DATABASE IF EXISTS {name}")

    def test_a_table_is_glues_table(self):
        name = self.database()
        self.run_query(TABLE.format(table=f"{name}.Orders", bucket=self.bucket))
        table = GLUE.get_table(DatabaseName=name, Name="orders")["Table"]
        storage = table["StorageDescriptor"]
        self.assertEqual([(column["Name"], column["Type"]) for column in storage["Columns"]],
                         [("id", "bigint"), ("name", "string"), ("item", "struct<sku:string,tags:array<string>>")])
        self.assertEqual([(key["Name"], key["Type"]) for key in table["PartitionKeys"]], [("year", "int"), ("region", "string")])
        self.assertEqual(storage["SerdeInfo"]["SerializationLibrary"], "org.openx.data.jsonserde.JsonSerDe")
        self.assertEqual(storage["SerdeInfo"]["Parameters"]["ignore.malformed.json"], "true")
        self.assertEqual((table["TableType"], storage["Location"]), ("EXTERNAL_TABLE", f"s3://{self.bucket}/orders/"))
        self.assertEqual(table["Parameters"]["classification"], "json")
        self.assertEqual(self.run_query(f"SHOW TABLES IN {name}"), ["orders"])
        self.assertEqual(self.run_query("SHOW TABLES", QueryExecutionContext={"Database": name}), ["orders"])
        self.assertEqual(self.run_query(f"SHOW TABLES IN {name} 'x*'"), [])

    def test_what_is_shown_of_a_table_is_padded_as_hive_does(self):
        name = self.database()
        self.run_query(TABLE.format(table=f"{name}.orders", bucket=self.bucket))
        lines = self.run_query(f"DESCRIBE {name}.orders")
        self.assertEqual(lines[0], "id".ljust(20) + "\t" + "bigint".ljust(20) + "\t" + "key".ljust(20))
        self.assertIn("# Partition Information\t \t ", lines)
        self.assertEqual([line.strip() for line in self.run_query(f"SHOW COLUMNS IN {name}.orders")], ["id", "name", "item", "year", "region"])
        created = "\n".join(self.run_query(f"SHOW CREATE TABLE {name}.orders"))
        self.assertTrue(created.startswith("CREATE EXTERNAL TABLE `orders`("), created)
        self.assertIn(f"'s3://{self.bucket}/orders", created)
        properties = self.run_query(f"SHOW TBLPROPERTIES {name}.orders")
        self.assertTrue(any("classification" in line and "json" in line for line in properties), properties)

    def test_partitions_are_added_repaired_and_dropped(self):
        name = self.database()
        self.run_query(TABLE.format(table=f"{name}.orders", bucket=self.bucket))
        table = f"{name}.orders"
        self.run_query(f"ALTER TABLE {table} ADD PARTITION (year=2026, region='eu') PARTITION (year=2026, region='us') LOCATION 's3://{self.bucket}/us/'")
        self.assertEqual(sorted(self.run_query(f"SHOW PARTITIONS {table}")), ["year=2026/region=eu", "year=2026/region=us"])
        found = GLUE.get_partition(DatabaseName=name, TableName="orders", PartitionValues=["2026", "us"])["Partition"]
        self.assertEqual(found["StorageDescriptor"]["Location"], f"s3://{self.bucket}/us/")
        for region in ("ap", "eu"):
            S3.put_object(Bucket=self.bucket, Key=f"orders/year=2027/region={region}/a.json", Body=b"{}")
        self.run_query(f"MSCK REPAIR TABLE {table}")
        self.assertEqual(len(self.run_query(f"SHOW PARTITIONS {table}")), 4)
        self.run_query(f"ALTER TABLE {table} DROP PARTITION (year=2026, region='eu')")
        self.assertNotIn("year=2026/region=eu", self.run_query(f"SHOW PARTITIONS {table}"))
        self.fails(f"ALTER TABLE {table} ADD PARTITION (year=2026, region='us')", 2, 1003, "already exists")
        self.run_query(f"ALTER TABLE {table} ADD IF NOT EXISTS PARTITION (year=2026, region='us')")

    def test_a_table_is_altered_and_dropped(self):
        name = self.database()
        self.run_query(TABLE.format(table=f"{name}.orders", bucket=self.bucket))
        self.run_query(f"ALTER TABLE {name}.orders ADD COLUMNS (total double)")
        self.run_query(f"ALTER TABLE {name}.orders SET TBLPROPERTIES ('owner' = 'me')")
        self.run_query(f"ALTER TABLE {name}.orders SET LOCATION 's3://{self.bucket}/other/'")
        table = GLUE.get_table(DatabaseName=name, Name="orders")["Table"]
        self.assertEqual([column["Name"] for column in table["StorageDescriptor"]["Columns"]], ["id", "name", "item", "total"])
        self.assertEqual((table["Parameters"]["owner"], table["Parameters"]["classification"]), ("me", "json"))
        self.assertEqual(table["StorageDescriptor"]["Location"], f"s3://{self.bucket}/other/")
        self.run_query(f"DROP TABLE {name}.orders")
        self.assertEqual(self.run_query(f"SHOW TABLES IN {name}"), [])
        self.run_query(f"DROP TABLE IF EXISTS {name}.orders")

    def test_athenas_own_metadata_calls_see_the_same(self):
        name = self.database()
        self.run_query(TABLE.format(table=f"{name}.orders", bucket=self.bucket))
        catalog = {"CatalogName": "AwsDataCatalog"}
        self.assertIn(name, [database["Name"] for database in ATHENA.list_databases(**catalog)["DatabaseList"]])
        self.assertEqual(ATHENA.get_database(DatabaseName=name, **catalog)["Database"]["Description"], "a shop")
        table = ATHENA.get_table_metadata(DatabaseName=name, TableName="orders", **catalog)["TableMetadata"]
        self.assertEqual([column["Name"] for column in table["PartitionKeys"]], ["year", "region"])
        self.assertEqual(table["Parameters"]["location"], f"s3://{self.bucket}/orders/")
        self.assertEqual([table["Name"] for table in ATHENA.list_table_metadata(DatabaseName=name, **catalog)["TableMetadataList"]], ["orders"])
        self.refused("MetadataException", ATHENA.get_table_metadata, DatabaseName=name, TableName="no", **catalog)
        self.assertEqual(ATHENA.list_data_catalogs()["DataCatalogsSummary"], [{"CatalogName": "AwsDataCatalog", "Type": "GLUE"}])
        self.assertEqual(ATHENA.get_data_catalog(Name="AwsDataCatalog")["DataCatalog"]["Parameters"], {"catalog-id": ACCOUNT})
        self.bad("INVALID_INPUT", "other", ATHENA.list_databases, CatalogName="other")


class Statements(Athena):
    def test_what_no_parser_takes_has_no_id(self):
        for text, words in [
            ("CREATE EXTERNAL TABLE t (a int) FORMAT AS PARQUET LOCATION 's3://b/p/'", "line 1:33: mismatched input 'FORMAT'"),
            ("CREATE TABLE t (a int)", "No location was specified"),
            ("CREAT TABLE t", "mismatched input 'CREAT'"),
            ("SHOW", "line 1:"),
        ]:
            with self.subTest(text):
                answer = self.refused("InvalidRequestException", ATHENA.start_query_execution, QueryString=text, ResultConfiguration={"OutputLocation": self.output})
                self.assertIn(words, answer["Error"]["Message"])

    def test_what_is_missing_fails_with_its_reason(self):
        name = self.database()
        self.fails(f"DROP TABLE {name}.nothing", 2, 1301, "nothing")
        self.fails(f"CREATE DATABASE {name}", 2, 1003, "already exists")
        self.fails("SHOW TABLES IN no_such_database", 2, 1301, "no_such_database")
        query = self.start(f"DROP TABLE {name}.nothing")
        reason = self.ended(query)["Status"]["StateChangeReason"]
        self.assertEqual(S3.get_object(Bucket=self.bucket, Key=f"results/{query}.txt")["Body"].read().decode(), reason)

    def test_a_statement_is_told_whole(self):
        name = self.database()
        query = self.start(f"  SHOW TABLES IN {name} ;  ")
        execution = self.ended(query)
        self.assertEqual(execution["Query"], f"SHOW TABLES IN {name}")
        self.assertEqual((execution["StatementType"], execution["SubstatementType"]), ("UTILITY", "SHOW_TABLES"))
        self.assertEqual(execution["ResultConfiguration"]["OutputLocation"], f"{self.output}/{query}.txt")
        self.assertEqual(execution["EngineVersion"], {"SelectedEngineVersion": "AUTO", "EffectiveEngineVersion": "Athena engine version 3"})
        statistics = execution["Statistics"]
        self.assertEqual(statistics["DataScannedInBytes"], 0)
        self.assertGreaterEqual(statistics["TotalExecutionTimeInMillis"], statistics["EngineExecutionTimeInMillis"])
        self.assertGreaterEqual(execution["Status"]["CompletionDateTime"], execution["Status"]["SubmissionDateTime"])
        timeline = ATHENA.get_query_runtime_statistics(QueryExecutionId=query)["QueryRuntimeStatistics"]["Timeline"]
        self.assertEqual(timeline["TotalExecutionTimeInMillis"], statistics["TotalExecutionTimeInMillis"])

    def test_results_are_the_file_page_by_page(self):
        name = self.database()
        for table in "abcde":
            self.run_query(f"CREATE EXTERNAL TABLE {name}.{table} (x int) LOCATION 's3://{self.bucket}/{table}/'")
        query = self.start(f"SHOW TABLES IN {name}")
        self.ended(query)
        body = S3.get_object(Bucket=self.bucket, Key=f"results/{query}.txt")["Body"].read()
        self.assertEqual(body, b"a\nb\nc\nd\ne")
        pages = ATHENA.get_paginator("get_query_results").paginate(QueryExecutionId=query, PaginationConfig={"PageSize": 2})
        rows = [[row["Data"][0]["VarCharValue"] for row in page["ResultSet"]["Rows"]] for page in pages]
        self.assertEqual(rows, [["a", "b"], ["c", "d"], ["e"]])
        column = ATHENA.get_query_results(QueryExecutionId=query)["ResultSet"]["ResultSetMetadata"]["ColumnInfo"][0]
        self.assertEqual((column["Name"], column["Type"], column["CatalogName"]), ("tab_name", "string", "hive"))
        S3.delete_object(Bucket=self.bucket, Key=f"results/{query}.txt")
        self.bad("RESULT_NOT_FOUND", "Could not find results", ATHENA.get_query_results, QueryExecutionId=query)

    def test_a_failed_or_unknown_query_has_no_results(self):
        query = self.start("DROP TABLE nowhere.nothing")
        self.ended(query)
        self.bad("INVALID_QUERY_EXECUTION_STATE", "Final query state: FAILED", ATHENA.get_query_results, QueryExecutionId=query)
        unknown = str(uuid.uuid4())
        self.bad("QUERY_EXECUTION_NOT_FOUND", unknown, ATHENA.get_query_execution, QueryExecutionId=unknown)
        many = ATHENA.batch_get_query_execution(QueryExecutionIds=[query, unknown])
        self.assertEqual([one["QueryExecutionId"] for one in many["QueryExecutions"]], [query])
        self.assertEqual([one["QueryExecutionId"] for one in many["UnprocessedQueryExecutionIds"]], [unknown])

    def test_a_token_runs_a_statement_once(self):
        token = uuid.uuid4().hex
        first = self.start("SHOW DATABASES", ClientRequestToken=token)
        self.assertEqual(self.start("SHOW DATABASES", ClientRequestToken=token), first)
        self.bad("IDEMPOTENT_PARAMETER_MISMATCH", "", ATHENA.start_query_execution, QueryString="SHOW TABLES", ClientRequestToken=token,
                 ResultConfiguration={"OutputLocation": self.output})

    def test_results_need_a_place(self):
        self.bad("INVALID_INPUT", "No output location provided.", ATHENA.start_query_execution, QueryString="SHOW DATABASES")
        self.bad("INVALID_INPUT", "outputLocation is not a valid S3 path.", ATHENA.start_query_execution, QueryString="SHOW DATABASES",
                 ResultConfiguration={"OutputLocation": "http://x"})
        self.fails("SHOW DATABASES", 2, 1306, "no-such-bucket", ResultConfiguration={"OutputLocation": "s3://no-such-bucket/"})

    def test_the_newest_statement_is_listed_first(self):
        queries = []
        for _ in range(3):
            queries.append(self.start("SHOW DATABASES"))
            self.ended(queries[-1])
            time.sleep(0.002)
        self.assertEqual(ATHENA.list_query_executions(MaxResults=3)["QueryExecutionIds"], queries[::-1])

    def test_stopping_what_has_ended_changes_nothing(self):
        query = self.start("SHOW DATABASES")
        self.ended(query)
        ATHENA.stop_query_execution(QueryExecutionId=query)
        self.assertEqual(self.ended(query)["Status"]["State"], "SUCCEEDED")

    def test_queries_of_data_are_refused_by_name(self):
        for text, name in [("DELETE FROM t", "DELETE"), ("EXPLAIN SELECT 1", "EXPLAIN")]:
            with self.subTest(text):
                answer = self.refused("NotImplemented", ATHENA.start_query_execution, status=501, QueryString=text, ResultConfiguration={"OutputLocation": self.output})
                self.assertIn(name, answer["Error"]["Message"])


class Saved(Athena):
    def group(self, **configuration):
        name = fresh("group")
        ATHENA.create_work_group(Name=name, Configuration=configuration, Tags=[{"Key": "a", "Value": "1"}])
        self.addCleanup(ATHENA.delete_work_group, WorkGroup=name, RecursiveDeleteOption=True)
        return name

    def test_an_enforced_place_wins(self):
        name = self.group(EnforceWorkGroupConfiguration=True, ResultConfiguration={"OutputLocation": f"s3://{self.bucket}/own/"})
        query = self.start("SHOW DATABASES", WorkGroup=name)
        self.assertEqual(self.ended(query)["ResultConfiguration"]["OutputLocation"], f"s3://{self.bucket}/own/{query}.txt")
        ATHENA.update_work_group(WorkGroup=name, ConfigurationUpdates={"EnforceWorkGroupConfiguration": False})
        query = self.start("SHOW DATABASES", WorkGroup=name)
        self.assertEqual(self.ended(query)["ResultConfiguration"]["OutputLocation"], f"{self.output}/{query}.txt")
        query = ATHENA.start_query_execution(QueryString="SHOW DATABASES", WorkGroup=name)["QueryExecutionId"]
        self.assertIn("/own/", self.ended(query)["ResultConfiguration"]["OutputLocation"])

    def test_a_workgroup_is_made_shown_disabled_and_removed(self):
        name = self.group(ResultConfiguration={"OutputLocation": self.output}, EngineVersion={"SelectedEngineVersion": "Athena engine version 3"})
        shown = ATHENA.get_work_group(WorkGroup=name)["WorkGroup"]
        self.assertEqual((shown["State"], shown["Configuration"]["EnforceWorkGroupConfiguration"]), ("ENABLED", False))
        self.assertIn(name, [group["Name"] for group in ATHENA.list_work_groups()["WorkGroups"]])
        self.bad("INVALID_INPUT", "already created", ATHENA.create_work_group, Name=name)
        ATHENA.update_work_group(WorkGroup=name, State="DISABLED", Description="closed")
        self.bad("INVALID_INPUT", "disabled", ATHENA.start_query_execution, QueryString="SHOW DATABASES", WorkGroup=name)
        self.assertEqual(ATHENA.get_work_group(WorkGroup=name)["WorkGroup"]["Description"], "closed")
        self.bad("INVALID_INPUT", "not found", ATHENA.get_work_group, WorkGroup="none")
        self.bad("INVALID_INPUT", "primary", ATHENA.delete_work_group, WorkGroup="primary")
        self.assertEqual(ATHENA.get_work_group(WorkGroup="primary")["WorkGroup"]["State"], "ENABLED")
        self.assertEqual(len(ATHENA.list_engine_versions()["EngineVersions"]), 2)

    def test_a_workgroup_that_was_used_goes_only_whole(self):
        name = self.group(ResultConfiguration={"OutputLocation": self.output})
        self.ended(ATHENA.start_query_execution(QueryString="SHOW DATABASES", WorkGroup=name)["QueryExecutionId"])
        self.bad("INVALID_INPUT", "is not empty", ATHENA.delete_work_group, WorkGroup=name)
        ATHENA.delete_work_group(WorkGroup=name, RecursiveDeleteOption=True)
        ATHENA.create_work_group(Name=name)
        self.assertEqual(ATHENA.list_query_executions(WorkGroup=name)["QueryExecutionIds"], [])

    def test_tags(self):
        name = self.group()
        arn = f"arn:aws:athena:us-east-1:{ACCOUNT}:workgroup/{name}"
        ATHENA.tag_resource(ResourceARN=arn, Tags=[{"Key": "b", "Value": "2"}])
        ATHENA.untag_resource(ResourceARN=arn, TagKeys=["a"])
        self.assertEqual(ATHENA.list_tags_for_resource(ResourceARN=arn)["Tags"], [{"Key": "b", "Value": "2"}])
        self.refused("ResourceNotFoundException", ATHENA.list_tags_for_resource, ResourceARN=arn + "x")

    def test_named_queries(self):
        name = self.group()
        made = {"Name": "all", "Database": "shop", "QueryString": "SHOW TABLES", "WorkGroup": name}
        one = ATHENA.create_named_query(**made)["NamedQueryId"]
        self.assertEqual(ATHENA.get_named_query(NamedQueryId=one)["NamedQuery"], {**made, "NamedQueryId": one})
        ATHENA.update_named_query(NamedQueryId=one, Name="some", QueryString="SHOW VIEWS")
        self.assertEqual(ATHENA.get_named_query(NamedQueryId=one)["NamedQuery"]["Name"], "some")
        self.assertEqual(ATHENA.list_named_queries(WorkGroup=name)["NamedQueryIds"], [one])
        unknown = str(uuid.uuid4())
        many = ATHENA.batch_get_named_query(NamedQueryIds=[one, unknown])
        self.assertEqual((len(many["NamedQueries"]), len(many["UnprocessedNamedQueryIds"])), (1, 1))
        ATHENA.delete_named_query(NamedQueryId=one)
        self.bad("INVALID_INPUT", one, ATHENA.get_named_query, NamedQueryId=one)

    def test_prepared_statements(self):
        name = self.group(ResultConfiguration={"OutputLocation": self.output})
        ATHENA.create_prepared_statement(StatementName="one", WorkGroup=name, QueryStatement="SELECT ?")
        self.bad("INVALID_INPUT", "already exists", ATHENA.create_prepared_statement, StatementName="one", WorkGroup=name, QueryStatement="SELECT 1")
        ATHENA.update_prepared_statement(StatementName="one", WorkGroup=name, QueryStatement="SELECT 2", Description="two")
        got = ATHENA.get_prepared_statement(StatementName="one", WorkGroup=name)["PreparedStatement"]
        self.assertEqual((got["QueryStatement"], got["Description"], got["WorkGroupName"]), ("SELECT 2", "two", name))
        self.assertEqual([one["StatementName"] for one in ATHENA.list_prepared_statements(WorkGroup=name)["PreparedStatements"]], ["one"])
        many = ATHENA.batch_get_prepared_statement(WorkGroup=name, PreparedStatementNames=["one", "no"])
        self.assertEqual((len(many["PreparedStatements"]), len(many["UnprocessedPreparedStatementNames"])), (1, 1))
        ATHENA.delete_prepared_statement(StatementName="one", WorkGroup=name)
        self.refused("ResourceNotFoundException", ATHENA.get_prepared_statement, StatementName="one", WorkGroup=name)


del Athena

if __name__ == "__main__":
    unittest.main()
