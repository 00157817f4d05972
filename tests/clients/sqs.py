"""SQS as boto3 sees it: queues and their attributes, messages and who sees them when, batches, dead letters, FIFO, long polling, refusals."""

import hashlib
import json
import struct
import threading
import time

from support import ACCOUNT, Case, advance, client, fresh
from support.wire import ask

SQS = client("sqs")
LOOSE = client("sqs", parameter_validation=False)
EU = client("sqs", region="eu-west-1")
NO_QUEUE = "AWS.SimpleQueueService.NonExistentQueue"
INVALID = "InvalidParameterValue"
MISSING = "MissingParameter"
MINUTE = 60


def md5(text):
    return hashlib.md5(text.encode()).hexdigest()


def attributes_md5(attributes):
    """The guide's steps, by hand."""
    encoded = b""
    for name in sorted(attributes):
        kind = attributes[name]["DataType"]
        binary = kind.startswith("Binary")
        value = attributes[name]["BinaryValue"] if binary else attributes[name]["StringValue"].encode()
        for part in (name.encode(), kind.encode()):
            encoded += struct.pack(">I", len(part)) + part
        encoded += (b"\x02" if binary else b"\x01") + struct.pack(">I", len(value)) + value
    return hashlib.md5(encoded).hexdigest()


def queue(name=None, **attributes):
    return SQS.create_queue(QueueName=name or fresh("q"), Attributes=attributes)["QueueUrl"]


def fifo(**attributes):
    return queue(fresh("q") + ".fifo", FifoQueue="true", **attributes)


def shown(url, *names):
    return SQS.get_queue_attributes(QueueUrl=url, AttributeNames=list(names) or ["All"]).get("Attributes", {})


def arn(url):
    return shown(url, "QueueArn")["QueueArn"]


def counts(url):
    """Visible, in flight, delayed."""
    names = ["ApproximateNumberOfMessages" + state for state in ("", "NotVisible", "Delayed")]
    answer = shown(url, *names)
    return tuple(int(answer[name]) for name in names)


def send(url, body="hello", **arguments):
    return SQS.send_message(QueueUrl=url, MessageBody=body, **arguments)


def send_fifo(url, body, group="g", **arguments):
    return send(url, body, MessageGroupId=group, MessageDeduplicationId=arguments.pop("dedup", fresh("d")), **arguments)


def receive(url, most=10, **arguments):
    return SQS.receive_message(QueueUrl=url, MaxNumberOfMessages=most, **arguments).get("Messages", [])


def bodies(messages):
    return [message["Body"] for message in messages]


def delete(url, message):
    return SQS.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


def redrive(target, most=1):
    return json.dumps({"deadLetterTargetArn": arn(target), "maxReceiveCount": most})


class Queues(Case):
    def test_a_queue_has_the_documented_defaults(self):
        name = fresh("q")
        url = queue(name)
        self.assertTrue(url.endswith(f"/{ACCOUNT}/{name}"), url)
        attributes = shown(url)
        for moment in ("CreatedTimestamp", "LastModifiedTimestamp"):
            self.assertRegex(attributes.pop(moment), r"^\d{10}$")
        self.assertEqual(attributes, {
            "QueueArn": f"arn:aws:sqs:us-east-1:{ACCOUNT}:{name}",
            "ApproximateNumberOfMessages": "0",
            "ApproximateNumberOfMessagesNotVisible": "0",
            "ApproximateNumberOfMessagesDelayed": "0",
            "DelaySeconds": "0",
            "MaximumMessageSize": "1048576",
            "MessageRetentionPeriod": "345600",
            "ReceiveMessageWaitTimeSeconds": "0",
            "VisibilityTimeout": "30",
            "SqsManagedSseEnabled": "true",
        })

    def test_the_same_queue_again_is_the_same_and_another_is_refused(self):
        name = fresh("q")
        url = queue(name, VisibilityTimeout="60")
        self.assertEqual(queue(name, VisibilityTimeout="60"), url)
        self.assertEqual(queue(name), url)
        message = "A queue already exists with the same name and a different value for attribute VisibilityTimeout"
        answer = self.refused(
            "QueueAlreadyExists", SQS.create_queue, status=400, message=message,
            QueueName=name, Attributes={"VisibilityTimeout": "61"},
        )
        self.assertEqual(answer["Error"]["QueryErrorCode"], "QueueNameExists")
        with self.assertRaises(SQS.exceptions.QueueNameExists):
            queue(name, DelaySeconds="1")

    def test_names(self):
        standard = "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length"
        for name in ("a b", "a.fifo", "a" * 81):
            self.refused(INVALID, SQS.create_queue, message=standard, QueueName=name)
        for name in ("a", "a.b.fifo", "a" * 76 + ".fifo"):
            self.refused(INVALID, SQS.create_queue, QueueName=name, Attributes={"FifoQueue": "true"})
        queue(fresh("q"), FifoQueue="false")

    def test_attributes_are_checked(self):
        for name, value in [
            ("DelaySeconds", "901"), ("VisibilityTimeout", "43201"), ("VisibilityTimeout", "soon"), ("MaximumMessageSize", "1023"),
            ("MessageRetentionPeriod", "59"), ("ReceiveMessageWaitTimeSeconds", "21"), ("SqsManagedSseEnabled", "maybe"),
        ]:
            self.refused(
                "InvalidAttributeValue", SQS.create_queue, message=f"Invalid value for the parameter {name}.",
                QueueName=fresh("q"), Attributes={name: value},
            )
        for name in ("Nonsense", "QueueArn", "ContentBasedDeduplication", "ApproximateNumberOfMessages"):
            self.refused("InvalidAttributeName", SQS.create_queue, QueueName=fresh("q"), Attributes={name: "true"})

    def test_a_missing_queue_says_the_old_code_and_the_new(self):
        gone = queue().rsplit("/", 1)[0] + "/" + fresh("nobody")
        message = "The specified queue does not exist."
        answer = self.refused(NO_QUEUE, SQS.send_message, status=400, message=message, QueueUrl=gone, MessageBody="x")
        self.assertEqual((answer["Error"]["QueryErrorCode"], answer["Error"]["Type"]), ("QueueDoesNotExist", "Sender"))
        with self.assertRaises(SQS.exceptions.QueueDoesNotExist):
            SQS.get_queue_url(QueueName=fresh("nobody"))
        self.refused("InvalidAddress", SQS.receive_message, QueueUrl="nowhere")
        self.refused(NO_QUEUE, SQS.receive_message, QueueUrl=f"http://127.0.0.1/999999999999/{fresh()}")

    def test_the_wire_of_an_error(self):
        headers = {"content-type": "application/x-amz-json-1.0", "x-amz-target": "AmazonSQS.GetQueueUrl"}
        answer = ask("POST", "/", headers=headers, body=json.dumps({"QueueName": fresh()}).encode(), service="sqs")
        self.assertEqual(answer.status, 400)
        self.assertEqual(answer.headers["x-amzn-query-error"], "AWS.SimpleQueueService.NonExistentQueue;Sender")
        self.assertEqual(answer.headers["content-type"], "application/x-amz-json-1.0")
        self.assertEqual(json.loads(answer.body)["__type"].split("#")[-1], "QueueDoesNotExist")

    def test_a_queue_is_found_by_its_name_and_by_a_url_of_any_host(self):
        name = fresh("q")
        url = queue(name)
        self.assertEqual(SQS.get_queue_url(QueueName=name)["QueueUrl"], url)
        self.assertEqual(SQS.get_queue_url(QueueName=name, QueueOwnerAWSAccountId=ACCOUNT)["QueueUrl"], url)
        self.assertEqual(shown(f"https://sqs.us-east-1.amazonaws.com/{ACCOUNT}/{name}", "QueueArn")["QueueArn"], arn(url))
        self.refused(NO_QUEUE, EU.get_queue_url, QueueName=name)
        self.refused(NO_QUEUE, SQS.get_queue_url, QueueName=name, QueueOwnerAWSAccountId="999999999999")

    def test_listing_by_prefix_and_by_page(self):
        prefix = fresh("list")
        urls = [queue(f"{prefix}-{at}") for at in range(5)]
        self.assertEqual(SQS.list_queues(QueueNamePrefix=prefix)["QueueUrls"], urls)
        self.assertNotIn("NextToken", SQS.list_queues(QueueNamePrefix=prefix))
        self.assertNotIn("QueueUrls", SQS.list_queues(QueueNamePrefix=fresh("none")))
        first = SQS.list_queues(QueueNamePrefix=prefix, MaxResults=2)
        self.assertEqual(first["QueueUrls"], urls[:2])
        second = SQS.list_queues(QueueNamePrefix=prefix, MaxResults=2, NextToken=first["NextToken"])
        self.assertEqual(second["QueueUrls"], urls[2:4])
        paged = SQS.get_paginator("list_queues").paginate(QueueNamePrefix=prefix, PaginationConfig={"PageSize": 2})
        self.assertEqual([url for page in paged for url in page["QueueUrls"]], urls)
        self.refused(INVALID, SQS.list_queues, MaxResults=1001)
        self.refused(INVALID, SQS.list_queues, QueueNamePrefix="other", MaxResults=2, NextToken=first["NextToken"])

    def test_attributes_are_set_and_told_by_name(self):
        url = queue()
        created = shown(url)
        advance(5)
        SQS.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "5", "DelaySeconds": "7"})
        self.assertEqual(shown(url, "VisibilityTimeout", "DelaySeconds", "RedrivePolicy"),
                         {"VisibilityTimeout": "5", "DelaySeconds": "7"})
        changed = shown(url)
        self.assertEqual(changed["CreatedTimestamp"], created["CreatedTimestamp"])
        self.assertGreaterEqual(int(changed["LastModifiedTimestamp"]), int(created["LastModifiedTimestamp"]) + 5)
        self.assertNotIn("Attributes", SQS.get_queue_attributes(QueueUrl=url))
        self.refused("InvalidAttributeName", SQS.get_queue_attributes, QueueUrl=url, AttributeNames=["Nonsense"])
        self.refused("InvalidAttributeName", SQS.set_queue_attributes, QueueUrl=url, Attributes={"FifoQueue": "true"})
        self.refused("InvalidAttributeValue", SQS.set_queue_attributes, QueueUrl=url, Attributes={"DelaySeconds": "-1"})

    def test_a_name_is_free_a_minute_after_its_queue_is_deleted(self):
        name = fresh("q")
        url = queue(name)
        send(url)
        SQS.delete_queue(QueueUrl=url)
        self.refused(NO_QUEUE, SQS.send_message, QueueUrl=url, MessageBody="x")
        self.refused(NO_QUEUE, SQS.delete_queue, QueueUrl=url)
        self.refused("AWS.SimpleQueueService.QueueDeletedRecently", SQS.create_queue, QueueName=name)
        advance(MINUTE)
        self.assertEqual(queue(name), url)
        self.assertEqual(counts(url), (0, 0, 0))

    def test_purging(self):
        url = queue()
        for _ in range(3):
            send(url)
        receive(url, 1)
        self.assertEqual(counts(url), (2, 1, 0))
        SQS.purge_queue(QueueUrl=url)
        self.assertEqual(counts(url), (0, 0, 0))
        self.refused("AWS.SimpleQueueService.PurgeQueueInProgress", SQS.purge_queue, QueueUrl=url)
        advance(MINUTE)
        SQS.purge_queue(QueueUrl=url)

    def test_tags(self):
        url = SQS.create_queue(QueueName=fresh("q"), tags={"team": "a", "stage": "test"})["QueueUrl"]
        SQS.tag_queue(QueueUrl=url, Tags={"team": "b", "empty": ""})
        self.assertEqual(SQS.list_queue_tags(QueueUrl=url)["Tags"], {"team": "b", "stage": "test", "empty": ""})
        SQS.untag_queue(QueueUrl=url, TagKeys=["team", "stage", "empty", "never"])
        self.assertNotIn("Tags", SQS.list_queue_tags(QueueUrl=url))
        self.refused(INVALID, SQS.tag_queue, QueueUrl=url, Tags={"aws:x": "1"})


class Messages(Case):
    def test_what_is_sent_is_received_with_its_digests(self):
        url = queue()
        attributes = {
            "colour": {"DataType": "String", "StringValue": "grün"},
            "size": {"DataType": "Number.int", "StringValue": "7"},
            "raw": {"DataType": "Binary.gif", "BinaryValue": b"\x00\x01"},
        }
        trace = {"AWSTraceHeader": {"DataType": "String", "StringValue": "Root=1-5759e988-bd862e3fe1be46a994272793"}}
        sent = send(url, "héllo", MessageAttributes=attributes, MessageSystemAttributes=trace)
        self.assertEqual(sent["MD5OfMessageBody"], md5("héllo"))
        self.assertEqual(sent["MD5OfMessageAttributes"], attributes_md5(attributes))
        self.assertEqual(sent["MD5OfMessageSystemAttributes"], attributes_md5(trace))
        self.assertNotIn("SequenceNumber", sent)
        [message] = receive(url, MessageAttributeNames=["All"], MessageSystemAttributeNames=["All"])
        self.assertEqual((message["MessageId"], message["Body"], message["MD5OfBody"]), (sent["MessageId"], "héllo", md5("héllo")))
        self.assertEqual(message["MessageAttributes"], attributes)
        self.assertEqual(message["MD5OfMessageAttributes"], attributes_md5(attributes))
        system = message["Attributes"]
        identity = client("sts").get_caller_identity()["UserId"]
        self.assertEqual((system["SenderId"], system["ApproximateReceiveCount"]), (identity, "1"))
        self.assertEqual(system["AWSTraceHeader"], trace["AWSTraceHeader"]["StringValue"])
        self.assertLessEqual(int(system["SentTimestamp"]), int(system["ApproximateFirstReceiveTimestamp"]))

    def test_only_what_is_asked_for_is_told(self):
        url = queue(VisibilityTimeout="0")
        one = {"DataType": "String", "StringValue": "1"}
        send(url, MessageAttributes={"a.x": one, "a.y": one, "b": one})
        [bare] = receive(url)
        self.assertEqual(set(bare) - {"ResponseMetadata"}, {"MessageId", "ReceiptHandle", "MD5OfBody", "Body"})
        [some] = receive(url, MessageAttributeNames=["a.*"], AttributeNames=["SentTimestamp"])
        self.assertEqual(set(some["MessageAttributes"]), {"a.x", "a.y"})
        self.assertEqual(some["MD5OfMessageAttributes"], attributes_md5({"a.x": one, "a.y": one}))
        self.assertEqual(set(some["Attributes"]), {"SentTimestamp"})
        self.refused("InvalidAttributeName", SQS.receive_message, QueueUrl=url, MessageSystemAttributeNames=["Nonsense"])

    def test_messages_that_are_no_messages(self):
        url = queue(MaximumMessageSize="1024")
        text = lambda value, kind="String": {"DataType": kind, "StringValue": value}
        self.refused(MISSING, SQS.send_message, QueueUrl=url, MessageBody="")
        self.refused("InvalidMessageContents", SQS.send_message, QueueUrl=url, MessageBody="a\x00b")
        too_long = "One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes."
        self.refused(INVALID, SQS.send_message, message=too_long, QueueUrl=url, MessageBody="a" * 1025)
        self.refused(INVALID, SQS.send_message, QueueUrl=url, MessageBody="a" * 1000, MessageAttributes={"n": text("v" * 30)})
        for attributes in (
            {f"a{at}": text("x") for at in range(11)}, {"a": text("")}, {"a": text("x", "Number")}, {"a": text("x", "Date")},
            {"AWS.a": text("x")}, {"a..b": text("x")}, {"a": {"DataType": "Binary", "StringValue": "x"}},
        ):
            self.refused(INVALID, SQS.send_message, QueueUrl=url, MessageBody="x", MessageAttributes=attributes)
        self.refused(MISSING, LOOSE.send_message, QueueUrl=url)
        self.assertEqual(counts(url), (0, 0, 0))
        send(url, "a" * 1024)

    def test_a_received_message_is_hidden_until_its_timeout(self):
        url = queue(VisibilityTimeout="60")
        send(url)
        [first] = receive(url)
        self.assertEqual((receive(url), counts(url)), ([], (0, 1, 0)))
        advance(59)
        self.assertEqual(receive(url), [])
        advance(2)
        [second] = receive(url, MessageSystemAttributeNames=["ApproximateReceiveCount"])
        self.assertEqual(second["MessageId"], first["MessageId"])
        self.assertNotEqual(second["ReceiptHandle"], first["ReceiptHandle"])
        self.assertEqual(second["Attributes"], {"ApproximateReceiveCount": "2"})

    def test_a_receiver_may_ask_for_a_timeout_of_its_own(self):
        url = queue()
        send(url)
        [message] = receive(url, VisibilityTimeout=1)
        self.assertEqual(receive(url), [])
        time.sleep(1.1)
        self.assertEqual(receive(url, VisibilityTimeout=0)[0]["MessageId"], message["MessageId"])
        self.assertEqual(len(receive(url)), 1)

    def test_receiving_is_checked(self):
        url = queue()
        message = "Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided."
        self.refused(INVALID, SQS.receive_message, status=400, message=message, QueueUrl=url, MaxNumberOfMessages=11)
        self.refused(INVALID, SQS.receive_message, QueueUrl=url, MaxNumberOfMessages=0)
        self.refused(INVALID, SQS.receive_message, QueueUrl=url, WaitTimeSeconds=21)
        self.refused(INVALID, SQS.receive_message, QueueUrl=url, VisibilityTimeout=43201)

    def test_at_most_as_many_as_asked_for(self):
        url = queue()
        for at in range(12):
            send(url, str(at))
        self.assertEqual(bodies(SQS.receive_message(QueueUrl=url)["Messages"]), ["0"])
        self.assertEqual(bodies(receive(url, 10)), [str(at) for at in range(1, 11)])
        self.assertEqual(bodies(receive(url, 10)), ["11"])

    def test_deleting_by_the_latest_handle(self):
        url = queue(VisibilityTimeout="0")
        send(url)
        [old], [new] = receive(url), receive(url)
        delete(url, old)
        self.assertEqual(counts(url), (1, 0, 0))
        delete(url, new)
        delete(url, new)
        self.assertEqual((receive(url), counts(url)), ([], (0, 0, 0)))
        self.refused("ReceiptHandleIsInvalid", SQS.delete_message, QueueUrl=url, ReceiptHandle="AQEBnonsense")
        self.refused("ReceiptHandleIsInvalid", SQS.delete_message, QueueUrl=queue(), ReceiptHandle=new["ReceiptHandle"])

    def test_changing_how_long_a_message_is_hidden(self):
        url = queue()
        send(url)
        [message] = receive(url)
        change = dict(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        SQS.change_message_visibility(VisibilityTimeout=600, **change)
        advance(300)
        self.assertEqual(counts(url), (0, 1, 0))
        beyond = "Value 43200 for parameter VisibilityTimeout is invalid. Reason: " \
                 "Total VisibilityTimeout for the message is beyond the limit [43200 seconds]"
        self.refused(INVALID, SQS.change_message_visibility, message=beyond, VisibilityTimeout=43200, **change)
        self.refused(INVALID, SQS.change_message_visibility, VisibilityTimeout=43201, **change)
        SQS.change_message_visibility(VisibilityTimeout=0, **change)
        self.assertEqual(counts(url), (1, 0, 0))
        self.refused("AWS.SimpleQueueService.MessageNotInflight", SQS.change_message_visibility, VisibilityTimeout=1, **change)
        [again] = receive(url)
        delete(url, again)
        gone = f"Value {again['ReceiptHandle']} for parameter ReceiptHandle is invalid. Reason: " \
               "Message does not exist or is not available for visibility timeout change."
        change["ReceiptHandle"] = again["ReceiptHandle"]
        self.refused(INVALID, SQS.change_message_visibility, message=gone, VisibilityTimeout=1, **change)

    def test_delays_of_queue_and_message(self):
        url = queue(DelaySeconds="100")
        send(url, "queue's")
        send(url, "own", DelaySeconds=10)
        send(url, "none", DelaySeconds=0)
        self.assertEqual(counts(url), (1, 0, 2))
        self.assertEqual(bodies(receive(url)), ["none"])
        advance(10)
        self.assertEqual(bodies(receive(url)), ["own"])
        SQS.set_queue_attributes(QueueUrl=url, Attributes={"DelaySeconds": "0"})
        self.assertEqual(receive(url), [])
        advance(90)
        self.assertEqual(bodies(receive(url)), ["queue's", "own", "none"])
        self.refused(INVALID, SQS.send_message, QueueUrl=url, MessageBody="x", DelaySeconds=901)

    def test_messages_expire(self):
        url = queue(MessageRetentionPeriod="60")
        send(url, "old")
        advance(30)
        send(url, "new")
        advance(30)
        self.assertEqual(counts(url), (1, 0, 0))
        self.assertEqual(bodies(receive(url)), ["new"])

    def test_batches_tell_each_entry_its_own(self):
        url = queue(MaximumMessageSize="1024")
        entries = [
            {"Id": "good", "MessageBody": "1"}, {"Id": "long", "MessageBody": "x" * 2000},
            {"Id": "odd", "MessageBody": "\x01"}, {"Id": "late", "MessageBody": "2", "DelaySeconds": 5},
        ]
        answer = SQS.send_message_batch(QueueUrl=url, Entries=entries)
        self.assertEqual([one["Id"] for one in answer["Successful"]], ["good", "late"])
        self.assertEqual(answer["Successful"][0]["MD5OfMessageBody"], md5("1"))
        failed = {one["Id"]: (one["Code"], one["SenderFault"]) for one in answer["Failed"]}
        self.assertEqual(failed, {"long": (INVALID, True), "odd": ("InvalidMessageContents", True)})
        self.assertEqual(counts(url), (1, 0, 1))
        advance(5)
        first, second = receive(url)
        handles = [{"Id": "a", "ReceiptHandle": first["ReceiptHandle"]}, {"Id": "b", "ReceiptHandle": "nonsense"}]
        changed = SQS.change_message_visibility_batch(QueueUrl=url, Entries=[{**one, "VisibilityTimeout": 0} for one in handles])
        self.assertEqual([one["Id"] for one in changed["Successful"]], ["a"])
        self.assertEqual([one["Code"] for one in changed["Failed"]], ["ReceiptHandleIsInvalid"])
        self.assertEqual(counts(url), (1, 1, 0))
        deleted = SQS.delete_message_batch(QueueUrl=url, Entries=[*handles, {"Id": "c", "ReceiptHandle": second["ReceiptHandle"]}])
        self.assertEqual([one["Id"] for one in deleted["Successful"]], ["a", "c"])
        self.assertEqual([one["Id"] for one in deleted["Failed"]], ["b"])
        self.assertEqual(counts(url), (0, 0, 0))

    def test_batches_that_fail_as_a_whole(self):
        url = queue()
        old = "AWS.SimpleQueueService."
        entry = lambda id, body="x": {"Id": id, "MessageBody": body}
        for code, entries in [
            ("EmptyBatchRequest", []), ("TooManyEntriesInBatchRequest", [entry(str(at)) for at in range(11)]),
            ("BatchEntryIdsNotDistinct", [entry("a"), entry("a")]), ("InvalidBatchEntryId", [entry("a b")]),
            ("BatchRequestTooLong", [entry("a", "x" * 600_000), entry("b", "x" * 600_000)]),
        ]:
            self.refused(old + code, SQS.send_message_batch, status=400, QueueUrl=url, Entries=entries)
        self.assertEqual(counts(url), (0, 0, 0))


class LongPolling(Case):
    def waiting(self, act, wait=10, **arguments):
        """Acts while somebody waits; gives what was received and the seconds it took."""
        timer = threading.Timer(0.5, act)
        timer.start()
        began = time.monotonic()
        messages = receive(**arguments, WaitTimeSeconds=wait)
        took = time.monotonic() - began
        timer.join()
        return messages, took

    def test_a_message_ends_the_wait(self):
        url = queue()
        messages, took = self.waiting(lambda: send(url, "came"), url=url)
        self.assertEqual(bodies(messages), ["came"])
        self.assertTrue(0.4 < took < 5, took)

    def test_nothing_comes(self):
        url = queue(ReceiveMessageWaitTimeSeconds="1")
        began = time.monotonic()
        self.assertEqual(receive(url), [])
        self.assertGreaterEqual(time.monotonic() - began, 1)
        began = time.monotonic()
        self.assertEqual(receive(url, WaitTimeSeconds=0), [])
        self.assertLess(time.monotonic() - began, 0.9)

    def test_a_hidden_message_comes_free(self):
        url = queue(VisibilityTimeout="1")
        send(url)
        receive(url)
        began = time.monotonic()
        self.assertEqual(len(receive(url, WaitTimeSeconds=10)), 1)
        self.assertLess(time.monotonic() - began, 5)

    def test_the_clock_is_moved(self):
        url = queue(DelaySeconds="600")
        send(url, "late")
        messages, took = self.waiting(lambda: advance(600), url=url)
        self.assertEqual(bodies(messages), ["late"])
        self.assertLess(took, 5)

    def test_others_are_served_meanwhile(self):
        urls = [queue() for _ in range(8)]
        threads = [threading.Thread(target=receive, args=(url,), kwargs={"WaitTimeSeconds": 2}) for url in urls]
        for thread in threads:
            thread.start()
        began = time.monotonic()
        for url in urls:
            self.assertEqual(counts(url), (0, 0, 0))
        self.assertLess(time.monotonic() - began, 1.5)
        for thread in threads:
            thread.join()

    def test_two_who_wait_never_get_the_same(self):
        url = queue()
        got = []
        threads = [threading.Thread(target=lambda: got.extend(receive(url, 1, WaitTimeSeconds=2))) for _ in range(4)]
        for thread in threads:
            thread.start()
        time.sleep(0.3)
        sent = {send(url, str(at))["MessageId"] for at in range(4)}
        for thread in threads:
            thread.join()
        self.assertEqual(len(got), 4)
        self.assertEqual({message["MessageId"] for message in got}, sent)


class DeadLetters(Case):
    def test_a_message_that_fails_too_often_moves(self):
        dead = queue()
        url = queue(VisibilityTimeout="10", RedrivePolicy=redrive(dead, 2))
        sent = send(url, "poison", MessageAttributes={"a": {"DataType": "String", "StringValue": "x"}})
        for _ in range(2):
            self.assertEqual(len(receive(url)), 1)
            advance(10)
        self.assertEqual((counts(url), counts(dead)), ((1, 0, 0), (0, 0, 0)))
        self.assertEqual(receive(url), [])
        self.assertEqual((counts(url), counts(dead)), ((0, 0, 0), (1, 0, 0)))
        [message] = receive(dead, MessageSystemAttributeNames=["All"], MessageAttributeNames=["All"])
        self.assertEqual((message["MessageId"], message["Body"]), (sent["MessageId"], "poison"))
        self.assertEqual(message["Attributes"]["ApproximateReceiveCount"], "3")
        self.assertEqual(message["Attributes"]["DeadLetterQueueSourceArn"], arn(url))
        self.assertEqual(set(message["MessageAttributes"]), {"a"})

    def test_a_moved_message_keeps_its_age(self):
        dead = queue(MessageRetentionPeriod="100")
        url = queue(VisibilityTimeout="0", RedrivePolicy=redrive(dead))
        send(url)
        advance(60)
        receive(url), receive(url)
        self.assertEqual(counts(dead), (1, 0, 0))
        advance(40)
        self.assertEqual(counts(dead), (0, 0, 0))

    def test_a_message_that_is_deleted_in_time_does_not_move(self):
        dead = queue()
        url = queue(VisibilityTimeout="0", RedrivePolicy=redrive(dead, 3))
        send(url)
        delete(url, receive(url)[0])
        self.assertEqual((receive(url), counts(dead)), ([], (0, 0, 0)))

    def test_redrive_policies_are_checked(self):
        dead, ordered = queue(), fifo()
        policy = lambda **changes: json.dumps({"deadLetterTargetArn": arn(dead), "maxReceiveCount": 3, **changes})
        reason = "Reason: Redrive policy does not contain mandatory attribute: maxReceiveCount."
        empty = f"Value {{}} for parameter RedrivePolicy is invalid. {reason}"
        self.refused(INVALID, SQS.create_queue, message=empty, QueueName=fresh("q"), Attributes={"RedrivePolicy": "{}"})
        for odd in (
            "nonsense", policy(maxReceiveCount=0), policy(maxReceiveCount=1001), policy(deadLetterTargetArn=arn(dead) + "x"),
            policy(deadLetterTargetArn=arn(ordered)),
        ):
            self.refused(INVALID, SQS.create_queue, QueueName=fresh("q"), Attributes={"RedrivePolicy": odd})
        url = queue(RedrivePolicy=policy(maxReceiveCount="3"))
        self.assertEqual(json.loads(shown(url)["RedrivePolicy"]), {"deadLetterTargetArn": arn(dead), "maxReceiveCount": 3})
        SQS.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": ""})
        self.assertNotIn("RedrivePolicy", shown(url))

    def test_a_dead_letter_queue_says_whose_it_is(self):
        dead = queue()
        prefix = fresh("source")
        urls = [queue(f"{prefix}-{at}", RedrivePolicy=redrive(dead)) for at in range(3)]
        self.assertEqual(SQS.list_dead_letter_source_queues(QueueUrl=dead)["queueUrls"], urls)
        self.assertEqual(SQS.list_dead_letter_source_queues(QueueUrl=urls[0])["queueUrls"], [])
        pages = SQS.get_paginator("list_dead_letter_source_queues").paginate(QueueUrl=dead, PaginationConfig={"PageSize": 2})
        self.assertEqual([url for page in pages for url in page["queueUrls"]], urls)

    def test_a_dead_letter_queue_may_refuse(self):
        allow = lambda permission, **more: json.dumps({"redrivePermission": permission, **more})
        closed = queue(RedriveAllowPolicy=allow("denyAll"))
        self.refused(INVALID, SQS.create_queue, QueueName=fresh("q"), Attributes={"RedrivePolicy": redrive(closed)})
        name = fresh("friend")
        friend = f"arn:aws:sqs:us-east-1:{ACCOUNT}:{name}"
        some = queue(RedriveAllowPolicy=allow("byQueue", sourceQueueArns=[friend]))
        self.refused(INVALID, SQS.create_queue, QueueName=fresh("q"), Attributes={"RedrivePolicy": redrive(some)})
        queue(name, RedrivePolicy=redrive(some))
        self.refused("InvalidAttributeValue", SQS.set_queue_attributes, QueueUrl=some, Attributes={"RedriveAllowPolicy": allow("byQueue")})


class Fifo(Case):
    def test_what_a_fifo_queue_says_of_itself(self):
        url = fifo(DeduplicationScope="messageGroup", FifoThroughputLimit="perMessageGroupId")
        names = ("FifoQueue", "ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit")
        self.assertEqual(list(shown(url, *names).values()), ["false", "messageGroup", "true", "perMessageGroupId"])
        self.refused("InvalidAttributeValue", SQS.create_queue, QueueName=fresh() + ".fifo",
                     Attributes={"FifoQueue": "true", "FifoThroughputLimit": "perMessageGroupId"})

    def test_a_group_keeps_its_order_and_waits_for_its_first(self):
        url = fifo()
        numbers = [send_fifo(url, f"{group}{at}", group)["SequenceNumber"] for at in range(3) for group in "ab"]
        self.assertEqual(numbers, sorted(numbers))
        self.assertTrue(all(len(number) == 20 for number in numbers))
        [first] = receive(url, 1, MessageSystemAttributeNames=["All"])
        self.assertEqual((first["Body"], first["Attributes"]["MessageGroupId"]), ("a0", "a"))
        self.assertEqual(first["Attributes"]["SequenceNumber"], numbers[0])
        self.assertEqual(bodies(receive(url, 2)), ["b0", "b1"])
        self.assertEqual(receive(url), [])
        delete(url, first)
        self.assertEqual(bodies(receive(url)), ["a1", "a2"])

    def test_as_many_as_possible_of_one_group(self):
        url = fifo()
        for at in range(3):
            for group in "ab":
                send_fifo(url, f"{group}{at}", group)
        self.assertEqual(bodies(receive(url, 4)), ["a0", "a1", "a2", "b0"])

    def test_a_message_that_comes_back_comes_first(self):
        url = fifo(VisibilityTimeout="30")
        send_fifo(url, "1")
        send_fifo(url, "2")
        receive(url, 1)
        advance(30)
        self.assertEqual(bodies(receive(url)), ["1", "2"])

    def test_a_second_message_of_an_id_is_taken_and_not_delivered(self):
        url = fifo()
        first = send_fifo(url, "one", dedup="same")
        second = send_fifo(url, "two", dedup="same")
        self.assertEqual((first["MessageId"], first["SequenceNumber"]), (second["MessageId"], second["SequenceNumber"]))
        self.assertEqual(second["MD5OfMessageBody"], md5("two"))
        [message] = receive(url)
        delete(url, message)
        send_fifo(url, "three", dedup="same")
        self.assertEqual((message["Body"], counts(url)), ("one", (0, 0, 0)))
        advance(5 * MINUTE)
        self.assertNotEqual(send_fifo(url, "four", dedup="same")["MessageId"], first["MessageId"])
        self.assertEqual(bodies(receive(url)), ["four"])

    def test_content_makes_an_id(self):
        url = fifo(ContentBasedDeduplication="true")
        for body in ("x", "x", "y"):
            send(url, body, MessageGroupId="g")
        send_fifo(url, "z", dedup=hashlib.sha256(b"x").hexdigest())
        messages = receive(url, MessageSystemAttributeNames=["MessageDeduplicationId"])
        self.assertEqual(bodies(messages), ["x", "y"])
        self.assertEqual(messages[0]["Attributes"]["MessageDeduplicationId"], hashlib.sha256(b"x").hexdigest())

    def test_ids_may_count_for_a_group_alone(self):
        url = fifo(DeduplicationScope="messageGroup")
        for group in ("a", "b", "a"):
            send_fifo(url, group, group, dedup="same")
        self.assertEqual(bodies(receive(url)), ["a", "b"])

    def test_what_a_fifo_message_must_have_and_must_not(self):
        url, standard = fifo(), queue()
        message = "The request must contain the parameter MessageGroupId."
        self.refused(MISSING, SQS.send_message, message=message, QueueUrl=url, MessageBody="x", MessageDeduplicationId="d")
        self.refused(INVALID, SQS.send_message, QueueUrl=url, MessageBody="x", MessageGroupId="g")
        for odd in ("", "ü", "a b", "x" * 129):
            self.refused(INVALID, SQS.send_message, QueueUrl=url, MessageBody="x", MessageGroupId=odd, MessageDeduplicationId="d")
        self.refused(INVALID, SQS.send_message, QueueUrl=url, MessageBody="x", MessageGroupId="g", MessageDeduplicationId="d",
                     DelaySeconds=1)
        self.refused(INVALID, SQS.send_message, QueueUrl=standard, MessageBody="x", MessageDeduplicationId="d")

    def test_an_expired_handle_is_refused(self):
        url = fifo(VisibilityTimeout="10")
        send_fifo(url, "x")
        [message] = receive(url)
        advance(10)
        expired = f"Value {message['ReceiptHandle']} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired."
        self.refused(INVALID, SQS.delete_message, message=expired, QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        self.assertEqual(counts(url), (1, 0, 0))

    def test_the_queue_s_delay_is_retroactive(self):
        url = fifo(DelaySeconds="600")
        send_fifo(url, "x")
        self.assertEqual(counts(url), (0, 0, 1))
        SQS.set_queue_attributes(QueueUrl=url, Attributes={"DelaySeconds": "0"})
        self.assertEqual(bodies(receive(url)), ["x"])

    def test_a_failed_message_frees_its_group(self):
        dead = fifo()
        url = fifo(VisibilityTimeout="0", RedrivePolicy=redrive(dead))
        for body in ("bad", "good"):
            send_fifo(url, body)
        self.assertEqual(bodies(receive(url, 1)), ["bad"])
        self.assertEqual(bodies(receive(url, 1)), ["good"])
        [message] = receive(dead, MessageSystemAttributeNames=["MessageGroupId"])
        self.assertEqual((message["Body"], message["Attributes"]["MessageGroupId"]), ("bad", "g"))

    def test_a_batch_is_enqueued_in_its_order(self):
        url = fifo(ContentBasedDeduplication="true")
        entries = [{"Id": str(at), "MessageBody": str(at), "MessageGroupId": "g"} for at in range(10)]
        answer = SQS.send_message_batch(QueueUrl=url, Entries=[*entries[:9], {"Id": "x", "MessageBody": "x"}])
        self.assertEqual([one["Code"] for one in answer["Failed"]], [MISSING])
        numbers = [one["SequenceNumber"] for one in answer["Successful"]]
        self.assertEqual((numbers, len(set(numbers))), (sorted(numbers), 9))
        self.assertEqual(bodies(receive(url)), [str(at) for at in range(9)])


class Refusals(Case):
    def test_what_is_not_built_is_refused_by_name(self):
        url = queue()
        name = "NotImplemented"
        for call, arguments in [
            (SQS.add_permission, {"QueueUrl": url, "Label": "l", "AWSAccountIds": [ACCOUNT], "Actions": ["*"]}),
            (SQS.remove_permission, {"QueueUrl": url, "Label": "l"}),
            (SQS.start_message_move_task, {"SourceArn": arn(url)}),
            (SQS.list_message_move_tasks, {"SourceArn": arn(url)}),
            (SQS.cancel_message_move_task, {"TaskHandle": "x"}),
            (SQS.set_queue_attributes, {"QueueUrl": url, "Attributes": {"KmsMasterKeyId": "alias/aws/sqs"}}),
            (SQS.set_queue_attributes, {"QueueUrl": url, "Attributes": {"Policy": "{}"}}),
            (SQS.send_message, {"QueueUrl": url, "MessageBody": "x", "MessageGroupId": "tenant"}),
            (SQS.receive_message, {"QueueUrl": url, "ReceiveRequestAttemptId": "x"}),
        ]:
            self.refused(name, call, status=501, **arguments)
        batch = [{"Id": "a", "MessageBody": "x"}, {"Id": "b", "MessageBody": "x", "MessageGroupId": "tenant"}]
        self.refused(name, SQS.send_message_batch, status=501, QueueUrl=url, Entries=batch)
        self.assertEqual(counts(url), (0, 0, 0))
