"""Three sources joined into one history, nested lists split off into a table of their own, totals by group; Parquet in one file and by partition.

After AWS Glue's developer guide, doc_source/aws-glue-programming-python-samples-legislators.md (join, drop the doubled keys, one file or one
folder per value, lists as tables with an index) and doc_source/aws-glue-programming-python-samples-medicaid.md (text to numbers, bad ones to
null, columns nested); the DataFrame side of both.
"""
import sys

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

spark = SparkSession.builder.getOrCreate()
INPUT, OUTPUT = (sys.argv[sys.argv.index(name) + 1] for name in ("--INPUT", "--OUTPUT"))

# The sources, each with only what is wanted, under names that don't clash.
bought = spark.read.csv(f"{INPUT}/orders/", header=True, inferSchema=True)
bought.printSchema()
bought = bought.drop("note").withColumnRenamed("id", "order_id").withColumnRenamed("country", "shipped_to")
bought = bought.withColumn("amount", F.col("amount").cast("decimal(10,2)")).withColumn("buyer_id", F.expr("cast(substring(customer, 2) AS bigint)"))
buyers = spark.read.parquet(f"{INPUT}/customers/").withColumnRenamed("country", "home")
lands = spark.createDataFrame([("de", "Germany", "EU"), ("fr", "France", "EU"), ("us", "United States", "NA"), ("jp", "Japan", "AS"), ("xx", "Nowhere", None)], "code string, land string, region string")
print("Count:", bought.count(), buyers.count(), lands.count(), "bad amounts:", bought.where("amount IS NULL").count())
bought.select("shipped_to").distinct().orderBy("shipped_to").show()

# One wide table; a country without a land (br) leaves it, as an inner join has it.
history = lands.join(buyers.join(bought, buyers.id == bought.buyer_id), lands.code == F.col("shipped_to")).drop("buyer_id", "code")
print("Count:", history.count(), "left out:", bought.join(lands, F.col("shipped_to") == F.col("code"), "left_anti").count())
history.printSchema()
history.repartition(1).write.parquet(f"{OUTPUT}/history_single")
history.repartition(2, "order_id").write.parquet(f"{OUTPUT}/history_part", partitionBy=["land"])

# Groups: totals, subtotals, and the groups nobody fell into.
totals = history.groupBy("region", "land").agg(
    F.count("*").alias("orders"), F.count("amount").alias("priced"), F.sum("amount").alias("total"), F.max("day").alias("latest"),
    F.countDistinct("id").alias("buyers"), F.sort_array(F.collect_set(F.year("since"))).alias("years"),
)
everything = lands.join(totals, ["region", "land"], "left").fillna({"orders": 0, "priced": 0})
everything.orderBy("land").show(truncate=False)
history.rollup("region", "land").agg(F.sum("amount").alias("total"), F.grouping_id().alias("level")).orderBy("level", "region", "land").show()
nested = everything.select("code", F.struct("land", "region").alias("place"), F.struct("orders", "priced", "total", "latest").alias("sales"), "years")
nested.printSchema()
nested.coalesce(1).write.json(f"{OUTPUT}/totals")

# Lists become tables: one row an element, with the key of its row and its place in the list.
seen = spark.read.json(f"{INPUT}/events/")
root = seen.select(F.col("id").alias("event_id"), "type", F.col("user.name").alias("user_name"), F.col("user.address.city").alias("user_city"))
items = seen.select(F.col("id").alias("event_id"), F.posexplode("items").alias("index", "item")).select("event_id", "index", "item.*")
tags = seen.select(F.col("id").alias("event_id"), F.posexplode("tags").alias("index", "tag"))
for name, table in (("root", root), ("root_items", items), ("root_tags", tags)):
    print(name, table.count(), table.columns)
    table.coalesce(1).write.option("header", True).csv(f"{OUTPUT}/relational/{name}")
items.where("event_id IN (10, 75)").orderBy("event_id", "index").show()
worth = root.join(items, "event_id", "left").groupBy("type").agg(F.sum(F.col("qty") * F.col("price")).alias("worth"), F.countDistinct("event_id").alias("events"))
worth.orderBy("type").show()
