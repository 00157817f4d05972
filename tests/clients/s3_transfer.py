"""S3 uploads as boto3 makes them: in parts, by the transfer manager, with checksums; and presigned URLs, both versions."""

import base64
import hashlib
import http.client
import io
import os
import re
import tempfile
import zlib
from urllib.parse import urlsplit

from boto3.s3.transfer import TransferConfig

from support import Case, client, fresh, role_keys

S3 = client("s3")
MIB = 1024 * 1024
FIVE = 5 * MIB


def bucket():
    name = fresh()
    S3.create_bucket(Bucket=name)
    return name


def crc32(content):
    return base64.b64encode(zlib.crc32(content).to_bytes(4, "big")).decode()


class Parts(Case):
    @classmethod
    def setUpClass(cls):
        cls.bucket = bucket()
        cls.first, cls.last = os.urandom(FIVE), os.urandom(1000)

    def begin(self, key, **arguments):
        upload = S3.create_multipart_upload(Bucket=self.bucket, Key=key, **arguments)["UploadId"]
        return {"Bucket": self.bucket, "Key": key, "UploadId": upload}

    def put(self, upload, number, content, **arguments):
        answer = S3.upload_part(**upload, PartNumber=number, Body=content, **arguments)
        return {"PartNumber": number, "ETag": answer["ETag"]}

    def complete(self, upload, parts, **arguments):
        return S3.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts}, **arguments)

    def test_an_object_of_two_parts(self):
        upload = self.begin("two", ContentType="text/csv", Metadata={"a": "1"}, Tagging="t=1")
        parts = [self.put(upload, 2, self.first), self.put(upload, 7, self.last)]
        self.refused("NoSuchKey", S3.get_object, Bucket=self.bucket, Key="two")
        done = self.complete(upload, parts)
        digests = hashlib.md5(self.first).digest() + hashlib.md5(self.last).digest()
        self.assertEqual(done["ETag"], '"%s-2"' % hashlib.md5(digests).hexdigest())
        got = S3.get_object(Bucket=self.bucket, Key="two")
        self.assertEqual(got["Body"].read(), self.first + self.last)
        self.assertEqual((got["ContentType"], got["Metadata"], got["TagCount"]), ("text/csv", {"a": "1"}, 1))
        second = S3.get_object(Bucket=self.bucket, Key="two", PartNumber=2)
        self.assertEqual((second["Body"].read(), second["PartsCount"]), (self.last, 2))
        self.assertEqual(second["ContentRange"], f"bytes {FIVE}-{FIVE + 999}/{FIVE + 1000}")
        across = S3.get_object(Bucket=self.bucket, Key="two", Range=f"bytes={FIVE - 10}-{FIVE + 9}")
        self.assertEqual(across["Body"].read(), self.first[-10:] + self.last[:10])
        self.refused("416", S3.head_object, status=416, Bucket=self.bucket, Key="two", PartNumber=3)
        self.refused("NoSuchUpload", S3.list_parts, status=404, **upload)
        copied = S3.copy_object(Bucket=self.bucket, Key="one", CopySource=f"{self.bucket}/two")["CopyObjectResult"]
        self.assertEqual(copied["ETag"], '"%s"' % hashlib.md5(self.first + self.last).hexdigest())

    def attributes(self, key, *names, **arguments):
        names = names or ("ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize")
        answer = S3.get_object_attributes(Bucket=self.bucket, Key=key, ObjectAttributes=list(names), **arguments)
        answer.pop("ResponseMetadata")
        return answer

    def test_attributes_of_an_object_of_two_parts(self):
        upload = self.begin("composite", ChecksumAlgorithm="SHA256", StorageClass="STANDARD_IA")
        digests = [hashlib.sha256(content).digest() for content in (self.first, self.last)]
        parts = [self.put(upload, 1, self.first, ChecksumAlgorithm="SHA256"), self.put(upload, 2, self.last, ChecksumAlgorithm="SHA256")]
        for part, digest in zip(parts, digests):
            part["ChecksumSHA256"] = base64.b64encode(digest).decode()
        done = self.complete(upload, parts)
        got = self.attributes("composite", RequestPayer="requester")
        self.assertEqual(got.pop("LastModified"), S3.head_object(Bucket=self.bucket, Key="composite")["LastModified"])
        whole = base64.b64encode(hashlib.sha256(b"".join(digests)).digest()).decode()
        sizes = [{"PartNumber": 1, "Size": FIVE}, {"PartNumber": 2, "Size": 1000}]
        page = {"PartNumberMarker": 0, "NextPartNumberMarker": 2, "MaxParts": 1000, "IsTruncated": False, "Parts": sizes}
        self.assertEqual(got, {
            "ETag": done["ETag"].strip('"'),
            "Checksum": {"ChecksumSHA256": whole, "ChecksumType": "COMPOSITE"},
            "ObjectParts": {"TotalPartsCount": 2, **page},
            "StorageClass": "STANDARD_IA",
            "ObjectSize": FIVE + 1000,
        })
        first = self.attributes("composite", "ObjectParts", MaxParts=1)["ObjectParts"]
        self.assertEqual((first["IsTruncated"], first["MaxParts"], first["Parts"]), (True, 1, sizes[:1]))
        rest = self.attributes("composite", "ObjectParts", MaxParts=1, PartNumberMarker=first["NextPartNumberMarker"])["ObjectParts"]
        self.assertEqual((rest["IsTruncated"], rest["PartNumberMarker"], rest["Parts"]), (False, 1, sizes[1:]))

    def test_parts_without_a_checksum_are_only_counted(self):
        plain = client("s3", request_checksum_calculation="when_required")
        upload = plain.create_multipart_upload(Bucket=self.bucket, Key="counted")
        upload = {name: upload[name] for name in ("Bucket", "Key", "UploadId")}
        self.complete(upload, [self.put(upload, 1, self.last, ChecksumAlgorithm="CRC32")])
        got = self.attributes("counted", "Checksum", "ObjectParts")
        got.pop("LastModified")
        self.assertEqual(got, {"ObjectParts": {"TotalPartsCount": 1}})

    def test_attributes_are_those_asked_for(self):
        put = S3.put_object(Bucket=self.bucket, Key="plain", Body=b"hello")
        got = self.attributes("plain")
        got.pop("LastModified")
        self.assertEqual(got, {
            "ETag": put["ETag"].strip('"'),
            "Checksum": {"ChecksumCRC32": crc32(b"hello"), "ChecksumType": "FULL_OBJECT"},
            "StorageClass": "STANDARD",
            "ObjectSize": 5,
        })
        self.assertEqual(set(self.attributes("plain", "ObjectSize")), {"LastModified", "ObjectSize"})
        call = {"Bucket": self.bucket, "ObjectAttributes": ["ETag"]}
        self.refused("NoSuchKey", S3.get_object_attributes, status=404, **call, Key="nothing")
        self.refused("InvalidArgument", S3.get_object_attributes, status=400, **{**call, "ObjectAttributes": ["Owner"]}, Key="plain")

    def test_listed_while_under_way(self):
        upload = self.begin("listed/x")
        for number in (3, 1, 2):
            self.put(upload, number, b"%d" % number)
        self.put(upload, 2, b"again")
        pages = list(S3.get_paginator("list_parts").paginate(**upload, PaginationConfig={"PageSize": 2}))
        listed = [(part["PartNumber"], part["Size"]) for page in pages for part in page["Parts"]]
        self.assertEqual((listed, len(pages)), ([(1, 1), (2, 5), (3, 1)], 2))
        other = self.begin("listed/y")
        same = self.begin("listed/x")
        paginate = S3.get_paginator("list_multipart_uploads").paginate
        pages = list(paginate(Bucket=self.bucket, Prefix="listed/", PaginationConfig={"PageSize": 1}))
        found = [(one["Key"], one["UploadId"]) for page in pages for one in page.get("Uploads", [])]
        self.assertEqual(sorted(found), sorted((one["Key"], one["UploadId"]) for one in (upload, other, same)))
        for one in (upload, other, same):
            S3.abort_multipart_upload(**one)
        self.assertNotIn("Uploads", S3.list_multipart_uploads(Bucket=self.bucket, Prefix="listed/"))
        self.refused("NoSuchUpload", S3.abort_multipart_upload, status=404, **upload)
        self.refused("NoSuchUpload", S3.upload_part, status=404, **upload, PartNumber=1, Body=b"x")

    def test_what_can_not_be_completed(self):
        upload = self.begin("bad")
        small, big, end = self.put(upload, 1, b"small"), self.put(upload, 2, self.first), self.put(upload, 4, b"end")
        also = self.put(upload, 3, self.first)
        answer = self.refused("EntityTooSmall", self.complete, status=400, upload=upload, parts=[small, big])
        self.assertEqual(answer["Error"]["PartNumber"], "1")
        self.refused("InvalidPartOrder", self.complete, status=400, upload=upload, parts=[also, big])
        self.refused("InvalidPartOrder", self.complete, status=400, upload=upload, parts=[big, big])
        self.refused("InvalidPart", self.complete, status=400, upload=upload, parts=[{**big, "ETag": '"0"'}])
        self.refused("InvalidPart", self.complete, status=400, upload=upload, parts=[{**big, "PartNumber": 9}])
        self.refused("MalformedXML", self.complete, status=400, upload=upload, parts=[])
        self.refused("NoSuchUpload", self.complete, status=404, upload={**upload, "UploadId": "none"}, parts=[big])
        self.complete(upload, [big, end])
        self.assertEqual(S3.head_object(Bucket=self.bucket, Key="bad")["ContentLength"], FIVE + 3)

    def test_part_numbers(self):
        upload = self.begin("numbers")
        for number in (0, 10001):
            self.refused("InvalidArgument", self.put, status=400, upload=upload, number=number, content=b"x")
        self.complete(upload, [self.put(upload, 10000, b"x")])

    def test_parts_that_are_copies(self):
        S3.put_object(Bucket=self.bucket, Key="source ü", Body=self.first + self.last)
        upload = self.begin("copied")
        source = {"Bucket": self.bucket, "Key": "source ü"}
        parts = []
        for number, span in enumerate([f"bytes=0-{FIVE - 1}", f"bytes={FIVE}-{FIVE + 99}"], 1):
            copied = S3.upload_part_copy(**upload, PartNumber=number, CopySource=source, CopySourceRange=span)
            parts.append({"PartNumber": number, "ETag": copied["CopyPartResult"]["ETag"]})
        whole = S3.upload_part_copy(**upload, PartNumber=3, CopySource=source)["CopyPartResult"]
        self.assertEqual(whole["ETag"], '"%s"' % hashlib.md5(self.first + self.last).hexdigest())
        for wrong in (f"bytes=0-{FIVE + 1000}", "bytes=5-1", "bytes=-5", "bytes=5-"):
            call = {**upload, "PartNumber": 4, "CopySource": source, "CopySourceRange": wrong}
            with self.subTest(wrong):
                self.refused("InvalidArgument", S3.upload_part_copy, status=400, **call)
        S3.delete_object(**source)
        self.complete(upload, parts)
        self.assertEqual(S3.get_object(Bucket=self.bucket, Key="copied")["Body"].read(), self.first + self.last[:100])

    def test_checksums_of_parts_and_whole(self):
        expected = {
            None: {"type": "COMPOSITE", "value": crc32(b"".join(zlib.crc32(one).to_bytes(4, "big") for one in (self.first, self.last))) + "-2"},
            "FULL_OBJECT": {"type": "FULL_OBJECT", "value": crc32(self.first + self.last)},
        }
        for kind, wanted in expected.items():
            with self.subTest(kind):
                chosen = {"ChecksumType": kind} if kind else {}
                upload = self.begin("sums", ChecksumAlgorithm="CRC32", **chosen)
                parts = []
                for number, content in enumerate((self.first, self.last), 1):
                    answer = S3.upload_part(**upload, PartNumber=number, Body=content, ChecksumAlgorithm="CRC32")
                    self.assertEqual(answer["ChecksumCRC32"], crc32(content))
                    parts.append({"PartNumber": number, "ETag": answer["ETag"], "ChecksumCRC32": crc32(content)})
                self.assertEqual(S3.list_parts(**upload)["Parts"][0]["ChecksumCRC32"], crc32(self.first))
                wrong = [{**parts[0], "ChecksumCRC32": crc32(b"other")}, parts[1]]
                self.refused("InvalidPart", self.complete, status=400, upload=upload, parts=wrong)
                self.assertEqual(self.complete(upload, parts, **chosen)["ChecksumCRC32"], wanted["value"])
                head = S3.head_object(Bucket=self.bucket, Key="sums", ChecksumMode="ENABLED")
                self.assertEqual((head["ChecksumCRC32"], head["ChecksumType"]), (wanted["value"], wanted["type"]))
        call = {"Bucket": self.bucket, "Key": "sums", "ChecksumAlgorithm": "SHA256", "ChecksumType": "FULL_OBJECT"}
        self.refused("InvalidRequest", S3.create_multipart_upload, status=400, **call)

    def test_a_completion_can_insist(self):
        upload = self.begin("once")
        part = self.put(upload, 1, b"x")
        S3.put_object(Bucket=self.bucket, Key="once", Body=b"earlier")
        self.refused("PreconditionFailed", self.complete, status=412, upload=upload, parts=[part], IfNoneMatch="*")
        S3.delete_object(Bucket=self.bucket, Key="once")
        self.complete(upload, [part], IfNoneMatch="*")


class Manager(Case):
    """What `upload_file` and its kin do with 64 MB."""

    @classmethod
    def setUpClass(cls):
        cls.bucket = bucket()
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.path = os.path.join(cls.folder.name, "big")
        block = os.urandom(MIB)
        with open(cls.path, "wb") as file:
            for number in range(64):
                file.write(number.to_bytes(8, "big") + block[8:])

    def same(self, path):
        digests = []
        for one in (self.path, path):
            with open(one, "rb") as file:
                digests.append(hashlib.file_digest(file, "sha256").hexdigest())
        self.assertEqual(*digests)

    def test_up_and_down(self):
        S3.upload_file(self.path, self.bucket, "big", ExtraArgs={"Metadata": {"a": "1"}})
        head = S3.head_object(Bucket=self.bucket, Key="big")
        self.assertEqual((head["ContentLength"], head["Metadata"]), (64 * MIB, {"a": "1"}))
        self.assertRegex(head["ETag"], r'^"[0-9a-f]{32}-8"$')
        target = self.path + ".back"
        S3.download_file(self.bucket, "big", target)
        self.same(target)
        S3.copy({"Bucket": self.bucket, "Key": "big"}, self.bucket, "copy", Config=TransferConfig(multipart_threshold=8 * MIB))
        S3.download_file(self.bucket, "copy", target)
        self.same(target)

    def test_in_one_piece(self):
        S3.upload_file(self.path, self.bucket, "whole", Config=TransferConfig(multipart_threshold=100 * MIB))
        self.assertNotIn("-", S3.head_object(Bucket=self.bucket, Key="whole")["ETag"])
        target = self.path + ".one"
        S3.download_file(self.bucket, "whole", target, Config=TransferConfig(multipart_threshold=100 * MIB))
        self.same(target)

    def test_what_can_not_be_sought(self):
        class Stream(io.RawIOBase):
            def __init__(self, content):
                self.inner = io.BytesIO(content)

            def readable(self):
                return True

            def readinto(self, buffer):
                return self.inner.readinto(buffer)

        content = os.urandom(20 * MIB)
        S3.upload_fileobj(Stream(content), self.bucket, "stream")
        self.assertEqual(S3.get_object(Bucket=self.bucket, Key="stream")["Body"].read(), content)


class Connections(Case):
    """One client, so one pool of connections: what came before must not spoil what comes after."""

    def test_uploads_after_empty_ones_and_refused_ones(self):
        name = bucket()
        for number in range(60):
            S3.put_object(Bucket=name, Key="empty", Body=b"")
            self.refused("NoSuchBucket", S3.put_object, status=404, Bucket=fresh(), Key="k", Body=b"x")
            self.refused("NotImplemented", S3.put_object, status=501, Bucket=name, Key="k", Body=b"x", ACL="public-read")
            put = S3.put_object(Bucket=name, Key="full", Body=b"%d" % number)
            self.assertEqual(put["ETag"], '"%s"' % hashlib.md5(b"%d" % number).hexdigest())
        self.assertEqual(S3.get_object(Bucket=name, Key="full")["Body"].read(), b"59")


class Checksums(Case):
    @classmethod
    def setUpClass(cls):
        cls.bucket = bucket()

    def test_the_clients_default_is_kept_and_shown_when_asked(self):
        put = S3.put_object(Bucket=self.bucket, Key="default", Body=b"hello")
        self.assertEqual((put["ChecksumCRC32"], put["ChecksumType"]), (crc32(b"hello"), "FULL_OBJECT"))
        self.assertNotIn("ChecksumCRC32", client("s3", response_checksum_validation="when_required").head_object(Bucket=self.bucket, Key="default"))
        got = S3.get_object(Bucket=self.bucket, Key="default", ChecksumMode="ENABLED")
        self.assertEqual((got["Body"].read(), got["ChecksumCRC32"]), (b"hello", crc32(b"hello")))
        listed = S3.list_objects_v2(Bucket=self.bucket, Prefix="default")["Contents"][0]
        self.assertEqual(listed["ChecksumAlgorithm"], ["CRC32"])

    def test_without_one_s3_makes_its_own(self):
        plain = client("s3", request_checksum_calculation="when_required")
        self.assertIn("ChecksumCRC64NVME", plain.put_object(Bucket=self.bucket, Key="own", Body=b"123456789"))
        head = S3.head_object(Bucket=self.bucket, Key="own", ChecksumMode="ENABLED")
        # The check value of CRC-64/NVME, as the CRC catalogue gives it: 0xAE8B14860A799888.
        self.assertEqual(head["ChecksumCRC64NVME"], base64.b64encode(bytes.fromhex("ae8b14860a799888")).decode())

    def test_any_algorithm(self):
        for name, digest in (("SHA1", hashlib.sha1), ("SHA256", hashlib.sha256)):
            with self.subTest(name):
                wanted = base64.b64encode(digest(b"hello").digest()).decode()
                put = S3.put_object(Bucket=self.bucket, Key=name, Body=b"hello", ChecksumAlgorithm=name)
                self.assertEqual(put[f"Checksum{name}"], wanted)
                head = S3.head_object(Bucket=self.bucket, Key=name, ChecksumMode="ENABLED")
                self.assertEqual(head[f"Checksum{name}"], wanted)

    def test_a_wrong_one_stores_nothing(self):
        for name, length in (("CRC32", 4), ("CRC32C", 4), ("CRC64NVME", 8), ("SHA1", 20), ("SHA256", 32)):
            with self.subTest(name):
                wrong = {f"Checksum{name}": base64.b64encode(bytes(length)).decode()}
                call = {"Bucket": self.bucket, "Key": "wrong", "Body": b"hello", **wrong}
                answer = self.refused("BadDigest", S3.put_object, status=400, **call)
                self.assertEqual(answer["Error"]["Message"], f"The {name} you specified did not match the calculated checksum.")
        self.refused("BadDigest", S3.put_object, status=400, Bucket=self.bucket, Key="wrong", Body=b"x", ContentMD5="1B2M2Y8AsgTpgAmY7PhCfg==")
        self.refused("InvalidDigest", S3.put_object, status=400, Bucket=self.bucket, Key="wrong", Body=b"x", ContentMD5="nonsense")
        self.refused("404", S3.head_object, Bucket=self.bucket, Key="wrong")

    def test_a_copy_keeps_or_changes_it(self):
        S3.put_object(Bucket=self.bucket, Key="from", Body=b"hello")
        kept = S3.copy_object(Bucket=self.bucket, Key="kept", CopySource=f"{self.bucket}/from")["CopyObjectResult"]
        self.assertEqual(kept["ChecksumCRC32"], crc32(b"hello"))
        call = {"Bucket": self.bucket, "Key": "new", "CopySource": f"{self.bucket}/from", "ChecksumAlgorithm": "SHA256"}
        changed = S3.copy_object(**call)["CopyObjectResult"]
        self.assertEqual(changed["ChecksumSHA256"], base64.b64encode(hashlib.sha256(b"hello").digest()).decode())


class Presigned(Case):
    @classmethod
    def setUpClass(cls):
        cls.bucket = bucket()
        temporary = role_keys()
        cls.clients = {
            f"{version}{' with a token' if keys else ''}": client("s3", *keys, signature_version=version)
            for version in ("s3", "s3v4")
            for keys in ((), temporary)
        }

    def ask(self, url, method="GET", content=None, headers=None):
        """Not `urllib.request`: it adds a content type, which version 2 signs."""
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(parts.netloc)
        try:
            connection.request(method, url.removeprefix(f"http://{parts.netloc}"), body=content, headers=headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read(), answer.headers
        finally:
            connection.close()

    def fetch(self, url, method="GET", content=None, headers=None):
        status, content, headers = self.ask(url, method, content, headers)
        self.assertIn(status, (200, 204), content)
        return content, headers

    def denied(self, status, code, url, **arguments):
        got, content, _ = self.ask(url, **arguments)
        self.assertEqual((got, re.search("<Code>(.*?)</Code>", content.decode())[1]), (status, code), content)

    def test_written_and_read(self):
        for name, signer in self.clients.items():
            with self.subTest(name):
                place = {"Bucket": self.bucket, "Key": f"by {name}"}
                put = signer.generate_presigned_url("put_object", {**place, "ContentType": "text/plain"})
                self.fetch(put, "PUT", name.encode(), {"Content-Type": "text/plain"})
                named = {**place, "ResponseContentDisposition": 'attachment; filename="a b.txt"'}
                content, headers = self.fetch(signer.generate_presigned_url("get_object", named))
                self.assertEqual((content, headers["Content-Type"]), (name.encode(), "text/plain"))
                self.assertEqual(headers["Content-Disposition"], 'attachment; filename="a b.txt"')
                self.fetch(signer.generate_presigned_url("delete_object", place), "DELETE")
                self.denied(404, "NoSuchKey", signer.generate_presigned_url("get_object", place))

    def test_only_for_what_was_signed(self):
        for name, signer in self.clients.items():
            with self.subTest(name):
                S3.put_object(Bucket=self.bucket, Key="signed", Body=b"x")
                url = signer.generate_presigned_url("get_object", {"Bucket": self.bucket, "Key": "signed"})
                self.denied(403, "SignatureDoesNotMatch", url, method="PUT", content=b"y")
                self.denied(403, "SignatureDoesNotMatch", url.replace("/signed?", "/other?"))
                self.assertEqual(S3.get_object(Bucket=self.bucket, Key="signed")["Body"].read(), b"x")

    def test_only_for_a_while(self):
        for name, signer in self.clients.items():
            with self.subTest(name):
                url = signer.generate_presigned_url("get_object", {"Bucket": self.bucket, "Key": "x"}, ExpiresIn=-1)
                malformed = "X-Amz-Expires" in url
                self.denied(*((400, "AuthorizationQueryParametersError") if malformed else (403, "AccessDenied")), url)

    def test_a_token_belongs_to_its_keys(self):
        for name, signer in self.clients.items():
            if "token" not in name:
                continue
            url = signer.generate_presigned_url("get_object", {"Bucket": self.bucket, "Key": "x"})
            token = re.search(r"(?i)[?&]x-amz-security-token=[^&]*", url)[0]
            with self.subTest(name):
                self.denied(403, "InvalidAccessKeyId", url.replace(token, token[0] + "unused=1"))
                self.denied(400, "InvalidToken", url.replace(token, token[:-8] + "AAAAAAAA"))

    def test_parts_too(self):
        for name, signer in self.clients.items():
            with self.subTest(name):
                upload = {"Bucket": self.bucket, "Key": name, "UploadId": S3.create_multipart_upload(Bucket=self.bucket, Key=name)["UploadId"]}
                url = signer.generate_presigned_url("upload_part", {**upload, "PartNumber": 1})
                _, headers = self.fetch(url, "PUT", b"part")
                parts = {"Parts": [{"PartNumber": 1, "ETag": headers["ETag"]}]}
                S3.complete_multipart_upload(**upload, MultipartUpload=parts)
                self.assertEqual(S3.get_object(Bucket=self.bucket, Key=name)["Body"].read(), b"part")
