"""Glue's Data Catalog as boto3 and the AWS CLI see it: databases, tables with versions, partitions with expressions, tags."""

import json
import os
import subprocess
import sys
import unittest

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError


def client(service):
    return boto3.client(
        service,
        endpoint_url=os.environ["LABRUN_TEST_ENDPOINT"],
        aws_access_key_id=os.environ["LABRUN_TEST_KEY"],
        aws_secret_access_key=os.environ["LABRUN_TEST_SECRET"],
        region_name="us-east-1",
        config=Config(retries={"total_max_attempts": 1}, parameter_validation=False),
    )


GLUE = client("glue")
ME = client("sts").get_caller_identity()
ACCOUNT = ME["Account"]
KEYS = [{"Name": "year", "Type": "int"}, {"Name": "region", "Type": "string"}]
STORAGE = {
    "Columns": [{"Name": "id", "Type": "bigint", "Comment": "key"}, {"Name": "total", "Type": "double"}],
    "Location": "s3://bucket/orders/",
    "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
    "OutputFormat": "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
    "SerdeInfo": {"SerializationLibrary": "org.openx.data.jsonserde.JsonSerDe", "Parameters": {"paths": "id,total"}},
}


class Case(unittest.TestCase):
    def setUp(self):
        GLUE.create_database(DatabaseInput={"Name": "Shop"})
        self.addCleanup(self.drop, "shop")

    def drop(self, name):
        try:
            GLUE.delete_database(Name=name)
        except GLUE.exceptions.EntityNotFoundException:
            pass

    def table(self, name="Orders", **changes):
        definition = {"Name": name, "StorageDescriptor": STORAGE, "PartitionKeys": KEYS, "TableType": "EXTERNAL_TABLE", **changes}
        GLUE.create_table(DatabaseName="shop", TableInput=definition)
        return definition

    def refused(self, code, message, call, **arguments):
        with self.assertRaises(ClientError) as caught:
            call(**arguments)
        error = caught.exception.response["Error"]
        self.assertEqual((error["Code"], error["Message"]), (code, message))
        self.assertEqual(caught.exception.response["ResponseMetadata"]["HTTPStatusCode"], 400)

    def not_built(self, member, call, **arguments):
        with self.assertRaises(ClientError) as caught:
            call(**arguments)
        error = caught.exception.response["Error"]
        self.assertEqual(error["Code"], "NotImplemented")
        self.assertIn(member, error["Message"])


class Databases(Case):
    def test_what_a_database_shows(self):
        GLUE.create_database(DatabaseInput={"Name": "Other", "Description": "d", "LocationUri": "s3://b/", "Parameters": {"a": "1"}})
        self.addCleanup(self.drop, "other")
        found = GLUE.get_database(Name="OTHER")["Database"]
        self.assertEqual(found["CreateTime"].microsecond, 0)
        del found["CreateTime"]
        self.assertEqual(
            found,
            {
                "Name": "other",
                "Description": "d",
                "LocationUri": "s3://b/",
                "Parameters": {"a": "1"},
                "CatalogId": ACCOUNT,
                "CreateTableDefaultPermissions": [
                    {"Principal": {"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"}, "Permissions": ["ALL"]}
                ],
            },
        )

    def test_errors(self):
        self.refused("AlreadyExistsException", "Database already exists.", GLUE.create_database, DatabaseInput={"Name": "shop"})
        self.refused("EntityNotFoundException", "Database none not found.", GLUE.get_database, Name="None")
        self.refused("EntityNotFoundException", "Database none not found.", GLUE.delete_database, Name="none")
        self.refused("EntityNotFoundException", "Database none not found.", GLUE.update_database, Name="none", DatabaseInput={"Name": "none"})
        arn = "arn:aws:glue:us-east-1:111122223333:catalog"
        self.refused(
            "AccessDeniedException",
            f"User: {ME['Arn']} is not authorized to perform: glue:GetDatabase on resource: {arn} because no resource-based policy "
            "allows the glue:GetDatabase action",
            GLUE.get_database,
            Name="shop",
            CatalogId="111122223333",
        )
        self.assertEqual(GLUE.get_database(Name="shop", CatalogId=ACCOUNT)["Database"]["Name"], "shop")

    def test_update_takes_the_place_of_all(self):
        GLUE.update_database(Name="shop", DatabaseInput={"Name": "shop", "Description": "new", "Parameters": {"a": "1"}})
        GLUE.update_database(Name="shop", DatabaseInput={"Name": "shop", "Description": "newer"})
        found = GLUE.get_database(Name="shop")["Database"]
        self.assertEqual((found["Description"], "Parameters" in found), ("newer", False))

    def test_listing(self):
        for name in ["a1", "a2"]:
            GLUE.create_database(DatabaseInput={"Name": name})
            self.addCleanup(self.drop, name)
        pages = list(GLUE.get_paginator("get_databases").paginate(PaginationConfig={"PageSize": 2}))
        self.assertEqual([[db["Name"] for db in page["DatabaseList"]] for page in pages], [["a1", "a2"], ["shop"]])
        self.assertEqual(GLUE.get_databases(ResourceShareType="FOREIGN")["DatabaseList"], [])
        self.assertEqual(GLUE.get_databases(AttributesToGet=["NAME"], MaxResults=1)["DatabaseList"], [{"Name": "a1"}])
        self.refused("InvalidInputException", "Invalid NextToken.", GLUE.get_databases, NextToken="x")

    def test_what_is_not_built(self):
        link = {"CatalogId": ACCOUNT, "DatabaseName": "shop"}
        self.not_built("DatabaseInput.TargetDatabase", GLUE.create_database, DatabaseInput={"Name": "l", "TargetDatabase": link})
        everyone = [{"Principal": {"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"}, "Permissions": ["SELECT"]}]
        self.not_built(
            "CreateTableDefaultPermissions", GLUE.create_database, DatabaseInput={"Name": "l", "CreateTableDefaultPermissions": everyone}
        )
        everyone[0]["Permissions"] = ["ALL"]
        GLUE.create_database(DatabaseInput={"Name": "l", "CreateTableDefaultPermissions": everyone})
        self.drop("l")

    def test_tables_go_with_their_database(self):
        self.table()
        GLUE.create_partition(DatabaseName="shop", TableName="orders", PartitionInput={"Values": ["2024", "eu"]})
        GLUE.delete_database(Name="shop")
        GLUE.create_database(DatabaseInput={"Name": "shop"})
        self.assertEqual(GLUE.get_tables(DatabaseName="shop")["TableList"], [])
        self.table()
        self.assertEqual(GLUE.get_partitions(DatabaseName="shop", TableName="orders")["Partitions"], [])


class Tables(Case):
    def test_what_a_table_shows(self):
        self.table(Description="d", Owner="me", Parameters={"classification": "json"})
        found = GLUE.get_table(DatabaseName="SHOP", Name="ORDERS")["Table"]
        created, updated = found.pop("CreateTime"), found.pop("UpdateTime")
        self.assertEqual((created, created.microsecond), (updated, 0))
        storage = {**STORAGE, "Compressed": False, "NumberOfBuckets": 0, "SortColumns": [], "StoredAsSubDirectories": False}
        self.assertEqual(
            found,
            {
                "Name": "orders",
                "DatabaseName": "shop",
                "Description": "d",
                "Owner": "me",
                "Retention": 0,
                "StorageDescriptor": storage,
                "PartitionKeys": KEYS,
                "TableType": "EXTERNAL_TABLE",
                "Parameters": {"classification": "json"},
                "CreatedBy": ME["Arn"],
                "IsRegisteredWithLakeFormation": False,
                "CatalogId": ACCOUNT,
                "VersionId": "0",
                "IsMultiDialectView": False,
            },
        )

    def test_errors(self):
        self.table()
        self.refused("AlreadyExistsException", "Table already exists.", GLUE.create_table, DatabaseName="shop", TableInput={"Name": "orders"})
        self.refused("EntityNotFoundException", "Database none not found.", GLUE.create_table, DatabaseName="none", TableInput={"Name": "t"})
        self.refused("EntityNotFoundException", "Entity Not Found", GLUE.get_table, DatabaseName="shop", Name="none")
        self.refused("EntityNotFoundException", "Entity Not Found", GLUE.get_table, DatabaseName="none", Name="none")
        self.refused("EntityNotFoundException", "Database none not found.", GLUE.get_tables, DatabaseName="none")
        self.refused("EntityNotFoundException", "Table none not found.", GLUE.update_table, DatabaseName="shop", TableInput={"Name": "None"})
        self.refused("EntityNotFoundException", "Table none not found.", GLUE.delete_table, DatabaseName="shop", Name="none")
        key = [{"Name": "k", "Type": "int", "Parameters": {"a": "b"}}]
        self.refused(
            "InvalidInputException",
            "Parameters not supported for partition columns",
            GLUE.create_table,
            DatabaseName="shop",
            TableInput={"Name": "t", "PartitionKeys": key},
        )

    def test_what_is_not_built(self):
        create = GLUE.create_table
        iceberg = {"IcebergInput": {"MetadataOperation": "CREATE"}}
        self.not_built("OpenTableFormatInput", create, DatabaseName="shop", TableInput={"Name": "t"}, OpenTableFormatInput=iceberg)
        link = {"CatalogId": ACCOUNT, "DatabaseName": "shop", "Name": "x"}
        self.not_built("TableInput.TargetTable", create, DatabaseName="shop", TableInput={"Name": "t", "TargetTable": link})
        reference = {"SchemaReference": {"SchemaVersionNumber": 1}}
        self.not_built("SchemaReference", create, DatabaseName="shop", TableInput={"Name": "t", "StorageDescriptor": reference})
        self.not_built("PartitionIndexes", create, DatabaseName="shop", TableInput={"Name": "t"}, PartitionIndexes=[{"IndexName": "i", "Keys": ["a"]}])
        self.not_built("TransactionId", GLUE.get_tables, DatabaseName="shop", TransactionId="1")
        self.not_built("GetColumnStatisticsForTable", GLUE.get_column_statistics_for_table, DatabaseName="shop", TableName="t", ColumnNames=["a"])
        self.table()
        self.not_built("renaming", GLUE.update_table, DatabaseName="shop", Name="orders", TableInput={"Name": "other"})

    def test_listing(self):
        for name in ["orders_2023", "orders_2024", "customers"]:
            self.table(name)

        def names(**arguments):
            return [table["Name"] for table in GLUE.get_tables(DatabaseName="shop", **arguments)["TableList"]]

        self.assertEqual(names(), ["customers", "orders_2023", "orders_2024"])
        self.assertEqual(names(Expression="orders*"), ["orders_2023", "orders_2024"])
        self.assertEqual(names(Expression="*2024"), ["orders_2024"])
        self.assertEqual(names(Expression="^orders.*$"), ["orders_2023", "orders_2024"])
        self.assertEqual(names(Expression="cust.*|orders_202[34]"), ["customers", "orders_2023", "orders_2024"])
        self.assertEqual(names(Expression="orders"), [])
        self.refused("InvalidInputException", "Invalid table expression.", GLUE.get_tables, DatabaseName="shop", Expression="(")
        pages = list(GLUE.get_paginator("get_tables").paginate(DatabaseName="shop", PaginationConfig={"PageSize": 2}))
        self.assertEqual([len(page["TableList"]) for page in pages], [2, 1])
        only = GLUE.get_tables(DatabaseName="shop", AttributesToGet=["NAME", "TABLE_TYPE"])["TableList"][0]
        self.assertEqual(only, {"Name": "customers", "TableType": "EXTERNAL_TABLE"})

    def test_versions(self):
        definition = self.table()
        GLUE.update_table(DatabaseName="shop", TableInput={**definition, "Description": "one"})
        GLUE.update_table(DatabaseName="shop", TableInput={**definition, "Description": "two"}, SkipArchive=True)
        GLUE.update_table(DatabaseName="shop", TableInput={**definition, "Description": "three"}, VersionId="2")
        self.refused(
            "ConcurrentModificationException",
            "Update table failed due to concurrent modifications.",
            GLUE.update_table,
            DatabaseName="shop",
            TableInput=definition,
            VersionId="2",
        )
        table = GLUE.get_table(DatabaseName="shop", Name="orders")["Table"]
        self.assertEqual((table["VersionId"], table["Description"]), ("3", "three"))
        of = {"DatabaseName": "shop", "TableName": "orders"}
        versions = GLUE.get_table_versions(**of)["TableVersions"]
        self.assertEqual([(v["VersionId"], v["Table"].get("Description")) for v in versions], [("3", "three"), ("2", "two"), ("0", None)])
        pages = GLUE.get_paginator("get_table_versions").paginate(**of, PaginationConfig={"PageSize": 1})
        self.assertEqual([v["VersionId"] for page in pages for v in page["TableVersions"]], ["3", "2", "0"])
        self.assertEqual(GLUE.get_table_version(**of)["TableVersion"]["VersionId"], "3")
        self.assertEqual(GLUE.get_table_version(**of, VersionId="2")["TableVersion"]["Table"]["Description"], "two")
        self.refused("EntityNotFoundException", "Version not found.", GLUE.get_table_version, **of, VersionId="1")
        GLUE.delete_table_version(**of, VersionId="0")
        errors = GLUE.batch_delete_table_version(**of, VersionIds=["0", "2"])["Errors"]
        self.assertEqual(
            errors,
            [{"TableName": "orders", "VersionId": "0", "ErrorDetail": {"ErrorCode": "EntityNotFoundException", "ErrorMessage": "Version not found."}}],
        )
        self.assertEqual(len(GLUE.get_table_versions(**of)["TableVersions"]), 1)
        self.refused("InvalidInputException", "Cannot delete the current version of a table.", GLUE.delete_table_version, **of, VersionId="3")

    def test_batch_delete(self):
        self.table("a")
        self.table("b")
        errors = GLUE.batch_delete_table(DatabaseName="shop", TablesToDelete=["a", "x", "B"])["Errors"]
        detail = {"ErrorCode": "EntityNotFoundException", "ErrorMessage": "Table x not found."}
        self.assertEqual(errors, [{"TableName": "x", "ErrorDetail": detail}])
        self.assertEqual(GLUE.get_tables(DatabaseName="shop")["TableList"], [])

    def test_partitions_and_versions_go_with_their_table(self):
        definition = self.table()
        GLUE.update_table(DatabaseName="shop", TableInput=definition)
        GLUE.create_partition(DatabaseName="shop", TableName="orders", PartitionInput={"Values": ["2024", "eu"]})
        GLUE.delete_table(DatabaseName="shop", Name="ORDERS")
        self.table()
        of = {"DatabaseName": "shop", "TableName": "orders"}
        self.assertEqual(GLUE.get_partitions(**of)["Partitions"], [])
        self.assertEqual(len(GLUE.get_table_versions(**of)["TableVersions"]), 1)


class Partitions(Case):
    OF = {"DatabaseName": "shop", "TableName": "orders"}
    WRONG = "The number of partition keys do not match the number of partition values"

    def setUp(self):
        super().setUp()
        self.table()

    def add(self, *values):
        inputs = [{"Values": list(each), "StorageDescriptor": {**STORAGE, "Location": "s3://bucket/" + "/".join(each)}} for each in values]
        return GLUE.batch_create_partition(**self.OF, PartitionInputList=inputs)["Errors"]

    def select(self, expression, **arguments):
        pages = GLUE.get_paginator("get_partitions").paginate(**self.OF, Expression=expression, **arguments)
        return [partition["Values"] for page in pages for partition in page["Partitions"]]

    def test_one_by_one(self):
        GLUE.create_partition(**self.OF, PartitionInput={"Values": ["2024", "eu"], "Parameters": {"rows": "1"}})
        found = GLUE.get_partition(**self.OF, PartitionValues=["2024", "eu"])["Partition"]
        del found["CreationTime"]
        self.assertEqual(
            found, {"Values": ["2024", "eu"], "DatabaseName": "shop", "TableName": "orders", "Parameters": {"rows": "1"}, "CatalogId": ACCOUNT}
        )
        GLUE.update_partition(**self.OF, PartitionValueList=["2024", "eu"], PartitionInput={"Values": ["2025", "eu"]})
        self.assertEqual(self.select(""), [["2025", "eu"]])
        GLUE.delete_partition(**self.OF, PartitionValues=["2025", "eu"])
        self.assertEqual(self.select(""), [])

    def test_errors(self):
        self.add(["2024", "eu"], ["2024", "us"])
        missing = "Cannot find partition."
        self.refused(
            "AlreadyExistsException", "Partition already exists.", GLUE.create_partition, **self.OF, PartitionInput={"Values": ["2024", "eu"]}
        )
        self.refused("InvalidInputException", self.WRONG, GLUE.create_partition, **self.OF, PartitionInput={"Values": ["2024"]})
        self.refused("InvalidInputException", self.WRONG, GLUE.create_partition, **self.OF, PartitionInput={})
        self.refused("EntityNotFoundException", missing, GLUE.get_partition, **self.OF, PartitionValues=["1", "x"])
        self.refused("EntityNotFoundException", missing, GLUE.delete_partition, **self.OF, PartitionValues=["1", "x"])
        self.refused(
            "AlreadyExistsException",
            "Partition already exists.",
            GLUE.update_partition,
            **self.OF,
            PartitionValueList=["2024", "eu"],
            PartitionInput={"Values": ["2024", "us"]},
        )
        self.refused("EntityNotFoundException", "Table none not found.", GLUE.get_partitions, DatabaseName="shop", TableName="none")

    def test_batches(self):
        self.assertEqual(self.add(["2024", "eu"], ["2024", "us"]), [])
        errors = self.add(["2024", "eu"], ["2025", "eu"], ["2025"])
        self.assertEqual(
            errors,
            [
                {"PartitionValues": ["2024", "eu"], "ErrorDetail": {"ErrorCode": "AlreadyExistsException", "ErrorMessage": "Partition already exists."}},
                {"PartitionValues": ["2025"], "ErrorDetail": {"ErrorCode": "InvalidInputException", "ErrorMessage": self.WRONG}},
            ],
        )
        wanted = [{"Values": ["2025", "eu"]}, {"Values": ["1999", "eu"]}]
        got = GLUE.batch_get_partition(**self.OF, PartitionsToGet=wanted)
        self.assertEqual(([p["Values"] for p in got["Partitions"]], got["UnprocessedKeys"]), ([["2025", "eu"]], []))
        self.assertEqual(got["Partitions"][0]["StorageDescriptor"]["Location"], "s3://bucket/2025/eu")
        entries = [
            {"PartitionValueList": ["2025", "eu"], "PartitionInput": {"Values": ["2025", "eu"], "Parameters": {"a": "1"}}},
            {"PartitionValueList": ["1999", "eu"], "PartitionInput": {"Values": ["1999", "eu"]}},
        ]
        failed = GLUE.batch_update_partition(**self.OF, Entries=entries)["Errors"]
        self.assertEqual([f["PartitionValueList"] for f in failed], [["1999", "eu"]])
        self.assertEqual(failed[0]["ErrorDetail"], {"ErrorCode": "EntityNotFoundException", "ErrorMessage": "Cannot find partition."})
        failed = GLUE.batch_delete_partition(**self.OF, PartitionsToDelete=wanted)["Errors"]
        self.assertEqual([f["PartitionValues"] for f in failed], [["1999", "eu"]])
        self.assertEqual(len(self.select("")), 2)

    def test_expressions(self):
        self.add(["9", "eu"], ["2023", "eu"], ["2024", "eu"], ["2024", "us"], ["2025", "ap"])
        self.assertEqual(self.select("year > 100 AND region = 'eu'"), [["2023", "eu"], ["2024", "eu"]])
        self.assertEqual(self.select("year BETWEEN 2024 AND 2025 AND NOT region IN ('us', 'ap')"), [["2024", "eu"]])
        self.assertEqual(self.select("region LIKE '%s' OR year <= 9"), [["2024", "us"], ["9", "eu"]])
        self.assertEqual(len(self.select("region IS NOT NULL")), 5)
        self.assertEqual(self.select("region is null"), [])
        for bad in ["month = 1", "year =", "region = 5", "year = 'x'", "total = 1"]:
            self.refused("InvalidInputException", "Invalid partition expression!", GLUE.get_partitions, **self.OF, Expression=bad)
        self.add(["null", "eu"])
        message = 'For input string: "null" is not an integer.'
        self.refused("InvalidStateException", message, GLUE.get_partitions, **self.OF, Expression="year >= 0")
        self.assertEqual(self.select("region = 'eu'", PaginationConfig={"PageSize": 3})[-1], ["null", "eu"])

    def test_dates_and_decimals(self):
        keys = [{"Name": "dt", "Type": "date"}, {"Name": "price", "Type": "decimal(10,2)"}]
        self.table("prices", PartitionKeys=keys)
        for dt, price in [("2024-01-31", "9.50"), ("2024-02-01", "10.00"), ("2024-11-01", "-1")]:
            GLUE.create_partition(DatabaseName="shop", TableName="prices", PartitionInput={"Values": [dt, price]})

        def days(expression):
            found = GLUE.get_partitions(DatabaseName="shop", TableName="prices", Expression=expression)["Partitions"]
            return [partition["Values"][0] for partition in found]

        self.assertEqual(days("dt >= '2024-02-01'"), ["2024-02-01", "2024-11-01"])
        self.assertEqual(days("price < 9.51"), ["2024-01-31", "2024-11-01"])
        self.assertEqual(days("price = 10 OR price = -1.0"), ["2024-02-01", "2024-11-01"])

    def test_pages_segments_and_schemas(self):
        self.add(*[[str(year), region] for year in range(2000, 2020) for region in ["eu", "us"]])
        pages = list(GLUE.get_paginator("get_partitions").paginate(**self.OF, PaginationConfig={"PageSize": 15}))
        self.assertEqual([len(page["Partitions"]) for page in pages], [15, 15, 10])
        token = pages[0]["NextToken"]
        self.refused("InvalidInputException", "Invalid NextToken.", GLUE.get_partitions, **self.OF, NextToken=token, Expression="year > 1")
        parts = [self.select("", Segment={"SegmentNumber": number, "TotalSegments": 3}) for number in range(3)]
        self.assertEqual(sorted(values for part in parts for values in part), self.select(""))
        self.assertGreater(min(len(part) for part in parts), 0)
        self.refused(
            "InvalidInputException",
            "SegmentNumber must be less than TotalSegments.",
            GLUE.get_partitions,
            **self.OF,
            Segment={"SegmentNumber": 3, "TotalSegments": 3},
        )
        bare = GLUE.get_partitions(**self.OF, ExcludeColumnSchema=True, MaxResults=1)["Partitions"][0]["StorageDescriptor"]
        self.assertEqual(("Columns" in bare, bare["Location"]), (False, "s3://bucket/2000/eu"))


class Tags(Case):
    ARN = f"arn:aws:glue:us-east-1:{ACCOUNT}:database/shop"

    def test_tags_of_a_database(self):
        self.drop("shop")
        GLUE.create_database(DatabaseInput={"Name": "shop"}, Tags={"team": "data"})
        self.assertEqual(GLUE.get_tags(ResourceArn=self.ARN)["Tags"], {"team": "data"})
        GLUE.tag_resource(ResourceArn=self.ARN, TagsToAdd={"cost": "1", "team": "ops"})
        GLUE.untag_resource(ResourceArn=self.ARN, TagsToRemove=["cost", "nothing"])
        self.assertEqual(GLUE.get_tags(ResourceArn=self.ARN)["Tags"], {"team": "ops"})
        self.drop("shop")
        self.refused("EntityNotFoundException", f"Resource {self.ARN} not found.", GLUE.get_tags, ResourceArn=self.ARN)
        GLUE.create_database(DatabaseInput={"Name": "shop"})
        self.assertEqual(GLUE.get_tags(ResourceArn=self.ARN)["Tags"], {})

    def test_errors(self):
        self.refused("InvalidInputException", "Tag keys must not begin with aws.", GLUE.tag_resource, ResourceArn=self.ARN, TagsToAdd={"aws:a": "1"})
        many = {str(number): "" for number in range(50)}
        GLUE.tag_resource(ResourceArn=self.ARN, TagsToAdd=many)
        self.refused("InvalidInputException", "A resource can have no more than 50 tags.", GLUE.tag_resource, ResourceArn=self.ARN, TagsToAdd={"x": ""})
        table = self.ARN.replace("database/shop", "table/shop/orders")
        self.refused("InvalidInputException", f"Tags are not supported for the resource {table}.", GLUE.get_tags, ResourceArn=table)


class Cli(Case):
    def aws(self, *words):
        environment = {
            "PATH": os.environ.get("PATH", ""),
            "AWS_ACCESS_KEY_ID": os.environ["LABRUN_TEST_KEY"],
            "AWS_SECRET_ACCESS_KEY": os.environ["LABRUN_TEST_SECRET"],
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": os.environ["LABRUN_TEST_ENDPOINT"],
        }
        command = os.path.join(os.path.dirname(sys.executable), "aws")
        done = subprocess.run([sys.executable, command, "glue", *words], env=environment, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout, done.stderr

    def test_the_verbs(self):
        definition = json.dumps({"Name": "t", "PartitionKeys": KEYS, "StorageDescriptor": STORAGE})
        self.assertEqual(self.aws("create-table", "--database-name", "shop", "--table-input", definition), (0, "", ""))
        values = "Values=2024,eu"
        self.assertEqual(self.aws("create-partition", "--database-name", "shop", "--table-name", "t", "--partition-input", values)[0], 0)
        words = ["get-partitions", "--database-name", "shop", "--table-name", "t", "--expression", "year >= 2024 and region = 'eu'"]
        code, out, err = self.aws(*words, "--query", "Partitions[].Values[]", "--output", "text")
        self.assertEqual((code, out, err), (0, "2024\teu\n", ""))
        code, out, err = self.aws("get-table", "--database-name", "shop", "--name", "none")
        self.assertIn("(EntityNotFoundException) when calling the GetTable operation: Entity Not Found", err)


if __name__ == "__main__":
    unittest.main()
