"""From AWS's Glue guide, Managing partitions: a DataFrame written into partitions, one of them read back with a filter."""
import sys

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

spark = SparkSession.builder.getOrCreate()
INPUT, OUTPUT = (sys.argv[sys.argv.index(name) + 1] for name in ("--INPUT", "--OUTPUT"))

events = spark.read.json(f"{INPUT}/events/")
projected = events.select("id", "type", F.to_date("at").alias("day")).withColumn("year", F.year("day")).withColumn("month", F.format_string("%02d", F.month("day")))
projected.write.mode("append").partitionBy("type", "year", "month").parquet(f"{OUTPUT}/events")
only = spark.read.parquet(f"{OUTPUT}/events").filter("(year == 2024 and month == '01')")
only.groupBy("type").count().orderBy("type").show()
