"""A big side with a small one, hinted and not, and a skewed key."""
import sys

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

spark = SparkSession.builder.getOrCreate()
INPUT, OUTPUT = (sys.argv[sys.argv.index(name) + 1] for name in ("--INPUT", "--OUTPUT"))

orders = spark.read.option("header", True).option("inferSchema", True).csv(f"{INPUT}/orders/")
countries = spark.createDataFrame([("de", "Germany"), ("fr", "France"), ("us", "United States")], ["country", "name"])
hinted = orders.join(F.broadcast(countries), "country", "left")
spark.conf.set("spark.sql.autoBroadcastJoinThreshold", -1)
sorted_ = orders.join(countries, "country", "left")
print(hinted.exceptAll(sorted_).count(), sorted_.exceptAll(hinted).count())
hinted.groupBy("name").agg(F.sum("amount").cast("decimal(20,2)").alias("total")).write.parquet(f"{OUTPUT}/totals")
