"""The whole lab with boto3, as one would do it by hand. Run it in `labrun shell`, in the lab's folder."""

import os

import boto3

BUCKET = os.environ["BUCKET"]
s3 = boto3.client("s3")

# 1. Sort the files by year and month. A move is a copy to the new key and a deletion of the old one.
months = {}
for item in s3.list_objects_v2(Bucket=BUCKET, Prefix="orders-")["Contents"]:
    name = item["Key"]
    year, month, _ = name.removeprefix("orders-").split("-")
    key = f"orders/year={year}/month={month}/{name}"
    s3.copy_object(Bucket=BUCKET, Key=key, CopySource={"Bucket": BUCKET, "Key": name})
    s3.delete_object(Bucket=BUCKET, Key=name)
    months.setdefault((year, month), []).append(key)

# 2. Mark the newest month. A tag belongs to one object.
for key in months[max(months)]:
    s3.put_object_tagging(Bucket=BUCKET, Key=key, Tagging={"TagSet": [{"Key": "state", "Value": "ready"}]})
