"""STS as boto3 sees it: identities, and sessions of roles."""

import datetime
import json
import os
import unittest

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError


def client(service, key=None):
    key = key or {"AccessKeyId": os.environ["LABRUN_TEST_KEY"], "SecretAccessKey": os.environ["LABRUN_TEST_SECRET"], "SessionToken": None}
    return boto3.client(
        service,
        endpoint_url=os.environ["LABRUN_TEST_ENDPOINT"],
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
        aws_session_token=key["SessionToken"],
        region_name="us-east-1",
        config=Config(retries={"total_max_attempts": 1}, parameter_validation=False),
    )


STS = client("sts")
IAM = client("iam")
ME = STS.get_caller_identity()
TRUST = json.dumps({
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": ME["Account"]}, "Action": "sts:AssumeRole"}],
})


class Sessions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.role = IAM.create_role(RoleName="reader", Path="/etl/", AssumeRolePolicyDocument=TRUST, MaxSessionDuration=7200)["Role"]

    @classmethod
    def tearDownClass(cls):
        IAM.delete_role(RoleName="reader")

    def refused(self, code, message, status, call, **arguments):
        with self.assertRaises(ClientError) as caught:
            call(**arguments)
        response = caught.exception.response
        self.assertEqual((response["Error"]["Code"], response["Error"]["Message"]), (code, message))
        self.assertEqual(response["ResponseMetadata"]["HTTPStatusCode"], status)

    def test_the_learner(self):
        self.assertTrue(ME["Arn"].startswith(f"arn:aws:iam::{ME['Account']}:user/"), ME["Arn"])
        self.assertTrue(ME["UserId"].startswith("AIDA"))

    def test_a_session_is_the_role(self):
        before = datetime.datetime.now(datetime.timezone.utc)
        answer = STS.assume_role(RoleArn=self.role["Arn"], RoleSessionName="me@home", DurationSeconds=900)
        session = f"arn:aws:sts::{ME['Account']}:assumed-role/reader/me@home"
        self.assertEqual(answer["AssumedRoleUser"], {"AssumedRoleId": f"{self.role['RoleId']}:me@home", "Arn": session})
        keys = answer["Credentials"]
        self.assertTrue(keys["AccessKeyId"].startswith("ASIA"))
        self.assertAlmostEqual((keys["Expiration"] - before).total_seconds(), 900, delta=5)
        who = client("sts", keys).get_caller_identity()
        self.assertEqual((who["Arn"], who["UserId"], who["Account"]), (session, f"{self.role['RoleId']}:me@home", ME["Account"]))

    def test_keys_without_their_token_are_none(self):
        keys = STS.assume_role(RoleArn=self.role["Arn"], RoleSessionName="me")["Credentials"]
        self.refused(
            "InvalidClientTokenId",
            "The security token included in the request is invalid.",
            403,
            client("sts", {**keys, "SessionToken": None}).get_caller_identity,
        )

    def test_durations(self):
        message = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
        self.refused("ValidationError", message, 400, STS.assume_role, RoleArn=self.role["Arn"], RoleSessionName="me", DurationSeconds=7201)
        STS.assume_role(RoleArn=self.role["Arn"], RoleSessionName="me", DurationSeconds=7200)
        with self.assertRaises(ClientError) as caught:
            STS.assume_role(RoleArn=self.role["Arn"], RoleSessionName="me", DurationSeconds=899)
        self.assertIn("Member must have value greater than or equal to 900", caught.exception.response["Error"]["Message"])

    def test_chaining_lasts_an_hour_at_most(self):
        keys = STS.assume_role(RoleArn=self.role["Arn"], RoleSessionName="one")["Credentials"]
        chained = client("sts", keys)
        message = "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining."
        self.refused("ValidationError", message, 400, chained.assume_role, RoleArn=self.role["Arn"], RoleSessionName="two", DurationSeconds=3601)
        self.assertTrue(chained.assume_role(RoleArn=self.role["Arn"], RoleSessionName="two")["AssumedRoleUser"]["Arn"].endswith("/reader/two"))

    def test_roles_that_are_not_there(self):
        arns = [
            f"arn:aws:iam::{ME['Account']}:role/nobody",
            f"arn:aws:iam::{ME['Account']}:role/reader",
            "arn:aws:iam::123456789012:role/reader",
        ]
        for arn in arns:
            message = f"User: {ME['Arn']} is not authorized to perform: sts:AssumeRole on resource: {arn}"
            self.refused("AccessDenied", message, 403, STS.assume_role, RoleArn=arn, RoleSessionName="me")
        arn = "arn:aws:s3:::some-bucket-name"
        self.refused("ValidationError", f"{arn} is invalid", 400, STS.assume_role, RoleArn=arn, RoleSessionName="me")

    def test_session_names(self):
        with self.assertRaises(ClientError) as caught:
            STS.assume_role(RoleArn=self.role["Arn"], RoleSessionName="no spaces")
        self.assertEqual(
            caught.exception.response["Error"]["Message"],
            "1 validation error detected: Value 'no spaces' at 'roleSessionName' failed to satisfy constraint: "
            "Member must satisfy regular expression pattern: [\\w+=,.@-]*",
        )

    def test_what_is_not_evaluated_is_refused(self):
        for member, value in {"Policy": "{}", "ExternalId": "12", "Tags": [{"Key": "a", "Value": "b"}]}.items():
            with self.assertRaises(ClientError) as caught:
                STS.assume_role(RoleArn=self.role["Arn"], RoleSessionName="me", **{member: value})
            self.assertEqual(caught.exception.response["Error"]["Code"], "NotImplemented")
            self.assertIn(member, caught.exception.response["Error"]["Message"])


if __name__ == "__main__":
    unittest.main()
