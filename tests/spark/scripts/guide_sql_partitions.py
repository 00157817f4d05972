"""A tree of partitions written, read back with pruning, and overwritten: whole, only what comes in, and by SQL into a folder.

After Spark's SQL guide: docs/sql-data-sources-parquet.md (partition discovery, type inference, basePath, schema merging),
docs/sql-data-sources-load-save-functions.md (save modes, partitionBy), docs/sql-ref-syntax-dml-insert-overwrite-directory.md, and
spark.sql.sources.partitionOverwriteMode of the configuration page's runtime SQL settings.
"""
import re
import sys

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

spark = SparkSession.builder.getOrCreate()
INPUT, OUTPUT = (sys.argv[sys.argv.index(name) + 1] for name in ("--INPUT", "--OUTPUT"))
TREE = f"{OUTPUT}/sales"


def folders(frame):
    """The partition folders the rows of a frame really come from."""
    found = frame.select(F.regexp_extract(F.input_file_name(), r"((?:[^/=]+=[^/]+/)+)[^/]*$", 1).alias("folder"))
    return sorted(row.folder for row in found.distinct().collect())


def census(title, path=TREE):
    print(f"{title}:")
    spark.read.parquet(path).groupBy("month", "country").agg(F.count("*").alias("rows"), F.sum("amount").alias("total")).orderBy("month", "country").show(40)


orders = spark.read.option("header", True).csv(f"{INPUT}/orders/")
sales = orders.select(F.col("id").cast("int"), "customer", F.col("amount").cast("decimal(10,2)"), F.substring("day", 6, 2).alias("month"), "country")
sales = sales.where("country IN ('de', 'fr', 'us') AND amount IS NOT NULL")
sales.repartition(2, "id").write.partitionBy("month", "country").parquet(TREE)

# Discovery: the columns of the folders come last, and "01" has become a number unless inference is off.
back = spark.read.parquet(TREE)
back.printSchema()
spark.conf.set("spark.sql.sources.partitionColumnTypeInference.enabled", "false")
plain = spark.read.load(TREE)
print(plain.schema["month"].dataType.simpleString(), sorted(row.month for row in plain.select("month").distinct().collect()))
spark.conf.set("spark.sql.sources.partitionColumnTypeInference.enabled", "true")
census("written")

# Pruning: what the plan says of it, and which folders were read.
back.createOrReplaceTempView("sales")
query = "SELECT id, amount FROM sales WHERE month = 2 AND country <> 'us' AND id > 100"
plan = spark.sql(f"EXPLAIN FORMATTED {query}").first()[0]
for line in re.findall(r"PartitionFilters: .*|PushedFilters: .*", plan):
    print(re.sub(r"#\d+L?", "", line))
print(spark.sql(query).count(), folders(back.where("month = 2 AND country <> 'us'")), folders(back.where("month > 9")))
few = spark.createDataFrame([(3, "spring")], "month int, season string")
print(folders(back.join(F.broadcast(few), "month")))

# A folder alone has no column of its name; with basePath it has.
print(spark.read.parquet(f"{TREE}/month=01").columns)
print(spark.read.option("basePath", TREE).parquet(f"{TREE}/month=01/country=de", f"{TREE}/month=02/country=fr").groupBy("month", "country").count().orderBy("month").collect())

# Save modes where something lies already.
try:
    sales.write.partitionBy("month", "country").parquet(TREE)
except Exception as error:
    print(type(error).__name__, "PATH_ALREADY_EXISTS" in str(error))
sales.limit(1).write.mode("ignore").partitionBy("month", "country").parquet(TREE)
more = spark.createDataFrame([(1001, "new", "01", "jp"), (1002, "new", "05", "jp")], "id int, customer string, month string, country string")
more = more.withColumn("amount", F.lit("10.50").cast("decimal(10,2)")).select("id", "customer", "amount", "month", "country")
more.coalesce(1).write.mode("append").partitionBy("month", "country").parquet(TREE)
census("appended")

# Dynamic: only the partitions among the new rows go; by the setting, then by the option, which beats the setting.
spark.conf.set("spark.sql.sources.partitionOverwriteMode", "dynamic")
sales.where("month = '02' AND country = 'de'").limit(0).write.mode("overwrite").partitionBy("month", "country").parquet(TREE)
more.where("month = '01'").withColumn("country", F.lit("de")).coalesce(1).write.mode("overwrite").partitionBy("month", "country").parquet(TREE)
census("dynamic by setting")
spark.conf.set("spark.sql.sources.partitionOverwriteMode", "static")
doubled = more.withColumn("amount", (F.col("amount") * 2).cast("decimal(10,2)")).coalesce(1)
doubled.write.mode("overwrite").option("partitionOverwriteMode", "dynamic").partitionBy("month", "country").parquet(TREE)
census("dynamic by option")

# Static: everything under the path goes. A column more in one partition, and the schemas merged.
more.coalesce(1).write.partitionBy("month", "country").parquet(f"{OUTPUT}/static")
doubled.where("month = '05'").write.mode("overwrite").partitionBy("month", "country").parquet(f"{OUTPUT}/static")
census("static", f"{OUTPUT}/static")
more.where("month = '01'").withColumn("note", F.lit("added")).coalesce(1).write.mode("append").partitionBy("month", "country").parquet(f"{OUTPUT}/static")
spark.read.option("mergeSchema", True).parquet(f"{OUTPUT}/static").select("id", "amount", "note", "month", "country").orderBy("id").show()

# SQL, twice into the same folder; the second replaces the first.
spark.read.parquet(TREE).createOrReplaceTempView("sales")
for limit in (1, 3):
    spark.sql(f"INSERT OVERWRITE DIRECTORY '{OUTPUT}/directory' USING csv OPTIONS (header 'true') SELECT /*+ COALESCE(1) */ month, sum(amount) AS total FROM sales WHERE month <= {limit} GROUP BY month")
spark.read.csv(f"{OUTPUT}/directory", header=True).orderBy("month").show()
