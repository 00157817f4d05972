"""Inner, left, right, full, semi, anti and cross joins; duplicate and null keys."""
import sys

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

spark = SparkSession.builder.getOrCreate()
INPUT, OUTPUT = (sys.argv[sys.argv.index(name) + 1] for name in ("--INPUT", "--OUTPUT"))

left = spark.createDataFrame([(1, "a"), (2, "b"), (2, "c"), (None, "d"), (5, "e")], "k int, l string")
right = spark.createDataFrame([(2, "x"), (2, "y"), (None, "z"), (7, "w")], "k int, r string")
for how in ("inner", "left", "right", "full", "left_semi", "left_anti"):
    left.join(right, "k", how).orderBy("k", *left.join(right, "k", how).columns[1:]).coalesce(1).write.json(f"{OUTPUT}/{how}")
print(left.crossJoin(right).count(), left.join(right, left.k.eqNullSafe(right.k)).count())
left.alias("a").join(left.alias("b"), F.col("a.k") == F.col("b.k")).select("a.l", F.col("b.l").alias("m")).write.parquet(f"{OUTPUT}/self")
