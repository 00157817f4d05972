"""Reads what is new and writes it; at the point that it is told to, it says so in the bucket and goes no further."""

import sys
import time

import boto3
from awsglue.context import GlueContext
from awsglue.job import Job
from awsglue.transforms import Filter
from awsglue.utils import getResolvedOptions
from pyspark.context import SparkContext

args = getResolvedOptions(sys.argv, ["JOB_NAME", "JOB_RUN_ID", "bucket", "point"])
bucket, point, name = args["bucket"], args["point"], args["JOB_NAME"]


def reached(here):
    if here == point:
        boto3.client("s3").put_object(Bucket=bucket, Key=f"reached/{name}", Body=b"")
        while True:
            time.sleep(0.05)


def slowly(here):
    def look(row):
        if row["id"] == 3:
            reached(here)
        return True

    return look


glue = GlueContext(SparkContext.getOrCreate())
job = Job(glue)
job.init(name, args)
orders = glue.create_dynamic_frame.from_options(
    connection_type="s3",
    connection_options={"paths": [f"s3://{bucket}/in/{name}/"]},
    format="json",
    transformation_ctx="orders",
)
if point == "Reading":
    Filter.apply(frame=orders, f=slowly("Reading")).count()
if point == "Writing":
    orders = Filter.apply(frame=orders, f=slowly("Writing"))
glue.write_dynamic_frame.from_options(
    frame=orders,
    connection_type="s3",
    connection_options={"path": f"s3://{bucket}/out/{name}/{args['JOB_RUN_ID']}/"},
    format="json",
)
reached("BeforeCommit")
job.commit()
reached("AfterCommit")
