"""pandas functions of every kind over Arrow: columns, iterators, structs, aggregates, groups, maps, pairs of groups; schemas, nulls, time zones, batches.

After the PySpark user guide "Apache Arrow in PySpark", python/docs/source/user_guide/sql/arrow_pandas.rst, and its companion
examples/src/main/python/sql/arrow.py.
"""
import sys
from typing import Iterator, Tuple

import pandas as pd
from pyspark.sql import SparkSession, Window
from pyspark.sql import functions as F
from pyspark.sql import types as T

spark = SparkSession.builder.getOrCreate()
INPUT, OUTPUT = (sys.argv[sys.argv.index(name) + 1] for name in ("--INPUT", "--OUTPUT"))

customers = spark.read.parquet(f"{INPUT}/customers/")
orders = spark.read.csv(f"{INPUT}/orders/", header=True).select(F.col("id").cast("long"), "country", F.expr("try_cast(amount AS double) AS amount"), F.to_date("day").alias("day"))


# Column to column; a null number arrives as NaN, a null of the result leaves as null.
@F.pandas_udf("string")
def grade(score: pd.Series) -> pd.Series:
    return pd.cut(score, [0, 0.25, 0.75, 1], labels=["low", "mid", "high"]).astype(object).where(score.notna(), None)


def ratio(left: pd.Series, right: pd.Series) -> pd.Series:
    return left / right


print(ratio(pd.Series([1.0, 3.0]), pd.Series([2.0, 4.0])).tolist())
divide = F.pandas_udf(ratio, returnType=T.DoubleType())


# State made once for all batches of a task; several columns at once.
@F.pandas_udf("long")
def ahead(batches: Iterator[pd.Series]) -> Iterator[pd.Series]:
    step = 1000
    for batch in batches:
        yield batch + step


@F.pandas_udf("string")
def label(batches: Iterator[Tuple[pd.Series, pd.Series]]) -> Iterator[pd.Series]:
    for ids, countries in batches:
        yield countries.str.upper() + "-" + ids.astype(str).str.zfill(4)


# Structs are frames, on the way in and on the way out.
@F.pandas_udf("year int, text string, rest struct<country:string>")
def pack(since: pd.Series, who: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({"year": since.map(lambda day: day.year), "text": who["country"] + ":" + who["id"].astype(str), "rest": [{"country": one} for one in who["country"]]})


made = customers.select("id", grade("score").alias("grade"), divide("id", F.lit(8)).alias("eighth"), ahead("id").alias("ahead"), label("id", "country").alias("label"), pack("since", F.struct("id", "country")).alias("packed"))
made.printSchema()
made.orderBy("id").show(10, truncate=False)
made.groupBy("grade").count().orderBy("grade").show()
made.select("*", "packed.*").drop("packed").repartition(2, "id").write.parquet(f"{OUTPUT}/columns")


# Column to one value: over groups, over everything, over a window; by name in SQL.
@F.pandas_udf("double")
def middle(values: pd.Series) -> float:
    return values.median()


orders.groupBy("country").agg(middle("amount").alias("middle")).orderBy("country").show()
orders.select(middle("amount").alias("middle")).show()
spread = orders.withColumn("from_middle", F.round(F.col("amount") - middle("amount").over(Window.partitionBy("country")), 2))
spread.where("id < 8").orderBy("id").show()
spark.udf.register("middle", middle)
spark.udf.register("grade", grade)
customers.createOrReplaceTempView("customers")
spark.sql("SELECT country, round(middle(score), 6) AS middle FROM customers WHERE grade(score) <> 'low' GROUP BY country ORDER BY country").show()


# Groups: a frame in, a frame of another shape out; with the key; columns by place where they have no names.
def centred(rows):
    return rows.assign(amount=(rows["amount"] - rows["amount"].mean()).round(2))[["id", "country", "amount"]]


def summary(key, rows):
    return pd.DataFrame([(*key, len(rows), int(rows["amount"].isna().sum()), rows["day"].min(), None if rows["amount"].max() < 970 else "dear")])


shape = T.StructType([T.StructField("country", T.StringType(), False), T.StructField("month", T.IntegerType()), T.StructField("rows", T.LongType()), T.StructField("unknown", T.IntegerType()), T.StructField("first", T.DateType()), T.StructField("note", T.StringType())])
orders.groupBy("country").applyInPandas(centred, "id long, country string, amount double").repartition(2, "country").write.parquet(f"{OUTPUT}/centred")
summaries = orders.groupBy("country", F.month("day")).applyInPandas(summary, shape)
summaries.printSchema()
summaries.orderBy("country", "month").show(30)
summaries.coalesce(1).write.json(f"{OUTPUT}/summaries")
orders.groupBy("country").applyInPandas(lambda rows: rows.head(0), orders.schema).coalesce(1).write.parquet(f"{OUTPUT}/nothing")

# A frame that doesn't fit its schema, by names and by what is in it.
for title, function, schema in (("names", lambda rows: rows[["id"]].rename(columns={"id": "other"}), "id long"), ("count", lambda rows: pd.DataFrame([(1, 2)]), "id long"), ("type", lambda rows: rows[["country"]], "country int")):
    try:
        orders.groupBy("country").applyInPandas(function, schema).collect()
        print(title, "passed")
    except Exception as error:
        print(title, type(error).__name__, [word for word in ("RESULT_COLUMNS_MISMATCH_FOR_PANDAS_UDF", "RESULT_LENGTH_MISMATCH_FOR_PANDAS_UDF", "ArrowInvalid", "PySparkValueError", "ArrowTypeError") if word in str(error)])

# Whole frames, batch by batch: any number of rows out, no more than so many in.
spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", 60)


def sizes(batches):
    for batch in batches:
        yield pd.DataFrame({"rows": [len(batch)], "known": [int(batch["score"].notna().sum())]})


def twice(batches):
    for batch in batches:
        few = batch[batch["id"] % 50 == 0]
        yield pd.concat([few, few.assign(country=None)])


print(sorted(row.rows for row in customers.coalesce(1).mapInPandas(sizes, "rows int, known int").collect()))
customers.mapInPandas(twice, customers.schema).select("id", "country").orderBy("id", F.asc_nulls_last("country")).show()
spark.conf.unset("spark.sql.execution.arrow.maxRecordsPerBatch")


# Two frames' groups side by side: for each order the customer who came last before it, the years moved together.
def newest(left, right):
    left = left.assign(at=pd.to_datetime(left["day"])).sort_values(["at", "id"])
    right = right.assign(at=pd.to_datetime(right["since"]) + pd.DateOffset(years=3), who=right["id"]).sort_values(["at", "who"])
    return pd.merge_asof(left, right[["at", "who"]], on="at")[["id", "country", "day", "who"]]


met = orders.groupBy("country").cogroup(customers.where("country <> 'jp'").groupBy("country")).applyInPandas(newest, "id long, country string, day date, who long")
met.where("id < 12").orderBy("id").show()
met.coalesce(1).write.csv(f"{OUTPUT}/met", header=True)

# Times: pandas sees the session's local time, and what it returns is taken for local time.
zone = spark.conf.get("spark.sql.session.timeZone")
spark.conf.set("spark.sql.session.timeZone", "Asia/Tokyo")


@F.pandas_udf("hour int, next timestamp")
def clock(at: pd.Series) -> pd.DataFrame:
    return pd.DataFrame({"hour": at.dt.hour, "next": at.dt.normalize() + pd.Timedelta(days=1)})


times = spark.read.json(f"{INPUT}/events/").select("id", F.to_timestamp("at").alias("at")).select("id", "at", clock("at").alias("clock")).select("id", "at", "clock.*")
times.where("id < 3").orderBy("id").show()
times.coalesce(1).write.parquet(f"{OUTPUT}/times")
spark.conf.set("spark.sql.session.timeZone", zone)

# There and back, with Arrow and without.
for arrow in ("true", "false"):
    spark.conf.set("spark.sql.execution.arrow.pyspark.enabled", arrow)
    local = customers.where("id < 12").orderBy("id").toPandas()
    print({name: str(kind) for name, kind in local.dtypes.items()}, int(local["score"].isna().sum()))
    local = local.assign(at=pd.to_datetime(local["since"]), flag=local["id"] % 2 == 0, small=local["id"].astype("int16")).drop(columns=["since", "score"])
    again = spark.createDataFrame(local)
    print(again.schema.simpleString(), again.where("flag").count(), again.agg(F.max("at").cast("string")).first()[0])
spark.createDataFrame(local[["id", "country"]], "id int, country string").coalesce(1).write.orc(f"{OUTPUT}/again")
