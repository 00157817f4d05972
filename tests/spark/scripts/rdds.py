"""RDDs: text in and out, keys, partitions, accumulators, broadcast, pickles."""
import sys

from pyspark.sql import SparkSession

spark = SparkSession.builder.getOrCreate()
INPUT, OUTPUT = (sys.argv[sys.argv.index(name) + 1] for name in ("--INPUT", "--OUTPUT"))

sc = spark.sparkContext
lines = sc.textFile(f"{INPUT}/logs/*.log", 3)
seen, stop = sc.accumulator(0), sc.broadcast({"the", "a"})


def words(line):
    seen.add(1)
    return [word for word in line.split() if word not in stop.value]


counts = lines.flatMap(words).map(lambda word: (word, 1)).reduceByKey(lambda a, b: a + b, 2).sortByKey()
counts.map(lambda pair: f"{pair[0]}\t{pair[1]}").saveAsTextFile(f"{OUTPUT}/counts")
print(seen.value, counts.count(), lines.getNumPartitions(), counts.getNumPartitions())
sc.parallelize(range(20), 4).glom().map(len).saveAsPickleFile(f"{OUTPUT}/pickled")
print(sorted(sc.pickleFile(f"{OUTPUT}/pickled").collect()), sc.wholeTextFiles(f"{INPUT}/logs/*.log").mapValues(len).values().sum())
