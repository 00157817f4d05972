"""Python UDFs: types, nulls, closures, in SQL."""
import sys

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

spark = SparkSession.builder.getOrCreate()
INPUT, OUTPUT = (sys.argv[sys.argv.index(name) + 1] for name in ("--INPUT", "--OUTPUT"))

prefix = "order-"
label = F.udf(lambda id, note: None if note is None else f"{prefix}{id}:{len(note)}", "string")
parse = F.udf(lambda day: [int(part) for part in day.split("-")] if day else None, "array<int>")
orders = spark.read.option("header", True).csv(f"{INPUT}/orders/")
orders.select("id", label("id", "note").alias("label"), parse("day").alias("parts")).write.json(f"{OUTPUT}/labels")
spark.udf.register("twice", lambda value: None if value in (None, "n/a") else float(value) * 2, "double")
orders.createOrReplaceTempView("orders")
spark.sql("select country, round(sum(twice(amount)), 2) total from orders group by country order by country").show()
