"""From Spark's SQL guide, Getting Started: people.json, views, programmatic schema."""
import sys

from pyspark.sql import SparkSession
from pyspark.sql.types import StringType, StructField, StructType

spark = SparkSession.builder.getOrCreate()
INPUT, OUTPUT = (sys.argv[sys.argv.index(name) + 1] for name in ("--INPUT", "--OUTPUT"))

df = spark.read.json(f"{INPUT}/people/people.json")
df.show()
df.printSchema()
df.select(df["name"], df["age"] + 1).show()
df.filter(df["age"] > 21).show()
df.groupBy("age").count().orderBy("age").show()
df.createOrReplaceTempView("people")
spark.sql("SELECT * FROM people").show()
df.createGlobalTempView("people")
spark.newSession().sql("SELECT * FROM global_temp.people").show()
lines = spark.sparkContext.textFile(f"{INPUT}/people/people.txt")
people = lines.map(lambda line: line.split(",")).map(lambda p: (p[0], p[1].strip()))
schema = StructType([StructField(name, StringType(), True) for name in "name age".split()])
schemaPeople = spark.createDataFrame(people, schema)
schemaPeople.createOrReplaceTempView("people")
teenagers = spark.sql("SELECT name FROM people WHERE age >= 13 AND age <= 19")
for name in sorted(teenagers.rdd.map(lambda p: "Name: " + p.name).collect()):
    print(name)
teenagers.write.save(f"{OUTPUT}/teenagers")
