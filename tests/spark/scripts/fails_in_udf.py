"""An error inside a UDF: what was written before stays, what was being written doesn't."""
import sys

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

spark = SparkSession.builder.getOrCreate()
INPUT, OUTPUT = (sys.argv[sys.argv.index(name) + 1] for name in ("--INPUT", "--OUTPUT"))

spark.range(3).write.json(f"{OUTPUT}/before")
broken = F.udf(lambda id: 1 // (id - 5), "int")
spark.range(10).select(broken("id")).write.json(f"{OUTPUT}/during")
