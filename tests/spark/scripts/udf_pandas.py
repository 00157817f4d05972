"""Pandas UDFs: scalar, grouped aggregate, applyInPandas, mapInPandas."""
import sys

from pyspark.sql import SparkSession
import pandas as pd
from pyspark.sql import functions as F

spark = SparkSession.builder.getOrCreate()
INPUT, OUTPUT = (sys.argv[sys.argv.index(name) + 1] for name in ("--INPUT", "--OUTPUT"))

numbers = spark.range(0, 1000, 1, 3).withColumn("group", F.col("id") % 7)


@F.pandas_udf("double")
def half(values: pd.Series) -> pd.Series:
    return values / 2


@F.pandas_udf("double")
def spread(values: pd.Series) -> float:
    return float(values.max() - values.min())


def top(frame):
    return frame.nlargest(2, "id")


def evens(frames):
    for frame in frames:
        yield frame[frame["id"] % 2 == 0]


numbers.select("id", half("id").alias("half")).write.parquet(f"{OUTPUT}/half")
numbers.groupBy("group").agg(spread("id").alias("spread")).orderBy("group").show()
numbers.groupBy("group").applyInPandas(top, numbers.schema).write.json(f"{OUTPUT}/top")
print(numbers.mapInPandas(evens, numbers.schema).count())
