"""Every type through Parquet and back."""
import sys

from pyspark.sql import SparkSession

spark = SparkSession.builder.getOrCreate()
INPUT, OUTPUT = (sys.argv[sys.argv.index(name) + 1] for name in ("--INPUT", "--OUTPUT"))

rows = spark.range(40).selectExpr(
    "id", "cast(id as byte) b", "cast(id as short) s", "cast(id as int) i", "cast(id as float) / 3 f", "cast(id as double) / 7 d", "cast(id as decimal(20,4)) / 9 dec",
    "id % 2 = 0 flag", "concat('naïve ', id) text", "cast(concat('b', id) as binary) bin", "date_add(date'2024-02-27', cast(id as int)) day",
    "timestamp_seconds(1700000000 + id * 3601) at", "timestamp_ntz'2024-01-01 00:00:00' ntz", "if(id % 5 = 0, null, id) maybe", "array(id, null, id + 1) list", "map('k', id) map",
    "named_struct('x', id, 'y', array(named_struct('z', cast(id as string)))) deep", "interval 1 day * id gap")
rows.drop("gap").write.parquet(f"{OUTPUT}/all")
back = spark.read.parquet(f"{OUTPUT}/all")
back.printSchema()
print(back.count(), back.filter("maybe is null").count(), back.agg({"dec": "sum"}).collect())
rows.select("id", "gap").orderBy("id").limit(3).show()
back.select("id", "day", "at").repartition(3, "id").write.option("compression", "gzip").parquet(f"{OUTPUT}/gzip")
