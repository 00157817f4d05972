"""Glue job definitions as boto3 sees them: made, read, changed, deleted, refused. That jobs run is tested elsewhere."""

import time

from support import ACCOUNT, TRUST, Case, client, fresh

GLUE = client("glue", parameter_validation=False)
COMMAND = {"Name": "glueetl", "ScriptLocation": "s3://bucket/job.py"}


def definition(**changes):
    made = {"Role": "worker", "Command": dict(COMMAND)}
    made.update(changes)
    return {name: value for name, value in made.items() if value is not None}


class Jobs(Case):
    def job(self, **changes):
        name = fresh("job")
        self.assertEqual(GLUE.create_job(Name=name, **definition(**changes))["Name"], name)
        self.addCleanup(GLUE.delete_job, JobName=name)
        return name

    def shown(self, name):
        return GLUE.get_job(JobName=name)["Job"]

    def test_what_is_said_is_shown(self):
        said = definition(
            Description="daily orders",
            LogUri="s3://bucket/logs/",
            Command={**COMMAND, "PythonVersion": "3"},
            DefaultArguments={"--job-bookmark-option": "job-bookmark-enable", "--day": "2026-01-01", "--TempDir": "s3://bucket/tmp/"},
            NonOverridableArguments={"--stage": "test"},
            ExecutionProperty={"MaxConcurrentRuns": 3},
            GlueVersion="4.0",
            WorkerType="G.2X",
            NumberOfWorkers=4,
            Timeout=30,
        )
        before = time.time()
        job = self.shown(self.job(**said))
        self.assertEqual({name: job[name] for name in said}, said)
        self.assertEqual((job["MaxCapacity"], job["AllocatedCapacity"], job["MaxRetries"]), (8.0, 8, 0))
        self.assertEqual((job["ExecutionClass"], job["JobMode"]), ("STANDARD", "SCRIPT"))
        self.assertEqual(job["CreatedOn"], job["LastModifiedOn"])
        self.assertLess(abs(job["CreatedOn"].timestamp() - before), 60)

    def test_what_is_not_said_has_the_documented_default(self):
        job = self.shown(self.job())
        self.assertEqual(job["Command"], {**COMMAND, "PythonVersion": "3"})
        self.assertEqual((job["WorkerType"], job["NumberOfWorkers"], job["MaxCapacity"]), ("G.1X", 10, 10.0))
        self.assertEqual((job["Timeout"], job["ExecutionProperty"]), (480, {"MaxConcurrentRuns": 1}))
        for absent in ("Description", "LogUri", "DefaultArguments", "NonOverridableArguments"):
            self.assertNotIn(absent, job)
        self.assertEqual(self.shown(self.job(GlueVersion="4.0"))["Timeout"], 2880)

    def test_everything_not_sent_is_reset_by_an_update(self):
        name = self.job(
            Description="before",
            DefaultArguments={"--a": "1"},
            GlueVersion="4.0",
            WorkerType="G.2X",
            NumberOfWorkers=3,
            Timeout=5,
            ExecutionProperty={"MaxConcurrentRuns": 2},
        )
        created = self.shown(name)["CreatedOn"]
        answer = GLUE.update_job(JobName=name, JobUpdate=definition(Role="other", Timeout=7))
        self.assertEqual(answer["JobName"], name)
        job = self.shown(name)
        self.assertEqual((job["Role"], job["Timeout"], job["CreatedOn"]), ("other", 7, created))
        self.assertGreaterEqual(job["LastModifiedOn"], created)
        self.assertEqual((job["WorkerType"], job["NumberOfWorkers"], job["ExecutionProperty"]["MaxConcurrentRuns"]), ("G.1X", 10, 1))
        for gone in ("Description", "DefaultArguments"):
            self.assertNotIn(gone, job)
        self.assertNotEqual(job["GlueVersion"], "4.0")
        message = f"Job with name: {name}-x not found."
        self.refused("EntityNotFoundException", GLUE.update_job, status=400, message=message, JobName=name + "-x", JobUpdate=definition())
        self.refused("InvalidInputException", GLUE.update_job, status=400, JobName=name, JobUpdate={"Command": COMMAND})
        self.refused("InvalidInputException", GLUE.update_job, status=400, JobName=name, JobUpdate={"Role": "worker"})
        self.assertEqual(self.shown(name), job)

    def test_a_name_is_taken_once(self):
        name = self.job()
        again = definition(Description="other")
        self.refused("AlreadyExistsException", GLUE.create_job, status=400, Name=name, **again)
        self.assertNotIn("Description", self.shown(name))

    def test_deleted_and_missing(self):
        name = self.job()
        self.assertEqual(GLUE.delete_job(JobName=name)["JobName"], name)
        message = f"Job with name: {name} not found."
        self.refused("EntityNotFoundException", GLUE.get_job, status=400, message=message, JobName=name)
        self.assertEqual(GLUE.delete_job(JobName=name)["JobName"], name)
        self.refused("EntityNotFoundException", GLUE.start_job_run, status=400, JobName=name)
        self.refused("EntityNotFoundException", GLUE.get_job_runs, status=400, JobName=name)

    def test_listed_in_pages(self):
        names = sorted(self.job(Tags={"part": "list", "even": str(number % 2)}) for number in range(5))
        for operation, found in (("get_jobs", lambda page: [job["Name"] for job in page["Jobs"]]), ("list_jobs", lambda page: page["JobNames"])):
            listed, token, pages = [], None, 0
            while pages == 0 or token:
                page = getattr(GLUE, operation)(MaxResults=2, **({"NextToken": token} if token else {}))
                self.assertLessEqual(len(found(page)), 2)
                listed += found(page)
                token, pages = page.get("NextToken"), pages + 1
            self.assertEqual([name for name in listed if name in names], names, operation)
            self.refused("InvalidInputException", getattr(GLUE, operation), status=400, NextToken="made up")
        self.assertEqual(len(GLUE.list_jobs(Tags={"part": "list"})["JobNames"]), 5)
        self.assertEqual(len(GLUE.list_jobs(Tags={"part": "list", "even": "0"})["JobNames"]), 3)
        self.refused("ValidationException", GLUE.list_jobs, status=400, MaxResults=0)

    def test_several_at_once(self):
        one, two = self.job(), self.job()
        answer = GLUE.batch_get_jobs(JobNames=[two, "no-such-job", one])
        self.assertEqual([job["Name"] for job in answer["Jobs"]], [two, one])
        self.assertEqual(answer["JobsNotFound"], ["no-such-job"])

    def test_no_runs_and_no_bookmark_at_first(self):
        name = self.job()
        self.assertEqual(GLUE.get_job_runs(JobName=name)["JobRuns"], [])
        self.refused("EntityNotFoundException", GLUE.get_job_run, status=400, JobName=name, RunId="jr_none")
        for operation in (GLUE.get_job_bookmark, GLUE.reset_job_bookmark):
            message = f"Continuation for job {name} not found."
            self.refused("EntityNotFoundException", operation, status=400, message=message, JobName=name)
        stopped = GLUE.batch_stop_job_run(JobName=name, JobRunIds=["jr_none"])
        self.assertEqual(stopped["SuccessfulSubmissions"], [])
        self.assertEqual(stopped["Errors"][0]["ErrorDetail"]["ErrorCode"], "EntityNotFoundException")


class Refusals(Case):
    def create(self, **changes):
        return GLUE.create_job(Name=fresh("job"), **definition(**changes))

    def not_built(self, names, **changes):
        answer = self.refused("NotImplemented", self.create, status=501, **changes)
        self.assertIn(names, answer["Error"]["Message"])

    def invalid(self, code="InvalidInputException", **changes):
        return self.refused(code, self.create, status=400, **changes)

    def test_versions_and_kinds_that_do_not_run(self):
        for version in ("0.9", "1.0", "2.0", "3.0", "6.0"):
            self.not_built(version, GlueVersion=version)
        for kind in ("pythonshell", "gluestreaming", "glueray"):
            self.not_built(kind, Command={**COMMAND, "Name": kind})
        self.not_built("2", Command={**COMMAND, "PythonVersion": "2"})
        self.not_built("scala", DefaultArguments={"--job-language": "scala"})
        self.not_built("Z.2X", WorkerType="Z.2X", NumberOfWorkers=2)

    def test_versions_that_do(self):
        for version in ("4.0", "5.0", "5.1"):
            name = self.create(GlueVersion=version)["Name"]
            self.assertEqual(GLUE.get_job(JobName=name)["Job"]["GlueVersion"], version)

    def test_what_makes_no_sense(self):
        self.invalid("ValidationException", Role=None)
        self.invalid("ValidationException", Command=None)
        self.invalid(Role="")
        self.invalid(Command={"Name": "glueetl"})
        self.invalid(Command={"Name": "spark", "ScriptLocation": "s3://b/k"})
        for place in ("/tmp/job.py", "https://b/k", "s3://b", "s3://b/", "s3:///k"):
            self.invalid(Command={**COMMAND, "ScriptLocation": place})
        self.invalid(Timeout=10_081)
        self.invalid(NumberOfWorkers=1, WorkerType="G.1X")
        self.invalid(MaxCapacity=2.5)
        self.invalid(MaxCapacity=4.0, WorkerType="G.1X")
        self.invalid(WorkerType="G.025X", NumberOfWorkers=2)
        self.invalid("ValidationException", Timeout=0)

    def test_arguments_that_glue_consumes(self):
        for name, value in {
            "--extra-py-files": "s3://b/x.zip",
            "--additional-python-modules": "numpy",
            "--extra-jars": "s3://b/x.jar",
            "--datalake-formats": "iceberg",
            "--enable-auto-scaling": "true",
        }.items():
            self.not_built(name, DefaultArguments={name: value})
            self.not_built(name, NonOverridableArguments={name: value})
        self.invalid(DefaultArguments={"--job-bookmark-option": "enable"})
        self.invalid(DefaultArguments={"--JOB_NAME": "x"})

    def test_what_a_pasted_call_carries(self):
        self.create(
            MaxRetries=0,
            ExecutionClass="STANDARD",
            JobMode="SCRIPT",
            JobRunQueuingEnabled=False,
            DefaultArguments={
                "--enable-metrics": "",
                "--enable-spark-ui": "true",
                "--spark-event-logs-path": "s3://b/logs/",
                "--enable-continuous-cloudwatch-log": "true",
                "--enable-job-insights": "false",
                "--enable-auto-scaling": "false",
                "--job-language": "python",
                "--TempDir": "s3://b/tmp/",
            },
        )

    def test_members_that_ask_for_what_is_not_built(self):
        for name, value in {
            "MaxRetries": 1,
            "Connections": {"Connections": ["c"]},
            "NotificationProperty": {"NotifyDelayAfter": 1},
            "SecurityConfiguration": "s",
            "ExecutionClass": "FLEX",
            "SourceControlDetails": {"Provider": "GITHUB"},
            "MaintenanceWindow": "Sun:10",
            "JobRunQueuingEnabled": True,
            "CodeGenConfigurationNodes": {"n": {"DropFields": {"Name": "n", "Inputs": ["m"], "Paths": [["a"]]}}},
        }.items():
            with self.subTest(name):
                self.not_built(name, **{name: value})

    def test_whole_operations(self):
        for call, arguments in [
            (GLUE.create_trigger, {"Name": "t", "Type": "ON_DEMAND", "Actions": [{}]}),
            (GLUE.create_workflow, {"Name": "w"}),
        ]:
            answer = self.refused("NotImplemented", call, status=501, **arguments)
            self.assertRegex(answer["Error"]["Message"], "glue Create(Trigger|Workflow)")

    def test_all_that_is_wrong_is_named(self):
        answer = self.refused("ValidationException", GLUE.create_job, status=400, Name="")
        self.assertRegex(answer["Error"]["Message"], r"^3 validation errors detected: .*'role'.*'command'.*|.*'name'")


class Runs(Case):
    """Of jobs, on a machine that has no Spark."""

    def test_a_run_ends_with_the_reason_why_it_could_not_begin(self):
        job = fresh("norole")
        GLUE.create_job(Name=job, **definition(Role="no-such-role"))
        run = GLUE.start_job_run(JobName=job, Arguments={"--a": "1"})["JobRunId"]
        self.assertRegex(run, "^jr_[0-9a-f]{64}$")
        ended = self.ended(job, run)
        words = f"Role arn:aws:iam::{ACCOUNT}:role/no-such-role should be given assume role permissions for Glue Service."
        self.assertEqual((ended["JobRunState"], ended["ErrorMessage"]), ("FAILED", words))
        self.assertEqual((ended["Arguments"], ended["Attempt"], ended["ExecutionTime"]), ({"--a": "1"}, 0, 0))
        self.assertEqual([one["Id"] for one in GLUE.get_job_runs(JobName=job)["JobRuns"]], [run])
        stopped = GLUE.batch_stop_job_run(JobName=job, JobRunIds=[run])
        self.assertEqual(stopped["Errors"][0]["JobRunId"], run)

    def test_a_run_without_spark_says_what_is_missing(self):
        bucket, job, role = fresh(), fresh("job"), fresh("role")
        s3 = client("s3")
        s3.create_bucket(Bucket=bucket)
        s3.put_object(Bucket=bucket, Key="job.py", Body=b"print('never')")
        client("iam").create_role(RoleName=role, AssumeRolePolicyDocument=TRUST)
        GLUE.create_job(Name=job, Role=role, Command={**COMMAND, "ScriptLocation": f"s3://{bucket}/job.py"})
        ended = self.ended(job, GLUE.start_job_run(JobName=job)["JobRunId"])
        self.assertEqual(ended["JobRunState"], "FAILED")
        self.assertIn("Spark runtime is not installed", ended["ErrorMessage"])
        self.assertIn("labrun runtimes install", ended["ErrorMessage"])

    def test_arguments_and_members_are_checked_at_the_start(self):
        job = fresh("job")
        GLUE.create_job(Name=job, **definition(Role="no-such-role"))
        self.refused("NotImplemented", GLUE.start_job_run, status=501, JobName=job, Arguments={"--extra-jars": "s3://b/x.jar"})
        self.refused("NotImplemented", GLUE.start_job_run, status=501, JobName=job, ExecutionClass="FLEX")
        self.refused("InvalidInputException", GLUE.start_job_run, status=400, JobName=job, WorkerType="G.1X", NumberOfWorkers=1)
        self.refused("EntityNotFoundException", GLUE.start_job_run, status=400, JobName=job, JobRunId="jr_none")
        self.assertEqual(GLUE.get_job_runs(JobName=job)["JobRuns"], [])

    def ended(self, job, run):
        for _ in range(600):
            shown = GLUE.get_job_run(JobName=job, RunId=run)["JobRun"]
            if shown["JobRunState"] not in ("STARTING", "RUNNING", "STOPPING"):
                return shown
            time.sleep(0.05)
        self.fail(f"{run} never ended")
