"""Casts that fail, overflow and round; nulls, NaN and -0.0."""
import sys

from pyspark.sql import SparkSession

spark = SparkSession.builder.getOrCreate()
INPUT, OUTPUT = (sys.argv[sys.argv.index(name) + 1] for name in ("--INPUT", "--OUTPUT"))

texts = spark.createDataFrame([("1",), ("1.5",), (" 2 ",), ("x",), ("",), (None,), ("999999999999",), ("2024-02-30",), ("2024-02-29",), ("true",), ("NaN",)], "t string")
texts.selectExpr("t", *[f"cast(t as {kind}) as {kind}" for kind in ("int", "bigint", "double", "boolean", "date", "timestamp", "tinyint")], "cast(t as decimal(5,1)) dec").write.parquet(f"{OUTPUT}/casts")
numbers = spark.createDataFrame([(float("nan"),), (-0.0,), (0.0,), (None,), (1e300,)], "d double")
numbers.groupBy("d").count().orderBy("d").show()
numbers.selectExpr("d", "cast(d as int) i", "nanvl(d, 0) n", "d = 'NaN' e", "isnan(d) isnan", "coalesce(d, -1) c", "round(2.5) r", "bround(2.5) b").write.json(f"{OUTPUT}/numbers")
