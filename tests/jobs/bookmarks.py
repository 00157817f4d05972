"""Job bookmarks by what runs read: only `job.commit()` moves them, by modification time, for each `transformation_ctx`."""

import json

from support.jobs import JobCase

# Reads what is new and writes it below a prefix of the run's own; tells what it read.
SCRIPT = """
job = Job(glue); job.init(args["JOB_NAME"], args)
asked = getResolvedOptions(sys.argv, ["how", "ctx", "JOB_RUN_ID"])
orders = glue.create_dynamic_frame.from_options(
    connection_type="s3", connection_options={"paths": [f"s3://{bucket}/%(source)s/"], "recurse": True}, format="%(format)s",
    %(options)s transformation_ctx=asked["ctx"])
ids = sorted(row["id"] for row in orders.toDF().collect()) if orders.count() else []
glue.write_dynamic_frame.from_options(frame=orders, connection_type="s3", format="json",
    connection_options={"path": f"s3://{bucket}/out/{asked['JOB_RUN_ID']}/"}, transformation_ctx="sink")
if asked["how"] == "late":
    s3.put_object(Bucket=bucket, Key="%(source)s/late.json", Body=b'{"id": 99}')
import json
say("read/" + asked["JOB_RUN_ID"], json.dumps(ids))
if asked["how"] == "fail": raise RuntimeError("before commit")
if asked["how"] != "forget": job.commit()
"""
ENABLED = {"--job-bookmark-option": "job-bookmark-enable"}


class Bookmarks(JobCase):
    def made(self, source, format="json", options="", **arguments):
        script = SCRIPT % {"source": source, "format": format, "options": options}
        return self.job(script, DefaultArguments={**ENABLED, "--how": "plain", "--ctx": "orders", **arguments})

    def read(self, job, state="SUCCEEDED", **arguments):
        """Runs the job; gives the run and the ids that it read."""
        run = self.ran(job, state, Arguments={f"--{name.replace('_', '-')}": value for name, value in arguments.items()})
        return run["Id"], json.loads(self.text(f"read/{run['Id']}"))

    def file(self, source, name, *ids):
        self.put(f"{source}/{name}", "\n".join(json.dumps({"id": number}) for number in ids) + "\n")

    def test_the_whole_story(self):
        job = self.made("story")
        self.file("story", "1.json", 1, 2)
        self.file("story", "deep/2.json", 3)
        # What is not committed is read again.
        self.assertEqual(self.read(job, how="forget")[1], [1, 2, 3])
        self.assertEqual(self.read(job, "FAILED", how="fail")[1], [1, 2, 3])
        self.refused("EntityNotFoundException", self.glue.get_job_bookmark, JobName=job)
        first, ids = self.read(job)
        self.assertEqual(ids, [1, 2, 3])
        entry = self.glue.get_job_bookmark(JobName=job)["JobBookmarkEntry"]
        self.assertEqual((entry["JobName"], entry["RunId"], entry["Version"]), (job, first, 1))
        # Nothing new: an empty frame, no file, SUCCEEDED.
        second, ids = self.read(job)
        self.assertEqual((ids, self.objects(f"out/{second}")), ([], []))
        self.assertEqual(sorted(row["id"] for row in self.rows(f"out/{first}")), [1, 2, 3])
        # A new file and one that was written again; another that comes while the run is under way is read by the next.
        self.file("story", "1.json", 1, 22)
        self.file("story", "3.json", 4)
        third, ids = self.read(job, how="late")
        self.assertEqual(ids, [1, 4, 22])
        self.assertEqual(self.read(job)[1], [99])
        # Paused: from the bookmark on, which does not move; between two runs, if they are named; disabled: everything.
        self.file("story", "5.json", 5)
        for _ in range(2):
            self.assertEqual(self.read(job, job_bookmark_option="job-bookmark-pause")[1], [5])
        between = {"job_bookmark_from": second, "job_bookmark_to": third}
        self.assertEqual(self.read(job, job_bookmark_option="job-bookmark-pause", **between)[1], [1, 4, 22])
        self.assertEqual(self.read(job, job_bookmark_option="job-bookmark-disable")[1], [1, 3, 4, 5, 22, 99])
        self.assertEqual(self.read(job)[1], [5])
        # Reset to a run: what came after it is new again. Reset: everything is.
        self.glue.reset_job_bookmark(JobName=job, RunId=first)
        self.assertEqual(self.read(job)[1], [1, 4, 5, 22, 99])
        self.glue.reset_job_bookmark(JobName=job)
        self.assertEqual(self.read(job)[1], [1, 3, 4, 5, 22, 99])
        # Another name is another bookmark.
        self.assertEqual(self.read(job, ctx="renamed")[1], [1, 3, 4, 5, 22, 99])

    def test_csv_with_partitions(self):
        job = self.made("csv", "csv", 'format_options={"withHeader": True},')
        self.put("csv/day=1/a.csv", "id,name\n1,a\n")
        self.assertEqual(self.read(job)[1], ["1"])
        self.put("csv/day=2/b.csv", "id,name\n2,b\n")
        run, ids = self.read(job)
        self.assertEqual(ids, ["2"])
        self.assertEqual(self.rows(f"out/{run}"), [{"id": "2", "name": "b", "day": "2"}])

    def test_a_job_that_is_made_again_has_forgotten(self):
        job = self.made("again")
        self.file("again", "1.json", 1)
        self.assertEqual(self.read(job)[1], [1])
        made = self.glue.get_job(JobName=job)["Job"]
        self.glue.delete_job(JobName=job)
        self.glue.create_job(Name=job, Role=made["Role"], Command=made["Command"], DefaultArguments=made["DefaultArguments"], GlueVersion="5.0")
        self.assertEqual(self.read(job)[1], [1])
