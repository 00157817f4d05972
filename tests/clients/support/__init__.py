"""What the judges share: clients of boto3 that read nothing but this run's variables, the admin API, and a test case that knows refusals."""

import json
import os
import unittest
import urllib.request
import uuid

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

ENDPOINT = os.environ["LABRUN_TEST_ENDPOINT"]
KEY = os.environ["LABRUN_TEST_KEY"]
SECRET = os.environ["LABRUN_TEST_SECRET"]
ACCOUNT = os.environ["LABRUN_TEST_ACCOUNT"]
SANDBOX = os.environ["LABRUN_TEST_SANDBOX"]

TRUST = json.dumps({
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": ACCOUNT, "Service": "glue.amazonaws.com"}, "Action": "sts:AssumeRole"}],
})


def client(service, key=None, secret=None, token=None, region="us-east-1", **config):
    """A client that tries once; without keys it is the learner's."""
    key, secret = (key, secret) if key else (KEY, SECRET)
    return boto3.client(
        service,
        endpoint_url=ENDPOINT,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        aws_session_token=token,
        region_name=region,
        config=Config(retries={"total_max_attempts": 1}, **config),
    )


def role_keys(name="judge", **arguments):
    """Temporary keys of a role, made if it is not there: (key, secret, token)."""
    iam = client("iam")
    try:
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=TRUST)["Role"]
    except iam.exceptions.EntityAlreadyExistsException:
        role = iam.get_role(RoleName=name)["Role"]
    keys = client("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="judge", **arguments)["Credentials"]
    return keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"]


def admin(method, path, body=None):
    """labrun's own API: what moves clocks and makes further sandboxes."""
    request = urllib.request.Request(
        f"{ENDPOINT}/_labrun/{path}",
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": "Bearer " + os.environ["LABRUN_TEST_TOKEN"]},
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def advance(seconds):
    """Moves the sandbox's clock forward."""
    admin("POST", f"sandboxes/{SANDBOX}/clock", {"advance_ms": int(seconds * 1000)})


def fresh(prefix="judge"):
    """A name that nobody has."""
    return f"{prefix}-{uuid.uuid4().hex[:12]}"


class Case(unittest.TestCase):
    maxDiff = None

    def refused(self, code, call, *, status=None, message=None, **arguments):
        """Calls, and is refused with this code; gives the whole answer."""
        with self.assertRaises(ClientError) as caught:
            call(**arguments)
        answer = caught.exception.response
        self.assertEqual(answer["Error"]["Code"], code, answer)
        if status is not None:
            self.assertEqual(answer["ResponseMetadata"]["HTTPStatusCode"], status, answer)
        if message is not None:
            self.assertEqual(answer["Error"]["Message"], message)
        return answer
