"""Who is let in: keys, tokens, clocks and signatures, each refusal in the words of the protocol that was spoken."""

import json
import time
from urllib.parse import quote

from support import ACCOUNT, ENDPOINT, TRUST, Case, admin, client, fresh
from support.wire import HOST, UNSIGNED, Request, Wire

S3 = client("s3")
JSON = "application/x-amz-json-1.1"
FORM = "application/x-www-form-urlencoded; charset=utf-8"


def glue(**arguments):
    headers = {"content-type": JSON, "x-amz-target": "AWSGlue.GetJobs"}
    return Request("POST", "/", headers=headers, body=b"{}", service="glue", **arguments)


def iam(**arguments):
    return Request("POST", "/", headers={"content-type": FORM}, body=b"Action=ListRoles&Version=2010-05-08", service="iam", **arguments)


def sts(**arguments):
    body = b"Action=GetCallerIdentity&Version=2011-06-15"
    return Request("POST", "/", headers={"content-type": FORM}, body=body, service="sts", **arguments)


def s3(**arguments):
    return Request("GET", "/", **arguments)


ALL = {"s3": s3, "glue": glue, "iam": iam, "sts": sts}


def send(request, head=None):
    with Wire() as wire:
        wire.send((head or request.head()[0]) + request.body)
        return wire.answer()


class Keys(Case):
    def refusals(self, expected, message=None, **arguments):
        """The same fault in all four services."""
        for name, (status, code) in expected.items():
            with self.subTest(name):
                answer = send(ALL[name](**arguments))
                self.assertEqual((answer.status, answer.code), (status, code), answer)
                if message and name != "s3":
                    self.assertIn(message, answer.body.decode())

    def test_the_learners_key_is_let_in(self):
        for name, make in ALL.items():
            with self.subTest(name):
                self.assertEqual(send(make()).status, 200)

    def unknown(self, key):
        self.refusals(
            {
                "s3": (403, "InvalidAccessKeyId"),
                "glue": (400, "UnrecognizedClientException"),
                "iam": (403, "InvalidClientTokenId"),
                "sts": (403, "InvalidClientTokenId"),
            },
            "The security token included in the request is invalid",
            key=key,
        )

    def test_one_that_labrun_never_minted_for_anyone(self):
        self.unknown("AKIALRAAAAAAAAAAAAAA")
        self.unknown("ASIALRAAAAAAAAAAAAAA")

    def test_one_of_a_sandbox_that_is_gone(self):
        made = admin("POST", "sandboxes", {"id": fresh("gone"), "region": "us-east-1"})
        keys = {"key": made["access_key_id"], "secret": made["secret_access_key"]}
        self.assertEqual(send(s3(**keys)).status, 200)
        admin("DELETE", f"sandboxes/{made['id']}")
        self.unknown(made["access_key_id"])

    def test_one_of_another_sandbox_opens_that_one(self):
        made = admin("POST", "sandboxes", {"id": fresh("other"), "region": "us-east-1"})
        other = client("s3", made["access_key_id"], made["secret_access_key"])
        name = fresh()
        S3.create_bucket(Bucket=name)
        S3.put_object(Bucket=name, Key="k")
        self.refused("NoSuchBucket", other.get_object, Bucket=name, Key="k")
        self.assertEqual(other.list_buckets()["Buckets"], [])
        other.create_bucket(Bucket=name)
        self.assertNotEqual(made["account"], ACCOUNT)
        admin("DELETE", f"sandboxes/{made['id']}")

    def test_a_wrong_secret(self):
        expected = {
            "s3": (403, "SignatureDoesNotMatch"),
            "glue": (400, "InvalidSignatureException"),
            "iam": (403, "SignatureDoesNotMatch"),
            "sts": (403, "SignatureDoesNotMatch"),
        }
        self.refusals(expected, "The request signature we calculated does not match", secret="wrong")

    def test_no_key_at_all(self):
        for name, status, code in [
            ("s3", 403, "AccessDenied"),
            ("glue", 400, "MissingAuthenticationTokenException"),
            ("sts", 403, "MissingAuthenticationToken"),
        ]:
            request = ALL[name]()
            headers = {"host": HOST, **request.headers, "content-length": str(len(request.body))}
            with self.subTest(name):
                answer = send(request, request.raw(headers))
                self.assertEqual((answer.status, answer.code), (status, code), answer)

    def test_an_authorization_that_is_none(self):
        for text, status, code in [
            ("AWS AKIA:signature", 400, "InvalidRequest"),
            ("AWS4-HMAC-SHA256 Credential=x", 400, "AuthorizationHeaderMalformed"),
            ("AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=0", 400, "AuthorizationHeaderMalformed"),
            ("Labrun-Run guessed", 403, "InvalidAccessKeyId"),
        ]:
            request = s3()
            headers = {"host": HOST, "x-amz-date": request.moment(), "authorization": text, "x-amz-content-sha256": UNSIGNED}
            with self.subTest(text):
                answer = send(request, request.raw(headers))
                self.assertEqual((answer.status, answer.code), (status, code), answer)


class Tokens(Case):
    """Temporary keys, in a sandbox whose clock may be moved."""

    @classmethod
    def setUpClass(cls):
        cls.made = admin("POST", "sandboxes", {"id": fresh("clock"), "region": "us-east-1"})
        keys = cls.made["access_key_id"], cls.made["secret_access_key"]
        role = client("iam", *keys).create_role(RoleName="r", AssumeRolePolicyDocument=TRUST.replace(ACCOUNT, cls.made["account"]))["Role"]
        given = client("sts", *keys).assume_role(RoleArn=role["Arn"], RoleSessionName="session", DurationSeconds=900)["Credentials"]
        cls.keys = {"key": given["AccessKeyId"], "secret": given["SecretAccessKey"]}
        cls.token = given["SessionToken"]

    @classmethod
    def tearDownClass(cls):
        admin("DELETE", f"sandboxes/{cls.made['id']}")

    def test_a_life(self):
        for name, make in ALL.items():
            with self.subTest(name):
                self.assertEqual(send(make(**self.keys, token=self.token)).status, 200)
        for token, s3_code in ((None, "InvalidAccessKeyId"), (self.token[:-4] + "AAAA", "InvalidToken")):
            codes = {"s3": s3_code, "glue": "UnrecognizedClientException", "iam": "InvalidClientTokenId", "sts": "InvalidClientTokenId"}
            for name, code in codes.items():
                with self.subTest(name, token=bool(token)):
                    self.assertEqual(send(ALL[name](**self.keys, token=token)).code, code)
        # A request is dated by the wall or by the sandbox, as its client lives on the one or the other.
        admin("POST", f"sandboxes/{self.made['id']}/clock", {"advance_ms": 3600 * 1000})
        learner = {"key": self.made["access_key_id"], "secret": self.made["secret_access_key"]}
        for at, status in ((0, 200), (3600, 200), (1800, 403), (5400, 403)):
            with self.subTest(at=at):
                self.assertEqual(send(s3(**learner, at=at)).status, status)
        for name, (status, code) in {
            "s3": (400, "ExpiredToken"),
            "glue": (400, "ExpiredTokenException"),
            "iam": (403, "ExpiredToken"),
            "sts": (403, "ExpiredToken"),
        }.items():
            with self.subTest(name, expired=True):
                answer = send(ALL[name](**self.keys, token=self.token))
                self.assertEqual((answer.status, answer.code), (status, code), answer)


class Clocks(Case):
    def test_ten_minutes_are_near_enough(self):
        for at in (-600, 600):
            for name, make in ALL.items():
                with self.subTest(name, at=at):
                    self.assertEqual(send(make(at=at)).status, 200)

    def test_twenty_are_not(self):
        for at, words in ((-1200, "Signature expired: "), (1200, "Signature not yet current: ")):
            for name, (status, code) in {
                "s3": (403, "RequestTimeTooSkewed"),
                "glue": (400, "InvalidSignatureException"),
                "iam": (403, "SignatureDoesNotMatch"),
                "sts": (403, "SignatureDoesNotMatch"),
            }.items():
                with self.subTest(name, at=at):
                    answer = send(ALL[name](at=at))
                    self.assertEqual((answer.status, answer.code), (status, code), answer)
                    expected = "<MaxAllowedSkewMilliseconds>900000<" if name == "s3" else words
                    self.assertIn(expected, answer.body.decode())

    def test_presigned_ones_have_their_own_time(self):
        name = fresh()
        S3.create_bucket(Bucket=name)
        S3.put_object(Bucket=name, Key="k", Body=b"here")
        for at, expires, status, code in [
            (0, 60, 200, ""),
            (-3000, 3600, 200, ""),
            (-3700, 3600, 403, "AccessDenied"),
            (1200, 3600, 403, "AccessDenied"),
            (0, 604_800, 200, ""),
            (0, 604_801, 400, "AuthorizationQueryParametersError"),
            (0, -1, 400, "AuthorizationQueryParametersError"),
            (0, "soon", 400, "AuthorizationQueryParametersError"),
        ]:
            request = Request("GET", f"/{name}/k", at=at)
            with self.subTest(at=at, expires=expires):
                answer = send(request, request.presigned(expires))
                self.assertEqual((answer.status, answer.code), (status, code), answer)

    def test_the_scope_has_the_date_of_the_request(self):
        yesterday = time.strftime("%Y%m%d", time.gmtime(time.time() - 86_400))
        for name, make in ALL.items():
            with self.subTest(name):
                answer = send(make(scope_date=yesterday))
                self.assertIn(answer.status, (400, 403))
                self.assertIn("credential date", answer.body.decode())


class Coverage(Case):
    """What a signature must cover."""

    @classmethod
    def setUpClass(cls):
        cls.bucket = fresh()
        S3.create_bucket(Bucket=cls.bucket)
        S3.put_object(Bucket=cls.bucket, Key="k", Body=b"here")

    def denied(self, status, code, request, head=None):
        answer = send(request, head)
        self.assertEqual((answer.status, answer.code), (status, code), answer)
        return answer.body.decode()

    def test_headers_of_amazons_own(self):
        for name in ("x-amz-meta-a", "x-amz-acl", "x-amz-storage-class", "x-amz-tagging"):
            request = Request("PUT", f"/{self.bucket}/unsigned", body=b"x", unsigned={name: "STANDARD"})
            with self.subTest(name):
                self.assertIn(f"<HeadersNotSigned>{name}<", self.denied(403, "AccessDenied", request))
        self.refused("404", S3.head_object, Bucket=self.bucket, Key="unsigned")

    def test_of_a_presigned_url_as_well(self):
        request = Request("GET", f"/{self.bucket}/k", unsigned={"x-amz-request-payer": "requester"})
        self.denied(403, "AccessDenied", request, request.presigned())

    def test_the_host(self):
        self.denied(403, "AccessDenied", Request("GET", f"/{self.bucket}/k", sign_host=False))

    def test_method_path_query_headers_and_body(self):
        made = Request("GET", f"/{self.bucket}/k", query=[("partNumber", "1")], headers={"x-amz-meta-a": "1"})
        head, _ = made.head()
        for what, changed in {
            "method": head.replace(b"GET", b"DELETE", 1),
            "path": head.replace(b"/k?", b"/other?", 1),
            "query": head.replace(b"partNumber=1", b"partNumber=2", 1),
            "more query": head.replace(b"?", b"?versionId=null&", 1),
            "header": head.replace(b"x-amz-meta-a: 1", b"x-amz-meta-a: 2", 1),
            "signature": head.replace(b"Signature=", b"Signature=0", 1),
        }.items():
            with self.subTest(what):
                self.denied(403, "SignatureDoesNotMatch", made, changed)
        request = glue()
        head, _ = request.head()
        request.body = b"[]"
        self.denied(400, "InvalidSignatureException", request, head)

    def test_the_answer_shows_what_was_signed(self):
        text = self.denied(403, "SignatureDoesNotMatch", Request("GET", f"/{self.bucket}/k", secret="wrong"))
        self.assertIn("<StringToSign>AWS4-HMAC-SHA256\n", text)
        self.assertIn(f"<CanonicalRequest>GET\n/{self.bucket}/k\n", text)

    def test_not_twice(self):
        request = Request("GET", f"/{self.bucket}/k")
        header = request.head()[0].split(b"authorization: ")[1].split(b"\r\n")[0].decode()
        request = Request("GET", f"/{self.bucket}/k", unsigned={"authorization": header})
        self.denied(400, "InvalidRequest", request, request.presigned())

    def test_the_hash_of_the_body_must_be_stated_to_s3(self):
        head, _ = Request("GET", f"/{self.bucket}/k", service="s3").head()
        lines = [line for line in head.split(b"\r\n") if not line.startswith(b"x-amz-content-sha256")]
        answer = send(Request("GET", "/"), b"\r\n".join(lines))
        self.assertIn(answer.status, (400, 403), answer)


class AdminApi(Case):
    """labrun's own API opens to its token only."""

    def test_no_token_no_answer(self):
        for authorization in ("", "authorization: Bearer wrong\r\n", "authorization: Bearer \r\n"):
            with Wire() as wire:
                wire.send(f"GET /_labrun/health HTTP/1.1\r\nhost: {HOST}\r\n{authorization}\r\n".encode())
                answer = wire.answer()
            self.assertEqual(answer.status, 403, answer)
            self.assertNotIn("pid", json.loads(answer.body))

    def test_a_run_has_its_own_door_with_its_own_token(self):
        with Wire() as wire:
            wire.send(f"GET /_labrun/run/bookmark HTTP/1.1\r\nhost: {HOST}\r\nauthorization: Labrun-Run {quote(ENDPOINT)}\r\n\r\n".encode())
            self.assertEqual(wire.answer().status, 403)
