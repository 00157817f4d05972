"""Files without rows, and results without rows."""
import sys

from pyspark.sql import SparkSession

spark = SparkSession.builder.getOrCreate()
INPUT, OUTPUT = (sys.argv[sys.argv.index(name) + 1] for name in ("--INPUT", "--OUTPUT"))

print(spark.read.json(f"{INPUT}/empty/none.json").columns, spark.read.option("header", True).csv(f"{INPUT}/empty/header.csv").columns)
nothing = spark.read.option("header", True).csv(f"{INPUT}/empty/header.csv")
nothing.write.parquet(f"{OUTPUT}/parquet")
nothing.write.option("header", True).csv(f"{OUTPUT}/csv")
nothing.write.partitionBy("b").json(f"{OUTPUT}/json")
print(spark.read.parquet(f"{OUTPUT}/parquet").count())
