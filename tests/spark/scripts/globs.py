"""Globs in paths: stars, choices, ranges, and lists of paths."""
import sys

from pyspark.sql import SparkSession

spark = SparkSession.builder.getOrCreate()
INPUT, OUTPUT = (sys.argv[sys.argv.index(name) + 1] for name in ("--INPUT", "--OUTPUT"))

read = spark.read.option("header", True)
for path in ("tree/year=*/month=1/*.csv", "tree/year={2023,2024}/month=[12]", "orders/orders-[0-1].csv", "or?ers/*-2.csv"):
    print(path, read.csv(f"{INPUT}/{path}").count())
print(read.csv([f"{INPUT}/orders/orders-0.csv", f"{INPUT}/orders/orders-2.csv"]).count())
print(read.option("recursiveFileLookup", True).option("pathGlobFilter", "*.csv").csv(f"{INPUT}/tree/").columns)
print(spark.sparkContext.textFile(f"{INPUT}/orders/orders-{{0,1}}.csv").count())
read.csv(f"{INPUT}/tree/year=2024/*/").select("id").write.json(f"{OUTPUT}/some")
