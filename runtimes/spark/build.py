"""Builds labrun-spark.jar from src/, byte for byte the same each time (sorted entries, one fixed date, no compression level of the day).

    python build.py [--check] [--jars FOLDER]

Needs a JDK's `javac` (17 or newer) and pyspark's jars: of the Python that runs this, or of --jars. `--check` builds nothing: it only says
whether the checked-in jar was built from the checked-in sources. What the jar does is told in README.md.
"""
import argparse
import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
JAR = HERE / "labrun-spark.jar"
RECORD = HERE / "labrun-spark.jar.sources"
MANIFEST = "Manifest-Version: 1.0\r\nAutomatic-Module-Name: run.labrun.spark\r\n\r\n"


def sources():
    return sorted((HERE / "src").rglob("*.java"))


def fingerprint():
    """One SHA-256 over names and bytes of all sources, in order."""
    total = hashlib.sha256()
    for path in sources():
        total.update(path.relative_to(HERE).as_posix().encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def pyspark_jars():
    import importlib.util

    found = importlib.util.find_spec("pyspark")
    if found is None:
        sys.exit("pyspark isn't installed for this Python; name its jars with --jars")
    return Path(found.origin).parent / "jars"


def compile_into(folder, jars):
    command = ["javac", "--release", "17", "-proc:none", "-nowarn", "-g:lines,source", "-encoding", "UTF-8"]
    command += ["-cp", f"{jars}/*", "-d", str(folder)] + [str(path) for path in sources()]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)


def pack(folder):
    with zipfile.ZipFile(JAR, "w", zipfile.ZIP_STORED) as jar:
        entries = [("META-INF/MANIFEST.MF", MANIFEST.encode())]
        entries += [(p.relative_to(folder).as_posix(), p.read_bytes()) for p in sorted(folder.rglob("*.class"))]
        for name, data in entries:
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            jar.writestr(entry, data)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--jars", type=Path)
    wanted = parser.parse_args()
    if wanted.check:
        said = RECORD.read_text().split() if RECORD.exists() else ["", ""]
        fresh = JAR.exists() and said == [fingerprint(), hashlib.sha256(JAR.read_bytes()).hexdigest()]
        sys.exit(None if fresh else "labrun-spark.jar is older than its sources: run build.py")
    with tempfile.TemporaryDirectory() as folder:
        compile_into(Path(folder), wanted.jars or pyspark_jars())
        pack(Path(folder))
    RECORD.write_text(f"{fingerprint()}\n{hashlib.sha256(JAR.read_bytes()).hexdigest()}\n")


if __name__ == "__main__":
    main()
