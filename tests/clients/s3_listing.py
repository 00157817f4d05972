"""S3 listings as boto3 sees them, and the odd keys through every operation that spells a key."""

import urllib.request
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import unquote_plus

from support import Case, client, fresh
from support.odd import IN_XML, KEYS

S3 = client("s3")


def bucket(*keys):
    name = fresh()
    S3.create_bucket(Bucket=name)
    for key in keys:
        S3.put_object(Bucket=name, Key=key, Body=key.encode())
    return name


def keys(page):
    return [one["Key"] for one in page.get("Contents", [])]


def prefixes(page):
    return [one["Prefix"] for one in page.get("CommonPrefixes", [])]


class Listings(Case):
    @classmethod
    def setUpClass(cls):
        cls.all = sorted(["a", "b/1", "b/2", "b/c/3", "d e/ü", "f", "g/", "h/1", "z"], key=lambda key: key.encode())
        cls.bucket = bucket(*cls.all)

    def test_everything_in_order(self):
        page = S3.list_objects_v2(Bucket=self.bucket)
        self.assertEqual(keys(page), self.all)
        self.assertEqual((page["KeyCount"], page["IsTruncated"], page["MaxKeys"]), (9, False, 1000))
        self.assertEqual(page["Contents"][0]["Size"], 1)
        self.assertEqual(page["Contents"][0]["StorageClass"], "STANDARD")
        self.assertNotIn("Owner", page["Contents"][0])
        self.assertIn("Owner", S3.list_objects_v2(Bucket=self.bucket, FetchOwner=True)["Contents"][0])
        self.assertEqual(keys(S3.list_objects(Bucket=self.bucket)), self.all)
        self.assertIn("Owner", S3.list_objects(Bucket=self.bucket)["Contents"][0])

    def test_prefix_and_delimiter(self):
        for call in (S3.list_objects_v2, S3.list_objects):
            page = call(Bucket=self.bucket, Delimiter="/")
            self.assertEqual((keys(page), prefixes(page)), (["a", "f", "z"], ["b/", "d e/", "g/", "h/"]))
            page = call(Bucket=self.bucket, Delimiter="/", Prefix="b/")
            self.assertEqual((keys(page), prefixes(page)), (["b/1", "b/2"], ["b/c/"]))
            page = call(Bucket=self.bucket, Delimiter="/", Prefix="g/")
            self.assertEqual((keys(page), prefixes(page)), (["g/"], []))
            page = call(Bucket=self.bucket, Prefix="d e/ü")
            # boto3 asks both versions for encoded answers and decodes the prefix of one.
            self.assertEqual((keys(page), unquote_plus(page["Prefix"])), (["d e/ü"], "d e/ü"))
            page = call(Bucket=self.bucket, Prefix="none")
            self.assertEqual((keys(page), page["IsTruncated"]), ([], False))

    def test_every_page_size_gives_the_same(self):
        for size in range(1, 10):
            for operation in ("list_objects_v2", "list_objects"):
                with self.subTest(operation=operation, size=size):
                    paginate = S3.get_paginator(operation).paginate
                    pages = list(paginate(Bucket=self.bucket, PaginationConfig={"PageSize": size}))
                    self.assertEqual([key for page in pages for key in keys(page)], self.all)
                    self.assertTrue(all(len(keys(page)) <= size for page in pages))
                    pages = list(paginate(Bucket=self.bucket, Delimiter="/", PaginationConfig={"PageSize": size}))
                    self.assertEqual([key for page in pages for key in keys(page)], ["a", "f", "z"])
                    self.assertEqual([one for page in pages for one in prefixes(page)], ["b/", "d e/", "g/", "h/"])

    def test_from_a_key_on(self):
        self.assertEqual(keys(S3.list_objects_v2(Bucket=self.bucket, StartAfter="b/2"))[0], "b/c/3")
        self.assertEqual(keys(S3.list_objects_v2(Bucket=self.bucket, StartAfter="b/20"))[0], "b/c/3")
        self.assertEqual(keys(S3.list_objects(Bucket=self.bucket, Marker="f"))[0], "g/")
        self.assertEqual(keys(S3.list_objects_v2(Bucket=self.bucket, StartAfter="z")), [])

    def test_none_at_all(self):
        page = S3.list_objects_v2(Bucket=self.bucket, MaxKeys=0)
        self.assertEqual((page["KeyCount"], page["IsTruncated"]), (0, False))

    def test_foreign_tokens_and_missing_buckets(self):
        page = S3.list_objects_v2(Bucket=self.bucket, MaxKeys=1)
        token = page["NextContinuationToken"]
        self.refused("InvalidArgument", S3.list_objects_v2, status=400, Bucket=self.bucket, Prefix="b", ContinuationToken=token)
        self.refused("InvalidArgument", S3.list_objects_v2, status=400, Bucket=self.bucket, ContinuationToken="made up")
        self.refused("NoSuchBucket", S3.list_objects_v2, status=404, Bucket=fresh())

    def test_a_page_has_a_thousand_keys_and_a_call_deletes_as_many(self):
        name = bucket()
        names = [f"{number:04}" for number in range(1003)]
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda key: S3.put_object(Bucket=name, Key=key), names))
        page = S3.list_objects_v2(Bucket=name, MaxKeys=5000)
        self.assertEqual((page["KeyCount"], page["IsTruncated"], page["MaxKeys"]), (1000, True, 1000))
        rest = S3.list_objects_v2(Bucket=name, ContinuationToken=page["NextContinuationToken"])
        self.assertEqual(keys(rest), names[1000:])
        many = [{"Key": key} for key in names]
        self.refused("MalformedXML", S3.delete_objects, status=400, Bucket=name, Delete={"Objects": many})
        self.assertEqual(len(S3.delete_objects(Bucket=name, Delete={"Objects": many[:1000]})["Deleted"]), 1000)
        self.assertEqual(keys(S3.list_objects_v2(Bucket=name)), names[1000:])


class OddKeys(Case):
    @classmethod
    def setUpClass(cls):
        cls.bucket = bucket(*KEYS)

    def test_each_is_read_as_written(self):
        for key in KEYS:
            with self.subTest(key[:30]):
                self.assertEqual(S3.get_object(Bucket=self.bucket, Key=key)["Body"].read(), key.encode())
                self.assertEqual(S3.head_object(Bucket=self.bucket, Key=key)["ContentLength"], len(key.encode()))

    def test_listed_in_the_order_of_their_bytes(self):
        ordered = sorted(KEYS, key=str.encode)
        self.assertEqual(keys(S3.list_objects_v2(Bucket=self.bucket)), ordered)
        self.assertEqual(keys(S3.list_objects(Bucket=self.bucket)), ordered)
        pages = S3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, PaginationConfig={"PageSize": 2})
        self.assertEqual([key for page in pages for key in keys(page)], ordered)
        for key in KEYS:
            with self.subTest(key[:30]):
                self.assertIn(key, keys(S3.list_objects_v2(Bucket=self.bucket, Prefix=key)))

    def test_any_delimiter(self):
        for delimiter in (" ", "+", "ü", "🚀", "\n", "\x01", "//", "%", "&"):
            expected = sorted({key[: key.index(delimiter) + len(delimiter)] for key in KEYS if delimiter in key}, key=str.encode)
            with self.subTest(delimiter):
                page = S3.list_objects_v2(Bucket=self.bucket, Delimiter=delimiter)
                self.assertEqual((prefixes(page), page["Delimiter"]), (expected, delimiter))
                self.assertEqual(keys(page), sorted((key for key in KEYS if delimiter not in key), key=str.encode))

    def test_each_can_be_the_source_of_a_copy(self):
        for key in KEYS:
            with self.subTest(key[:30]):
                S3.copy_object(Bucket=self.bucket, Key="copied", CopySource={"Bucket": self.bucket, "Key": key})
                self.assertEqual(S3.get_object(Bucket=self.bucket, Key="copied")["Body"].read(), key.encode())
        S3.delete_object(Bucket=self.bucket, Key="copied")

    def test_each_can_be_presigned(self):
        for version in ("s3", "s3v4"):
            signer = client("s3", signature_version=version)
            for key in KEYS:
                with self.subTest(version=version, key=key[:30]):
                    url = signer.generate_presigned_url("get_object", {"Bucket": self.bucket, "Key": key})
                    with urllib.request.urlopen(url) as answer:
                        self.assertEqual(answer.read(), key.encode())

    def test_each_can_be_deleted_one_by_one_or_together(self):
        for together in (False, True):
            name = bucket(*KEYS)
            if together:
                answer = S3.delete_objects(Bucket=name, Delete={"Objects": [{"Key": key} for key in IN_XML]})
                self.assertEqual([one["Key"] for one in answer["Deleted"]], IN_XML)
            for key in set(KEYS) - set(IN_XML) if together else KEYS:
                S3.delete_object(Bucket=name, Key=key)
            self.assertEqual(keys(S3.list_objects_v2(Bucket=name)), [])
            S3.delete_bucket(Bucket=name)

    def test_each_can_be_uploaded_in_parts(self):
        name = bucket()
        for key in IN_XML:
            with self.subTest(key[:30]):
                upload = {"Bucket": name, "Key": key, "UploadId": S3.create_multipart_upload(Bucket=name, Key=key)["UploadId"]}
                self.assertEqual([one["Key"] for one in S3.list_multipart_uploads(Bucket=name)["Uploads"]], [key])
                part = S3.upload_part(**upload, PartNumber=1, Body=b"x")
                parts = {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}
                self.assertEqual(S3.complete_multipart_upload(**upload, MultipartUpload=parts)["Key"], key)
                self.assertEqual(S3.get_object(Bucket=name, Key=key)["Body"].read(), b"x")
