"""A file of 200 MB: split, grouped, written in partitions."""
import sys

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

spark = SparkSession.builder.getOrCreate()
INPUT, OUTPUT = (sys.argv[sys.argv.index(name) + 1] for name in ("--INPUT", "--OUTPUT"))

big = spark.read.option("header", True).schema("id long, country string, amount double, qty int, day date, note string").csv(f"{INPUT}/big/big.csv")
print(big.rdd.getNumPartitions() > 1)
big.write.partitionBy("country").parquet(f"{OUTPUT}/parquet")
spark.read.parquet(f"{OUTPUT}/parquet").groupBy("country", "day").agg(F.count("*").alias("n"), F.sum("qty").alias("qty")).write.json(f"{OUTPUT}/daily")
