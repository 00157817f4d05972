"""Objects whose names need escaping."""
import sys

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

spark = SparkSession.builder.getOrCreate()
INPUT, OUTPUT = (sys.argv[sys.argv.index(name) + 1] for name in ("--INPUT", "--OUTPUT"))

read = spark.read.option("header", True)
names = read.csv(f"{INPUT}/names/")
print(names.count(), sorted(row[0].rsplit("/", 1)[1] for row in names.select(F.input_file_name()).distinct().collect()))
print(read.csv(f"{INPUT}/names/with space.csv").count(), read.csv(f"{INPUT}/names/plus+and&.csv").count(), read.csv(f"{INPUT}/names/ä–ö.csv").count())
names.select("id", "id").toDF("a b", "ünï").write.option("header", True).csv(f"{OUTPUT}/with space/ö+%")
print(read.csv(f"{OUTPUT}/with space/ö+%").columns)
