"""Glue crawlers as boto3 sees them: what they find in real files, which tables and partitions come of it, states, policies, schedules."""

import gzip
import json
import time
from datetime import datetime, timezone

from support import ACCOUNT, TRUST, Case, advance, client, fresh
from support.tables import COLUMNS, ORC, PARQUET, avro

GLUE, S3, LOGS, IAM = (client(name, parameter_validation=False) for name in ("glue", "s3", "logs", "iam"))
CSV = "id,name,price,day\n1,ann,1.5,2024-01-01\n2,bob,2,2024-01-02\n"
ROLE = "crawler-role"
TEXT_FORMAT = "org.apache.hadoop.mapred.TextInputFormat"


def setUpModule():
    IAM.create_role(RoleName=ROLE, AssumeRolePolicyDocument=TRUST)


class CrawlCase(Case):
    def setUp(self):
        self.bucket = fresh("data")
        S3.create_bucket(Bucket=self.bucket)
        self.database = fresh("db").replace("-", "_")
        GLUE.create_database(DatabaseInput={"Name": self.database})
        self.addCleanup(GLUE.delete_database, Name=self.database)

    def put(self, **files):
        """Keys have / written as two underscores, = as three."""
        for key, content in files.items():
            self.put_at(key.replace("___", "=").replace("__", "/"), content)

    def put_at(self, key, content):
        S3.put_object(Bucket=self.bucket, Key=key, Body=content if isinstance(content, bytes) else content.encode())

    def path(self, below="data/"):
        return f"s3://{self.bucket}/{below}"

    def definition(self, below="data/", **changes):
        target = {"Path": self.path(below), **changes.pop("target", {})}
        made = {"Role": ROLE, "DatabaseName": self.database, "Targets": {"S3Targets": [target]}, **changes}
        return {name: value for name, value in made.items() if value is not None}

    def crawler(self, below="data/", **changes):
        name = fresh("crawler")
        GLUE.create_crawler(Name=name, **self.definition(below, **changes))
        self.addCleanup(self.drop, name)
        return name

    def drop(self, name):
        try:
            self.ready(name)
            GLUE.delete_crawler(Name=name)
        except GLUE.exceptions.EntityNotFoundException:
            pass

    def shown(self, name):
        return GLUE.get_crawler(Name=name)["Crawler"]

    def ready(self, name):
        ends = time.monotonic() + 60
        while self.shown(name)["State"] != "READY":
            self.assertLess(time.monotonic(), ends, "the crawler does not come to an end")
            time.sleep(0.02)
        return self.shown(name)

    def crawl(self, name, status="SUCCEEDED"):
        GLUE.start_crawler(Name=name)
        last = self.ready(name)["LastCrawl"]
        self.assertEqual(last["Status"], status, last)
        return last

    def crawled(self, below="data/", **changes):
        name = self.crawler(below, **changes)
        self.crawl(name)
        return name

    def tables(self):
        return {table["Name"]: table for table in GLUE.get_tables(DatabaseName=self.database)["TableList"]}

    def table(self, name="data"):
        return GLUE.get_table(DatabaseName=self.database, Name=name)["Table"]

    def columns(self, table):
        return {column["Name"]: column["Type"] for column in table["StorageDescriptor"]["Columns"]}

    def partitions(self, table="data"):
        found = GLUE.get_partitions(DatabaseName=self.database, TableName=table)["Partitions"]
        return {tuple(one["Values"]): one for one in found}

    def history(self, name, **more):
        return GLUE.list_crawls(CrawlerName=name, **more)["Crawls"]

    def log(self, name):
        events = LOGS.filter_log_events(logGroupName="/aws-glue/crawlers", logStreamNames=[name])["events"]
        return "\n".join(event["message"] for event in events)

    def not_built(self, member, call, **arguments):
        answer = self.refused("NotImplemented", call, status=501, **arguments)
        self.assertIn(member, answer["Error"]["Message"])


class Definitions(CrawlCase):
    def test_what_is_said_is_shown(self):
        said = {
            "Description": "d",
            "TablePrefix": "p_",
            "Schedule": "cron(15 12 * * ? *)",
            "SchemaChangePolicy": {"UpdateBehavior": "LOG", "DeleteBehavior": "DELETE_FROM_DATABASE"},
            "RecrawlPolicy": {"RecrawlBehavior": "CRAWL_EVERYTHING"},
            "Configuration": json.dumps({"Version": 1.0, "Grouping": {"TableGroupingPolicy": "CombineCompatibleSchemas"}}),
            "target": {"Exclusions": ["**.tmp"], "SampleSize": 3},
        }
        shown = self.shown(self.crawler(**said))
        self.assertEqual(shown["Targets"]["S3Targets"], [{"Path": self.path(), "Exclusions": ["**.tmp"], "SampleSize": 3}])
        self.assertEqual(shown["Targets"]["JdbcTargets"], [])
        for member in ("Description", "TablePrefix", "SchemaChangePolicy", "RecrawlPolicy", "Configuration"):
            self.assertEqual(shown[member], said[member])
        self.assertEqual(shown["Schedule"], {"ScheduleExpression": "cron(15 12 * * ? *)", "State": "SCHEDULED"})
        self.assertEqual((shown["Role"], shown["DatabaseName"], shown["State"], shown["Version"]), (ROLE, self.database, "READY", 1))
        self.assertEqual((shown["CrawlElapsedTime"], "LastCrawl" in shown), (0, False))

    def test_defaults(self):
        shown = self.shown(self.crawler())
        self.assertEqual(shown["SchemaChangePolicy"], {"UpdateBehavior": "UPDATE_IN_DATABASE", "DeleteBehavior": "DEPRECATE_IN_DATABASE"})
        self.assertEqual(shown["RecrawlPolicy"], {"RecrawlBehavior": "CRAWL_EVERYTHING"})
        self.assertEqual(shown["LineageConfiguration"], {"CrawlerLineageSettings": "DISABLE"})
        self.assertEqual((shown["Classifiers"], "Schedule" in shown), ([], False))

    def test_an_update_leaves_what_it_is_not_sent(self):
        name = self.crawler(Description="old", TablePrefix="p_")
        GLUE.update_crawler(Name=name, Targets={"S3Targets": [{"Path": self.path("other/")}]}, Description="")
        shown = self.shown(name)
        self.assertEqual(shown["Targets"]["S3Targets"][0]["Path"], self.path("other/"))
        self.assertEqual((shown["TablePrefix"], shown["Role"], shown["Version"], "Description" in shown), ("p_", ROLE, 2, False))

    def test_taken_missing_deleted(self):
        name = self.crawler()
        self.refused("AlreadyExistsException", GLUE.create_crawler, status=400, Name=name, **self.definition())
        GLUE.delete_crawler(Name=name)
        message = f"Crawler with name {name} does not exist"
        for call in (GLUE.get_crawler, GLUE.delete_crawler, GLUE.start_crawler, GLUE.stop_crawler, GLUE.update_crawler):
            self.refused("EntityNotFoundException", call, status=400, message=message, Name=name)
        for call in (GLUE.list_crawls, GLUE.start_crawler_schedule, GLUE.stop_crawler_schedule, GLUE.update_crawler_schedule):
            self.refused("EntityNotFoundException", call, CrawlerName=name)

    def test_what_makes_no_sense(self):
        def create(**changes):
            return GLUE.create_crawler(Name=fresh("c"), **self.definition(**changes))

        for changes in (
            {"Role": ""},
            {"DatabaseName": None},
            {"Targets": {"S3Targets": []}},
            {"Targets": {"S3Targets": [{"Path": "/data"}]}},
            {"target": {"SampleSize": 250}},
            {"target": {"Exclusions": ["{a"]}},
            {"Schedule": "every day"},
            {"Schedule": "cron(0/2 * * * ? *)"},
            {"Configuration": "{"},
            {"RecrawlPolicy": {"RecrawlBehavior": "CRAWL_NEW_FOLDERS_ONLY"}, "SchemaChangePolicy": {"UpdateBehavior": "UPDATE_IN_DATABASE"}},
        ):
            with self.subTest(changes):
                self.refused("InvalidInputException", create, status=400, **changes)
        self.refused("EntityNotFoundException", create, Classifiers=["none"])

    def test_what_is_not_built(self):
        s3 = [{"Path": self.path()}]
        for member, changes in {
            "JdbcTargets": {"Targets": {"S3Targets": s3, "JdbcTargets": [{"ConnectionName": "c", "Path": "p"}]}},
            "MongoDBTargets": {"Targets": {"S3Targets": s3, "MongoDBTargets": [{"ConnectionName": "c"}]}},
            "DynamoDBTargets": {"Targets": {"S3Targets": s3, "DynamoDBTargets": [{"Path": "t"}]}},
            "CatalogTargets": {"Targets": {"S3Targets": s3, "CatalogTargets": [{"DatabaseName": "d", "Tables": ["t"]}]}},
            "DeltaTargets": {"Targets": {"S3Targets": s3, "DeltaTargets": [{"DeltaTables": ["t"]}]}},
            "IcebergTargets": {"Targets": {"S3Targets": s3, "IcebergTargets": [{"Paths": ["t"]}]}},
            "HudiTargets": {"Targets": {"S3Targets": s3, "HudiTargets": [{"Paths": ["t"]}]}},
            "ConnectionName": {"target": {"ConnectionName": "c"}},
            "EventQueueArn": {"target": {"EventQueueArn": "arn:aws:sqs:us-east-1:1:q"}},
            "LakeFormationConfiguration": {"LakeFormationConfiguration": {"UseLakeFormationCredentials": True}},
            "CrawlerSecurityConfiguration": {"CrawlerSecurityConfiguration": "s"},
            "LineageConfiguration": {"LineageConfiguration": {"CrawlerLineageSettings": "ENABLE"}},
            "CRAWL_EVENT_MODE": {"RecrawlPolicy": {"RecrawlBehavior": "CRAWL_EVENT_MODE"}},
            "CreatePartitionIndex": {"Configuration": '{"Version":1.0,"CreatePartitionIndex":true}'},
            "CrawlerOutput.Tables.TableThreshold": {"Configuration": '{"Version":1.0,"CrawlerOutput":{"Tables":{"TableThreshold":1}}}'},
            "L, W and #": {"Schedule": "cron(0 0 L * ? *)"},
        }.items():
            with self.subTest(member):
                self.not_built(member, GLUE.create_crawler, Name=fresh("c"), **self.definition(**changes))
        GLUE.update_crawler(Name=self.crawler(), LineageConfiguration={"CrawlerLineageSettings": "DISABLE"})

    def test_listings_and_tags(self):
        names = sorted(self.crawler(Tags={"part": self.bucket, "even": str(number % 2)}) for number in range(4))
        listed, token = [], None
        while token is not None or not listed:
            page = GLUE.get_crawlers(MaxResults=3, **({"NextToken": token} if token else {}))
            listed += [one["Name"] for one in page["Crawlers"]]
            token = page.get("NextToken")
        self.assertEqual([name for name in listed if name in names], names)
        self.assertEqual(GLUE.list_crawlers(Tags={"part": self.bucket})["CrawlerNames"], names)
        self.assertEqual(len(GLUE.list_crawlers(Tags={"part": self.bucket, "even": "0"})["CrawlerNames"]), 2)
        batch = GLUE.batch_get_crawlers(CrawlerNames=[names[1], "none", names[0]])
        self.assertEqual(([one["Name"] for one in batch["Crawlers"]], batch["CrawlersNotFound"]), ([names[1], names[0]], ["none"]))
        self.refused("InvalidInputException", GLUE.get_crawlers, NextToken="made up")
        arn = f"arn:aws:glue:us-east-1:{ACCOUNT}:crawler/{names[0]}"
        GLUE.tag_resource(ResourceArn=arn, TagsToAdd={"more": "1"})
        self.assertEqual(GLUE.get_tags(ResourceArn=arn)["Tags"]["more"], "1")
        GLUE.delete_crawler(Name=names[0])
        self.refused("EntityNotFoundException", GLUE.get_tags, ResourceArn=arn)


class Formats(CrawlCase):
    def test_csv(self):
        self.put(data__a="ID,Name,Price,Day\n1,ann,1.5,2024-01-01\n2,bob,2,2024-01-02\n")
        name = self.crawled()
        table = self.table()
        self.assertEqual(self.columns(table), {"id": "bigint", "name": "string", "price": "double", "day": "string"})
        storage = table["StorageDescriptor"]
        self.assertEqual((storage["Location"], storage["InputFormat"], storage["Compressed"]), (self.path(), TEXT_FORMAT, False))
        self.assertEqual(storage["OutputFormat"], "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat")
        serde = {"SerializationLibrary": "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe", "Parameters": {"field.delim": ","}}
        self.assertEqual(storage["SerdeInfo"], serde)
        expected = {
            "CrawlerSchemaDeserializerVersion": "1.0",
            "CrawlerSchemaSerializerVersion": "1.0",
            "UPDATED_BY_CRAWLER": name,
            "areColumnsQuoted": "false",
            "averageRecordSize": "29",
            "classification": "csv",
            "columnsOrdered": "true",
            "compressionType": "none",
            "delimiter": ",",
            "objectCount": "1",
            "recordCount": "2",
            "sizeKey": "58",
            "skip.header.line.count": "1",
            "typeOfData": "file",
        }
        self.assertEqual(table["Parameters"], expected)
        self.assertEqual(storage["Parameters"], expected)
        self.assertEqual((table["TableType"], table["Owner"], table["PartitionKeys"]), ("EXTERNAL_TABLE", "owner", []))
        self.assertIn(f"assumed-role/{ROLE}/", table["CreatedBy"])

    def test_delimiters_headers_and_quotes(self):
        self.put(
            data__pipes__f="a|b\n1|x\n2|y\n",
            data__tabs__f="1\tx\n2\ty\n",
            data__semi__f='k;v\n1;"a;b"\n2;c\n',
            data__control__f="n\x01m\n1\x01x\n2\x01y\n",
            data__text__f="name,city\nann,rome\nbob,oslo\n",
        )
        self.crawled()
        tables = self.tables()
        self.assertEqual({name: table["Parameters"]["delimiter"] for name, table in tables.items()},
                         {"pipes": "|", "tabs": "\t", "semi": ";", "control": "\x01", "text": ","})
        self.assertEqual(self.columns(tables["tabs"]), {"col0": "bigint", "col1": "string"})
        self.assertEqual(self.columns(tables["text"]), {"col0": "string", "col1": "string"})
        self.assertNotIn("skip.header.line.count", tables["text"]["Parameters"])
        self.assertEqual(tables["semi"]["Parameters"]["areColumnsQuoted"], "true")

    def test_json(self):
        lines = [{"Id": 1, "user": {"Name": "a", "tags": ["x"]}, "big": 5000000000, "n": None}, {"Id": 2, "user": {"age": 1.5}, "ok": True}]
        self.put(data__f="\n".join(json.dumps(line) for line in lines))
        self.crawled()
        table = self.table()
        expected = {"id": "int", "user": "struct<Name:string,tags:array<string>,age:double>", "big": "bigint", "n": "string", "ok": "boolean"}
        self.assertEqual(self.columns(table), expected)
        serde = {"SerializationLibrary": "org.openx.data.jsonserde.JsonSerDe", "Parameters": {"paths": "Id,user,big,n,ok"}}
        self.assertEqual(table["StorageDescriptor"]["SerdeInfo"], serde)
        self.assertEqual(table["Parameters"]["classification"], "json")

    def test_json_arrays_are_one_column(self):
        self.put(data__f='[{"a": 1}, {"a": 2, "b": "x"}]')
        self.crawled()
        self.assertEqual(self.columns(self.table()), {"array": "array<struct<a:int,b:string>>"})

    def test_parquet(self):
        self.put(data__f=PARQUET)
        self.crawled()
        table = self.table()
        self.assertEqual(self.columns(table), COLUMNS)
        self.assertEqual((table["Parameters"]["classification"], table["Parameters"]["recordCount"]), ("parquet", "2"))
        storage = table["StorageDescriptor"]
        self.assertEqual(storage["InputFormat"], "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat")
        serde = {
            "SerializationLibrary": "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
            "Parameters": {"serialization.format": "1"},
        }
        self.assertEqual(storage["SerdeInfo"], serde)

    def test_orc(self):
        self.put(data__f=ORC)
        self.crawled()
        table = self.table()
        self.assertEqual(self.columns(table), COLUMNS)
        self.assertEqual((table["Parameters"]["classification"], table["Parameters"]["recordCount"]), ("orc", "2"))
        self.assertEqual(table["StorageDescriptor"]["SerdeInfo"]["SerializationLibrary"], "org.apache.hadoop.hive.ql.io.orc.OrcSerde")

    def test_avro(self):
        fields = [{"name": "id", "type": "long"}, {"name": "tag", "type": ["null", "string"]}, {"name": "l", "type": {"type": "array", "items": "int"}}]
        self.put(data__f=avro({"type": "record", "name": "r", "fields": fields}, [(3, b"xyz"), (4, b"")]))
        self.crawled()
        table = self.table()
        self.assertEqual(self.columns(table), {"id": "bigint", "tag": "string", "l": "array<int>"})
        self.assertEqual((table["Parameters"]["classification"], table["Parameters"]["recordCount"]), ("avro", "7"))
        serde = table["StorageDescriptor"]["SerdeInfo"]
        self.assertEqual(serde["SerializationLibrary"], "org.apache.hadoop.hive.serde2.avro.AvroSerDe")
        self.assertEqual(json.loads(serde["Parameters"]["avro.schema.literal"])["fields"], fields)

    def test_gzip(self):
        self.put(data__f=gzip.compress(CSV.encode()))
        self.crawled()
        table = self.table()
        self.assertEqual((table["Parameters"]["classification"], table["Parameters"]["compressionType"]), ("csv", "gzip"))
        self.assertTrue(table["StorageDescriptor"]["Compressed"])
        self.assertEqual(table["Parameters"]["recordCount"], "2")

    def test_what_nobody_knows_and_what_is_not_read(self):
        self.put(data__odd__f="just some text\n", data__ok__f=CSV, data__zip__f=b"BZh91AY&SY", data__xml__f="<?xml version='1.0'?><a/>\n")
        name = self.crawled()
        self.assertEqual(self.table("odd")["Parameters"]["classification"], "UNKNOWN")
        self.assertEqual(self.table("odd")["StorageDescriptor"]["Columns"], [])
        self.assertEqual(set(self.tables()), {"odd", "ok"})
        log = self.log(name)
        self.assertIn("/data/zip/f is left out: labrun does not read files compressed with bzip2", log)
        self.assertIn("/data/xml/f is left out: labrun does not implement the classifier xml", log)

    def test_a_large_file_is_read_at_its_ends(self):
        rows = b"".join(b"%d,name%d\n" % (number, number) for number in range(2_500_000))
        self.put_at("data/f", b"id,name\n" + rows)
        self.crawled()
        table = self.table()
        self.assertEqual(self.columns(table), {"id": "bigint", "name": "string"})
        self.assertGreater(int(table["Parameters"]["recordCount"]), 2_000_000)


class Layout(CrawlCase):
    def test_partitions_by_name(self):
        for month in ("1", "2"):
            self.put_at(f"data/year=2024/month={month}/f.csv", CSV)
        self.crawled()
        table = self.table()
        self.assertEqual(table["PartitionKeys"], [{"Name": "year", "Type": "string"}, {"Name": "month", "Type": "string"}])
        self.assertEqual(table["Parameters"]["objectCount"], "2")
        found = self.partitions()
        self.assertEqual(set(found), {("2024", "1"), ("2024", "2")})
        one = found["2024", "1"]
        self.assertEqual(one["StorageDescriptor"]["Location"], self.path("data/year=2024/month=1/"))
        self.assertEqual((one["Parameters"]["objectCount"], one["Parameters"]["classification"]), ("1", "csv"))
        self.assertEqual(self.columns(one), self.columns(table))

    def test_partitions_without_a_name(self):
        self.put(data__eu__2024__f=CSV, data__us__2024__f=CSV)
        self.crawled()
        self.assertEqual([key["Name"] for key in self.table()["PartitionKeys"]], ["partition_0", "partition_1"])
        self.assertEqual(set(self.partitions()), {("eu", "2024"), ("us", "2024")})

    def test_other_schemas_are_other_tables(self):
        self.put(data__orders__d___1__f=CSV, data__orders__d___2__f=CSV, data__users__f='{"user": "a"}')
        self.crawled(TablePrefix="Raw_")
        tables = self.tables()
        self.assertEqual(set(tables), {"raw_orders", "raw_users"})
        self.assertEqual(tables["raw_orders"]["StorageDescriptor"]["Location"], self.path("data/orders/"))
        self.assertEqual(set(self.partitions("raw_orders")), {("1",), ("2",)})

    def test_files_that_differ_are_tables(self):
        self.put_at("data/orders.csv", CSV)
        self.put_at("data/users.json", '{"user": "a"}')
        self.crawled()
        locations = {name: table["StorageDescriptor"]["Location"] for name, table in self.tables().items()}
        self.assertEqual(locations, {"orders_csv": self.path("data/orders.csv"), "users_json": self.path("data/users.json")})

    def test_compression_parts_tables_too(self):
        self.put(data__a__f=CSV, data__b__f=gzip.compress(CSV.encode()))
        self.crawled()
        self.assertEqual(set(self.tables()), {"a", "b"})

    def test_an_include_path_may_be_a_file_or_a_bucket(self):
        self.put_at("data/orders.csv", CSV)
        self.put_at("data/orders.csv.bak", "nothing")
        self.crawled("data/orders.csv")
        self.assertEqual(self.table("orders_csv")["StorageDescriptor"]["Location"], self.path("data/orders.csv"))
        S3.delete_object(Bucket=self.bucket, Key="data/orders.csv.bak")
        self.crawled("")
        self.assertIn(self.bucket.replace("-", "_"), self.tables())
        self.put_at("same/same", CSV)
        self.crawled("same")
        self.assertEqual(self.table("same")["StorageDescriptor"]["Location"], self.path("same/"))

    def test_exclusions_hidden_files_and_empty_ones(self):
        self.put_at("data/_SUCCESS", "x")
        self.put_at("data/.part.crc", "x")
        self.put_at("data/empty", "")
        self.put_at("data/notes.txt", "hello")
        self.put_at("data/tmp/deep/x", "hello")
        self.put_at("data/f.csv", CSV)
        self.crawled(target={"Exclusions": ["*.txt", "tmp/**"]})
        self.assertEqual(self.table()["Parameters"]["objectCount"], "1")

    def test_a_sample_is_enough(self):
        for number in range(4):
            self.put_at(f"data/f{number}", CSV if number < 2 else "something else")
        self.crawled(target={"SampleSize": 2})
        parameters = self.table()["Parameters"]
        self.assertEqual((parameters["classification"], parameters["objectCount"]), ("csv", "4"))

    def test_grouping(self):
        self.put(data__a__f='{"x": 1}', data__b__f='{"y": 1}')
        policy = {"Version": 1.0, "Grouping": {"TableGroupingPolicy": "CombineCompatibleSchemas"}}
        self.crawled(Configuration=json.dumps(policy))
        self.assertEqual(self.columns(self.table()), {"x": "int", "y": "int"})
        self.assertEqual(set(self.partitions()), {("a",), ("b",)})

    def test_a_table_level(self):
        self.put(data__orders__d___1__f=CSV, data__returns__d___1__f=CSV)
        self.crawled(Configuration=json.dumps({"Version": 1.0, "Grouping": {"TableLevelConfiguration": 3}}))
        self.assertEqual(set(self.tables()), {"orders", "returns"})
        self.assertEqual(set(self.partitions("orders")), {("1",)})

    def test_a_taken_name_gets_a_hash(self):
        GLUE.create_table(DatabaseName=self.database, TableInput={"Name": "data", "StorageDescriptor": {"Location": "s3://elsewhere/"}})
        self.put(data__f=CSV)
        name = self.crawled()
        (made,) = set(self.tables()) - {"data"}
        self.assertRegex(made, "^data_[0-9a-f]{32}$")
        self.crawl(name)
        self.assertEqual(set(self.tables()), {"data", made})

    def test_several_targets(self):
        self.put(one__f=CSV, two__f=CSV)
        self.crawled(Targets={"S3Targets": [{"Path": self.path("one")}, {"Path": self.path("two/")}]})
        self.assertEqual(set(self.tables()), {"one", "two"})


class Policies(CrawlCase):
    def change(self, **changes):
        """Crawls, changes what is there, and crawls again."""
        self.put(data__d___1__f=CSV, data__d___2__f=CSV)
        name = self.crawled(**changes)
        more = "id,name,price,day,extra\n1,ann,x,2024-01-01,7\n2,bob,y,2024-01-02,8\n"
        self.put(data__d___1__f=more, data__d___2__f=more, data__d___3__f=more)
        self.crawl(name)
        return name

    def test_update_in_database(self):
        name = self.change()
        table = self.table()
        self.assertEqual(self.columns(table), {"id": "bigint", "name": "string", "price": "string", "day": "string", "extra": "bigint"})
        self.assertEqual(table["VersionId"], "1")
        self.assertEqual(self.columns(self.partitions()["1",]), self.columns(table))
        self.assertEqual(set(self.partitions()), {("1",), ("2",), ("3",)})
        summary = json.loads(self.history(name)[0]["Summary"])
        self.assertEqual(summary["TABLE"], {"UPDATE": {"Count": 1, "Details": {"names": ["data"]}}})
        self.assertEqual(summary["PARTITION"], {"ADD": {"Count": 1}, "UPDATE": {"Count": 2}})

    def test_log_only_adds_partitions(self):
        policy = {"UpdateBehavior": "LOG", "DeleteBehavior": "LOG"}
        name = self.change(SchemaChangePolicy=policy)
        self.assertEqual(list(self.columns(self.table())), ["id", "name", "price", "day"])
        self.assertEqual(self.table()["VersionId"], "0")
        self.assertEqual(set(self.partitions()), {("1",), ("2",), ("3",)})
        self.assertIn("The schema of table data has changed", self.log(name))

    def test_merge_new_columns(self):
        configuration = {"Version": 1.0, "CrawlerOutput": {"Tables": {"AddOrUpdateBehavior": "MergeNewColumns"}}}
        self.change(Configuration=json.dumps(configuration))
        self.assertEqual(self.columns(self.table()),
                         {"id": "bigint", "name": "string", "price": "double", "day": "string", "extra": "bigint"})

    def test_partitions_inherit(self):
        self.put(data__d___1__f='{"a":1,"b":1,"c":1,"d":1}', data__d___2__f='{"a":1.5,"b":1,"c":1,"d":1,"e":1}')
        self.crawled()
        self.assertEqual(self.columns(self.partitions()["1",])["a"], "int")
        inherit = {"Version": 1.0, "CrawlerOutput": {"Partitions": {"AddOrUpdateBehavior": "InheritFromTable"}}}
        self.crawled(Configuration=json.dumps(inherit))
        for partition in self.partitions().values():
            self.assertEqual(self.columns(partition), self.columns(self.table()))
        self.assertEqual(self.columns(self.table())["a"], "double")

    def gone(self, behavior):
        self.put(data__a__f=CSV, data__b__d___1__f='{"b": 1}', data__b__d___2__f='{"b": 1}')
        name = self.crawled(SchemaChangePolicy={"UpdateBehavior": "UPDATE_IN_DATABASE", "DeleteBehavior": behavior})
        for key in ("data/a/f", "data/b/d=2/f"):
            S3.delete_object(Bucket=self.bucket, Key=key)
        # So that the folder still is no table as a whole.
        self.put(data__c__f='{"other": 1}')
        self.crawl(name)
        return name

    def test_deprecated(self):
        self.gone("DEPRECATE_IN_DATABASE")
        self.assertIn("DEPRECATED_BY_CRAWLER", self.table("a")["Parameters"])
        found = self.partitions("b")
        self.assertIn("DEPRECATED_BY_CRAWLER", found["2",]["Parameters"])
        self.assertNotIn("DEPRECATED_BY_CRAWLER", found["1",]["Parameters"])

    def test_back_again(self):
        name = self.gone("DEPRECATE_IN_DATABASE")
        self.put(data__a__f=CSV, data__b__d___2__f='{"b": 1}')
        self.crawl(name)
        self.assertNotIn("DEPRECATED_BY_CRAWLER", self.table("a")["Parameters"])
        self.assertNotIn("DEPRECATED_BY_CRAWLER", self.partitions("b")["2",]["Parameters"])

    def test_deleted(self):
        name = self.gone("DELETE_FROM_DATABASE")
        self.assertEqual(set(self.tables()), {"b", "c"})
        self.assertEqual(set(self.partitions("b")), {("1",)})
        summary = json.loads(self.history(name)[0]["Summary"])
        self.assertEqual(summary["TABLE"]["DELETE"], {"Count": 1, "Details": {"names": ["a"]}})
        (metrics,) = GLUE.get_crawler_metrics(CrawlerNameList=[name])["CrawlerMetricsList"]
        self.assertEqual((metrics["TablesCreated"], metrics["TablesDeleted"]), (3, 1))

    def test_gone_is_logged(self):
        name = self.gone("LOG")
        self.assertEqual(set(self.tables()), {"a", "b", "c"})
        self.assertIn("The data of table a is gone", self.log(name))

    def test_new_folders_only(self):
        self.put(data__d___1__f=CSV)
        name = self.crawled(RecrawlPolicy={"RecrawlBehavior": "CRAWL_NEW_FOLDERS_ONLY"})
        self.assertEqual(self.shown(name)["SchemaChangePolicy"], {"UpdateBehavior": "LOG", "DeleteBehavior": "LOG"})
        self.put(data__d___1__f="no longer a table", data__d___2__f=CSV)
        self.crawl(name)
        self.assertEqual(set(self.partitions()), {("1",), ("2",)})
        self.assertEqual(set(self.tables()), {"data"})

    def test_what_people_added_stays(self):
        self.put(data__f=CSV)
        name = self.crawled()
        table = self.table()
        definition = {key: table[key] for key in ("Name", "StorageDescriptor", "PartitionKeys", "TableType", "Parameters")}
        definition["StorageDescriptor"]["Columns"][0]["Comment"] = "the key"
        definition["Parameters"]["owner"] = "me"
        GLUE.update_table(DatabaseName=self.database, TableInput=definition)
        self.put(data__g=CSV)
        self.crawl(name)
        table = self.table()
        self.assertEqual((table["StorageDescriptor"]["Columns"][0]["Comment"], table["Parameters"]["owner"]), ("the key", "me"))
        self.assertEqual(table["Parameters"]["objectCount"], "2")

    def test_nothing_new_changes_nothing(self):
        self.put(data__f=CSV)
        name = self.crawled()
        self.crawl(name)
        self.assertEqual(self.table()["VersionId"], "0")
        self.assertNotIn("Summary", self.history(name)[0])


class Runs(CrawlCase):
    def test_a_crawl_leaves_its_traces(self):
        self.put(data__f=CSV)
        name = self.crawler()
        last = self.crawl(name)
        self.assertEqual((last["LogGroup"], last["LogStream"]), ("/aws-glue/crawlers", name))
        (crawl,) = self.history(name)
        self.assertEqual((crawl["State"], crawl["CrawlId"], crawl["StartTime"]), ("COMPLETED", last["MessagePrefix"], last["StartTime"]))
        self.assertEqual(json.loads(crawl["Summary"]), {"TABLE": {"ADD": {"Count": 1, "Details": {"names": ["data"]}}}})
        self.assertAlmostEqual(crawl["DPUHour"], 1 / 6)
        self.assertGreaterEqual(crawl["EndTime"], crawl["StartTime"])
        log = self.log(name)
        prefix = f"[{last['MessagePrefix']}] "
        self.assertTrue(log.startswith(f"{prefix}BENCHMARK : Running Start Crawl for Crawler {name}"), log)
        self.assertIn(f"{prefix}INFO : Created table data in database {self.database}", log)
        self.assertTrue(log.endswith("Crawler has finished running and is in state READY"), log)
        (metrics,) = GLUE.get_crawler_metrics(CrawlerNameList=[name])["CrawlerMetricsList"]
        self.assertEqual((metrics["TablesCreated"], metrics["TablesUpdated"], metrics["StillEstimating"]), (1, 0, False))
        self.assertEqual(metrics["LastRuntimeSeconds"], metrics["MedianRuntimeSeconds"])

    def test_while_it_runs(self):
        # Files that take a while to read, on a fast machine too.
        large = gzip.compress(("id,name\n" + "1,some name or other\n" * 150_000).encode(), compresslevel=1)
        for number in range(40):
            self.put_at(f"data/f{number}", large)
        name = self.crawler()
        GLUE.start_crawler(Name=name)
        message = f"Crawler with name {name} has already started"
        self.refused("CrawlerRunningException", GLUE.start_crawler, status=400, message=message, Name=name)
        self.refused("CrawlerRunningException", GLUE.update_crawler, status=400, Name=name, Description="x")
        self.refused("CrawlerRunningException", GLUE.delete_crawler, status=400, Name=name)
        self.assertEqual(self.history(name)[0]["State"], "RUNNING")
        GLUE.stop_crawler(Name=name)
        self.assertEqual(self.ready(name)["LastCrawl"]["Status"], "CANCELLED")
        self.assertEqual((self.history(name)[0]["State"], self.tables()), ("STOPPED", {}))
        self.refused("CrawlerNotRunningException", GLUE.stop_crawler, status=400, Name=name)

    def test_a_missing_bucket_role_or_database(self):
        self.put(data__f=CSV)
        for changes, reason in (
            ({"Targets": {"S3Targets": [{"Path": "s3://labrun-no-such-bucket/x"}]}}, "NoSuchBucket"),
            ({"Role": "no-such-role"}, "should be given assume role permissions"),
            ({"DatabaseName": "no_such_database"}, "Database no_such_database not found."),
        ):
            name = self.crawler(**changes)
            last = self.crawl(name, "FAILED")
            self.assertIn(reason, last["ErrorMessage"])
            self.assertIn(f"[{last['MessagePrefix']}] ERROR : {last['ErrorMessage']}", self.log(name))
            self.assertEqual((self.history(name)[0]["State"], self.history(name)[0]["ErrorMessage"]), ("FAILED", last["ErrorMessage"]))

    def test_nothing_there_is_no_failure(self):
        self.crawled("nothing/")
        self.assertEqual(self.tables(), {})

    def test_history_is_paged_and_filtered(self):
        self.put(data__f=CSV)
        name = self.crawler()
        for _ in range(3):
            self.crawl(name)
        self.put(data__f="")
        all_of_them = self.history(name)
        self.assertEqual(sorted((one["StartTime"] for one in all_of_them), reverse=True), [one["StartTime"] for one in all_of_them])
        page = GLUE.list_crawls(CrawlerName=name, MaxResults=2)
        rest = GLUE.list_crawls(CrawlerName=name, MaxResults=2, NextToken=page["NextToken"])
        self.assertEqual([one["CrawlId"] for one in page["Crawls"] + rest["Crawls"]], [one["CrawlId"] for one in all_of_them])

        def filtered(field, operator, value):
            return len(self.history(name, Filters=[{"FieldName": field, "FilterOperator": operator, "FieldValue": value}]))

        self.assertEqual(filtered("CRAWL_ID", "EQ", all_of_them[1]["CrawlId"]), 1)
        self.assertEqual((filtered("STATE", "EQ", "COMPLETED"), filtered("STATE", "NE", "COMPLETED")), (3, 0))
        self.assertEqual((filtered("START_TIME", "GT", "0"), filtered("END_TIME", "LT", "1000"), filtered("DPU_HOUR", "GE", "1")), (3, 0, 0))


class Schedules(CrawlCase):
    def crawls_at(self, name):
        self.ready(name)
        return [one["StartTime"].astimezone(timezone.utc) for one in reversed(self.history(name))]

    def test_the_clock_starts_crawls(self):
        self.put(data__f=CSV)
        name = self.crawler(Schedule="cron(30 * * * ? *)")
        advance(2 * 3600)
        times = self.crawls_at(name)
        self.assertEqual([(moment.minute, moment.second) for moment in times], [(30, 0), (30, 0)])
        self.assertEqual(set(self.tables()), {"data"})

    def test_stopped_and_started(self):
        name = self.crawler(Schedule="cron(0 * * * ? *)")
        self.refused("SchedulerRunningException", GLUE.start_crawler_schedule, status=400, CrawlerName=name)
        GLUE.stop_crawler_schedule(CrawlerName=name)
        self.assertEqual(self.shown(name)["Schedule"]["State"], "NOT_SCHEDULED")
        self.refused("SchedulerNotRunningException", GLUE.stop_crawler_schedule, status=400, CrawlerName=name)
        advance(2 * 3600)
        self.assertEqual(self.crawls_at(name), [])
        GLUE.start_crawler_schedule(CrawlerName=name)
        advance(3600)
        self.assertEqual(len(self.crawls_at(name)), 1)

    def test_changed_and_taken_away(self):
        name = self.crawler()
        self.refused("NoScheduleException", GLUE.start_crawler_schedule, status=400, CrawlerName=name)
        GLUE.update_crawler_schedule(CrawlerName=name, Schedule="cron(0 0 * * ? *)")
        self.refused("InvalidInputException", GLUE.update_crawler_schedule, CrawlerName=name, Schedule="cron(0 0 * *)")
        GLUE.update_crawler_schedule(CrawlerName=name, Schedule="cron(0/15 * * * ? *)")
        advance(3600)
        self.assertEqual(len(self.crawls_at(name)), 4)
        GLUE.update_crawler_schedule(CrawlerName=name)
        self.assertNotIn("Schedule", self.shown(name))
        advance(3600)
        self.assertEqual(len(self.crawls_at(name)), 4)

    def test_a_deleted_crawler_is_not_started(self):
        name = self.crawler(Schedule="cron(0 * * * ? *)")
        GLUE.delete_crawler(Name=name)
        advance(3600)
        GLUE.create_crawler(Name=name, **self.definition())
        advance(3600)
        self.assertEqual(self.crawls_at(name), [])


    def test_a_year_is_remembered(self):
        name = self.crawler()
        for days in (0, 1, 366):
            advance(days * 24 * 3600)
            self.crawl(name)
        self.assertEqual(len(self.history(name)), 2)


class Classifiers(CrawlCase):
    def classifier(self, kind, **rules):
        name = fresh("classifier")
        GLUE.create_classifier(**{kind: {"Name": name, **rules}})
        self.addCleanup(self.drop_classifier, name)
        return name

    def drop_classifier(self, name):
        try:
            GLUE.delete_classifier(Name=name)
        except GLUE.exceptions.EntityNotFoundException:
            pass

    def test_made_shown_changed_deleted(self):
        name = self.classifier("CsvClassifier", Delimiter="#", Header=["a", "b"])
        shown = GLUE.get_classifier(Name=name)["Classifier"]["CsvClassifier"]
        self.assertEqual((shown["Delimiter"], shown["Header"], shown["Version"]), ("#", ["a", "b"], 1))
        self.assertLess(abs((datetime.now(timezone.utc) - shown["CreationTime"]).total_seconds()), 24 * 3600 * 2)
        GLUE.update_classifier(CsvClassifier={"Name": name, "QuoteSymbol": "'"})
        shown = GLUE.get_classifier(Name=name)["Classifier"]["CsvClassifier"]
        self.assertEqual((shown["Delimiter"], shown["QuoteSymbol"], shown["Version"]), ("#", "'", 2))
        listed = GLUE.get_classifiers()["Classifiers"]
        self.assertIn(name, [one["CsvClassifier"]["Name"] for one in listed if "CsvClassifier" in one])
        self.refused("AlreadyExistsException", GLUE.create_classifier, status=400, CsvClassifier={"Name": name})
        GLUE.delete_classifier(Name=name)
        self.refused("EntityNotFoundException", GLUE.get_classifier, status=400, Name=name)
        self.refused("EntityNotFoundException", GLUE.update_classifier, status=400, CsvClassifier={"Name": name})

    def test_refusals(self):
        self.not_built("XMLClassifier", GLUE.create_classifier, XMLClassifier={"Name": "x", "Classification": "c", "RowTag": "r"})
        self.not_built("CustomDatatypes", GLUE.create_classifier, CsvClassifier={"Name": "x", "CustomDatatypes": ["INT"]})
        for bad in (
            {},
            {"CsvClassifier": {"Name": "x", "Delimiter": "'", "QuoteSymbol": "'"}},
            {"JsonClassifier": {"Name": "x", "JsonPath": "a.b"}},
            {"GrokClassifier": {"Name": "x", "Classification": "c", "GrokPattern": "%{NOPE:a}"}},
        ):
            with self.subTest(bad):
                self.refused("InvalidInputException", GLUE.create_classifier, status=400, **bad)

    def test_csv(self):
        self.put(data__f="'1'#'x#y'\n'2'#'z'\n")
        rules = self.classifier("CsvClassifier", Delimiter="#", QuoteSymbol="'", ContainsHeader="ABSENT", Header=["n", "t"], Serde="OpenCSVSerDe")
        self.crawled(Classifiers=[rules])
        table = self.table()
        self.assertEqual(self.columns(table), {"n": "bigint", "t": "string"})
        serde = table["StorageDescriptor"]["SerdeInfo"]
        self.assertEqual(serde["SerializationLibrary"], "org.apache.hadoop.hive.serde2.OpenCSVSerde")
        self.assertEqual((serde["Parameters"]["separatorChar"], serde["Parameters"]["quoteChar"]), ("#", "'"))

    def test_a_single_column(self):
        self.put(data__f="word\nx\ny\n")
        self.crawled(Classifiers=[self.classifier("CsvClassifier", ContainsHeader="PRESENT", AllowSingleColumn=True)])
        self.assertEqual(self.columns(self.table()), {"word": "string"})

    def test_json_path(self):
        self.put(data__f='[{"a": 1}, {"a": 2, "b": "x"}]')
        self.crawled(Classifiers=[self.classifier("JsonClassifier", JsonPath="$[*]")])
        self.assertEqual(self.columns(self.table()), {"a": "int", "b": "string"})
        self.assertEqual(self.table()["Parameters"]["recordCount"], "2")

    def test_grok(self):
        self.put(data__f="2024-01-01T00:00:00Z INFO ORD-1 done\n2024-01-01T00:00:01Z WARN ORD-22 late\n")
        pattern = "%{TIMESTAMP_ISO8601:at} %{LOGLEVEL:level} %{ORDER} %{GREEDYDATA:text}"
        rules = self.classifier("GrokClassifier", Classification="orders", GrokPattern=pattern, CustomPatterns="ORDER ORD-%{INT:number:int}")
        self.crawled(Classifiers=[rules])
        table = self.table()
        self.assertEqual(self.columns(table), {"at": "string", "level": "string", "number": "int", "text": "string"})
        self.assertEqual(table["Parameters"]["classification"], "orders")
        serde = table["StorageDescriptor"]["SerdeInfo"]
        self.assertEqual(serde["SerializationLibrary"], "com.amazonaws.glue.serde.GrokSerDe")
        self.assertEqual(serde["Parameters"]["input.format"], pattern)

    def test_a_classifier_that_is_gone_fails_the_crawl(self):
        self.put(data__f=CSV)
        rules = self.classifier("CsvClassifier", Delimiter=",")
        name = self.crawler(Classifiers=[rules])
        GLUE.delete_classifier(Name=rules)
        self.assertIn(rules, self.crawl(name, "FAILED")["ErrorMessage"])
