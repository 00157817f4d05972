"""Both ways, then side by side: the same script on plain Spark over a folder, and as a Glue job over s3://.

    compare.py plain INPUT OUTPUT [NAME…]      runs the scripts in one plain Spark process; OUTPUT/NAME is what each wrote, OUTPUT/NAME.json how it ended
    compare.py check OUTPUT NAME ENDED --bucket B --prefix P [--endpoint URL]
                                               what the job NAME wrote to s3://B/P, read back through boto3, against OUTPUT/NAME; ENDED is a JSON file
                                               {"status", "error_message", "stdout"} of the run. Prints every difference; exit code 1 if there is one.
    compare.py names [--all]                   the scripts, the two heavy ones only with --all

Both sides are read by pyarrow here, not by Spark. Names are compared without the random part, rows as a bag, schemas exactly. Where a
script prints, its output counts too (paths made alike). The scripts' own contract: `--INPUT` and `--OUTPUT` among the arguments.
"""
import argparse
import bz2
import contextlib
import gzip
import io
import json
import os
import re
import runpy
import sys
import tempfile
from collections import Counter
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parent / "scripts"
HEAVY = ("big_file", "big_out")
RANDOM = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
SETTINGS = {"spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "4", "spark.sql.session.timeZone": "UTC", "spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"}


def names(everything):
    return [path.stem for path in sorted(SCRIPTS.glob("*.py")) if everything or path.stem not in HEAVY]


# --- the plain side


def plain(source, target, wanted):
    """One Spark for all: each script gets a new session of it, with fresh settings and views."""
    import pyspark.sql

    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    builder = pyspark.sql.SparkSession.builder.master("local[2]")
    for name, value in SETTINGS.items():
        builder = builder.config(name, value)
    first = builder.getOrCreate()
    for name in wanted:
        session = first.newSession()
        pyspark.sql.SparkSession._instantiatedSession = session
        session._jvm.SparkSession.setDefaultSession(session._jsparkSession)
        session._jvm.SparkSession.setActiveSession(session._jsparkSession)
        ended = run_plain(name, source, target)
        for view in ("people", "events"):
            session.catalog.dropGlobalTempView(view)
        session.catalog.clearCache()
        (target / f"{name}.json").write_text(json.dumps(ended, ensure_ascii=False, indent=1))
        print(f"{name}: {ended['status']}", flush=True)
    first.stop()


def run_plain(name, source, target):
    said, path = io.StringIO(), SCRIPTS / f"{name}.py"
    before = list(sys.argv)
    sys.argv = [str(path), "--JOB_NAME", name, "--INPUT", source.absolute().as_uri(), "--OUTPUT", (target / name).absolute().as_uri()]
    ended = {"status": "SUCCEEDED", "error_message": ""}
    try:
        with contextlib.redirect_stdout(said):
            runpy.run_path(str(path), run_name="__main__")
    except Exception as error:
        ended = {"status": "FAILED", "error_message": f"{type(error).__name__}: {str(error).strip()}"}
    finally:
        sys.argv = before
    return {**ended, "stdout": said.getvalue(), "input": source.absolute().as_uri(), "output": (target / name).absolute().as_uri()}


# --- reading back


def kind(name):
    for ending in (".parquet", ".orc"):
        if name.endswith(ending):
            return ending[1:]
    return "lines"


def rows(name, data):
    """(schema, rows) of a file; for text formats the rows are its lines."""
    if kind(name) == "lines":
        data = gzip.decompress(data) if name.endswith(".gz") else bz2.decompress(data) if name.endswith(".bz2") else data
        return None, data.splitlines()
    import pyarrow as pa

    if kind(name) == "parquet":
        import pyarrow.parquet

        table = pyarrow.parquet.ParquetFile(pa.BufferReader(data)).read()
    else:
        import pyarrow.orc

        table = pyarrow.orc.ORCFile(pa.BufferReader(data)).read()
    columns = [column.to_pylist() for column in table.columns]
    return repr((table.schema.remove_metadata(), (table.schema.metadata or {}).get(b"org.apache.spark.sql.parquet.row.metadata"))), [repr(row) for row in zip(*columns)]


def gathered(files):
    """By folder: names without their random part, schemas, and a bag of rows. `files` yields (relative name, bytes)."""
    folders = {}
    for name, data in files:
        folder, _, file = name.rpartition("/")
        one = folders.setdefault(folder, {"names": [], "schemas": Counter(), "rows": Counter()})
        one["names"].append(RANDOM.sub("UUID", file))
        schema, found = rows(file, data)
        binary = file.startswith("part-") and b"SEQ\x06" == data[:4]
        one["schemas"][schema] += 1
        one["rows"].update(["sequence file"] if binary else found)
    return folders


def local_files(folder):
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.endswith(".crc"):
            yield path.relative_to(folder).as_posix(), path.read_bytes()


def bucket_files(s3, bucket, prefix):
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix.rstrip("/") + "/"):
        for item in page.get("Contents", []):
            yield item["Key"][len(prefix.rstrip("/")) + 1:], s3.get_object(Bucket=bucket, Key=item["Key"])["Body"].read()


# --- side by side


def differences(ours, theirs):
    """What the bucket has and the folder hasn't, and the other way round."""
    found = []
    for folder in sorted(set(ours) | set(theirs)):
        if folder not in ours or folder not in theirs:
            found.append(f"{folder or '.'}: only {'in the bucket' if folder in ours else 'in the folder'}")
            continue
        mine, other = ours[folder], theirs[folder]
        for what in ("names", "schemas", "rows"):
            one, two = Counter(mine[what]), Counter(other[what])
            if one != two:
                found.append(f"{folder or '.'}: {what} differ; bucket has {list((one - two).items())[:3]}, folder has {list((two - one).items())[:3]}")
    return found


def alike(text, roots):
    """Output and errors without what must differ: where the data lies, object numbers, Python's and Java's stacks."""
    for root, word in roots:
        text = text.replace(root.rstrip("/"), word)
    text = re.sub(r"\bo\d+\.", "oN.", RANDOM.sub("UUID", text))
    return re.sub(r"file:/+", "file:/", text)


def first_line(message):
    """The error's class and first words: what follows (stacks, plans) names lines of files."""
    return re.split(r"[\n;]", message.strip(), maxsplit=1)[0].rstrip(". ")


def same_end(ended, other, roots_ours, roots_theirs):
    found = []
    if ended["status"] != other["status"]:
        found.append(f"the run {ended['status']} ({(ended.get('error_message') or '')[:300]}), plain Spark {other['status']} ({other['error_message'][:300]})")
    said = "\n".join(line for line in ended["stdout"].splitlines() if not line.startswith("labrun: "))
    one, two = alike(said, roots_ours).strip(), alike(other["stdout"], roots_theirs).strip()
    if one != two:
        found.append(f"the output differs:\n--- run\n{one}\n--- plain Spark\n{two}")
    mine, plains = (first_line(alike(text, roots)) for text, roots in ((ended.get("error_message") or "", roots_ours), (other["error_message"], roots_theirs)))
    if mine != plains and not (plains.startswith("Py4JJavaError: ") and mine.split(". ")[0] == plains[len("Py4JJavaError: "):].split(". ")[0].rstrip(".")):
        found.append(f"the error differs: run {mine!r}, plain Spark {plains!r}")
    return found


def check(target, name, ended, bucket, prefix, endpoint, inputs):
    import boto3

    other = json.loads((target / f"{name}.json").read_text())
    roots_ours = [(f"s3://{bucket}/{prefix}", "<OUTPUT>"), (inputs, "<INPUT>")]
    roots_theirs = [(other["output"], "<OUTPUT>"), (other["input"], "<INPUT>"), (other["output"].replace("file://", "file:"), "<OUTPUT>"), (other["input"].replace("file://", "file:"), "<INPUT>")]
    s3 = boto3.client("s3", endpoint_url=endpoint)
    found = same_end(ended, other, roots_ours, roots_theirs)
    return found + differences(gathered(bucket_files(s3, bucket, prefix)), gathered(local_files(target / name)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    verbs = parser.add_subparsers(dest="verb", required=True)
    one = verbs.add_parser("plain")
    one.add_argument("input", type=Path)
    one.add_argument("output", type=Path)
    one.add_argument("names", nargs="*")
    two = verbs.add_parser("check")
    two.add_argument("output", type=Path)
    two.add_argument("name")
    two.add_argument("ended", type=Path)
    for option in ("--bucket", "--prefix", "--endpoint", "--inputs"):
        two.add_argument(option)
    verbs.add_parser("names").add_argument("--all", action="store_true")
    wanted = parser.parse_args()
    if wanted.verb == "names":
        print("\n".join(names(wanted.all)))
    elif wanted.verb == "plain":
        wanted.output.mkdir(parents=True, exist_ok=True)
        plain(wanted.input, wanted.output, wanted.names or names(False))
    else:
        found = check(wanted.output, wanted.name, json.loads(wanted.ended.read_text()), wanted.bucket, wanted.prefix, wanted.endpoint, wanted.inputs or "s3://none")
        print("\n".join(found) or f"{wanted.name}: alike")
        sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
