"""Column pruning and filters over Parquet that another writer made."""
import sys

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

spark = SparkSession.builder.getOrCreate()
INPUT, OUTPUT = (sys.argv[sys.argv.index(name) + 1] for name in ("--INPUT", "--OUTPUT"))

customers = spark.read.parquet(f"{INPUT}/customers/")
customers.printSchema()
print(customers.filter("score > 0.5 and country in ('de', 'fr')").count(), customers.select("id").agg(F.max("id"), F.min("id")).collect())
customers.filter(F.col("since") >= "2020-06-01").groupBy("country").agg(F.count("*").alias("n"), F.round(F.avg("score"), 6).alias("score")).write.parquet(f"{OUTPUT}/by-country")
