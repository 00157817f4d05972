#!/usr/bin/env bash
# The whole lab with the AWS CLI, as one would do it by hand. Run it in `labrun shell`, in the lab's folder.
set -euo pipefail

# Runs the job and waits for its end.
run() {
  local id state
  id=$(aws glue start-job-run --job-name "$JOB" --query JobRunId --output text)
  while true; do
    state=$(aws glue get-job-run --job-name "$JOB" --run-id "$id" --query JobRun.JobRunState --output text)
    case $state in
      SUCCEEDED) return ;;
      STARTING | RUNNING | STOPPING | WAITING) sleep 0.5 ;;
      *) echo "$id: $state" >&2; return 1 ;;
    esac
  done
}

# 1. See the double count.
run
aws s3 cp orders/2026-03-03.json "$SOURCE"
run

# 2. Remember what was read. UpdateJob resets what it is not sent, so all of the definition is sent.
aws glue update-job --job-name "$JOB" --job-update "{
  \"Role\": \"$ROLE_ARN\", \"GlueVersion\": \"4.0\", \"WorkerType\": \"G.1X\", \"NumberOfWorkers\": 2, \"Timeout\": 10,
  \"Command\": {\"Name\": \"glueetl\", \"PythonVersion\": \"3\", \"ScriptLocation\": \"$SCRIPT\"},
  \"DefaultArguments\": {\"--source\": \"$SOURCE\", \"--target\": \"s3://$BUCKET/clean/\",
                         \"--job-bookmark-option\": \"job-bookmark-enable\"}}"

# 3. Name it and commit it.
awk '{ print } /format="json",/ && !named { print "    transformation_ctx=\"orders\","; named = 1 } END { print "job.commit()" }' job.py > new.py
mv new.py job.py
aws s3 cp job.py "$SCRIPT"
run
run

# 4. Prove it on a new day.
aws s3 cp orders/2026-03-04.json "$SOURCE"
run
