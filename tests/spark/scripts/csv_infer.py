"""CSV with a header and inferred types, to Parquet."""
import sys

from pyspark.sql import SparkSession

spark = SparkSession.builder.getOrCreate()
INPUT, OUTPUT = (sys.argv[sys.argv.index(name) + 1] for name in ("--INPUT", "--OUTPUT"))

orders = spark.read.option("header", True).option("inferSchema", True).csv(f"{INPUT}/orders/")
orders.printSchema()
print(orders.count())
orders.write.parquet(f"{OUTPUT}/orders")
