"""The whole lab with boto3, as one would do it by hand. Run it in `labrun shell`, in the lab's folder."""

import os
import time

import boto3

BUCKET, JOB, SOURCE = os.environ["BUCKET"], os.environ["JOB"], os.environ["SOURCE"]
TARGET = f"s3://{BUCKET}/clean/"
glue, s3 = boto3.client("glue"), boto3.client("s3")


def run():
    """Runs the job and waits for its end."""
    run_id = glue.start_job_run(JobName=JOB)["JobRunId"]
    while True:
        state = glue.get_job_run(JobName=JOB, RunId=run_id)["JobRun"]
        if state["JobRunState"] == "SUCCEEDED":
            return
        if state["JobRunState"] not in ("STARTING", "RUNNING", "STOPPING", "WAITING"):
            raise SystemExit(f"{run_id}: {state['JobRunState']}: {state.get('ErrorMessage')}")
        time.sleep(0.5)


# 1. See the double count.
run()
s3.upload_file("orders/2026-03-03.json", BUCKET, "raw/2026-03-03.json")
run()

# 2. Remember what was read. UpdateJob resets what it is not sent: read the definition, change it, send all of it.
definition = glue.get_job(JobName=JOB)["Job"]
members = ("Role", "Command", "DefaultArguments", "MaxRetries", "Timeout", "GlueVersion", "WorkerType", "NumberOfWorkers")
update = {name: definition[name] for name in members}
update["DefaultArguments"] |= {"--job-bookmark-option": "job-bookmark-enable", "--target": TARGET}
glue.update_job(JobName=JOB, JobUpdate=update)

# 3. Name it and commit it.
with open("job.py") as file:
    script = file.read()
script = script.replace('format="json",\n)\nprint', 'format="json",\n    transformation_ctx="orders",\n)\nprint')
with open("job.py", "w") as file:
    file.write(script + "job.commit()\n")
s3.upload_file("job.py", BUCKET, "scripts/job.py")
run()
run()

# 4. Prove it on a new day.
s3.upload_file("orders/2026-03-04.json", BUCKET, "raw/2026-03-04.json")
run()
