"""From Spark's RDD Programming Guide: external datasets, key-value pairs, word count."""
import sys

from pyspark.sql import SparkSession

spark = SparkSession.builder.getOrCreate()
INPUT, OUTPUT = (sys.argv[sys.argv.index(name) + 1] for name in ("--INPUT", "--OUTPUT"))

sc = spark.sparkContext
distFile = sc.textFile(f"{INPUT}/logs")
lineLengths = distFile.map(lambda s: len(s))
print(lineLengths.reduce(lambda a, b: a + b))
pairs = distFile.map(lambda s: (s, 1))
counts = pairs.reduceByKey(lambda a, b: a + b)
counts.filter(lambda pair: pair[1] > 1).sortByKey().saveAsTextFile(f"{OUTPUT}/counts")
rdd = sc.parallelize(range(1, 4)).map(lambda x: (x, "a" * x))
rdd.saveAsSequenceFile(f"{OUTPUT}/seq")
print(sorted(sc.sequenceFile(f"{OUTPUT}/seq").collect()))
