"""One object of more than 64 MB, written by one task."""
import sys

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

spark = SparkSession.builder.getOrCreate()
INPUT, OUTPUT = (sys.argv[sys.argv.index(name) + 1] for name in ("--INPUT", "--OUTPUT"))


spark.range(0, 1_200_000, 1, 1).select(F.concat_ws(",", "id", F.sha2(F.col("id").cast("string"), 256)).alias("line")).write.text(f"{OUTPUT}/text")
print(spark.read.text(f"{OUTPUT}/text").count())
