"""Reads the raw orders and writes them, cleaned, to the target folder."""

import sys

from awsglue.context import GlueContext
from awsglue.job import Job
from awsglue.transforms import ApplyMapping
from awsglue.utils import getResolvedOptions
from awsglue.dynamicframe import DynamicFrame
from pyspark.context import SparkContext
from pyspark.sql.functions import col, max as latest
from pyspark.sql.utils import AnalysisException

args = getResolvedOptions(sys.argv, ["JOB_NAME", "source", "target"])
glue = GlueContext(SparkContext.getOrCreate())
job = Job(glue)
job.init(args["JOB_NAME"], args)

orders = glue.create_dynamic_frame.from_options(
    connection_type="s3",
    connection_options={"paths": [args["source"]], "recurse": True},
    format="json",
)
# A position of our own: the latest order date that the target holds. (Glue's would be a transformation_ctx.)
try:
    done = glue.spark_session.read.json(args["target"]).agg(latest(col("order_date"))).first()[0]
except AnalysisException:
    done = None
fresh = orders.toDF()
if done is not None:
    fresh = fresh.where(col("order_date") > done)
orders = DynamicFrame.fromDF(fresh, glue, "fresh")

clean = ApplyMapping.apply(
    frame=orders,
    mappings=[
        ("order_id", "string", "order_id", "string"),
        ("order_date", "string", "order_date", "string"),
        ("customer", "string", "customer", "string"),
        ("item", "string", "item", "string"),
        ("quantity", "int", "quantity", "int"),
        ("amount", "double", "amount", "double"),
    ],
)
if orders.count() > 0:
    glue.write_dynamic_frame.from_options(
        frame=clean,
        connection_type="s3",
        connection_options={"path": args["target"]},
        format="json",
    )
job.commit()
