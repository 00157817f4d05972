"""Boots the session: settings, JVM, context. What the script later sees of it is decided in `adopt`."""
import os
import sys
from pathlib import Path

from . import java

CORES = 2


def settings(folder, worker_type):
    small = java.heap_mb(worker_type) <= 1024
    file_system = "run.labrun.spark.S3FileSystem"
    return {
        "spark.master": f"local[{CORES}]",
        "spark.app.name": "glue",
        "spark.submit.deployMode": "client",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.warehouse.dir": f"{folder}/tmp/warehouse",
        "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.extensions": "run.labrun.spark.Extensions",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "4" if small else "16",
        "spark.python.daemon.module": "labrun_spark.worker",
        "spark.python.authenticate.socketTimeout": "60s",
        "spark.executor.processTreeMetrics.enabled": "false",
        "spark.metrics.staticSources.enabled": "false",
        "spark.hadoop.fs.s3.impl": file_system,
        "spark.hadoop.fs.s3a.impl": file_system,
        "spark.hadoop.fs.s3n.impl": file_system,
        "spark.hadoop.hadoop.tmp.dir": f"{folder}/tmp",
    }


def prepare(folder):
    """The environment of everything that follows, JVM and Python workers included."""
    (Path(folder) / "tmp").mkdir(exist_ok=True)
    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    os.environ["SPARK_LOCAL_DIRS"] = f"{folder}/tmp"
    os.environ["SPARK_USER"] = os.environ["HADOOP_USER_NAME"] = "glue"
    os.environ["LABRUN_RUN_FOLDER"] = str(folder)
    for name in ("SPARK_HOME", "SPARK_CONF_DIR", "JAVA_HOME", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "SPARK_REMOTE", "PYSPARK_SUBMIT_ARGS"):
        os.environ.pop(name, None)


def session(child, told):
    """The booted SparkSession on a JVM that `java.start` started."""
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

    port, secret = java.connection(child, told)
    os.environ["PYSPARK_GATEWAY_PORT"] = str(port)
    os.environ["PYSPARK_GATEWAY_SECRET"] = secret
    try:
        SparkContext._ensure_initialized()
        _be_glue(SparkContext._jvm)
        context = SparkContext()
    finally:
        del os.environ["PYSPARK_GATEWAY_PORT"], os.environ["PYSPARK_GATEWAY_SECRET"]
    return SparkSession(context)


def _be_glue(jvm):
    """Hadoop would ask the system's password file for a name; a contained uid may have none there."""
    users = jvm.org.apache.hadoop.security.UserGroupInformation
    users.setLoginUser(users.createRemoteUser("glue"))
