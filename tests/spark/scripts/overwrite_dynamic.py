"""Dynamic partition overwrite replaces only the partitions it writes."""
import sys

from pyspark.sql import SparkSession

spark = SparkSession.builder.getOrCreate()
INPUT, OUTPUT = (sys.argv[sys.argv.index(name) + 1] for name in ("--INPUT", "--OUTPUT"))

spark.conf.set("spark.sql.sources.partitionOverwriteMode", "dynamic")
first = spark.createDataFrame([(1, "a", 1), (2, "b", 1), (3, "c", 2)], "id int, part string, sub int")
first.write.partitionBy("part", "sub").parquet(f"{OUTPUT}/table")
second = spark.createDataFrame([(9, "b", 1), (8, "d", 1)], "id int, part string, sub int")
second.write.mode("overwrite").partitionBy("part", "sub").parquet(f"{OUTPUT}/table")
spark.read.parquet(f"{OUTPUT}/table").orderBy("id").show()
