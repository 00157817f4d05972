"""Reading a partitioned tree: inferred types, basePath, one branch of it."""
import sys

from pyspark.sql import SparkSession

spark = SparkSession.builder.getOrCreate()
INPUT, OUTPUT = (sys.argv[sys.argv.index(name) + 1] for name in ("--INPUT", "--OUTPUT"))

tree = spark.read.option("header", True).csv(f"{INPUT}/tree/")
tree.printSchema()
print(tree.filter("year = 2024 and month > 1").count(), tree.filter("month is null").count())
branch = spark.read.option("header", True).csv(f"{INPUT}/tree/year=2024/")
print(sorted(branch.columns))
based = spark.read.option("header", True).option("basePath", f"{INPUT}/tree/").csv([f"{INPUT}/tree/year=2023/month=1", f"{INPUT}/tree/year=2024/month=2"])
based.write.parquet(f"{OUTPUT}/based")
