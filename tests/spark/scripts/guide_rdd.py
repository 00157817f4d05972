"""Words counted, values gathered by key in each of the ways there are, shared variables, and the RDD's own file formats.

After Spark's RDD programming guide, docs/rdd-programming-guide.md: external datasets, passing functions, key-value pairs, the tables of
transformations and actions, shuffle order, persistence, broadcast variables and accumulators.
"""
import sys
from operator import add

from pyspark import AccumulatorParam, StorageLevel
from pyspark.sql import SparkSession

spark = SparkSession.builder.getOrCreate()
INPUT, OUTPUT = (sys.argv[sys.argv.index(name) + 1] for name in ("--INPUT", "--OUTPUT"))
sc = spark.sparkContext

# Text: a folder with packed and plain files, a wildcard, one string a file.
lines = sc.textFile(f"{INPUT}/logs/")
print(lines.count(), lines.map(len).reduce(add), sc.textFile(f"{INPUT}/logs/*.gz").count(), sc.textFile(f"{INPUT}/logs/*.log", 4).count())
print(sorted((path.rsplit("/", 1)[1], text.count("\n")) for path, text in sc.wholeTextFiles(f"{INPUT}/logs/*.log").collect()))

# Words: counted, sorted by key and by count, kept for what follows.
words = lines.flatMap(str.split).persist(StorageLevel.MEMORY_AND_DISK)
counts = words.map(lambda word: (word, 1)).reduceByKey(add, 3)
print(counts.getNumPartitions(), counts.sortByKey().collect())
print(counts.takeOrdered(4, key=lambda pair: (-pair[1], pair[0])), sorted(words.countByValue().items()) == sorted(counts.collect()))
counts.sortBy(lambda pair: (-pair[1], pair[0]), numPartitions=1).map(lambda pair: f"{pair[0]} {pair[1]}").saveAsTextFile(f"{OUTPUT}/words")
counts.sortByKey(ascending=False, numPartitions=1).map(repr).saveAsTextFile(f"{OUTPUT}/packed", "org.apache.hadoop.io.compress.GzipCodec")

# By key: the same numbers gathered, folded, aggregated and combined.
orders = sc.textFile(f"{INPUT}/orders/*.csv").map(lambda line: line.split(",")).filter(lambda cells: cells[0] != "id")
cents = orders.filter(lambda cells: cells[3] not in ("", "n/a")).map(lambda cells: (cells[2], int(cells[3].replace(".", "")))).cache()
sums = cents.foldByKey(0, add, 2)
means = cents.aggregateByKey((0, 0), lambda have, value: (have[0] + value, have[1] + 1), lambda one, two: (one[0] + two[0], one[1] + two[1])).mapValues(lambda pair: pair[0] // pair[1])
spans = cents.combineByKey(lambda value: (value, value), lambda span, value: (min(span[0], value), max(span[1], value)), lambda one, two: (min(one[0], two[0]), max(one[1], two[1])))
listed = cents.groupByKey().mapValues(lambda values: sorted(values)[:3])
for table in (sums, means, spans, listed):
    print(sorted(table.collect()))
print(sorted(cents.countByKey().items()), sums.filter(lambda pair: pair[0] == "de").values().first() == sum(value for key, value in cents.collect() if key == "de"))

# Two sets of pairs.
names = sc.parallelize([("de", "Germany"), ("fr", "France"), ("fr", "Frankreich"), ("xx", "Nowhere")], 2)
print(sorted(sums.keys().intersection(names.keys()).collect()), sorted(sums.subtractByKey(names).keys().collect()), names.union(names).distinct().count())
print(sorted(sums.join(names).values().collect()))
print(sorted(names.leftOuterJoin(sums).collect()), sorted(names.fullOuterJoin(means).keys().distinct().collect()))
print(sorted((key, sorted(left), sorted(right)) for key, (left, right) in names.cogroup(sums).mapValues(lambda both: tuple(map(list, both))).collect()))
print(sc.parallelize("ab").cartesian(sc.parallelize([1, 2])).collect())

# Partitions: which element is where, order within each, fewer and more of them.
numbers = sc.parallelize(range(20), 4)
print(numbers.mapPartitionsWithIndex(lambda index, values: [(index, sum(values))]).collect(), numbers.coalesce(2).glom().map(len).collect(), numbers.repartition(6).getNumPartitions())
print(numbers.map(lambda n: (n % 7, n)).repartitionAndSortWithinPartitions(2, lambda key: key % 2).keys().glom().collect())
print(numbers.coalesce(2).pipe("sort -rn").map(int).glom().collect(), numbers.sample(False, 0.5, 42).collect())


# Shared: a table sent once, counters, and an accumulator of another type.
class Tally(AccumulatorParam):
    def zero(self, value):
        return {}

    def addInPlace(self, one, two):
        for key, count in two.items():
            one[key] = one.get(key, 0) + count
        return one


levels, seen, length, tally = sc.broadcast({"ERROR": 3, "WARN": 2}), sc.accumulator(0), sc.accumulator(0.0), sc.accumulator({}, Tally())


def look(line):
    global seen
    seen += 1
    length.add(len(line) / 2)
    tally.add({word: levels.value[word] for word in line.split() if word in levels.value})


lines.foreach(look)
print(seen.value, length.value, sorted(tally.value.items()))
lazy = sc.accumulator(0)
mapped = numbers.map(lambda n: lazy.add(n) or n)
print(lazy.value, mapped.sum(), lazy.value, mapped.count(), lazy.value)
local = []
numbers.foreach(local.append)
print("the driver's list stays empty:", local)
levels.unpersist(blocking=True)
print(words.filter(lambda word: word in levels.value).count())
levels.destroy()
try:
    numbers.map(lambda n: n in levels.value).count()
except Exception as error:
    print("destroyed:", type(error).__name__)

# The RDD's own formats, there and back.
pairs = sc.parallelize([(n, "a" * n) for n in range(1, 6)], 2)
pairs.saveAsSequenceFile(f"{OUTPUT}/sequence")
print(sorted(sc.sequenceFile(f"{OUTPUT}/sequence").collect()))
sc.parallelize([{"n": n, "odd": n % 2 == 1, "list": [None] * n} for n in range(5)], 2).saveAsPickleFile(f"{OUTPUT}/pickled", 2)
print(sorted(sc.pickleFile(f"{OUTPUT}/pickled").map(lambda row: (row["n"], row["odd"], len(row["list"]))).collect()))
spark.createDataFrame(sums.map(lambda pair: (pair[0], pair[1] / 100)), "country string, total double").coalesce(1).write.parquet(f"{OUTPUT}/frame")
print(words.is_cached, words.unpersist().is_cached)
