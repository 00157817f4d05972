"""CloudWatch Logs as boto3 and the AWS CLI see it: groups, streams, events from both ends, searches, and `logs tail`."""

import json
import os
import subprocess
import sys
import time
import unittest

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from support.wire import ask

LOGS = boto3.client(
    "logs",
    endpoint_url=os.environ["LABRUN_TEST_ENDPOINT"],
    aws_access_key_id=os.environ["LABRUN_TEST_KEY"],
    aws_secret_access_key=os.environ["LABRUN_TEST_SECRET"],
    region_name="us-east-1",
    config=Config(retries={"total_max_attempts": 1}, parameter_validation=False),
)
DAY = 86_400_000
MISSING_GROUP = "The specified log group does not exist."
MISSING_STREAM = "The specified log stream does not exist."


def now():
    return int(time.time() * 1000)


class Case(unittest.TestCase):
    GROUP = "/test/group"

    def setUp(self):
        LOGS.create_log_group(logGroupName=self.GROUP)
        self.addCleanup(LOGS.delete_log_group, logGroupName=self.GROUP)

    def refused(self, code, message, call, **arguments):
        with self.assertRaises(ClientError) as caught:
            call(**arguments)
        error = caught.exception.response["Error"]
        self.assertEqual((error["Code"], error["Message"]), (code, message))

    def stream(self, *names):
        for name in names:
            LOGS.create_log_stream(logGroupName=self.GROUP, logStreamName=name)

    def put(self, stream, *events):
        return LOGS.put_log_events(
            logGroupName=self.GROUP, logStreamName=stream, logEvents=[{"timestamp": at, "message": text} for at, text in events]
        )

    def read(self, stream, **arguments):
        return LOGS.get_log_events(logGroupName=self.GROUP, logStreamName=stream, **arguments)

    def find(self, **arguments):
        return LOGS.filter_log_events(logGroupName=self.GROUP, **arguments)

    def find_backwards(self, **arguments):
        """By hand: the set's boto3 is older than this operation's `startFromHead`."""
        body = json.dumps({"logGroupName": self.GROUP, "startFromHead": False, **arguments}).encode()
        headers = {"content-type": "application/x-amz-json-1.1", "x-amz-target": "Logs_20140328.FilterLogEvents"}
        answer = ask("POST", "/", headers=headers, body=body, service="logs")
        self.assertEqual(answer.status, 200, answer)
        return json.loads(answer.body)


def messages(page):
    return [event["message"] for event in page["events"]]


class Groups(Case):
    def test_what_a_group_shows(self):
        group = LOGS.describe_log_groups(logGroupNamePrefix=self.GROUP)["logGroups"][0]
        self.assertEqual(group["logGroupName"], self.GROUP)
        self.assertRegex(group["arn"], r"^arn:aws:logs:us-east-1:\d{12}:log-group:/test/group:\*$")
        self.assertEqual(group["logGroupArn"] + ":*", group["arn"])
        self.assertEqual((group["storedBytes"], group["metricFilterCount"], group["logGroupClass"]), (0, 0, "STANDARD"))
        self.assertNotIn("retentionInDays", group)
        self.assertAlmostEqual(group["creationTime"], now(), delta=5000)

    def test_what_is_refused(self):
        create = LOGS.create_log_group
        self.refused("ResourceAlreadyExistsException", "The specified log group already exists", create, logGroupName=self.GROUP)
        self.refused("InvalidParameterException", "Log groups starting with AWS/ are reserved for AWS.", create, logGroupName="aws/x")
        self.refused("ResourceNotFoundException", MISSING_GROUP, LOGS.delete_log_group, logGroupName="nothing")
        self.refused(
            "InvalidParameterException",
            "1 validation error detected: Value 'a b' at 'logGroupName' failed to satisfy constraint: "
            r"Member must satisfy regular expression pattern: [\.\-_/#A-Za-z0-9]+",
            create,
            logGroupName="a b",
        )
        with self.assertRaises(ClientError) as caught:
            create(logGroupName="x", kmsKeyId="arn:aws:kms:us-east-1:1:key/1")
        self.assertEqual(caught.exception.response["Error"]["Code"], "NotImplemented")
        self.assertIn("kmsKeyId", caught.exception.response["Error"]["Message"])

    def test_listing(self):
        names = ["/page/a", "/page/b", "/page/c"]
        for name in names:
            LOGS.create_log_group(logGroupName=name, logGroupClass="STANDARD")
            self.addCleanup(LOGS.delete_log_group, logGroupName=name)
        pages = list(LOGS.get_paginator("describe_log_groups").paginate(logGroupNamePrefix="/page/", PaginationConfig={"PageSize": 2}))
        self.assertEqual([[g["logGroupName"] for g in page["logGroups"]] for page in pages], [names[:2], names[2:]])
        found = LOGS.describe_log_groups(logGroupNamePattern="ge/b")["logGroups"]
        self.assertEqual([sorted(group) for group in found], [["arn", "creationTime", "logGroupName"]])
        self.refused("InvalidParameterException", "The specified nextToken is invalid.", LOGS.describe_log_groups, nextToken="x")
        self.refused(
            "InvalidParameterException",
            "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.",
            LOGS.describe_log_groups,
            logGroupNamePrefix="a",
            logGroupNamePattern="b",
        )

    def test_retention_hides_what_is_older(self):
        self.stream("s")
        self.put("s", (now() - 5 * DAY, "old"))
        self.put("s", (now(), "new"))
        LOGS.put_retention_policy(logGroupName=self.GROUP, retentionInDays=3)
        group = LOGS.describe_log_groups(logGroupNamePrefix=self.GROUP)["logGroups"][0]
        self.assertEqual((group["retentionInDays"], group["storedBytes"]), (3, 29))
        self.assertEqual(messages(self.read("s")), ["new"])
        self.assertEqual(messages(self.find()), ["new"])
        answer = self.put("s", (now() - 4 * DAY, "late"), (now(), "kept"))
        self.assertEqual(answer["rejectedLogEventsInfo"], {"expiredLogEventEndIndex": 1})
        LOGS.delete_retention_policy(logGroupName=self.GROUP)
        self.assertEqual(messages(self.read("s")), ["old", "new", "kept"])
        with self.assertRaises(ClientError) as caught:
            LOGS.put_retention_policy(logGroupName=self.GROUP, retentionInDays=2)
        self.assertIn("Value '2' at 'retentionInDays'", caught.exception.response["Error"]["Message"])

    def test_tags(self):
        arn = LOGS.describe_log_groups(logGroupNamePrefix=self.GROUP)["logGroups"][0]["logGroupArn"]
        LOGS.tag_resource(resourceArn=arn, tags={"team": "data", "cost": "1"})
        LOGS.untag_resource(resourceArn=arn, tagKeys=["cost"])
        self.assertEqual(LOGS.list_tags_for_resource(resourceArn=arn)["tags"], {"team": "data"})
        self.refused("ResourceNotFoundException", MISSING_GROUP, LOGS.list_tags_for_resource, resourceArn=arn + "x")


class Streams(Case):
    def test_create_describe_delete(self):
        self.stream("b", "a")
        self.refused(
            "ResourceAlreadyExistsException",
            "The specified log stream already exists",
            LOGS.create_log_stream,
            logGroupName=self.GROUP,
            logStreamName="a",
        )
        self.refused("ResourceNotFoundException", MISSING_GROUP, LOGS.create_log_stream, logGroupName="no", logStreamName="a")
        at = now()
        self.put("b", (at - 10, "one"), (at, "two"))
        streams = LOGS.describe_log_streams(logGroupName=self.GROUP)["logStreams"]
        self.assertEqual([stream["logStreamName"] for stream in streams], ["a", "b"])
        self.assertNotIn("firstEventTimestamp", streams[0])
        self.assertEqual((streams[1]["firstEventTimestamp"], streams[1]["lastEventTimestamp"]), (at - 10, at))
        self.assertAlmostEqual(streams[1]["lastIngestionTime"], at, delta=5000)
        self.assertTrue(streams[1]["arn"].endswith(":log-group:/test/group:log-stream:b"))
        LOGS.delete_log_stream(logGroupName=self.GROUP, logStreamName="b")
        self.refused("ResourceNotFoundException", MISSING_STREAM, LOGS.delete_log_stream, logGroupName=self.GROUP, logStreamName="b")
        self.stream("b")
        self.assertEqual(messages(self.read("b")), [])

    def test_order_and_pages(self):
        self.stream("a1", "a2", "a3", "b")
        for place, name in enumerate(["a2", "a3", "a1"]):
            self.put(name, (now() - 1000 + place, "x"))
        describe = LOGS.get_paginator("describe_log_streams").paginate

        def names(**arguments):
            pages = describe(logGroupName=self.GROUP, PaginationConfig={"PageSize": 2}, **arguments)
            return [[stream["logStreamName"] for stream in page["logStreams"]] for page in pages]

        self.assertEqual(names(logStreamNamePrefix="a"), [["a1", "a2"], ["a3"]])
        self.assertEqual(names(descending=True), [["b", "a3"], ["a2", "a1"]])
        self.assertEqual(names(orderBy="LastEventTime"), [["b", "a2"], ["a3", "a1"]])
        self.assertEqual(names(orderBy="LastEventTime", descending=True), [["a1", "a3"], ["a2", "b"]])
        self.refused(
            "InvalidParameterException",
            "Cannot order by LastEventTime with a logStreamNamePrefix.",
            LOGS.describe_log_streams,
            logGroupName=self.GROUP,
            orderBy="LastEventTime",
            logStreamNamePrefix="a",
        )
        arn = LOGS.describe_log_groups(logGroupNamePrefix=self.GROUP)["logGroups"][0]["logGroupArn"]
        self.assertEqual(len(LOGS.describe_log_streams(logGroupIdentifier=arn)["logStreams"]), 4)


class Puts(Case):
    def setUp(self):
        super().setUp()
        self.stream("s")

    def test_what_is_refused_whole(self):
        at = now()
        with self.assertRaises(ClientError) as caught:
            self.put("nothing", (at, "x"))
        self.assertEqual(caught.exception.response["Error"]["Message"], MISSING_STREAM)
        for message, events in {
            "Log events in a single PutLogEvents request must be in chronological order.": [(at, "b"), (at - 1, "a")],
            "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.": [(at - DAY - 1, "a"), (at, "b")],
            "Upload too large: 1048577 bytes exceeds limit of 1048576": [(at, "x" * (1048576 - 25))],
        }.items():
            with self.assertRaises(ClientError) as caught:
                self.put("s", *events)
            error = caught.exception.response["Error"]
            self.assertEqual((error["Code"], error["Message"]), ("InvalidParameterException", message))
        self.assertEqual(messages(self.read("s")), [])
        self.put("s", (at, "ü" * ((1048576 - 26) // 2)))

    def test_what_is_refused_in_part(self):
        at = now()
        answer = self.put("s", (at - 15 * DAY, "old"), (at - DAY + 100, "a"), (at, "b"), (at + 3 * 3_600_000, "new"))
        self.assertEqual(answer["rejectedLogEventsInfo"], {"tooOldLogEventEndIndex": 1, "tooNewLogEventStartIndex": 3})
        self.assertEqual(messages(self.read("s")), ["a", "b"])
        self.assertNotIn("rejectedLogEventsInfo", self.put("s", (at, "c")))

    def test_ten_thousand_events_are_the_most(self):
        at = now()
        self.put("s", *[(at, "x")] * 10_000)
        with self.assertRaises(ClientError) as caught:
            self.put("s", *[(at, "x")] * 10_001)
        self.assertIn("less than or equal to 10000", caught.exception.response["Error"]["Message"])

    def test_the_token_is_ignored(self):
        first = self.put("s", (now(), "a"))["nextSequenceToken"]
        second = LOGS.put_log_events(
            logGroupName=self.GROUP, logStreamName="s", sequenceToken="nonsense", logEvents=[{"timestamp": now(), "message": "b"}]
        )["nextSequenceToken"]
        self.assertNotEqual(first, second)


class Reads(Case):
    def setUp(self):
        super().setUp()
        self.stream("s")
        self.at = now() - 1000
        # Two batches whose times overlap.
        self.put("s", *[(self.at + 10 * place, f"a{place}") for place in range(5)])
        self.put("s", *[(self.at + 10 * place + 5, f"b{place}") for place in range(5)])
        self.all = ["a0", "b0", "a1", "b1", "a2", "b2", "a3", "b3", "a4", "b4"]

    def test_from_either_end(self):
        self.assertEqual(messages(self.read("s")), self.all)
        self.assertEqual(messages(self.read("s", limit=3)), self.all[-3:])
        self.assertEqual(messages(self.read("s", limit=3, startFromHead=True)), self.all[:3])
        event = self.read("s", limit=1)["events"][0]
        self.assertEqual(event["timestamp"], self.at + 45)
        self.assertAlmostEqual(event["ingestionTime"], now(), delta=5000)

    def test_times(self):
        page = self.read("s", startTime=self.at + 10, endTime=self.at + 25)
        self.assertEqual(messages(page), ["a1", "b1", "a2"])
        self.assertEqual(messages(self.find(startTime=self.at + 10, endTime=self.at + 25)), ["a1", "b1", "a2", "b2"])

    def test_forward_to_the_end_and_on(self):
        page, seen = self.read("s", limit=4, startFromHead=True), []
        while page["events"]:
            seen.append(messages(page))
            token = page["nextForwardToken"]
            page = self.read("s", limit=4, startFromHead=True, nextToken=token)
        self.assertEqual(seen, [self.all[:4], self.all[4:8], self.all[8:]])
        self.assertEqual(page["nextForwardToken"], token)
        self.put("s", (now(), "later"))
        self.assertEqual(messages(self.read("s", nextToken=token, startFromHead=True)), ["later"])
        self.assertEqual(messages(self.read("s", nextToken=page["nextBackwardToken"], limit=2)), self.all[-2:])

    def test_backward_to_the_start(self):
        page, seen = self.read("s", limit=4), []
        while page["events"]:
            seen.append(messages(page))
            token = page["nextBackwardToken"]
            page = self.read("s", limit=4, nextToken=token)
        self.assertEqual(seen, [self.all[6:], self.all[2:6], self.all[:2]])
        self.assertEqual(page["nextBackwardToken"], token)
        self.assertRegex(token, r"^b/\d{56}/s$")

    def test_an_empty_stream_goes_on(self):
        self.stream("empty")
        page = self.read("empty")
        self.assertEqual(page["events"], [])
        self.put("empty", (now(), "first"))
        self.assertEqual(messages(self.read("empty", nextToken=page["nextForwardToken"], startFromHead=True)), ["first"])

    def test_foreign_tokens(self):
        self.stream("other")
        token = self.read("s", limit=2)["nextForwardToken"]
        for bad in [token[:-3] + "9/s", "nonsense", "f/1/s"]:
            self.refused(
                "InvalidParameterException", "The specified nextToken is invalid.", self.read, stream="s", nextToken=bad
            )
        self.refused("InvalidParameterException", "The specified nextToken is invalid.", self.read, stream="other", nextToken=token)
        self.refused("ResourceNotFoundException", MISSING_STREAM, self.read, stream="none")

    def test_a_page_is_a_megabyte(self):
        self.stream("big")
        for place in range(3):
            self.put("big", (self.at + place, str(place) * 600_000))
        page = self.read("big", startFromHead=True)
        self.assertEqual([event["message"][0] for event in page["events"]], ["0"])
        page = self.read("big")
        self.assertEqual([event["message"][0] for event in page["events"]], ["2"])


class Searches(Case):
    def setUp(self):
        super().setUp()
        self.stream("run/1", "run/2", "other")
        self.at = now() - 1000
        self.put("run/1", (self.at, "ERROR no orders"), (self.at + 2, "done"))
        self.put("run/2", (self.at + 1, "WARN few orders"), (self.at + 3, "done"))
        self.put("other", (self.at + 1, "ERROR other"))

    def test_all_streams_in_one_order(self):
        page = self.find()
        self.assertEqual(messages(page), ["ERROR no orders", "WARN few orders", "ERROR other", "done", "done"])
        self.assertEqual([event["logStreamName"] for event in page["events"]], ["run/1", "run/2", "other", "run/1", "run/2"])
        self.assertEqual(page["searchedLogStreams"], [])
        self.assertEqual(len({event["eventId"] for event in page["events"]}), 5)
        self.assertEqual([event["eventId"] for event in self.find()["events"]], [event["eventId"] for event in page["events"]])
        self.assertEqual(messages(self.find_backwards()), messages(page)[::-1])

    def test_streams_are_chosen(self):
        self.assertEqual(messages(self.find(logStreamNames=["other"])), ["ERROR other"])
        self.assertEqual(len(messages(self.find(logStreamNamePrefix="run/"))), 4)
        self.assertEqual(messages(self.find(logStreamNamePrefix="none")), [])
        self.refused("ResourceNotFoundException", MISSING_STREAM, self.find, logStreamNames=["none"])
        self.refused(
            "InvalidParameterException",
            "LogStream name and LogStream name prefix are mutually exclusive parameters.",
            self.find,
            logStreamNames=["other"],
            logStreamNamePrefix="o",
        )

    def test_patterns(self):
        self.assertEqual(messages(self.find(filterPattern="ERROR")), ["ERROR no orders", "ERROR other"])
        self.assertEqual(messages(self.find(filterPattern="ERROR orders")), ["ERROR no orders"])
        self.assertEqual(messages(self.find(filterPattern="?WARN ?other")), ["WARN few orders", "ERROR other"])
        self.assertEqual(messages(self.find(filterPattern='"few orders"')), ["WARN few orders"])
        self.assertEqual(messages(self.find(filterPattern="orders -WARN")), ["ERROR no orders"])
        self.refused("InvalidParameterException", "Invalid filter pattern", self.find, filterPattern="a.b")
        for pattern in ["{ $.level = \"ERROR\" }", "[ip, user]", "%ERR.*%"]:
            with self.assertRaises(ClientError) as caught:
                self.find(filterPattern=pattern)
            self.assertEqual(caught.exception.response["Error"]["Code"], "NotImplemented")

    def test_pages(self):
        pages = LOGS.get_paginator("filter_log_events").paginate(logGroupName=self.GROUP, PaginationConfig={"PageSize": 2})
        self.assertEqual([len(page["events"]) for page in pages], [2, 2, 1])
        token = self.find(limit=1)["nextToken"]
        self.refused("InvalidParameterException", "The specified nextToken is invalid.", self.find, nextToken=token, filterPattern="ERROR")
        back = self.find_backwards(limit=2)
        self.assertEqual(messages(self.find(limit=2, nextToken=back["nextToken"])), ["ERROR other", "WARN few orders"])

    def test_tail_and_follow(self):
        """The calls of AWS CLI 2's `logs tail --follow`: pages of FilterLogEvents, then again from the last time seen."""
        shown, ids, start = [], set(), self.at
        for line in [None, "one more", "and another"]:
            if line:
                self.put("other", (now(), line))
            pages = LOGS.get_paginator("filter_log_events").paginate(
                logGroupIdentifier=self.GROUP, interleaved=True, startTime=start, PaginationConfig={"PageSize": 2}
            )
            for event in (event for page in pages for event in page["events"]):
                if event["eventId"] not in ids:
                    ids.add(event["eventId"])
                    shown.append(event["message"])
                    start = max(start, event["timestamp"])
        self.assertEqual(shown[-3:], ["done", "one more", "and another"])
        self.assertEqual(len(shown), 7)


class Cli(Case):
    def aws(self, *words):
        environment = {
            "PATH": os.environ.get("PATH", ""),
            "AWS_ACCESS_KEY_ID": os.environ["LABRUN_TEST_KEY"],
            "AWS_SECRET_ACCESS_KEY": os.environ["LABRUN_TEST_SECRET"],
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": os.environ["LABRUN_TEST_ENDPOINT"],
        }
        command = os.path.join(os.path.dirname(sys.executable), "aws")
        done = subprocess.run([sys.executable, command, *words], env=environment, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout, done.stderr

    def test_the_verbs(self):
        self.stream("s")
        event = json.dumps([{"timestamp": now(), "message": "hello"}])
        code, out, err = self.aws("logs", "put-log-events", "--log-group-name", self.GROUP, "--log-stream-name", "s", "--log-events", event)
        self.assertEqual((code, err), (0, ""))
        code, out, err = self.aws("logs", "filter-log-events", "--log-group-name", self.GROUP, "--query", "events[].message", "--output", "text")
        self.assertEqual((code, out, err), (0, "hello\n", ""))
        code, out, err = self.aws("logs", "get-log-events", "--log-group-name", "no", "--log-stream-name", "s")
        self.assertIn("(ResourceNotFoundException) when calling the GetLogEvents operation: The specified log group does not exist.", err)


if __name__ == "__main__":
    unittest.main()
