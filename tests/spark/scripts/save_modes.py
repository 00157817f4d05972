"""ignore, and errorifexists on a folder that is there."""
import sys

from pyspark.sql import SparkSession

spark = SparkSession.builder.getOrCreate()
INPUT, OUTPUT = (sys.argv[sys.argv.index(name) + 1] for name in ("--INPUT", "--OUTPUT"))

spark.range(3).write.csv(f"{OUTPUT}/table")
spark.range(99).write.mode("ignore").csv(f"{OUTPUT}/table")
try:
    spark.range(5).write.csv(f"{OUTPUT}/table")
except Exception as error:
    print(type(error).__name__, str(error).split("]")[0])
print(spark.read.csv(f"{OUTPUT}/table").count())
