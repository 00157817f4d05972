"""ORC out and in, with partitions and another codec."""
import sys

from pyspark.sql import SparkSession

spark = SparkSession.builder.getOrCreate()
INPUT, OUTPUT = (sys.argv[sys.argv.index(name) + 1] for name in ("--INPUT", "--OUTPUT"))

customers = spark.read.parquet(f"{INPUT}/customers/")
customers.write.partitionBy("country").orc(f"{OUTPUT}/orc")
back = spark.read.orc(f"{OUTPUT}/orc")
back.printSchema()
print(back.count(), back.filter("country = 'de' and id < 50").count())
back.orderBy("id").coalesce(1).write.option("compression", "zlib").orc(f"{OUTPUT}/zlib")
