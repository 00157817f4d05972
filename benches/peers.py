"""The emulator beside moto's server and MiniStack: first answer, idle memory, server CPU per call. Prints a table; judges nothing.

Run with a Python that has moto[server], ministack[full] and boto3; `labrun` on PATH. Servers listen on loopback and are ended after.
"""
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

import boto3
from botocore.config import Config

CALLS = 1000
BOOTS = 5
TICK = os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """One emulator under test: how it is started, and with which keys it is called."""

    key, secret = "test", "test"

    def __init__(self, name, command, environment=None):
        self.name, self.command, self.environment = name, command, environment or {}

    def start(self):
        self.port = free_port()
        clean = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")}
        line = [part.replace("PORT", str(self.port)) for part in self.command]
        extra = {k: v.replace("PORT", str(self.port)) for k, v in self.environment.items()}
        began = time.perf_counter()
        self.process = subprocess.Popen(line, env={**clean, **extra}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while not self.answers():
            if self.process.poll() is not None:
                sys.exit(f"{self.name} ended while starting")
            time.sleep(0.004)
        return time.perf_counter() - began

    def answers(self):
        """A ListBuckets in raw HTTP, so that no client's import is timed."""
        scope = "20260101/us-east-1/s3/aws4_request"
        headers = {"Authorization": f"AWS4-HMAC-SHA256 Credential=test/{scope}, SignedHeaders=host, Signature=0", "x-amz-date": "20260101T000000Z"}
        try:
            with urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{self.port}/", headers=headers), timeout=1) as answer:
                return b"ListAllMyBucketsResult" in answer.read()
        except OSError:
            return False

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()

    def client(self, service):
        config = Config(s3={"addressing_style": "path"}, retries={"max_attempts": 1}, inject_host_prefix=False)
        return boto3.client(service, endpoint_url=f"http://127.0.0.1:{self.port}", region_name="us-east-1", aws_access_key_id=self.key,
                            aws_secret_access_key=self.secret, config=config)

    def cpu(self):
        with open(f"/proc/{self.process.pid}/stat") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    def memory_mb(self):
        with open(f"/proc/{self.process.pid}/status") as status:
            return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS"))


class Labrun(Server):
    """Ours, with keys of a session: every signature is verified."""

    def __init__(self):
        self.home = tempfile.mkdtemp(prefix="labrun-bench-")
        super().__init__("labrun", [shutil.which("labrun") or "labrun", "cloud", "serve", "--port", "PORT"], {"LABRUN_HOME": self.home})

    def session(self):
        with open(f"{self.home}/emulator.json") as about:
            token = json.load(about)["token"]
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/_labrun/sandboxes", method="POST", data=b'{"id":"bench"}', headers={"authorization": f"Bearer {token}"})
        made = json.load(urllib.request.urlopen(request))
        self.key, self.secret = made["access_key_id"], made["secret_access_key"]


def per_call(server, call):
    for _ in range(20):
        call()
    began, cpu = time.perf_counter(), server.cpu()
    for _ in range(CALLS):
        call()
    return (server.cpu() - cpu) / CALLS * 1e6, CALLS / (time.perf_counter() - began)


def measure(server):
    boots = []
    for _ in range(BOOTS):
        boots.append(server.start())
        idle = server.memory_mb()
        server.stop()
    server.start()
    if isinstance(server, Labrun):
        server.session()
    s3, glue, body = server.client("s3"), server.client("glue"), b"x" * 1024
    s3.create_bucket(Bucket="bench-bucket")
    s3.put_object(Bucket="bench-bucket", Key="k", Body=body)
    glue.create_job(Name="j", Role="arn:aws:iam::123456789012:role/r", Command={"Name": "glueetl", "ScriptLocation": "s3://bench-bucket/x.py"})
    rows = {"boot ms": statistics.median(boots) * 1000, "idle MB": idle}
    for name, call in {
        "PutObject": lambda: s3.put_object(Bucket="bench-bucket", Key="k", Body=body),
        "GetObject": lambda: s3.get_object(Bucket="bench-bucket", Key="k")["Body"].read(),
        "GetJob": lambda: glue.get_job(JobName="j"),
    }.items():
        rows[f"{name} us"], rows[f"{name}/s"] = per_call(server, call)
    server.stop()
    return rows


def main():
    here = os.path.dirname(sys.executable)
    servers = [
        Labrun(),
        Server("moto", [f"{here}/moto_server", "-H", "127.0.0.1", "-p", "PORT"]),
        Server("MiniStack", [f"{here}/hypercorn", "-w", "0", "--bind", "127.0.0.1:PORT", "ministack.app:app"],
               {"GATEWAY_PORT": "PORT", "IOT_MTLS_ENABLED": "0", "SFTP_ENABLED": "0", "AWS_ENDPOINT_URL": "http://127.0.0.1:PORT"}),
    ]
    found = {server.name: measure(server) for server in servers}
    print(f"load {os.getloadavg()[0]:.1f}; us: server CPU per call; /s: calls of one boto3 client")
    print(f"{'':12}" + "".join(f"{name:>12}" for name in found))
    for row in next(iter(found.values())):
        print(f"{row:12}" + "".join(f"{rows[row]:12.1f}" for rows in found.values()))


if __name__ == "__main__":
    main()
