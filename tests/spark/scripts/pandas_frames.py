"""toPandas and createDataFrame from pandas."""
import sys

from pyspark.sql import SparkSession

spark = SparkSession.builder.getOrCreate()
INPUT, OUTPUT = (sys.argv[sys.argv.index(name) + 1] for name in ("--INPUT", "--OUTPUT"))

spark.conf.set("spark.sql.execution.arrow.pyspark.enabled", "true")
orders = spark.read.option("header", True).option("inferSchema", True).csv(f"{INPUT}/orders/").orderBy("id").toPandas()
print(orders.dtypes.astype(str).to_dict(), len(orders), int(orders["id"].sum()))
monthly = orders.assign(month=orders["day"].astype(str).str[:7]).groupby("month", as_index=False)["amount"].count()
spark.createDataFrame(monthly).write.parquet(f"{OUTPUT}/monthly")
