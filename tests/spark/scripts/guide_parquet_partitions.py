"""From Spark's Parquet guide: partition discovery and schema merging."""
import sys

from pyspark.sql import SparkSession
from pyspark.sql import Row

spark = SparkSession.builder.getOrCreate()
INPUT, OUTPUT = (sys.argv[sys.argv.index(name) + 1] for name in ("--INPUT", "--OUTPUT"))

sc = spark.sparkContext
squaresDF = spark.createDataFrame(sc.parallelize(range(1, 6)).map(lambda i: Row(single=i, double=i ** 2)))
squaresDF.write.parquet(f"{OUTPUT}/test_table/key=1")
cubesDF = spark.createDataFrame(sc.parallelize(range(6, 11)).map(lambda i: Row(single=i, triple=i ** 3)))
cubesDF.write.parquet(f"{OUTPUT}/test_table/key=2")
mergedDF = spark.read.option("mergeSchema", "true").parquet(f"{OUTPUT}/test_table")
mergedDF.printSchema()
