"""From Spark's SQL guide, Generic Load/Save: default source, options, SQL on files, save modes."""
import sys

from pyspark.sql import SparkSession

spark = SparkSession.builder.getOrCreate()
INPUT, OUTPUT = (sys.argv[sys.argv.index(name) + 1] for name in ("--INPUT", "--OUTPUT"))

df = spark.read.load(f"{INPUT}/customers")
df.select("id", "country").write.save(f"{OUTPUT}/idsAndCountries.parquet")
df = spark.read.load(f"{INPUT}/people/people.json", format="json")
df.select("name", "age").write.save(f"{OUTPUT}/namesAndAges.parquet", format="parquet")
df = spark.read.load(f"{INPUT}/orders", format="csv", sep=",", inferSchema="true", header="true")
df.write.format("orc").option("orc.bloom.filter.columns", "country").option("orc.dictionary.key.threshold", "1.0").save(f"{OUTPUT}/orders_with_options.orc")
print(spark.sql(f"SELECT * FROM parquet.`{OUTPUT}/namesAndAges.parquet`").count())
df.write.mode("overwrite").partitionBy("country").format("parquet").save(f"{OUTPUT}/namesPartByColor.parquet")
recursive = spark.read.format("parquet").option("recursiveFileLookup", "true").load(f"{OUTPUT}/namesPartByColor.parquet")
print("country" in recursive.columns)
