"""S3 on the wire: framing, routing, streaming and XML that no SDK would send, each with the answer that AWS gives."""

import base64
import os
import zlib

from support import Case, client, fresh
from support.wire import UNSIGNED, Request, Wire, ask, sha256

S3 = client("s3")
CRC = "x-amz-checksum-crc32"
SIGNED, SIGNED_TRAILER = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
UNSIGNED_TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"


def crc32(content):
    return base64.b64encode(zlib.crc32(content).to_bytes(4, "big")).decode()


def bucket():
    name = fresh()
    S3.create_bucket(Bucket=name)
    return name


def get(name, key):
    return S3.get_object(Bucket=name, Key=key)["Body"].read()


class Chunked(Case):
    """`aws-chunked`."""

    @classmethod
    def setUpClass(cls):
        cls.bucket = bucket()
        cls.content = os.urandom(150_000)

    def put(self, key, payload, frame, **headers):
        """Frames the content and puts it: `frame(chain)` gives the body's pieces."""
        decoded = {"content-encoding": "aws-chunked", "x-amz-decoded-content-length": str(len(self.content))}
        request = Request("PUT", f"/{self.bucket}/{key}", headers={**decoded, **headers}, payload=payload)
        length = len(b"".join(frame(request.head()[1])))
        head, chain = request.head(length)
        with Wire() as wire:
            wire.send(head, *frame(chain))
            return wire.answer()

    def signed(self, chain, trailer=None, spoil=None):
        chunks = [chain.chunk(self.content[at : at + 65536]) for at in range(0, len(self.content), 65536)] + [chain.chunk(b"")]
        if spoil is not None:
            chunks[spoil] = chunks[spoil].replace(b"chunk-signature=", b"chunk-signature=0", 1)[: len(chunks[spoil])]
        if trailer is None:
            return [*chunks, b"\r\n"]
        return [*chunks, f"{trailer}\r\nx-amz-trailer-signature:{chain.trailer(trailer + chr(10))}\r\n\r\n".encode()]

    def unsigned(self, trailer=None):
        chunks = [self.content[:100_000], self.content[100_000:], b""]
        framed = [f"{len(one):x}\r\n".encode() + one + (b"\r\n" if one else b"") for one in chunks]
        return [*framed, f"{trailer}\r\n\r\n".encode() if trailer else b"\r\n"]

    def refused_put(self, status, code, *arguments, **headers):
        answer = self.put("refused", *arguments, **headers)
        self.assertEqual((answer.status, answer.code), (status, code), answer)
        self.refused("404", S3.head_object, Bucket=self.bucket, Key="refused")

    def test_all_four_ways(self):
        sums = f"{CRC}:{crc32(self.content)}"
        ways = {
            "signed": (SIGNED, lambda chain: self.signed(chain), {}),
            "signed-trailer": (SIGNED_TRAILER, lambda chain: self.signed(chain, sums), {"x-amz-trailer": CRC}),
            "unsigned-trailer": (UNSIGNED_TRAILER, lambda _: self.unsigned(sums), {"x-amz-trailer": CRC}),
            "unsigned": (UNSIGNED, lambda _: self.unsigned(), {}),
        }
        for key, (payload, frame, headers) in ways.items():
            with self.subTest(key):
                answer = self.put(key, payload, frame, **headers)
                self.assertEqual(answer.status, 200, answer)
                got = S3.get_object(Bucket=self.bucket, Key=key, ChecksumMode="ENABLED")
                self.assertEqual(got["Body"].read(), self.content)
                self.assertNotIn("ContentEncoding", got)
                if headers:
                    self.assertEqual(got["ChecksumCRC32"], crc32(self.content))

    def test_the_contents_own_encoding_stays(self):
        headers = {"content-encoding": "aws-chunked,gzip"}
        self.assertEqual(self.put("gzip", SIGNED, self.signed, **headers).status, 200)
        self.assertEqual(S3.head_object(Bucket=self.bucket, Key="gzip")["ContentEncoding"], "gzip")

    def test_a_chunk_that_is_signed_otherwise(self):
        for spoil in range(4):
            with self.subTest(chunk=spoil):
                self.refused_put(403, "SignatureDoesNotMatch", SIGNED, lambda chain: self.signed(chain, spoil=spoil))

    def test_a_trailer_that_is_signed_otherwise(self):
        def frame(chain):
            *chunks, last = self.signed(chain, f"{CRC}:{crc32(self.content)}")
            return [*chunks, last.replace(b"trailer-signature:", b"trailer-signature:0")[:-5] + b"\r\n\r\n"]

        self.refused_put(403, "SignatureDoesNotMatch", SIGNED_TRAILER, frame, **{"x-amz-trailer": CRC})

    def test_a_trailer_that_is_not_signed(self):
        def frame(chain):
            return [*self.signed(chain)[:-1], f"{CRC}:{crc32(self.content)}\r\n\r\n".encode()]

        self.refused_put(403, "SignatureDoesNotMatch", SIGNED_TRAILER, frame, **{"x-amz-trailer": CRC})

    def test_a_trailer_that_does_not_come(self):
        promised = {"x-amz-trailer": CRC}
        self.refused_put(400, "MalformedTrailerError", UNSIGNED_TRAILER, lambda _: self.unsigned(), **promised)
        other = lambda _: self.unsigned("x-amz-checksum-sha1:AAAA")
        self.refused_put(400, "MalformedTrailerError", UNSIGNED_TRAILER, other, **promised)

    def test_a_trailer_with_a_wrong_checksum(self):
        wrong = lambda _: self.unsigned(f"{CRC}:{crc32(b'other')}")
        self.refused_put(400, "BadDigest", UNSIGNED_TRAILER, wrong, **{"x-amz-trailer": CRC})

    def test_a_length_that_is_not_the_contents(self):
        for length in (len(self.content) - 1, len(self.content) + 1):
            with self.subTest(length - len(self.content)):
                headers = {"x-amz-decoded-content-length": str(length)}
                self.refused_put(400, "IncompleteBody", SIGNED, self.signed, **headers)

    def test_framing_that_is_none(self):
        self.refused_put(400, "InvalidRequest", UNSIGNED_TRAILER, lambda _: [b"zz\r\nhello\r\n0\r\n\r\n"])

    def test_in_the_smallest_pieces(self):
        content, self.content = self.content, b"0123456789" * 20
        try:
            small = lambda chain: [bytes([byte]) for byte in b"".join(self.signed(chain))]
            self.assertEqual(self.put("pieces", SIGNED, small).status, 200)
            self.assertEqual(get(self.bucket, "pieces"), self.content)
        finally:
            self.content = content


class Digests(Case):
    """Checksums in headers, of streams and of XML."""

    @classmethod
    def setUpClass(cls):
        cls.bucket = bucket()

    def put(self, body=b"hello", **arguments):
        return ask("PUT", f"/{self.bucket}/wrong", body=body, **arguments)

    def test_a_stream_that_is_another(self):
        for code, arguments in {
            "XAmzContentSHA256Mismatch": {"payload": sha256(b"other")},
            "BadDigest": {"headers": {CRC: crc32(b"other")}},
            "InvalidRequest": {"headers": {CRC: crc32(b"hello"), "x-amz-checksum-sha1": "AAAA"}},
            "InvalidDigest": {"headers": {"content-md5": "hello"}},
            "NotImplemented": {"headers": {"x-amz-checksum-sha512": "AAAA"}},
        }.items():
            with self.subTest(code):
                answer = self.put(**arguments)
                self.assertEqual((answer.status, answer.code), (501 if code == "NotImplemented" else 400, code), answer)
                self.refused("404", S3.head_object, Bucket=self.bucket, Key="wrong")

    def test_xml_that_is_another_is_not_executed(self):
        S3.put_object(Bucket=self.bucket, Key="kept")
        body = b"<Delete><Object><Key>kept</Key></Object></Delete>"
        for code, headers, payload in [
            ("BadDigest", {"content-md5": base64.b64encode(bytes(16)).decode()}, None),
            ("BadDigest", {CRC: crc32(b"other")}, None),
            ("XAmzContentSHA256Mismatch", {CRC: crc32(body)}, sha256(b"other")),
            ("InvalidRequest", {}, None),
        ]:
            with self.subTest(code):
                answer = ask("POST", f"/{self.bucket}", query=[("delete", "")], headers=headers, body=body, payload=payload)
                self.assertEqual((answer.status, answer.code), (400, code), answer)
        S3.head_object(Bucket=self.bucket, Key="kept")

    def test_a_body_that_breaks_off(self):
        head, _ = Request("PUT", f"/{self.bucket}/broken", payload=UNSIGNED).head(1000)
        with Wire() as wire:
            wire.send(head, b"x" * 500)
            wire.socket.shutdown(1)
            try:
                self.assertGreaterEqual(wire.answer().status, 400)
            except EOFError:
                pass
        self.refused("404", S3.head_object, Bucket=self.bucket, Key="broken")


class Routes(Case):
    """What the model has no handler for never reaches one that it has not named."""

    @classmethod
    def setUpClass(cls):
        cls.bucket = bucket()
        S3.put_object(Bucket=cls.bucket, Key="key", Body=b"kept")

    def untouched(self):
        self.assertEqual(get(self.bucket, "key"), b"kept")
        self.assertEqual([one["Key"] for one in S3.list_objects_v2(Bucket=self.bucket)["Contents"]], ["key"])

    def not_built(self, method, path, query, operation, body=b""):
        pairs = [tuple(pair.split("=")) if "=" in pair else (pair, "") for pair in query.split("&")]
        with self.subTest(f"{method} {path}?{query}"):
            answer = ask(method, path, query=pairs, body=body, headers={CRC: crc32(body)} if method == "PUT" else {})
            self.assertEqual((answer.status, answer.code), (501, "NotImplemented"), answer)
            self.assertIn(operation, answer.body.decode())

    def test_of_a_bucket(self):
        path = f"/{self.bucket}"
        for query, operation in {
            "metadataConfiguration": "DeleteBucketMetadataConfiguration",
            "metadataTable": "DeleteBucketMetadataTableConfiguration",
            "analytics&id=1": "DeleteBucketAnalyticsConfiguration",
            "intelligent-tiering&id=1": "DeleteBucketIntelligentTieringConfiguration",
            "inventory&id=1": "DeleteBucketInventoryConfiguration",
            "metrics&id=1": "DeleteBucketMetricsConfiguration",
            "cors": "DeleteBucketCors",
            "encryption": "DeleteBucketEncryption",
            "lifecycle": "DeleteBucketLifecycle",
            "policy": "DeleteBucketPolicy",
            "replication": "DeleteBucketReplication",
            "website": "DeleteBucketWebsite",
            "ownershipControls": "DeleteBucketOwnershipControls",
            "publicAccessBlock": "DeletePublicAccessBlock",
        }.items():
            self.not_built("DELETE", path, query, operation)
        for query, operation in {
            "abac": "GetBucketAbac",
            "acl": "GetBucketAcl",
            "versions": "ListObjectVersions",
            "versioning": "GetBucketVersioning",
            "policyStatus": "GetBucketPolicyStatus",
            "session": "CreateSession",
            "object-lock": "GetObjectLockConfiguration",
        }.items():
            self.not_built("GET", path, query, operation)
        for query, operation in {"acl": "PutBucketAcl", "versioning": "PutBucketVersioning", "abac": "PutBucketAbac"}.items():
            self.not_built("PUT", path, query, operation)
        self.untouched()

    def test_of_an_object(self):
        path = f"/{self.bucket}/key"
        for query, operation in {
            "acl": "PutObjectAcl",
            "legal-hold": "PutObjectLegalHold",
            "retention": "PutObjectRetention",
            "encryption": "UpdateObjectEncryption",
        }.items():
            self.not_built("PUT", path, query, operation, b"<X/>")
        for query, operation in {"acl": "GetObjectAcl", "torrent": "GetObjectTorrent"}.items():
            self.not_built("GET", path, query, operation)
        self.not_built("POST", path, "restore", "RestoreObject")
        self.untouched()

    def test_those_that_need_a_header_or_parameter_which_is_missing(self):
        for method, query in [
            ("PUT", "renameObject"),
            ("PUT", "annotation"),
            ("DELETE", "annotation"),
            ("GET", "annotation"),
            ("GET", "attributes"),
            ("POST", "select"),
        ]:
            with self.subTest(f"{method} ?{query}"):
                answer = ask(method, f"/{self.bucket}/key", query=[(query, "")], body=b"<X/>" if method == "PUT" else b"")
                self.assertIn(answer.status, (400, 405, 501), answer)
        self.untouched()

    def test_renaming(self):
        headers = {"x-amz-rename-source": f"/{self.bucket}/key"}
        answer = ask("PUT", f"/{self.bucket}/new", query=[("renameObject", "")], headers=headers)
        self.assertEqual((answer.status, answer.code), (501, "NotImplemented"), answer)
        self.untouched()

    def test_a_query_given_twice(self):
        answer = ask("GET", f"/{self.bucket}", query=[("list-type", "2"), ("list-type", "2")])
        self.assertEqual(answer.status, 200)
        self.assertIn(b"<KeyCount>1</KeyCount>", answer.body)

    def test_what_sdks_add_for_themselves(self):
        self.assertEqual(ask("GET", f"/{self.bucket}/key", query=[("x-id", "GetObject")]).body, b"kept")
        self.assertEqual(ask("GET", f"/{self.bucket}", query=[("list-type", "2"), ("x-id", "ListObjectsV2")]).status, 200)

    def test_methods_that_are_none(self):
        for method in ("PATCH", "LINK"):
            answer = ask(method, f"/{self.bucket}/key")
            self.assertEqual((answer.status, answer.code), (405, "MethodNotAllowed"), answer)
        self.untouched()

    def test_the_bucket_in_the_host(self):
        host = f"{self.bucket}.s3.us-east-1.amazonaws.com"
        answer = ask("GET", "/key", headers={"host": host})
        self.assertEqual((answer.status, answer.body), (200, b"kept"))


class Connections(Case):
    @classmethod
    def setUpClass(cls):
        cls.bucket = bucket()

    def test_a_denied_upload_is_told_before_its_body(self):
        for what, arguments in {"a wrong secret": {"secret": "wrong"}, "no bucket": {}}.items():
            place = f"/{self.bucket}/k" if arguments else f"/{fresh()}/k"
            request = Request("PUT", place, headers={"expect": "100-continue"}, payload=UNSIGNED, **arguments)
            with self.subTest(what), Wire() as wire:
                wire.send(request.head(10 * 1024 * 1024)[0])
                answer = wire.answer()
                self.assertEqual(answer.status, 403 if arguments else 404, answer)
                # The body may come or not: nothing else can follow on this connection, and the client must know.
                self.assertEqual(answer.headers.get("connection"), "close")
                self.assertTrue(wire.closed())

    def test_an_empty_one_need_not_be_asked_for(self):
        request = Request("PUT", f"/{self.bucket}/empty", headers={"expect": "100-continue"}, payload=UNSIGNED)
        with Wire() as wire:
            wire.send(request.head(0)[0])
            answer = wire.answer()
            if answer.status != 100:
                # boto3 misreads the next answer on a connection that goes on after this.
                self.assertEqual((answer.status, answer.headers.get("connection")), (200, "close"))

    def test_an_allowed_one_is_asked_to_go_on(self):
        request = Request("PUT", f"/{self.bucket}/asked", headers={"expect": "100-continue"}, payload=UNSIGNED)
        with Wire() as wire:
            wire.send(request.head(5)[0])
            self.assertEqual(wire.answer().status, 100)
            wire.send(b"hello")
            self.assertEqual(wire.answer().status, 200)
        self.assertEqual(get(self.bucket, "asked"), b"hello")

    def test_errors_leave_the_connection_usable(self):
        S3.put_object(Bucket=self.bucket, Key="k", Body=b"here")
        with Wire() as wire:
            for request, status in [
                (Request("GET", f"/{self.bucket}/none"), 404),
                (Request("HEAD", f"/{self.bucket}/none"), 404),
                (Request("HEAD", f"/{self.bucket}/k"), 200),
                (Request("GET", f"/{self.bucket}/k", secret="wrong"), 403),
                (Request("PUT", f"/{self.bucket}/k", body=b"x", headers={CRC: crc32(b"y")}), 400),
                (Request("GET", f"/{self.bucket}", query=[("acl", "")]), 501),
                (Request("DELETE", f"/{self.bucket}/none"), 204),
                (Request("GET", f"/{self.bucket}/k", headers={"if-none-match": "*"}), 304),
                (Request("GET", f"/{self.bucket}/k"), 200),
            ]:
                answer = wire.ask(request)
                self.assertEqual(answer.status, status, request)
        self.assertEqual(answer.body, b"here")

    def test_an_unread_body_never_becomes_a_request(self):
        smuggled, _ = Request("PUT", f"/{self.bucket}/smuggled").head()
        request = Request("PUT", f"/{fresh()}/k", body=smuggled + b"x" * 100_000, payload=UNSIGNED)
        with Wire() as wire:
            self.assertEqual(wire.ask(request).status, 404)
            try:
                again = wire.ask(Request("GET", f"/{self.bucket}"))
                self.assertEqual(again.status, 200)
            except (OSError, EOFError):  # Closed, which is fine as well.
                pass
        self.refused("404", S3.head_object, Bucket=self.bucket, Key="smuggled")

    def test_errors_of_head_have_no_body(self):
        with Wire() as wire:
            answer = wire.ask(Request("HEAD", f"/{fresh()}"))
            self.assertEqual(answer.status, 404)
            wire.socket.shutdown(1)
            self.assertTrue(wire.closed())

    def test_answers_carry_what_support_asks_for(self):
        answer = ask("GET", f"/{self.bucket}/none")
        self.assertTrue(answer.headers["x-amz-request-id"])
        self.assertIn(f"<RequestId>{answer.headers['x-amz-request-id']}</RequestId>", answer.body.decode())
        self.assertEqual((answer.headers["server"], answer.headers["content-type"]), ("AmazonS3", "application/xml"))


class Xml(Case):
    @classmethod
    def setUpClass(cls):
        cls.bucket = bucket()

    def delete(self, body):
        body = body if isinstance(body, bytes) else body.encode()
        return ask("POST", f"/{self.bucket}", query=[("delete", "")], headers={CRC: crc32(body)}, body=body)

    def test_what_is_no_xml_of_ours(self):
        levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
        for name, body in {
            "bomb": f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "aaaaaaaaaa">{levels}]><Delete><Object><Key>&a9;</Key></Object></Delete>',
            "file": '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><Delete><Object><Key>&f;</Key></Object></Delete>',
            "doctype": "<!DOCTYPE Delete><Delete><Object><Key>k</Key></Object></Delete>",
            "unclosed": "<Delete><Object><Key>k</Key>",
            "crossed": "<Delete><Object><Key>k</Object></Key></Delete>",
            "not text": b"<Delete><Object><Key>\xff</Key></Object></Delete>",
            "an unknown entity": "<Delete><Object><Key>&what;</Key></Object></Delete>",
            "json": "{}",
            "deep": "<a>" * 100_000,
            "deep and closed": "<a>" * 100_000 + "</a>" * 100_000,
        }.items():
            with self.subTest(name):
                answer = self.delete(body)
                self.assertEqual((answer.status, answer.code), (400, "MalformedXML"), answer)

    def test_keys_with_characters_that_xml_lacks(self):
        S3.put_object(Bucket=self.bucket, Key="odd\x01key")
        listed = ask("GET", f"/{self.bucket}", query=[("list-type", "2")]).body
        self.assertRegex(listed, b"<Key>odd&#(x1|1);key</Key>")
        for reference in ("&#1;", "&#x1;", "&#x01;"):
            S3.put_object(Bucket=self.bucket, Key="odd\x01key")
            answer = self.delete(f"<Delete><Object><Key>odd{reference}key</Key></Object></Delete>")
            self.assertEqual(answer.status, 200, answer)
            self.assertRegex(answer.body, b"<Deleted><Key>odd&#(x1|1);key</Key></Deleted>")
            self.refused("404", S3.head_object, Bucket=self.bucket, Key="odd\x01key")

    def test_namespaces_comments_and_sections(self):
        S3.put_object(Bucket=self.bucket, Key="a<b")
        body = '<!-- x --><d:Delete xmlns:d="http://s3.amazonaws.com/doc/2006-03-01/"><d:Object><d:Key><![CDATA[a<b]]></d:Key></d:Object></d:Delete>'
        self.assertIn(b"<Deleted><Key>a&lt;b</Key></Deleted>", self.delete(body).body)


class Memory(Case):
    """A gibibyte goes through in constant memory, however it is framed."""

    SIZE = 1024 * 1024 * 1024
    BLOCK = os.urandom(1024 * 1024)
    LIMIT_KB = 150 * 1024

    @classmethod
    def setUpClass(cls):
        cls.bucket = bucket()

    def peak(self):
        with open(f"/proc/{os.environ['LABRUN_TEST_PID']}/status") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmHWM"))

    def blocks(self):
        for _ in range(self.SIZE // len(self.BLOCK)):
            yield self.BLOCK

    def read(self, key):
        """Reads all of an object, and compares it with what was put."""
        request = Request("GET", f"/{self.bucket}/{key}")
        with Wire() as wire:
            wire.send(request.head()[0])
            while wire.file.readline().strip():
                pass
            for block in self.blocks():
                if wire.file.read(len(block)) != block:
                    self.fail("the content is another")
        S3.delete_object(Bucket=self.bucket, Key=key)

    def test_plain(self):
        head, _ = Request("PUT", f"/{self.bucket}/plain", payload=UNSIGNED).head(self.SIZE)
        with Wire() as wire:
            wire.send(head, *self.blocks())
            self.assertEqual(wire.answer().status, 200)
        self.read("plain")
        self.assertLess(self.peak(), self.LIMIT_KB)

    def test_in_one_chunk(self):
        first = f"{self.SIZE:x}\r\n".encode()
        last = b"\r\n0\r\nx-amz-checksum-crc32:"
        checksum = 0
        for block in self.blocks():
            checksum = zlib.crc32(block, checksum)
        last += base64.b64encode(checksum.to_bytes(4, "big")) + b"\r\n\r\n"
        headers = {"content-encoding": "aws-chunked", "x-amz-decoded-content-length": str(self.SIZE), "x-amz-trailer": CRC}
        request = Request("PUT", f"/{self.bucket}/chunk", headers=headers, payload=UNSIGNED_TRAILER)
        head, _ = request.head(len(first) + self.SIZE + len(last))
        with Wire() as wire:
            wire.send(head, first, *self.blocks(), last)
            self.assertEqual(wire.answer().status, 200)
        self.read("chunk")
        self.assertLess(self.peak(), self.LIMIT_KB)
