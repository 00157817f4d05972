"""The driver's parts that need no JVM: how a script ends, the line to the emulator, the command line, the checked-in jar."""
import hashlib
import io
import json
import os
import socket
import subprocess
import sys
import tempfile
import unittest
from contextlib import redirect_stderr

import found
from labrun_spark import java, refuse, script


class Ending(unittest.TestCase):
    def end(self, text):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "job.py")
            with open(path, "w") as out:
                out.write(text)
            before = sys.argv, list(sys.path)
            try:
                with redirect_stderr(io.StringIO()):
                    return script.execute(path, ["--JOB_NAME", "orders"])
            finally:
                sys.argv, sys.path[:] = before

    def test_success(self):
        for text in ("x = 1", "import sys; sys.exit(0)", "import sys; sys.exit()", "assert __name__ == '__main__'", "import sys; assert sys.argv[1:] == ['--JOB_NAME', 'orders']"):
            self.assertIsNone(self.end(text), text)

    def test_the_last_error_as_glue_shows_it(self):
        self.assertEqual(self.end("raise ValueError('no orders')")[0], "ValueError: no orders")
        self.assertEqual(self.end("import sys; sys.exit(1)")[0], "SystemExit: 1")
        self.assertEqual(self.end("import sys; sys.exit('stop')")[0], "SystemExit: stop")
        self.assertEqual(self.end("raise KeyError")[0], "KeyError")
        self.assertRegex(self.end("\n\nx = = 3")[0], r"^SyntaxError: invalid syntax \(job\.py, line 3\)$")

    def test_the_trace_begins_in_the_script(self):
        trace = self.end("def f():\n    raise ValueError('no orders')\nf()\n")[1]
        self.assertEqual([line.split(",")[1] for line in trace.splitlines() if line.startswith("  File")], [" line 3", " line 2"])
        self.assertNotIn("runpy", trace)
        self.assertNotIn("labrun_spark", trace)


class Line(unittest.TestCase):
    def test_the_socket_leaves_fd_0(self):
        ours, theirs = socket.socketpair()
        program = "\n".join([
            "import sys; sys.path.insert(0, %r)" % str(found.RUNTIMES / "spark/python"), "from labrun_spark.control import Control", "line = Control()",
            "line.tell(event='ready')", "run = line.run()", "line.tell(event='got', run=run, stdin=sys.stdin.read())",
        ])
        with ours, subprocess.Popen([sys.executable, "-c", program], stdin=theirs) as child:
            theirs.close()
            with ours.makefile("rwb") as talk:
                self.assertEqual(json.loads(talk.readline()), {"event": "ready"})
                talk.write(b'{"script":"job.py"}\n')
                talk.flush()
                self.assertEqual(json.loads(talk.readline()), {"event": "got", "run": {"script": "job.py"}, "stdin": ""})
            self.assertEqual(child.wait(), 0)


class Command(unittest.TestCase):
    def test_the_heap_follows_the_worker_type_and_the_limit(self):
        self.assertLess(java.heap_mb("G.1X"), java.heap_mb("G.2X"))
        self.assertEqual(java.heap_mb("G.8X", 1500), 1500)
        self.assertEqual(java.heap_mb("G.1X", 100), 512)

    def test_formats_whose_jars_are_missing(self):
        for name in ("avro", "XML", "jdbc", "delta", "iceberg", "hudi", "kafka", "kinesis"):
            with self.assertRaisesRegex(NotImplementedError, name.lower()):
                refuse.check_format(name)
        for name in ("csv", "json", "parquet", "orc", "text", None):
            refuse.check_format(name)

    def test_the_jar_is_as_fresh_as_its_sources(self):
        done = subprocess.run([sys.executable, str(found.RUNTIMES / "spark/build.py"), "--check"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_every_locked_file_has_a_hash_and_no_host_is_named(self):
        for name in ("build", "spark", "learner"):
            text = (found.RUNTIMES / f"{name}.lock").read_text()
            self.assertNotIn("://", text)
            for block in text.replace("\\\n", " ").splitlines():
                if block.strip() and not block.startswith("#"):
                    self.assertIn("--hash=sha256:", block)
        self.assertEqual(len(hashlib.sha256().hexdigest()), 64)


if __name__ == "__main__":
    unittest.main()
