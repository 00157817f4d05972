"""A path that isn't there: Spark's own error ends the run."""
import sys

from pyspark.sql import SparkSession

spark = SparkSession.builder.getOrCreate()
INPUT, OUTPUT = (sys.argv[sys.argv.index(name) + 1] for name in ("--INPUT", "--OUTPUT"))

try:
    spark.read.json(f"{INPUT}/nowhere/").count()
except Exception as error:
    print(type(error).__name__, str(error).split(":")[0])
spark.read.option("header", True).csv([f"{INPUT}/orders/", f"{INPUT}/nowhere/*.csv"]).count()
