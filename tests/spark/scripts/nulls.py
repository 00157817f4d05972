"""Nulls in comparisons, sorts, aggregates, na.fill and na.drop."""
import sys

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

spark = SparkSession.builder.getOrCreate()
INPUT, OUTPUT = (sys.argv[sys.argv.index(name) + 1] for name in ("--INPUT", "--OUTPUT"))

people = spark.createDataFrame([(1, "a", None), (2, None, 3.0), (3, "", 0.0), (None, "d", None)], "id int, name string, score double")
people.orderBy(F.col("score").desc_nulls_last(), "id").show()
print(people.filter("score <> 3").count(), people.filter("not (score <=> 3)").count(), people.agg(F.count("score"), F.avg("score")).collect())
people.na.fill({"name": "?", "score": -1}).write.csv(f"{OUTPUT}/filled")
people.na.drop(subset=["score"]).write.parquet(f"{OUTPUT}/dropped")
people.na.replace("", "empty", "name").write.json(f"{OUTPUT}/replaced")
people.write.option("header", True).csv(f"{OUTPUT}/csv")
print(spark.read.option("header", True).csv(f"{OUTPUT}/csv").filter("name is null").count())
