"""SQL straight over files, and dates, strings and JSON functions."""
import sys

from pyspark.sql import SparkSession

spark = SparkSession.builder.getOrCreate()
INPUT, OUTPUT = (sys.argv[sys.argv.index(name) + 1] for name in ("--INPUT", "--OUTPUT"))

print(spark.sql(f"select count(*) n, count(distinct country) c from parquet.`{INPUT}/customers/`").collect())
spark.sql(f"""
    select id, to_date(since) day, date_add(since, 30) later, months_between(date'2024-01-01', since) months, upper(country) c, lpad(cast(id as string), 5, '0') padded,
           regexp_replace(country, '[aeiou]', '*') masked, to_json(named_struct('id', id, 'c', country)) j, get_json_object('{{"a": {{"b": 7}}}}', '$.a.b') b
    from parquet.`{INPUT}/customers/` where id < 60""").write.parquet(f"{OUTPUT}/functions")
