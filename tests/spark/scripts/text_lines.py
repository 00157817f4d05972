"""Text files, whole texts and gzip."""
import sys

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

spark = SparkSession.builder.getOrCreate()
INPUT, OUTPUT = (sys.argv[sys.argv.index(name) + 1] for name in ("--INPUT", "--OUTPUT"))

lines = spark.read.text(f"{INPUT}/logs/")
words = lines.select(F.explode(F.split("value", r"\s+")).alias("word")).filter("word <> ''").groupBy("word").count()
words.orderBy(F.desc("count"), "word").show(5)
lines.filter(F.col("value").contains("ERROR")).write.text(f"{OUTPUT}/errors")
whole = spark.read.option("wholetext", True).text(f"{INPUT}/logs/*.log")
print(sorted(row[0] for row in whole.select(F.length("value")).collect()))
words.select("word").repartition(2, "word").write.option("compression", "gzip").text(f"{OUTPUT}/words")
