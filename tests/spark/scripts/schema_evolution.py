"""Parquet files whose columns differ, merged and not."""
import sys

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

spark = SparkSession.builder.getOrCreate()
INPUT, OUTPUT = (sys.argv[sys.argv.index(name) + 1] for name in ("--INPUT", "--OUTPUT"))

spark.range(5).withColumn("a", F.lit("x")).write.parquet(f"{OUTPUT}/table/v=1")
spark.range(5, 8).withColumn("b", F.lit(1.5)).write.parquet(f"{OUTPUT}/table/v=2")
merged = spark.read.option("mergeSchema", True).parquet(f"{OUTPUT}/table")
print(sorted(merged.columns))
merged.orderBy("id").show()
