"""What tests of Glue runs share: a bucket, a role, a script, a run, and waiting for what an API says."""

import json
import time

from . import Case, client, fresh

PATIENCE = 240
FINAL = ("SUCCEEDED", "FAILED", "STOPPED", "TIMEOUT")
TRUST = json.dumps({
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "glue.amazonaws.com"}, "Action": "sts:AssumeRole"}],
})

# What every script begins with: GlueContext, job and options as AWS's own samples have them.
PROLOGUE = """
import sys, time, boto3
from awsglue.context import GlueContext
from awsglue.job import Job
from awsglue.utils import getResolvedOptions
from pyspark.context import SparkContext
args = getResolvedOptions(sys.argv, ["JOB_NAME", "bucket"])
bucket = args["bucket"]
glue = GlueContext(SparkContext.getOrCreate())
spark = glue.spark_session
s3 = boto3.client("s3")
def say(key, text=""):
    s3.put_object(Bucket=bucket, Key=key, Body=str(text).encode())
"""


def until(what, ask):
    """Asks again and again until there is an answer."""
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        answer = ask()
        if answer is not None:
            return answer
        time.sleep(0.05)
    raise AssertionError(f"gave up waiting until {what}")


class JobCase(Case):
    """A bucket and a role for all tests of a class; jobs are made by each."""

    keys = ()

    @classmethod
    def setUpClass(cls):
        cls.s3, cls.glue, cls.logs, cls.iam = (client(name, *cls.keys) for name in ("s3", "glue", "logs", "iam"))
        cls.bucket = fresh("jobs")
        cls.s3.create_bucket(Bucket=cls.bucket)
        cls.role = fresh("worker")
        cls.iam.create_role(RoleName=cls.role, AssumeRolePolicyDocument=TRUST)

    def put(self, key, content):
        return self.s3.put_object(Bucket=self.bucket, Key=key, Body=content if isinstance(content, bytes) else content.encode())

    def text(self, key):
        return self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read().decode()

    def objects(self, prefix):
        return [one["Key"] for one in self.s3.list_objects_v2(Bucket=self.bucket, Prefix=prefix).get("Contents", [])]

    def rows(self, prefix):
        """The rows of JSON lines below a prefix."""
        lines = [line for key in self.objects(prefix) for line in self.text(key).splitlines()]
        return [json.loads(line) for line in lines]

    def job(self, script, prologue=PROLOGUE, **changes):
        """Uploads a script and makes a job of it."""
        name = fresh("job")
        self.put(f"scripts/{name}.py", prologue + script)
        arguments = {"--bucket": self.bucket, **changes.pop("DefaultArguments", {})}
        command = {"Name": "glueetl", "ScriptLocation": f"s3://{self.bucket}/scripts/{name}.py", "PythonVersion": "3"}
        made = {"Role": self.role, "Command": command, "GlueVersion": "5.0", "WorkerType": "G.1X", "NumberOfWorkers": 2}
        self.glue.create_job(Name=name, DefaultArguments=arguments, **{**made, **changes})
        return name

    def start(self, job, **arguments):
        return self.glue.start_job_run(JobName=job, **arguments)["JobRunId"]

    def run_of(self, job, run):
        return self.glue.get_job_run(JobName=job, RunId=run)["JobRun"]

    def ended(self, job, run):
        def final():
            shown = self.run_of(job, run)
            return shown if shown["JobRunState"] in FINAL else None

        return until(f"{run} has ended", final)

    def ran(self, job, state="SUCCEEDED", **arguments):
        """Runs a job to its end."""
        run = self.start(job, **arguments)
        shown = self.ended(job, run)
        if shown["JobRunState"] != state:
            self.fail(f"{shown['JobRunState']}, not {state}: {shown.get('ErrorMessage')}\n{self.log('error', run)[-3000:]}")
        return shown

    def marked(self, key):
        """Waits for an object that a script writes."""
        until(f"{key} is written", lambda: self.objects(key) or None)

    def log(self, group, run):
        """All that a run has written to one of its two streams; nothing where it has not come so far."""
        pages = self.logs.get_paginator("filter_log_events").paginate(logGroupName=f"/aws-glue/jobs/{group}", logStreamNames=[run])
        try:
            return "\n".join(event["message"] for page in pages for event in page["events"])
        except self.logs.exceptions.ResourceNotFoundException:
            return ""
