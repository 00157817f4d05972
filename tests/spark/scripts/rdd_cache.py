"""Caching, checkpointing, coalescing and repartitioning."""
import sys

from pyspark.sql import SparkSession

spark = SparkSession.builder.getOrCreate()
INPUT, OUTPUT = (sys.argv[sys.argv.index(name) + 1] for name in ("--INPUT", "--OUTPUT"))

orders = spark.read.option("header", True).csv(f"{INPUT}/orders/").cache()
print(orders.count(), orders.storageLevel.useMemory, orders.rdd.getNumPartitions() > 0)
orders.repartition(5).write.json(f"{OUTPUT}/five")
orders.coalesce(1).write.json(f"{OUTPUT}/one")
orders.repartitionByRange(2, "country").select("id").write.json(f"{OUTPUT}/ranges")
orders.unpersist()
checked = spark.range(100).localCheckpoint()
print(checked.count())
