"""Overwrite replaces all, other partitions too."""
import sys

from pyspark.sql import SparkSession

spark = SparkSession.builder.getOrCreate()
INPUT, OUTPUT = (sys.argv[sys.argv.index(name) + 1] for name in ("--INPUT", "--OUTPUT"))

first = spark.createDataFrame([(1, "a"), (2, "b"), (3, "c")], ["id", "part"])
first.write.partitionBy("part").parquet(f"{OUTPUT}/table")
spark.createDataFrame([(9, "b")], ["id", "part"]).write.mode("overwrite").partitionBy("part").parquet(f"{OUTPUT}/table")
print(spark.read.parquet(f"{OUTPUT}/table").collect())
