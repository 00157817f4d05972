"""SQL over temporary views: CTEs, subqueries, set operations, lateral views."""
import sys

from pyspark.sql import SparkSession

spark = SparkSession.builder.getOrCreate()
INPUT, OUTPUT = (sys.argv[sys.argv.index(name) + 1] for name in ("--INPUT", "--OUTPUT"))

spark.read.option("header", True).schema("id int, customer string, country string, amount decimal(10,2), day date, note string").csv(f"{INPUT}/orders/").createOrReplaceTempView("orders")
spark.read.json(f"{INPUT}/events/").createGlobalTempView("events")
result = spark.sql("""
    with big as (select * from orders where amount > (select avg(amount) from orders))
    select country, count(*) n, max(amount) most, date_format(min(day), 'yyyy/MM') since from big group by country having count(*) > 1
    union all select 'none', 0, null, null""")
result.write.json(f"{OUTPUT}/big")
spark.sql("select tag, count(*) n from global_temp.events lateral view outer explode(tags) t as tag group by tag order by tag").show()
spark.sql("select country from orders intersect select country from orders where id < 20 except select 'de' order by 1").show()
spark.sql("select * from orders where id in (select max(id) from orders group by country) order by id").select("id", "country").write.csv(f"{OUTPUT}/last")
