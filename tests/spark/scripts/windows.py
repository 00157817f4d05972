"""Ranks, lags, running sums and frames."""
import sys

from pyspark.sql import SparkSession
from pyspark.sql import functions as F
from pyspark.sql import Window

spark = SparkSession.builder.getOrCreate()
INPUT, OUTPUT = (sys.argv[sys.argv.index(name) + 1] for name in ("--INPUT", "--OUTPUT"))

orders = spark.read.option("header", True).schema("id int, customer string, country string, amount decimal(10,2), day date, note string").csv(f"{INPUT}/orders/")
by = Window.partitionBy("country").orderBy("day", "id")
wide = orders.select(
    "id", "country", "day", "amount", F.row_number().over(by).alias("n"), F.rank().over(Window.partitionBy("country").orderBy("day")).alias("rank"),
    F.lag("amount", 1).over(by).alias("before"), F.sum("amount").over(by.rowsBetween(Window.unboundedPreceding, 0)).alias("running"),
    F.avg("amount").over(by.rowsBetween(-2, 2)).alias("around"), F.ntile(4).over(by).alias("quarter"), F.last("note", True).over(by).alias("last"))
wide.write.parquet(f"{OUTPUT}/wide")
wide.filter("n <= 2").orderBy("country", "n").select("country", "n", "running").show()
