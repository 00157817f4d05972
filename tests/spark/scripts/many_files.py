"""Sixty small files out and in; max records per file."""
import sys

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

spark = SparkSession.builder.getOrCreate()
INPUT, OUTPUT = (sys.argv[sys.argv.index(name) + 1] for name in ("--INPUT", "--OUTPUT"))

spark.range(0, 600, 1, 60).write.json(f"{OUTPUT}/sixty")
print(spark.read.json(f"{OUTPUT}/sixty").agg(F.sum("id"), F.count("id")).collect())
spark.range(0, 100, 1, 2).write.option("maxRecordsPerFile", 20).csv(f"{OUTPUT}/capped")
