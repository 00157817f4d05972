"""CSV with a given schema, quotes, empty fields and bad values; malformed lines kept aside."""
import sys

from pyspark.sql import SparkSession

spark = SparkSession.builder.getOrCreate()
INPUT, OUTPUT = (sys.argv[sys.argv.index(name) + 1] for name in ("--INPUT", "--OUTPUT"))

schema = "id int, customer string, country string, amount decimal(10,2), day date, note string, _bad string"
orders = spark.read.option("header", True).option("columnNameOfCorruptRecord", "_bad").schema(schema).csv(f"{INPUT}/orders/").cache()
print(orders.filter("_bad is not null").count(), orders.filter("amount is null").count())
orders.drop("_bad").orderBy("id").coalesce(1).write.option("header", True).option("quoteAll", True).csv(f"{OUTPUT}/quoted")
orders.select("id", "note").write.option("sep", "|").option("nullValue", "-").option("compression", "gzip").csv(f"{OUTPUT}/piped")
