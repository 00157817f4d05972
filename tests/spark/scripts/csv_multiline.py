"""CSV whose fields hold line breaks, and one with odd separators."""
import sys

from pyspark.sql import SparkSession

spark = SparkSession.builder.getOrCreate()
INPUT, OUTPUT = (sys.argv[sys.argv.index(name) + 1] for name in ("--INPUT", "--OUTPUT"))

wide = spark.read.option("header", True).option("multiLine", True).option("escape", '"').csv(f"{INPUT}/multi/lines.csv")
wide.orderBy("id").show(truncate=False)
odd = spark.read.option("sep", ";").option("comment", "#").option("ignoreLeadingWhiteSpace", True).csv(f"{INPUT}/multi/odd.csv").toDF("a", "b", "c")
wide.join(odd, wide.id == odd.a, "left").select("id", "text", "b", "c").write.json(f"{OUTPUT}/joined")
