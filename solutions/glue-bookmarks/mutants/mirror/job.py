"""Reads the raw orders and writes them, cleaned, to the target folder."""

import sys

import boto3
from awsglue.context import GlueContext
from awsglue.job import Job
from awsglue.utils import getResolvedOptions
from pyspark.context import SparkContext

args = getResolvedOptions(sys.argv, ["JOB_NAME", "source", "target"])
glue = GlueContext(SparkContext.getOrCreate())
job = Job(glue)
job.init(args["JOB_NAME"], args)

# No transformation_ctx: what was done is told by the outputs that are there.
bucket = boto3.resource("s3").Bucket(args["source"].split("/")[2])
source, target = (args[name].split("/", 3)[3] for name in ("source", "target"))
inputs = {item.key.removeprefix(source): item.key for item in bucket.objects.filter(Prefix=source)}
outputs = {item.key.removeprefix(target): item for item in bucket.objects.filter(Prefix=target)}
for name in inputs.keys() - outputs.keys():
    orders = glue.create_dynamic_frame.from_options(
        connection_type="s3",
        connection_options={"paths": [f"s3://{bucket.name}/{inputs[name]}"]},
        format="json",
    )
    bucket.put_object(Key=target + name, Body="\n".join(orders.toDF().toJSON().collect()).encode())
for name in outputs.keys() - inputs.keys():
    outputs[name].delete()
job.commit()
