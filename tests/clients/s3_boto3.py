"""S3 as boto3 sees it: buckets, objects, ranges, conditions, copies, tags, errors."""

import datetime
import hashlib

from support import Case, client, fresh

S3 = client("s3")
EU = client("s3", region="eu-west-1")


def bucket():
    name = fresh()
    S3.create_bucket(Bucket=name)
    return name


def body(**arguments):
    return S3.get_object(**arguments)["Body"].read()


class Buckets(Case):
    def test_made_found_and_removed(self):
        name = fresh()
        made = S3.create_bucket(Bucket=name)
        self.assertEqual(made["Location"], f"/{name}")
        self.assertEqual(S3.head_bucket(Bucket=name)["BucketRegion"], "us-east-1")
        self.assertIsNone(S3.get_bucket_location(Bucket=name)["LocationConstraint"])
        self.assertIn(name, [one["Name"] for one in S3.list_buckets()["Buckets"]])
        self.assertEqual(S3.delete_bucket(Bucket=name)["ResponseMetadata"]["HTTPStatusCode"], 204)
        self.refused("404", S3.head_bucket, status=404, Bucket=name)
        self.refused("NoSuchBucket", S3.delete_bucket, status=404, Bucket=name, message="The specified bucket does not exist")

    def test_a_waiter_sees_it(self):
        name = bucket()
        S3.get_waiter("bucket_exists").wait(Bucket=name, WaiterConfig={"Delay": 1, "MaxAttempts": 1})
        S3.delete_bucket(Bucket=name)
        S3.get_waiter("bucket_not_exists").wait(Bucket=name, WaiterConfig={"Delay": 1, "MaxAttempts": 1})

    def test_again_is_no_error_in_us_east_1_and_one_elsewhere(self):
        name = bucket()
        S3.create_bucket(Bucket=name)
        other = fresh()
        place = {"LocationConstraint": "eu-west-1"}
        EU.create_bucket(Bucket=other, CreateBucketConfiguration=place)
        self.refused("BucketAlreadyOwnedByYou", EU.create_bucket, status=409, Bucket=other, CreateBucketConfiguration=place)
        self.assertEqual(S3.get_bucket_location(Bucket=other)["LocationConstraint"], "eu-west-1")
        self.assertEqual(EU.head_bucket(Bucket=other)["BucketRegion"], "eu-west-1")

    def test_the_constraint_must_fit_the_region(self):
        self.refused("IllegalLocationConstraintException", EU.create_bucket, status=400, Bucket=fresh())
        self.refused(
            "IllegalLocationConstraintException",
            EU.create_bucket,
            Bucket=fresh(),
            CreateBucketConfiguration={"LocationConstraint": "eu-central-1"},
        )

    def test_names_follow_the_rules(self):
        for name in ["Upper-case", "under_score", "two..dots", "192.168.0.1", "-edge", "edge-", "xn--reserved", "x" * 63 + "-s3alias"]:
            with self.subTest(name):
                self.refused("InvalidBucketName", client("s3", parameter_validation=False).create_bucket, status=400, Bucket=name)

    def test_one_with_something_in_it_stays(self):
        name = bucket()
        S3.put_object(Bucket=name, Key="k")
        self.refused("BucketNotEmpty", S3.delete_bucket, status=409, Bucket=name)
        S3.delete_object(Bucket=name, Key="k")
        S3.create_multipart_upload(Bucket=name, Key="k")
        S3.delete_bucket(Bucket=name)

    def test_tags(self):
        name = bucket()
        self.refused("NoSuchTagSet", S3.get_bucket_tagging, status=404, Bucket=name, message="The TagSet does not exist")
        tags = [{"Key": "a", "Value": "1"}, {"Key": "ü b", "Value": ""}]
        S3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": tags})
        self.assertEqual(S3.get_bucket_tagging(Bucket=name)["TagSet"], tags)
        twice = {"TagSet": [{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}]}
        self.refused("InvalidTag", S3.put_bucket_tagging, status=400, Bucket=name, Tagging=twice)
        S3.delete_bucket_tagging(Bucket=name)
        self.refused("NoSuchTagSet", S3.get_bucket_tagging, Bucket=name)

    def test_listed_in_pages_by_prefix_and_region(self):
        prefix = fresh("page")
        names = [f"{prefix}-{number}" for number in range(5)]
        for name in names:
            S3.create_bucket(Bucket=name)
        EU.create_bucket(Bucket=f"{prefix}-eu", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        pages = list(S3.get_paginator("list_buckets").paginate(Prefix=prefix, PaginationConfig={"PageSize": 2}))
        self.assertEqual([len(page["Buckets"]) for page in pages], [2, 2, 2])
        self.assertEqual([one["Name"] for page in pages for one in page["Buckets"]], [*names, f"{prefix}-eu"])
        there = S3.list_buckets(Prefix=prefix, BucketRegion="eu-west-1")["Buckets"]
        self.assertEqual([one["Name"] for one in there], [f"{prefix}-eu"])


class Objects(Case):
    @classmethod
    def setUpClass(cls):
        cls.bucket = bucket()

    def test_all_that_is_stored_comes_back(self):
        when = datetime.datetime(2030, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc)
        described = {
            "CacheControl": "max-age=60",
            "ContentDisposition": 'attachment; filename="a b.csv"',
            "ContentEncoding": "gzip",
            "ContentLanguage": "de",
            "ContentType": "text/csv; charset=utf-8",
            "Metadata": {"team": "data", "with-dash": "a  b"},
            "StorageClass": "STANDARD_IA",
        }
        put = S3.put_object(Bucket=self.bucket, Key="all", Body=b"orders", Expires=when, Tagging="a=1&b=%C3%BC", **described)
        self.assertEqual(put["ETag"], '"%s"' % hashlib.md5(b"orders").hexdigest())
        self.assertEqual(put["ServerSideEncryption"], "AES256")
        head = S3.head_object(Bucket=self.bucket, Key="all")
        got = S3.get_object(Bucket=self.bucket, Key="all")
        self.assertEqual(got["Body"].read(), b"orders")
        for answer in (head, got):
            self.assertEqual({name: answer[name] for name in described}, described)
            self.assertEqual((answer["ContentLength"], answer["ETag"], answer["TagCount"]), (6, put["ETag"], 2))
            self.assertEqual(answer["ExpiresString"], "Wed, 02 Jan 2030 03:04:05 GMT")
            self.assertEqual(answer["AcceptRanges"], "bytes")

    def test_nothing_said_means_the_defaults(self):
        S3.put_object(Bucket=self.bucket, Key="bare", Body=b"x")
        got = S3.get_object(Bucket=self.bucket, Key="bare")
        self.assertEqual((got["ContentType"], got["Metadata"]), ("binary/octet-stream", {}))
        for absent in ("StorageClass", "CacheControl", "ContentEncoding", "TagCount", "Expires"):
            self.assertNotIn(absent, got)

    def test_an_empty_object(self):
        S3.put_object(Bucket=self.bucket, Key="empty")
        self.assertEqual(body(Bucket=self.bucket, Key="empty"), b"")
        self.assertEqual(S3.head_object(Bucket=self.bucket, Key="empty")["ContentLength"], 0)

    def test_the_answer_can_be_given_other_headers(self):
        S3.put_object(Bucket=self.bucket, Key="dressed", Body=b"x", ContentType="text/plain")
        got = S3.get_object(
            Bucket=self.bucket,
            Key="dressed",
            ResponseContentType="text/html",
            ResponseContentDisposition='attachment; filename="a b.html"',
            ResponseCacheControl="no-store",
            ResponseContentLanguage="fr",
            ResponseContentEncoding="identity",
            ResponseExpires=datetime.datetime(2031, 1, 1, tzinfo=datetime.timezone.utc),
        )
        self.assertEqual((got["ContentType"], got["CacheControl"], got["ContentLanguage"]), ("text/html", "no-store", "fr"))
        self.assertEqual(got["ContentDisposition"], 'attachment; filename="a b.html"')
        self.assertEqual(got["ExpiresString"], "Wed, 01 Jan 2031 00:00:00 GMT")

    def test_missing_ones(self):
        message = "The specified key does not exist."
        answer = self.refused("NoSuchKey", S3.get_object, status=404, message=message, Bucket=self.bucket, Key="no/such key")
        self.assertEqual(answer["Error"]["Key"], "no/such key")
        self.refused("404", S3.head_object, status=404, Bucket=self.bucket, Key="none")
        self.refused("NoSuchBucket", S3.get_object, status=404, Bucket=fresh(), Key="none")
        self.refused("NoSuchBucket", S3.put_object, status=404, Bucket=fresh(), Key="none", Body=b"x")
        with self.assertRaises(S3.exceptions.NoSuchKey):
            S3.get_object(Bucket=self.bucket, Key="none")

    def test_deleted(self):
        S3.put_object(Bucket=self.bucket, Key="gone", Body=b"x")
        for _ in range(2):
            self.assertEqual(S3.delete_object(Bucket=self.bucket, Key="gone")["ResponseMetadata"]["HTTPStatusCode"], 204)
        self.refused("NoSuchKey", S3.get_object, Bucket=self.bucket, Key="gone")

    def test_many_deleted(self):
        for key in ("m/1", "m/2 ü", "m/3"):
            S3.put_object(Bucket=self.bucket, Key=key)
        wanted = [{"Key": "m/1"}, {"Key": "m/2 ü"}, {"Key": "m/never"}]
        answer = S3.delete_objects(Bucket=self.bucket, Delete={"Objects": wanted})
        self.assertEqual(answer["Deleted"], wanted)
        self.assertNotIn("Errors", answer)
        quiet = S3.delete_objects(Bucket=self.bucket, Delete={"Objects": [{"Key": "m/3"}], "Quiet": True})
        self.assertNotIn("Deleted", quiet)
        self.assertEqual(S3.list_objects_v2(Bucket=self.bucket, Prefix="m/")["KeyCount"], 0)
        self.refused("MalformedXML", S3.delete_objects, status=400, Bucket=self.bucket, Delete={"Objects": []})

    def test_a_key_is_at_most_1024_bytes(self):
        self.refused("KeyTooLongError", S3.put_object, status=400, Bucket=self.bucket, Key="k" * 1025, Body=b"x")
        self.refused("KeyTooLongError", S3.put_object, status=400, Bucket=self.bucket, Key="ü" * 513, Body=b"x")

    def test_metadata_is_at_most_2_kb(self):
        S3.put_object(Bucket=self.bucket, Key="m", Metadata={"a": "x" * 2047})
        self.refused("MetadataTooLarge", S3.put_object, status=400, Bucket=self.bucket, Key="m", Metadata={"a": "x" * 2048})

    def test_the_owner_can_be_insisted_on(self):
        S3.put_object(Bucket=self.bucket, Key="mine", Body=b"x")
        call = {"Bucket": self.bucket, "Key": "mine", "ExpectedBucketOwner": "111111111111"}
        self.refused("AccessDenied", S3.get_object, status=403, **call)
        self.refused("403", S3.head_object, status=403, **call)

    def test_what_is_not_built_is_refused_by_name(self):
        call = {"Bucket": self.bucket, "Key": "refused", "Body": b"x"}
        for member, value in [
            ("ACL", "public-read"),
            ("StorageClass", "GLACIER"),
            ("ServerSideEncryption", "aws:kms"),
            ("WebsiteRedirectLocation", "/x"),
            ("ObjectLockMode", "GOVERNANCE"),
        ]:
            with self.subTest(member):
                answer = self.refused("NotImplemented", S3.put_object, status=501, **call, **{member: value})
                self.assertIn(value if member == "StorageClass" else member, answer["Error"]["Message"])
        self.refused("404", S3.head_object, Bucket=self.bucket, Key="refused")
        answer = self.refused("NotImplemented", S3.get_bucket_policy, status=501, Bucket=self.bucket)
        self.assertIn("GetBucketPolicy", answer["Error"]["Message"])

    def test_the_default_said_aloud_is_accepted(self):
        S3.put_object(Bucket=self.bucket, Key="default", Body=b"x", StorageClass="STANDARD")
        S3.put_object(Bucket=self.bucket, Key="default", Body=b"x", ServerSideEncryption="AES256")
        S3.put_object(Bucket=self.bucket, Key="default", Body=b"x", ACL="private")
        self.refused("InvalidStorageClass", S3.put_object, status=400, Bucket=self.bucket, Key="k", StorageClass="BOGUS")


class Ranges(Case):
    @classmethod
    def setUpClass(cls):
        cls.bucket = bucket()
        cls.content = bytes(range(256)) * 4000
        S3.put_object(Bucket=cls.bucket, Key="long", Body=cls.content)

    def test_parts_of_an_object(self):
        size = len(self.content)
        for asked, start, end in [
            ("bytes=0-0", 0, 1),
            ("bytes=10-19", 10, 20),
            ("bytes=300000-", 300000, size),
            ("bytes=-7", size - 7, size),
            (f"bytes=-{size + 9}", 0, size),
            (f"bytes=5-{size + 9}", 5, size),
            ("bytes=262143-524289", 262143, 524290),
        ]:
            with self.subTest(asked):
                got = S3.get_object(Bucket=self.bucket, Key="long", Range=asked)
                self.assertEqual(got["Body"].read(), self.content[start:end])
                self.assertEqual(got["ContentRange"], f"bytes {start}-{end - 1}/{size}")
                self.assertEqual(got["ResponseMetadata"]["HTTPStatusCode"], 206)
                head = S3.head_object(Bucket=self.bucket, Key="long", Range=asked)
                self.assertEqual((head["ContentLength"], head["ContentRange"]), (end - start, got["ContentRange"]))

    def test_beyond_the_end(self):
        answer = self.refused("InvalidRange", S3.get_object, status=416, Bucket=self.bucket, Key="long", Range="bytes=9999999-")
        self.assertEqual(answer["Error"]["ActualObjectSize"], str(len(self.content)))
        self.refused("InvalidRange", S3.get_object, status=416, Bucket=self.bucket, Key="long", Range="bytes=-0")
        S3.put_object(Bucket=self.bucket, Key="empty")
        self.refused("InvalidRange", S3.get_object, status=416, Bucket=self.bucket, Key="empty", Range="bytes=0-")

    def test_what_is_no_range_is_ignored(self):
        for asked in ("bytes=5-1", "bytes=0-1,4-5", "lines=1-2", "bytes=x-y"):
            with self.subTest(asked):
                got = S3.get_object(Bucket=self.bucket, Key="long", Range=asked)
                self.assertEqual((got["ResponseMetadata"]["HTTPStatusCode"], got["ContentLength"]), (200, len(self.content)))
                self.assertEqual(len(got["Body"].read()), len(self.content))


class Conditions(Case):
    @classmethod
    def setUpClass(cls):
        cls.bucket = bucket()
        cls.etag = S3.put_object(Bucket=cls.bucket, Key="k", Body=b"one")["ETag"]
        cls.modified = S3.head_object(Bucket=cls.bucket, Key="k")["LastModified"]
        cls.before = cls.modified - datetime.timedelta(hours=1)

    def read(self, **conditions):
        return S3.get_object(Bucket=self.bucket, Key="k", **conditions)["Body"].read()

    def test_those_that_hold(self):
        bare = self.etag.strip('"')
        for conditions in [
            {"IfMatch": self.etag},
            {"IfMatch": bare},
            {"IfMatch": f'"other", {self.etag}'},
            {"IfMatch": "*"},
            {"IfNoneMatch": '"other"'},
            {"IfModifiedSince": self.before},
            {"IfUnmodifiedSince": self.modified},
            {"IfMatch": self.etag, "IfUnmodifiedSince": self.before},
            {"IfNoneMatch": '"other"', "IfModifiedSince": self.modified},
        ]:
            with self.subTest(conditions):
                self.assertEqual(self.read(**conditions), b"one")

    def test_those_that_do_not(self):
        for conditions in [{"IfMatch": '"other"'}, {"IfUnmodifiedSince": self.before}]:
            with self.subTest(conditions):
                self.refused("PreconditionFailed", self.read, status=412, **conditions)
        for conditions in [
            {"IfNoneMatch": self.etag},
            {"IfNoneMatch": f'"other",{self.etag}'},
            {"IfModifiedSince": self.modified},
            {"IfNoneMatch": self.etag, "IfModifiedSince": self.before},
        ]:
            with self.subTest(conditions):
                self.refused("304", self.read, status=304, **conditions)

    def test_a_write_can_insist(self):
        put = {"Bucket": self.bucket, "Key": "write", "Body": b"1"}
        first = S3.put_object(**put, IfNoneMatch="*")["ETag"]
        self.refused("PreconditionFailed", S3.put_object, status=412, **put, IfNoneMatch="*")
        self.refused("PreconditionFailed", S3.put_object, status=412, **put, IfMatch='"other"')
        S3.put_object(**{**put, "Body": b"2"}, IfMatch=first)
        self.refused("PreconditionFailed", S3.delete_object, status=412, Bucket=self.bucket, Key="write", IfMatch=first)
        self.assertEqual(body(Bucket=self.bucket, Key="write"), b"2")
        self.refused("NoSuchKey", S3.put_object, status=404, Bucket=self.bucket, Key="absent", Body=b"x", IfMatch=first)


class Copies(Case):
    @classmethod
    def setUpClass(cls):
        cls.bucket = bucket()
        S3.put_object(
            Bucket=cls.bucket, Key="from", Body=b"rows", ContentType="text/csv", Metadata={"a": "1"}, Tagging="t=1", CacheControl="x"
        )

    def copy(self, key, **arguments):
        arguments.setdefault("CopySource", {"Bucket": self.bucket, "Key": "from"})
        return S3.copy_object(Bucket=self.bucket, Key=key, **arguments)

    def test_everything_goes_along(self):
        result = self.copy("to")["CopyObjectResult"]
        got = S3.get_object(Bucket=self.bucket, Key="to")
        self.assertEqual((got["Body"].read(), got["ETag"]), (b"rows", result["ETag"]))
        self.assertEqual((got["ContentType"], got["Metadata"], got["CacheControl"], got["TagCount"]), ("text/csv", {"a": "1"}, "x", 1))

    def test_or_is_replaced(self):
        self.copy("new", MetadataDirective="REPLACE", Metadata={"b": "2"}, TaggingDirective="REPLACE", Tagging="u=2")
        got = S3.get_object(Bucket=self.bucket, Key="new")
        self.assertEqual((got["ContentType"], got["Metadata"]), ("binary/octet-stream", {"b": "2"}))
        self.assertNotIn("CacheControl", got)
        self.assertEqual(S3.get_object_tagging(Bucket=self.bucket, Key="new")["TagSet"], [{"Key": "u", "Value": "2"}])

    def test_onto_itself_only_with_a_change(self):
        S3.put_object(Bucket=self.bucket, Key="self", Body=b"same")
        own = {"CopySource": f"{self.bucket}/self"}
        self.refused("InvalidRequest", self.copy, status=400, key="self", **own)
        for number in range(300):  # More than waits before unused bytes are swept.
            self.copy("self", MetadataDirective="REPLACE", Metadata={"n": str(number)}, **own)
        got = S3.get_object(Bucket=self.bucket, Key="self")
        self.assertEqual((got["Body"].read(), got["Metadata"]), (b"same", {"n": "299"}))

    def test_it_is_no_link(self):
        S3.put_object(Bucket=self.bucket, Key="first", Body=b"1")
        self.copy("second", CopySource=f"/{self.bucket}/first")
        S3.put_object(Bucket=self.bucket, Key="first", Body=b"2")
        S3.delete_object(Bucket=self.bucket, Key="first")
        self.assertEqual(body(Bucket=self.bucket, Key="second"), b"1")

    def test_between_buckets(self):
        other = bucket()
        S3.copy_object(Bucket=other, Key="k", CopySource={"Bucket": self.bucket, "Key": "from"})
        self.assertEqual(body(Bucket=other, Key="k"), b"rows")

    def test_conditions_are_the_sources(self):
        etag = S3.head_object(Bucket=self.bucket, Key="from")["ETag"]
        self.copy("cond", CopySourceIfMatch=etag)
        self.refused("PreconditionFailed", self.copy, status=412, key="cond", CopySourceIfMatch='"other"')
        self.refused("PreconditionFailed", self.copy, status=412, key="cond", CopySourceIfNoneMatch=etag)

    def test_sources_that_are_none(self):
        self.refused("NoSuchKey", self.copy, status=404, key="x", CopySource=f"{self.bucket}/none")
        self.refused("NoSuchBucket", self.copy, status=404, key="x", CopySource=f"{fresh()}/none")
        self.refused("InvalidArgument", self.copy, status=400, key="x", CopySource="nothing")


class ObjectTags(Case):
    def test_set_read_and_removed(self):
        name = bucket()
        S3.put_object(Bucket=name, Key="k", Tagging="a=1")
        tags = [{"Key": "b", "Value": "x y"}, {"Key": "c", "Value": "+/="}]
        S3.put_object_tagging(Bucket=name, Key="k", Tagging={"TagSet": tags})
        self.assertEqual(S3.get_object_tagging(Bucket=name, Key="k")["TagSet"], tags)
        many = {"TagSet": [{"Key": str(number), "Value": ""} for number in range(11)]}
        self.refused("BadRequest", S3.put_object_tagging, status=400, Bucket=name, Key="k", Tagging=many)
        S3.delete_object_tagging(Bucket=name, Key="k")
        self.assertEqual(S3.get_object_tagging(Bucket=name, Key="k")["TagSet"], [])
        self.refused("NoSuchKey", S3.get_object_tagging, status=404, Bucket=name, Key="none")
        self.refused("InvalidTag", S3.put_object, status=400, Bucket=name, Key="k", Tagging="aws:x=1")
