"""The open sandbox: what tools that know other emulators expect. Any key is let in, unverified, and never into another sandbox."""

from support import ACCOUNT, TRUST, Case, client, fresh
from support.wire import ask

ANY = ("test", "test")


class Open(Case):
    def test_any_key_is_root_of_one_account(self):
        for keys in (ANY, ("AKIAIOSFODNN7EXAMPLE", "wrong"), ("foobar", "x")):
            who = client("sts", *keys).get_caller_identity()
            self.assertEqual((who["Account"], who["Arn"]), ("000000000000", "arn:aws:iam::000000000000:root"))

    def test_a_key_of_twelve_digits_is_an_account(self):
        who = client("sts", "123456789012", "x").get_caller_identity()
        self.assertEqual((who["Account"], who["Arn"]), ("123456789012", "arn:aws:iam::123456789012:root"))
        iam = client("iam", "123456789012", "x")
        iam.create_role(RoleName="mine", AssumeRolePolicyDocument=TRUST.replace(ACCOUNT, "123456789012"))
        self.assertEqual(iam.get_role(RoleName="mine")["Role"]["Arn"], "arn:aws:iam::123456789012:role/mine")
        self.refused("NoSuchEntity", client("iam", *ANY).get_role, RoleName="mine")

    def test_nothing_is_verified(self):
        name = fresh()
        client("s3", *ANY).create_bucket(Bucket=name)
        # A signature by another secret, a clock that is a day off: nobody looks.
        self.assertEqual(ask("PUT", f"/{name}/k", body=b"x", key="test", secret="other", at=-86_400).status, 200)
        self.assertEqual(client("s3", "third", "key").get_object(Bucket=name, Key="k")["Body"].read(), b"x")

    def test_uploads_are_unpacked_and_checked_all_the_same(self):
        s3 = client("s3", *ANY)
        name = fresh()
        s3.create_bucket(Bucket=name)
        framed = b"5;chunk-signature=nobody-looks\r\nhello\r\n0;chunk-signature=\r\n\r\n"
        headers = {"content-encoding": "aws-chunked", "x-amz-decoded-content-length": "5"}
        answer = ask("PUT", f"/{name}/k", body=framed, headers=headers, payload="STREAMING-AWS4-HMAC-SHA256-PAYLOAD", key="test")
        self.assertEqual(answer.status, 200, answer)
        self.assertEqual(s3.get_object(Bucket=name, Key="k")["Body"].read(), b"hello")
        self.refused("BadDigest", s3.put_object, status=400, Bucket=name, Key="bad", Body=b"x", ChecksumCRC32="AAAAAA==")

    def test_buckets_are_of_the_account_that_made_them(self):
        name = fresh()
        client("s3", *ANY).create_bucket(Bucket=name)
        other = client("s3", "123456789012", "x")
        self.assertNotIn(name, [one["Name"] for one in other.list_buckets()["Buckets"]])
        self.refused("BucketAlreadyExists", other.create_bucket, status=409, Bucket=name)
        self.refused("AccessDenied", other.put_object, status=403, Bucket=name, Key="k", Body=b"x")

    def test_it_never_opens_another_sandbox(self):
        name = fresh()
        client("s3").create_bucket(Bucket=name)
        self.refused("NoSuchBucket", client("s3", *ANY).list_objects_v2, Bucket=name)
        # Not even with the account's number as a key.
        self.refused("NoSuchBucket", client("s3", ACCOUNT, "x").list_objects_v2, Bucket=name)

    def test_keys_that_it_issues_are_verified(self):
        trust = TRUST.replace(ACCOUNT, "000000000000")
        role = client("iam", *ANY).create_role(RoleName=fresh("role"), AssumeRolePolicyDocument=trust)["Role"]
        keys = client("sts", *ANY).assume_role(RoleArn=role["Arn"], RoleSessionName="session")["Credentials"]
        issued = (keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
        self.assertIn(":assumed-role/", client("sts", *issued).get_caller_identity()["Arn"])
        wrong = client("sts", issued[0], "wrong", issued[2])
        self.refused("SignatureDoesNotMatch", wrong.get_caller_identity, status=403)
        self.refused("InvalidClientTokenId", client("sts", issued[0], issued[1]).get_caller_identity, status=403)
