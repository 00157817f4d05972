"""What isn't built says so by name; what is passed with its default is accepted."""
import re
import unittest

import found  # noqa: F401
from awsglue import catalog, context, dynamicframe, formats, source, transforms
from awsglue.refusal import check_thresholds, not_built


class Refusals(unittest.TestCase):
    def refused(self, words, call, *args, **named):
        with self.assertRaisesRegex(NotImplementedError, re.escape(words)):
            call(*args, **named)

    def test_the_sentence(self):
        self.assertEqual(str(not_built("ResolveChoice")), "awsglue on labrun: ResolveChoice is not built yet (see SEMANTICS.md)")

    def test_transforms(self):
        for name in ("ResolveChoice", "Relationalize", "Join", "DropNullFields", "Map"):
            self.refused(f"awsglue on labrun: {name} is not built yet", getattr(transforms, name).apply, frame=None)
            self.assertIn(name, transforms.__all__)

    def test_methods_of_a_frame_and_of_the_context(self):
        frame = dynamicframe.DynamicFrame.__new__(dynamicframe.DynamicFrame)
        self.refused("DynamicFrame.resolveChoice", getattr, frame, "resolveChoice")
        with self.assertRaises(AttributeError):
            frame.nonsense
        glue = context.GlueContext.__new__(context.GlueContext)
        self.refused("GlueContext.purge_table", getattr, glue, "purge_table")
        self.refused("the connection type 'mysql'", context._connection, "mysql", "csv")

    def test_options(self):
        source.check({"paths": [], "recurse": True, "groupFiles": "none", "exclusions": "[]", "maxBand": 1, "maxFilesInBand": 2})
        self.refused("groupFiles='inPartition'", source.check, {"groupFiles": "inPartition"})
        self.refused("boundedFiles", source.check, {"boundedFiles": "10"})
        formats.check_read("csv", {"withHeader": True, "separator": "|", "optimizePerformance": False})
        self.refused("optimizePerformance=True", formats.check_read, "csv", {"optimizePerformance": True})
        self.refused("jsonPath='$.id'", formats.check_read, "json", {"jsonPath": "$.id"})
        self.refused("the format 'avro'", formats.check_read, "avro", {})
        self.refused("the format 'xml' for a sink", formats.check_write, "xml", {})
        self.refused("error thresholds", check_thresholds, 1, 0)

    def test_only_s3(self):
        self.refused("the path /tmp/x", source.paths, {"paths": ["/tmp/x"]})
        with self.assertRaisesRegex(ValueError, "no paths"):
            source.paths({})

    def test_modules(self):
        import awsglue

        self.refused("awsglue.gluetypes", getattr, awsglue, "gluetypes")

    def test_tables(self):
        table = {"Name": "t", "StorageDescriptor": {"Location": "s3://b/t", "SerdeInfo": {"SerializationLibrary": "x.Avro"}}, "Parameters": {"classification": "avro"}}
        self.refused("the table t with classification 'avro'", catalog.described, table)
        table["Parameters"] = {"classification": "json"}
        table["StorageDescriptor"]["Location"] = "jdbc:x"
        self.refused("the table t at jdbc:x", catalog.described, table)


class Listing(unittest.TestCase):
    def names(self, options, fmt="json", path="s3://lake/in/", keys=("in/a.json", "in/d=1/b.json", "in/sub/c.json", "in/_tmp/x", "in/.hid")):
        from awsglue.bookmark import File

        return [file.path for file in source.visible([File(f"lake/{key}", 1, 1, "e") for key in keys], path, options, fmt)]

    def test_recurse(self):
        self.assertEqual(self.names({}), ["lake/in/a.json"])
        self.assertEqual(self.names({"recurse": True}), ["lake/in/a.json", "lake/in/d=1/b.json", "lake/in/sub/c.json"])
        self.assertEqual(self.names({"recurse": "true"}), ["lake/in/a.json", "lake/in/d=1/b.json", "lake/in/sub/c.json"])
        self.assertEqual(self.names({}, "parquet"), ["lake/in/a.json", "lake/in/d=1/b.json"])

    def test_one_object(self):
        self.assertEqual(self.names({}, path="s3://lake/in/a.json", keys=("in/a.json",)), ["lake/in/a.json"])

    def test_exclusions(self):
        self.assertEqual(self.names({"recurse": True, "exclusions": '["**/b.json", "a.*"]'}), ["lake/in/sub/c.json"])
        self.assertEqual(self.names({"recurse": True, "exclusions": '["s3://lake/in/{d=*,sub}/**"]'}), ["lake/in/a.json"])
        self.assertEqual(self.names({"recurse": True, "exclusions": ["*"]}), ["lake/in/d=1/b.json", "lake/in/sub/c.json"])
        self.assertEqual(self.names({"recurse": True, "exclusions": ["[ab].json", "sub/?.json"]}), ["lake/in/d=1/b.json"])


class Tables(unittest.TestCase):
    def test_csv_with_a_header(self):
        found = catalog.described({
            "Name": "orders", "PartitionKeys": [{"Name": "day", "Type": "date"}],
            "StorageDescriptor": {
                "Location": "s3://lake/orders/", "Columns": [{"Name": "id", "Type": "bigint"}],
                "SerdeInfo": {"SerializationLibrary": "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe", "Parameters": {"field.delim": "|"}},
            },
            "Parameters": {"skip.header.line.count": "1"},
        })
        self.assertEqual((found.format, found.options), ("csv", {"separator": "|", "quoteChar": '"', "withHeader": True}))
        self.assertEqual((found.columns, found.keys), ([("id", "bigint")], [("day", "date")]))
        self.assertTrue(catalog.in_hive_style(found, catalog.Partition(("2024-01-01",), "s3://lake/orders/day=2024-01-01/")))
        self.assertFalse(catalog.in_hive_style(found, catalog.Partition(("2024-01-01",), "s3://lake/orders/2024-01-01/")))


class Mappings(unittest.TestCase):
    def test_paths_types_and_missing_sources(self):
        from awsglue import mapping

        self.assertEqual(mapping.parts("a.b"), ["a", "b"])
        self.assertEqual(mapping.parts("`a.b`.c"), ["a.b", "c"])
        made = mapping.tree([("id", "int", "order.id", "Long"), ("no", "string", "no", "string"), ("s", "struct", "s", "struct")], lambda path: path != ["no"])
        self.assertEqual(made, {"order": {"id": (["id"], "bigint")}, "s": (["s"], None)})
        with self.assertRaisesRegex(NotImplementedError, "the type 'geometry'"):
            mapping.spark_type("geometry")


if __name__ == "__main__":
    unittest.main()
