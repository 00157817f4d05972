"""Appending twice, then reading all of it."""
import sys

from pyspark.sql import SparkSession

spark = SparkSession.builder.getOrCreate()
INPUT, OUTPUT = (sys.argv[sys.argv.index(name) + 1] for name in ("--INPUT", "--OUTPUT"))

for round in range(3):
    spark.range(round * 10, round * 10 + 10, 1, 2).write.mode("append").parquet(f"{OUTPUT}/table")
print(spark.read.parquet(f"{OUTPUT}/table").agg({"id": "sum"}).collect())
