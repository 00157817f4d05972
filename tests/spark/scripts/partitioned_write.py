"""partitionBy over two columns, a null among their values, odd characters in one."""
import sys

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

spark = SparkSession.builder.getOrCreate()
INPUT, OUTPUT = (sys.argv[sys.argv.index(name) + 1] for name in ("--INPUT", "--OUTPUT"))

orders = spark.read.option("header", True).csv(f"{INPUT}/orders/")
odd = orders.withColumn("country", F.when(F.col("id") % 7 == 0, F.lit(None)).when(F.col("id") % 11 == 0, F.lit("a/b:c=d %")).otherwise(F.col("country")))
odd.withColumn("month", F.substring("day", 1, 7)).select("id", "amount", "month", "country").write.partitionBy("month", "country").json(f"{OUTPUT}/tree")
back = spark.read.json(f"{OUTPUT}/tree")
back.printSchema()
back.groupBy("country").count().orderBy("country").show()
