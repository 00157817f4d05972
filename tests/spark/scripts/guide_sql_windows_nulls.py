"""Ranks, neighbours and frames over windows with nulls in them; then null in comparisons, groups, joins, sets and subqueries.

After Spark's SQL reference: docs/sql-ref-syntax-qry-select-window.md, docs/sql-ref-null-semantics.md, and the
function lists api/sql/window-functions and api/sql/conditional-functions.
"""
import sys

from pyspark.sql import SparkSession, Window
from pyspark.sql import functions as F

spark = SparkSession.builder.getOrCreate()
INPUT, OUTPUT = (sys.argv[sys.argv.index(name) + 1] for name in ("--INPUT", "--OUTPUT"))

# Amounts in tens, so that some are equal; empty ones and "n/a" are null, and so is every ninth score.
orders = spark.read.csv(f"{INPUT}/orders/", header=True).select(F.col("id").cast("int"), "customer", "country", F.expr("CAST(floor(try_cast(amount AS double) / 10) * 10 AS int) AS amount"), F.to_date("day").alias("day"))
customers = spark.read.parquet(f"{INPUT}/customers/").select("id", "country", F.round("score", 1).alias("score"), "since")
print(orders.where("amount IS NULL").count(), customers.where("score IS NULL").count())

# Ranking: nulls come first going up, last going down, unless told otherwise.
up = Window.partitionBy("country").orderBy("score")
last = Window.partitionBy("country").orderBy(F.col("score").desc_nulls_last(), "id")
ranked = customers.select(
    "country", "id", "score", F.rank().over(up).alias("rank"), F.dense_rank().over(up).alias("dense"), F.round(F.percent_rank().over(up), 6).alias("percent"),
    F.round(F.cume_dist().over(up), 6).alias("cume"), F.row_number().over(last).alias("row"), F.ntile(4).over(last).alias("quarter"),
)
ranked.coalesce(1).write.parquet(f"{OUTPUT}/ranked")
ranked.where("country = 'de' AND (rank = 1 OR row <= 3)").orderBy("row").show(30)

# Neighbours and values of the frame, nulls kept and nulls skipped.
customers.createOrReplaceTempView("customers")
orders.createOrReplaceTempView("orders")
neighbours = spark.sql("""
    SELECT id, score, lag(score) OVER w AS before, lag(score, 2, -1.0) OVER w AS before_two, lead(score) OVER w AS after,
           lag(score) IGNORE NULLS OVER w AS known_before, first_value(score) OVER w AS first, first_value(score) IGNORE NULLS OVER w AS known_first,
           last_value(score) RESPECT NULLS OVER w AS last, last_value(score) IGNORE NULLS OVER w AS known_last, nth_value(score, 2) IGNORE NULLS OVER w AS known_second
    FROM customers WHERE id < 20 WINDOW w AS (ORDER BY id)""")
neighbours.orderBy("id").show()
neighbours.coalesce(1).write.option("nullValue", "-").csv(f"{OUTPUT}/neighbours", header=True)

# Frames by rows and by range; without a frame an ordered window ends with the current row's equals.
by_day = Window.partitionBy("country").orderBy("day", "id")
by_time = Window.partitionBy("country").orderBy(F.datediff("day", F.lit("2024-01-01"))).rangeBetween(-7, Window.currentRow)
frames = orders.select(
    "country", "day", "id", "amount", F.sum("amount").over(by_day).alias("so_far"), F.count("amount").over(by_day.rowsBetween(-1, 1)).alias("known_of_three"),
    F.max("amount").over(by_day.rowsBetween(1, Window.unboundedFollowing)).alias("best_to_come"), F.sum("amount").over(by_time).alias("week"),
    F.count("*").over(Window.partitionBy("country").orderBy("amount")).alias("up_to_equals"), F.sum("amount").over(Window.partitionBy("country")).alias("whole"),
)
frames.repartition(2, "country").write.orc(f"{OUTPUT}/frames")
frames.where("country = 'fr' AND day < '2024-01-20'").orderBy("day", "id").show()
best = orders.withColumn("at", F.row_number().over(Window.partitionBy("customer").orderBy(F.desc("amount"), "id"))).where("at = 1 AND customer < 'c15'").drop("at")
best.orderBy("customer").show()

# Three-valued logic.
spark.sql("SELECT 5 > NULL AS greater, NULL = NULL AS equal, NULL <=> NULL AS safe, 5 <=> NULL AS unsafe, true OR NULL AS some, false AND NULL AS both, NOT CAST(NULL AS boolean) AS no").show()
spark.sql("""
    SELECT coalesce(NULL, NULL, 3) AS c, nullif(2, 2) AS n, nvl(NULL, 'x') AS v, nvl2(NULL, 'a', 'b') AS v2, ifnull(NULL, 1) AS i, nanvl(double('NaN'), 0D) AS nan,
           concat('a', NULL) AS joined, concat_ws('-', 'a', NULL, 'b') AS skipped, greatest(1, NULL, 3) AS most, isnull(NULL) AS is, isnan(CAST(NULL AS double)) AS isnan,
           1 IN (1, NULL) AS found, 2 IN (1, NULL) AS unknown, size(filter(array(1, NULL, 3), x -> x > 1)) AS kept""").show()

# Aggregates leave nulls out, count(*) doesn't; of nothing at all they make null, count makes 0.
shape = "count(*) AS rows, count(score) AS known, min(score) AS least, max(score) AS most, avg(score) IS NULL AS no_average, count(DISTINCT score) AS kinds, every(score > 0.1) AS all_above, any(score > 0.9) AS one_above"
for condition in ("true", "score IS NULL", "1 = 0"):
    spark.sql(f"SELECT {shape} FROM customers WHERE {condition}").show()

# Conditions and groups: null passes no WHERE and no HAVING, but is a group and a distinct value of its own.
print(*(spark.sql(f"SELECT * FROM customers WHERE {condition}").count() for condition in ("score > 0.5", "NOT (score > 0.5)", "score > 0.5 OR score IS NULL")))
spark.sql("SELECT score, count(*) AS rows FROM customers GROUP BY score HAVING count(*) > 5 ORDER BY score").show()
spark.sql("SELECT DISTINCT score FROM customers WHERE id < 30 ORDER BY score DESC NULLS FIRST").show(3)
for on in ("a.score = b.score", "a.score <=> b.score"):
    print(on, spark.sql(f"SELECT * FROM customers a JOIN customers b ON {on} AND a.id = b.id").count())

# Sets take null for equal to null; NOT IN a list with a null finds nothing, NOT EXISTS doesn't mind.
for words in ("INTERSECT", "EXCEPT", "UNION"):
    print(words, sorted((row.score is None, row.score or 0) for row in spark.sql(f"SELECT score FROM customers WHERE id < 10 {words} SELECT score FROM customers WHERE id IN (0, 9, 18, 3)").collect()))
some = "(SELECT score FROM customers WHERE id IN (0, 3))"
for condition in (f"score IN {some}", f"score NOT IN {some}", "score NOT IN (SELECT score FROM customers WHERE id = 3)", "EXISTS (SELECT NULL)", "NOT EXISTS (SELECT 1 FROM customers b WHERE b.score = a.score AND b.id <> a.id)"):
    print(condition, spark.sql(f"SELECT * FROM customers a WHERE {condition}").count())

# The frame's own ways to deal with them.
print(customers.na.drop(subset=["score"]).count(), customers.fillna(0.0, ["score"]).where("score = 0").count(), orders.na.replace(["de", "fr"], ["DE", None], "country").groupBy("country").count().orderBy(F.asc_nulls_last("country")).collect())
