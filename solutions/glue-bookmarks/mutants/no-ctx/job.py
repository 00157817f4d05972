"""Reads the raw orders and writes them, cleaned, to the target folder."""

import sys

from awsglue.context import GlueContext
from awsglue.job import Job
from awsglue.transforms import ApplyMapping
from awsglue.utils import getResolvedOptions
from pyspark.context import SparkContext

args = getResolvedOptions(sys.argv, ["JOB_NAME", "source", "target"])
glue = GlueContext(SparkContext.getOrCreate())
job = Job(glue)
job.init(args["JOB_NAME"], args)

orders = glue.create_dynamic_frame.from_options(
    connection_type="s3",
    connection_options={"paths": [args["source"]], "recurse": True},
    format="json",
)
print(f"read {orders.count()} orders from {args['source']}")

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
glue.write_dynamic_frame.from_options(
    frame=clean,
    connection_type="s3",
    connection_options={"path": args["target"]},
    format="json",
)
job.commit()
