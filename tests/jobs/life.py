"""The life of Glue runs as boto3 sees it: begun, executed, ended in every way that a run can end, with its reason."""

import json
import os
import time

from support import ACCOUNT, SANDBOX, admin, client, fresh
from support.jobs import JobCase, until

COUNT = """
job = Job(glue); job.init(args["JOB_NAME"], args)
orders = spark.read.csv(f"s3://{bucket}/in/", header=True, inferSchema=True)
orders.groupBy("day").sum("amount").withColumnRenamed("sum(amount)", "total").write.mode("overwrite").json(f"s3://{bucket}/out/")
more = getResolvedOptions(sys.argv, ["day", "stage", "given", "JOB_RUN_ID"])
who = boto3.client("sts").get_caller_identity()["Arn"]
print("counted", orders.count(), "orders")
print("a line for the error log", file=sys.stderr)
import json
import os
say("told.json", json.dumps({"who": who, "arguments": more, "shuffle": spark.conf.get("spark.sql.shuffle.partitions")}))
job.commit()
"""
LOOP = """
say("running/" + args["JOB_NAME"])
while True:
    time.sleep(0.05)
"""


class Success(JobCase):
    def test_a_job_reads_and_writes_s3_as_its_role(self):
        self.put("in/1.csv", "day,amount\nmon,1\nmon,2\n")
        self.put("in/2.csv", "day,amount\ntue,5\n")
        job = self.job(
            COUNT,
            DefaultArguments={"--day": "default", "--stage": "default", "--given": "default", "--conf": "spark.sql.shuffle.partitions=3"},
            NonOverridableArguments={"--stage": "fixed"},
            WorkerType="G.1X",
            NumberOfWorkers=3,
            GlueVersion="4.0",
        )
        before = time.time()
        run = self.ran(job, Arguments={"--given": "ö b", "--stage": "tried"})
        self.assertEqual(sorted((row["day"], row["total"]) for row in self.rows("out/part")), [("mon", 3), ("tue", 5)])
        told = json.loads(self.text("told.json"))
        self.assertEqual(told["who"], f"arn:aws:sts::{ACCOUNT}:assumed-role/{self.role}/GlueJobRunnerSession")
        self.assertEqual(told["shuffle"], "3")
        arguments = {name: told["arguments"][name] for name in ("day", "stage", "given", "JOB_RUN_ID")}
        self.assertEqual(arguments, {"day": "default", "stage": "fixed", "given": "ö b", "JOB_RUN_ID": run["Id"]})
        self.as_aws_shows_it(run, before)
        self.in_the_logs(run)
        self.on_the_trail(told["who"])

    def as_aws_shows_it(self, run, before):
        self.assertEqual((run["Attempt"], run["GlueVersion"], run["LogGroupName"]), (0, "4.0", "/aws-glue/jobs"))
        self.assertEqual(run["Arguments"], {"--given": "ö b", "--stage": "tried"})
        self.assertNotIn("ErrorMessage", run)
        started, completed = run["StartedOn"].timestamp(), run["CompletedOn"].timestamp()
        self.assertLessEqual(before - 1, started)
        self.assertLess(started, completed)
        # Its time in RUNNING is real, and no longer than it was there.
        self.assertTrue(1 <= run["ExecutionTime"] <= completed - started + 1, run)
        self.assertEqual(run["DPUSeconds"], 3.0 * run["ExecutionTime"])

    def in_the_logs(self, run):
        output = self.log("output", run["Id"])
        self.assertIn("counted 3 orders", output)
        # The first line says what really ran.
        self.assertRegex(output.splitlines()[0], r"Spark 3\.5.*Python 3\.")
        self.assertIn("a line for the error log", self.log("error", run["Id"]))
        self.assertNotIn("a line for the error log", output)

    def on_the_trail(self, role):
        events = admin("GET", f"sandboxes/{SANDBOX}/trail?after=0")["events"]
        seen = {event["operation"] for event in events if event["service"] == "s3" and event["principal"] == role}
        self.assertLessEqual({"GetObject", "ListObjectsV2", "PutObject"}, seen)


class Failure(JobCase):
    def test_an_error_of_the_script(self):
        script = "def count():\n    raise ValueError('no orders: ü')\n\nprint('before')\ncount()\nprint('after')\n"
        job = self.job(script, WorkerType="G.2X", NumberOfWorkers=2)
        run = self.ran(job, "FAILED")
        self.assertEqual(run["ErrorMessage"], "ValueError: no orders: ü")
        trace = self.log("error", run["Id"])
        self.assertIn("Traceback (most recent call last):", trace)
        self.assertRegex(trace, r'(?s)job-\w+\.py", line \d+, in count.*ValueError: no orders: ü')
        self.assertNotIn("runpy", trace)
        output = self.log("output", run["Id"])
        self.assertIn("before", output)
        self.assertNotIn("after", output)
        self.assertEqual(run["DPUSeconds"], 4.0 * run["ExecutionTime"])
        again = self.ran(job, "FAILED", JobRunId=run["Id"])
        self.assertEqual((again["Attempt"], again["PreviousRunId"]), (1, run["Id"]))

    def test_an_error_of_spark(self):
        job = self.job('spark.read.parquet(f"s3://{bucket}/nothing/here/").show()')
        message = self.ran(job, "FAILED")["ErrorMessage"]
        self.assertIn("Path does not exist", message)
        self.assertIn(f"s3://{self.bucket}/nothing/here", message)

    def test_a_syntax_error(self):
        run = self.ran(self.job("def broken(:\n", prologue=""), "FAILED")
        self.assertIn("SyntaxError", run["ErrorMessage"])
        self.assertIn("def broken(:", self.log("error", run["Id"]))

    def test_a_script_that_is_not_there(self):
        job = self.job("")
        self.s3.delete_object(Bucket=self.bucket, Key=f"scripts/{job}.py")
        run = self.ran(job, "FAILED")
        self.assertIn("LAUNCH ERROR", run["ErrorMessage"])
        self.assertIn(f"{job}.py", run["ErrorMessage"])
        self.assertEqual(run["ExecutionTime"], 0)

    def test_a_role_that_is_not_there(self):
        job = self.job("", Role="no-such-role")
        message = f"Role arn:aws:iam::{ACCOUNT}:role/no-such-role should be given assume role permissions for Glue Service."
        self.assertEqual(self.ran(job, "FAILED")["ErrorMessage"], message)

    def test_exits(self):
        script = 'import os\nhow = getResolvedOptions(sys.argv, ["how"])["how"]\nprint("going", flush=True)\nexec(how)\n'
        job = self.job(script, ExecutionProperty={"MaxConcurrentRuns": 3})
        ways = {"sys.exit(3)": "SystemExit: 3", "os._exit(7)": "exit code 7", "os.kill(os.getpid(), 9)": "SIGKILL"}
        runs = {how: self.start(job, Arguments={"--how": how}) for how in ways}
        for how, words in ways.items():
            with self.subTest(how):
                run = self.ended(job, runs[how])
                self.assertEqual(run["JobRunState"], "FAILED")
                self.assertIn(words, run["ErrorMessage"])
                self.assertIn("going", self.log("output", runs[how]))
        self.ran(job, Arguments={"--how": "sys.exit(0)"})


class Ending(JobCase):
    def stopped(self, job, run):
        answer = self.glue.batch_stop_job_run(JobName=job, JobRunIds=[run])
        self.assertEqual([one["JobRunId"] for one in answer["SuccessfulSubmissions"]], [run])
        state = self.run_of(job, run)["JobRunState"]
        self.assertIn(state, ("STOPPING", "STOPPED"))
        ended = self.ended(job, run)
        self.assertEqual(ended["JobRunState"], "STOPPED")
        self.assertIn("CompletedOn", ended)
        return ended

    def test_stopped_while_running_and_no_more_than_allowed_at_once(self):
        job = self.job(LOOP)
        run = self.start(job)
        self.marked(f"running/{job}")
        self.assertEqual(self.run_of(job, run)["JobRunState"], "RUNNING")
        message = f"Concurrent runs exceeded for {job}"
        self.refused("ConcurrentRunsExceededException", self.glue.start_job_run, status=400, message=message, JobName=job)
        self.stopped(job, run)
        again = self.glue.batch_stop_job_run(JobName=job, JobRunIds=[run, "jr_none"])
        self.assertEqual(again["SuccessfulSubmissions"], [])
        self.assertEqual([one["JobRunId"] for one in again["Errors"]], [run, "jr_none"])
        self.assertEqual([one["Id"] for one in self.glue.get_job_runs(JobName=job)["JobRuns"]], [run])

    def test_stopped_while_starting(self):
        job = self.job(LOOP)
        run = self.start(job)
        self.assertEqual(self.run_of(job, run)["JobRunState"], "STARTING")
        ended = self.stopped(job, run)
        self.assertEqual((ended["ExecutionTime"], self.objects(f"running/{job}")), (0, []))

    def test_deleted_while_running(self):
        job = self.job(LOOP)
        run = self.start(job)
        self.marked(f"running/{job}")
        self.glue.delete_job(JobName=job)
        self.refused("EntityNotFoundException", self.glue.start_job_run, JobName=job)
        self.stopped(job, run)


class Timeout(JobCase):
    """In a sandbox of its own, where a minute of a run is a second."""

    @classmethod
    def setUpClass(cls):
        made = admin("POST", "sandboxes", {"id": fresh("fast"), "region": "us-east-1", "time_scale": 60})
        cls.addClassCleanup(admin, "DELETE", f"sandboxes/{made['id']}")
        cls.keys = (made["access_key_id"], made["secret_access_key"])
        super().setUpClass()

    def test_a_run_that_takes_too_long(self):
        job = self.job(LOOP, Timeout=1)
        run = self.ran(job, "TIMEOUT")
        self.assertIn("timeout of 1 minute", run["ErrorMessage"])
        self.assertEqual(self.objects(f"running/{job}"), [f"running/{job}"])
        # Of the run's own, if it says so.
        again = self.ran(job, "TIMEOUT", Timeout=2)
        self.assertEqual(again["Timeout"], 2)


class Several(JobCase):
    WORK = """
import builtins, os
number = getResolvedOptions(sys.argv, ["number"])["number"]
found = getattr(builtins, "left_behind", "nothing"), os.path.exists("left"), os.path.exists(os.environ["TMPDIR"] + "/left")
builtins.left_behind = number
open("left", "w").close(); open(os.environ["TMPDIR"] + "/left", "w").close()
total = spark.range(1000).selectExpr(f"sum(id) + {number} as total").first()["total"]
spark.range(5).write.mode("overwrite").json(f"s3://{bucket}/several/{number}/")
say(f"results/{number}", f"{total} {found} {spark.sparkContext.applicationId} {os.getpid()}")
"""

    def test_four_at_once(self):
        job = self.job(self.WORK, ExecutionProperty={"MaxConcurrentRuns": 4})
        runs = [self.start(job, Arguments={"--number": str(number)}) for number in range(4)]
        self.refused("ConcurrentRunsExceededException", self.glue.start_job_run, JobName=job)
        for run in runs:
            self.assertEqual(self.ended(job, run)["JobRunState"], "SUCCEEDED", self.log("error", run))
        listed = self.glue.get_job_runs(JobName=job)["JobRuns"]
        self.assertEqual([one["Id"] for one in listed], runs[::-1])
        pages = self.glue.get_paginator("get_job_runs").paginate(JobName=job, PaginationConfig={"PageSize": 3})
        self.assertEqual([one["Id"] for page in pages for one in page["JobRuns"]], runs[::-1])
        results = [self.text(f"results/{number}") for number in range(4)]
        for number, result in enumerate(results):
            # No run sees what another left: each has a process and a folder of its own.
            self.assertTrue(result.startswith(f"{499500 + number} ('nothing', False, False) "), result)
            self.assertEqual(len(self.rows(f"several/{number}/part")), 5)
        self.assertEqual(len({result.split(") ")[1].split()[0] for result in results}), 4, results)

    def test_a_stand_by_serves_one_run(self):
        job = self.job(self.WORK)
        for number in (10, 11):
            self.ran(job, Arguments={"--number": str(number)})
            self.assertIn("('nothing', False, False)", self.text(f"results/{number}"))
        one, two = (self.text(f"results/{number}").split(") ")[1].split()[0] for number in (10, 11))
        self.assertNotEqual(one, two)


class Access(JobCase):
    def test_a_run_reaches_what_its_role_may_and_nothing_of_ours(self):
        script = """
import os, socket
def tried(what):
    try:
        return str(what())
    except BaseException as error:
        return type(error).__name__
import json
import os
say("access.json", json.dumps({
    "environment": sorted(os.environ),
    "home": os.environ.get("HOME"),
    "shadow": tried(lambda: open("/etc/shadow").read()),
    "state": tried(lambda: os.listdir(sys.argv[0].split("/runs/")[0] + "/sandboxes")),
    "json": tried(lambda: open(sys.argv[0].split("/runs/")[0] + "/emulator.json").read()),
    "folder": os.getcwd(),
}))
"""
        self.ran(self.job(script))
        told = json.loads(self.text("access.json"))
        self.assertFalse({"LABRUN_HOME", "LABRUN_RUNTIMES", "USER", "LABRUN_TEST_TOKEN"} & set(told["environment"]), told)
        self.assertEqual(told["home"], told["folder"])
        for what in ("state", "json", "shadow"):
            self.assertIn(told[what], ("PermissionError", "FileNotFoundError"), told)
        until("its folder is gone", lambda: None if os.path.exists(told["folder"]) else True)
