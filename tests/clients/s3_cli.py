"""S3 as the AWS CLI sees it: `aws s3` and the matching `aws s3api` verbs, files on both sides.

Loading the CLI takes longer than what it does here, so it is loaded once and each call runs in a fork of this process; the program
`aws` itself is started where standard input is the point.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
import traceback
import unittest
import urllib.request

from awscli.clidriver import create_clidriver

from support import client, fresh

AWS = os.environ["LABRUN_TEST_AWS"]
S3 = client("s3")


# Reads no file of the user's: HOME is empty.
DRIVER = create_clidriver()
# How the CLI ends where AWS refuses a call, and where a transfer fails.
REFUSED, FAILED = 255, 1


def aws(*words, code=0):
    """Runs the CLI; gives what it wrote to stdout (stderr where it was to fail)."""
    with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
        child = os.fork()
        if child == 0:
            os._exit(call(words, stdout, stderr))
        ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        out, err = (read(file) for file in (stdout, stderr))
    assert ended == code, (words, ended, out[-500:], err[-500:])
    return err.decode() if code else out


def call(words, stdout, stderr):
    os.dup2(stdout.fileno(), 1)
    os.dup2(stderr.fileno(), 2)
    os.chdir(os.environ["HOME"])
    try:
        return DRIVER.main(list(words))
    except BaseException:
        traceback.print_exc()
        return 99
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


def read(file):
    file.seek(0)
    return file.read()


def piped(*words, content=b""):
    """Runs the program itself."""
    ended = subprocess.run([AWS, *words], input=content, capture_output=True, cwd=os.environ["HOME"])
    assert ended.returncode == 0, (words, ended.returncode, ended.stderr[-500:])
    return ended.stdout


class Case(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.bucket = fresh()
        S3.create_bucket(Bucket=self.bucket)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def url(self, key=""):
        return f"s3://{self.bucket}/{key}"

    def write(self, name, content):
        """A file of a minute ago: S3's dates have no fractions, and `sync` takes a file of the same second for a newer one."""
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content)
        os.utime(path, (time.time() - 60, time.time() - 60))
        return path

    def files(self, folder):
        found = {}
        for place, _, names in os.walk(folder):
            for name in names:
                with open(os.path.join(place, name), "rb") as file:
                    found[os.path.relpath(file.name, folder)] = file.read()
        return found

    def objects(self, prefix=""):
        listed = S3.list_objects_v2(Bucket=self.bucket, Prefix=prefix).get("Contents", [])
        return {one["Key"]: S3.get_object(Bucket=self.bucket, Key=one["Key"])["Body"].read() for one in listed}


class High(Case):
    def test_buckets(self):
        name = fresh()
        self.assertEqual(aws("s3", "mb", f"s3://{name}"), f"make_bucket: {name}\n".encode())
        self.assertIn(name, aws("s3", "ls").decode())
        S3.put_object(Bucket=name, Key="k", Body=b"x")
        self.assertIn("BucketNotEmpty", aws("s3", "rb", f"s3://{name}", code=FAILED))
        aws("s3", "rb", f"s3://{name}", "--force")
        self.assertIn("NoSuchBucket", aws("s3", "ls", f"s3://{name}", code=REFUSED))

    def test_a_file_up_and_down_and_about(self):
        path = self.write("a file.csv", b"id\n1\n")
        aws("s3", "cp", path, self.url("in/"))
        self.assertEqual(S3.head_object(Bucket=self.bucket, Key="in/a file.csv")["ContentType"], "text/csv")
        aws("s3", "cp", self.url("in/a file.csv"), self.url("in/copy"))
        aws("s3", "mv", self.url("in/copy"), self.url("out/moved ü"))
        self.assertEqual(self.objects(), {"in/a file.csv": b"id\n1\n", "out/moved ü": b"id\n1\n"})
        aws("s3", "mv", self.url("out/moved ü"), self.folder + "/back")
        with open(self.folder + "/back", "rb") as file:
            self.assertEqual(file.read(), b"id\n1\n")
        aws("s3", "rm", self.url("in/a file.csv"))
        self.assertEqual(self.objects(), {})
        self.assertIn("404", aws("s3", "cp", self.url("none"), self.folder + "/x", code=FAILED))

    def test_listed(self):
        for key, content in {"day=1/a": b"12345", "day=1/b": b"1", "day=2/a": b"12", "top": b""}.items():
            S3.put_object(Bucket=self.bucket, Key=key, Body=content)
        lines = aws("s3", "ls", self.url()).decode().splitlines()
        self.assertEqual([line.split()[-1] for line in lines], ["day=1/", "day=2/", "top"])
        self.assertTrue(lines[0].strip().startswith("PRE "))
        text = aws("s3", "ls", self.url("day=1/"), "--recursive", "--summarize").decode()
        self.assertRegex(text, r"(?s)5 day=1/a\n.* 1 day=1/b\n.*Total Objects: 2\n\s+Total Size: 6")
        text = aws("s3", "ls", self.url(), "--recursive", "--page-size", "2").decode()
        self.assertEqual(len(text.splitlines()), 4)

    def test_pipes(self):
        content = os.urandom(9 * 1024 * 1024)
        piped("s3", "cp", "-", self.url("piped"), content=content)
        self.assertRegex(S3.head_object(Bucket=self.bucket, Key="piped")["ETag"], r'-2"$')
        self.assertEqual(piped("s3", "cp", self.url("piped"), "-"), content)

    def test_sync_both_ways(self):
        here = os.path.join(self.folder, "here")
        tree = {"a": b"1", "b/c": b"22", "b/ü d": b"333", "skip.log": b"x"}
        for name, content in tree.items():
            self.write(f"here/{name}", content)
        aws("s3", "sync", here, self.url("tree"), "--exclude", "*.log")
        tree.pop("skip.log")
        self.assertEqual(self.objects("tree/"), {f"tree/{name}": content for name, content in tree.items()})
        os.remove(os.path.join(here, "skip.log"))
        self.assertEqual(aws("s3", "sync", here, self.url("tree")), b"")
        self.write("here/a", b"changed")
        os.remove(os.path.join(here, "b/c"))
        said = aws("s3", "sync", here, self.url("tree"), "--delete", "--no-progress").decode()
        self.assertEqual(len(said.splitlines()), 2, said)
        self.assertEqual(self.objects("tree/"), {"tree/a": b"changed", "tree/b/ü d": b"333"})
        there = os.path.join(self.folder, "there")
        aws("s3", "sync", self.url("tree"), there)
        self.assertEqual(self.files(there), {"a": b"changed", "b/ü d": b"333"})
        self.assertEqual(aws("s3", "sync", self.url("tree"), there), b"")
        aws("s3", "sync", self.url("tree"), self.url("twin"))
        self.assertEqual(self.objects("twin/"), {"twin/a": b"changed", "twin/b/ü d": b"333"})
        self.write("there/extra", b"x")
        aws("s3", "sync", self.url("tree"), there, "--delete")
        self.assertEqual(self.files(there), {"a": b"changed", "b/ü d": b"333"})

    def test_whole_trees(self):
        for name in ("t/1", "t/2/3"):
            self.write(name, name.encode())
        aws("s3", "cp", self.folder + "/t", self.url("x"), "--recursive")
        aws("s3", "mv", self.url("x"), self.url("y"), "--recursive")
        self.assertEqual(self.objects(), {"y/1": b"t/1", "y/2/3": b"t/2/3"})
        aws("s3", "rm", self.url("y"), "--recursive", "--exclude", "*", "--include", "2/*")
        self.assertEqual(self.objects(), {"y/1": b"t/1"})

    def test_a_file_in_many_parts(self):
        content = os.urandom(20 * 1024 * 1024)
        path = self.write("big", content)
        aws("s3", "cp", path, self.url("big"))
        aws("s3", "cp", self.url("big"), self.url("copy"))
        aws("s3", "cp", self.url("copy"), path + ".back")
        with open(path + ".back", "rb") as file:
            self.assertEqual(file.read(), content)

    def test_presigned(self):
        S3.put_object(Bucket=self.bucket, Key="a b", Body=b"x")
        url = aws("s3", "presign", self.url("a b"), "--expires-in", "60").decode().strip()
        with urllib.request.urlopen(url) as answer:
            self.assertEqual(answer.read(), b"x")


class Low(Case):
    def api(self, verb, *words, **options):
        out = aws("s3api", verb, "--bucket", self.bucket, *words, **options)
        return json.loads(out) if out and not options.get("code") else out

    def test_objects(self):
        path = self.write("body", b"hello")
        put = self.api("put-object", "--key", "k", "--body", path, "--metadata", "a=1", "--content-type", "text/plain")
        self.assertEqual(put["ETag"], '"5d41402abc4b2a76b9719d911017c592"')
        head = self.api("head-object", "--key", "k")
        self.assertEqual((head["ContentLength"], head["Metadata"], head["ContentType"]), (5, {"a": "1"}, "text/plain"))
        self.api("get-object", "--key", "k", "--range", "bytes=1-3", path + ".out")
        with open(path + ".out", "rb") as file:
            self.assertEqual(file.read(), b"ell")
        self.api("copy-object", "--key", "c", "--copy-source", f"{self.bucket}/k")
        listed = self.api("list-objects-v2", "--prefix", "c", "--query", "Contents[].Key")
        self.assertEqual(listed, ["c"])
        self.assertEqual([one["Key"] for one in self.api("list-objects")["Contents"]], ["c", "k"])
        gone = self.api("delete-objects", "--delete", "Objects=[{Key=c},{Key=k}]")
        self.assertEqual([one["Key"] for one in gone["Deleted"]], ["c", "k"])
        self.assertIn("(NoSuchKey)", self.api("get-object", "--key", "k", path, code=REFUSED))
        self.assertIn("(404)", self.api("head-object", "--key", "k", code=REFUSED))

    def test_buckets_and_tags(self):
        self.api("head-bucket")
        self.assertEqual(self.api("get-bucket-location"), {"LocationConstraint": None})
        self.api("put-bucket-tagging", "--tagging", "TagSet=[{Key=a,Value=1}]")
        self.assertEqual(self.api("get-bucket-tagging"), {"TagSet": [{"Key": "a", "Value": "1"}]})
        self.api("put-object", "--key", "k", "--tagging", "b=2")
        self.assertEqual(self.api("get-object-tagging", "--key", "k")["TagSet"], [{"Key": "b", "Value": "2"}])
        self.assertIn(self.bucket, aws("s3api", "list-buckets", "--query", "Buckets[].Name", "--output", "text").decode().split())
        self.api("delete-object", "--key", "k")
        self.api("delete-bucket")
        self.assertIn("(404)", self.api("head-bucket", code=REFUSED))

    def test_an_upload_in_parts(self):
        path = self.write("part", b"x" * 100)
        upload = self.api("create-multipart-upload", "--key", "k")["UploadId"]
        same = ("--key", "k", "--upload-id", upload)
        etag = self.api("upload-part", *same, "--part-number", "1", "--body", path)["ETag"]
        self.assertEqual(self.api("list-parts", *same)["Parts"][0]["Size"], 100)
        self.assertEqual(self.api("list-multipart-uploads")["Uploads"][0]["UploadId"], upload)
        parts = json.dumps({"Parts": [{"PartNumber": 1, "ETag": etag}]})
        self.assertTrue(self.api("complete-multipart-upload", *same, "--multipart-upload", parts)["ETag"].endswith('-1"'))
        again = self.api("create-multipart-upload", "--key", "k")["UploadId"]
        self.api("abort-multipart-upload", "--key", "k", "--upload-id", again)
        self.assertNotIn("Uploads", self.api("list-multipart-uploads"))

    def test_waits(self):
        self.api("put-object", "--key", "k")
        aws("s3api", "wait", "object-exists", "--bucket", self.bucket, "--key", "k")
        aws("s3api", "wait", "object-not-exists", "--bucket", self.bucket, "--key", "none")

    def test_what_is_not_built(self):
        said = self.api("put-bucket-versioning", "--versioning-configuration", "Status=Enabled", code=REFUSED)
        self.assertIn("(NotImplemented)", said)
        self.assertIn("PutBucketVersioning", said)
