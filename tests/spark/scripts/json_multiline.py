"""A JSON document over many lines, single quotes, and records that can't be parsed."""
import sys

from pyspark.sql import SparkSession

spark = SparkSession.builder.getOrCreate()
INPUT, OUTPUT = (sys.argv[sys.argv.index(name) + 1] for name in ("--INPUT", "--OUTPUT"))

whole = spark.read.option("multiLine", True).json(f"{INPUT}/multi/document.json")
whole.orderBy("id").show()
loose = spark.read.option("allowSingleQuotes", True).schema("id int, name string, _corrupt_record string").json(f"{INPUT}/multi/loose.json").cache()
print(sorted((row.id or 0, row.name or "", row._corrupt_record or "") for row in loose.collect()))
whole.write.option("compression", "bzip2").json(f"{OUTPUT}/whole")
