"""Nested JSON: structs, arrays, nulls, a map made of them."""
import sys

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

spark = SparkSession.builder.getOrCreate()
INPUT, OUTPUT = (sys.argv[sys.argv.index(name) + 1] for name in ("--INPUT", "--OUTPUT"))

events = spark.read.json(f"{INPUT}/events/")
events.printSchema()
flat = events.select("id", F.col("user.name").alias("name"), F.col("user.address.city").alias("city"), F.explode_outer("tags").alias("tag"), F.size("items").alias("n"))
flat.write.json(f"{OUTPUT}/flat")
events.select("id", F.map_from_arrays(F.col("items.sku"), F.col("items.qty")).alias("basket")).write.parquet(f"{OUTPUT}/baskets")
events.select("id", "user.*").write.option("ignoreNullFields", False).json(f"{OUTPUT}/users")
