"""Grouping sets, cube, rollup, pivot, distinct and collected lists."""
import sys

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

spark = SparkSession.builder.getOrCreate()
INPUT, OUTPUT = (sys.argv[sys.argv.index(name) + 1] for name in ("--INPUT", "--OUTPUT"))

orders = spark.read.option("header", True).schema("id int, customer string, country string, amount decimal(10,2), day date, note string").csv(f"{INPUT}/orders/")
orders.cube("country", F.month("day").alias("month")).agg(F.count("*").alias("n"), F.sum("amount").alias("total")).write.parquet(f"{OUTPUT}/cube")
orders.groupBy(F.month("day").alias("month")).pivot("country", ["de", "fr", "us"]).agg(F.count("id")).orderBy("month").write.option("header", True).csv(f"{OUTPUT}/pivot")
orders.rollup("country").agg(F.countDistinct("customer"), F.approx_count_distinct("customer", 0.01), F.percentile_approx("amount", 0.5)).orderBy("country").show()
orders.groupBy("country").agg(F.sort_array(F.collect_set(F.dayofweek("day"))).alias("days"), F.max_by("id", "amount").alias("top")).write.json(f"{OUTPUT}/sets")
