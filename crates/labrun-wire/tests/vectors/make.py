"""Writes requests.json: what botocore makes of the inputs of many operations.

The codec is never its own judge; AWS's own client library is. Run with botocore 1.44.5 (`pip install botocore==1.44.5`): python make.py
Inputs are made from the model: every member set, three levels deep, values seeded by the member's name. Blobs travel as {"$blob": base64}.
"""
import base64
import datetime
import gzip
import json
import random
from pathlib import Path

import botocore.model
import botocore.serialize

HERE = Path(__file__).parent
SERVICES = ["glue", "iam", "logs", "s3", "sts"]
EVERY = 3  # of all operations, one in three: enough shapes, a readable file


def sample(shape, random_, depth=0):
    kind = shape.type_name
    if kind == "structure":
        if depth > 3:
            return {}
        members = shape.members.items()
        if getattr(shape, "is_tagged_union", False):
            members = list(members)[:1]
        return {name: sample(member, random_, depth + 1) for name, member in members if not (depth > 2 and member.type_name == "structure")}
    if kind == "list":
        return [sample(shape.member, random_, depth + 1) for _ in range(2)] if depth <= 3 else []
    if kind == "map":
        return {sample(shape.key, random_, depth + 1): sample(shape.value, random_, depth + 1)} if depth <= 3 else {}
    if kind == "boolean":
        return random_.random() < 0.5
    if kind in ("integer", "long"):
        return random_.randrange(1, 1000)
    if kind in ("float", "double"):
        return random_.randrange(1, 1000) / 4
    if kind == "timestamp":
        return datetime.datetime.fromtimestamp(random_.randrange(10**9, 2 * 10**9), datetime.timezone.utc)
    if kind == "blob":
        return bytes(random_.randrange(256) for _ in range(5))
    return random_.choice(shape.enum) if getattr(shape, "enum", None) else random_.choice(["plain", "a b/c?d&e=f", "ünï<x>\"'&", "x+y%20"])


def plain(value):
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, datetime.datetime):
        return {"$time": int(value.timestamp() * 1000)}
    if isinstance(value, bytes):
        return {"$blob": base64.b64encode(value).decode()}
    return value


def usable(operation):
    """Event streams and streamed members travel beside the value."""
    for shape in (operation.input_shape, operation.output_shape):
        if shape is not None and any(member.serialization.get("eventstream") or getattr(member, "is_document_type", False) for member in shape.members.values()):
            return False
    return not operation.has_event_stream_output and not operation.has_event_stream_input


def streamed(shape):
    return shape.serialization.get("payload") if shape is not None and shape.serialization.get("payload") and shape.members[shape.serialization["payload"]].type_name == "blob" else None


def request_of(service, operation, random_):
    shape = operation.input_shape
    value = sample(shape, random_) if shape is not None else {}
    if streamed(shape):
        value.pop(streamed(shape), None)
    serializer = botocore.serialize.create_serializer(service.metadata["protocol"], include_validation=False)
    made = serializer.serialize_to_request(dict(value), operation)
    body = made["body"]
    if isinstance(body, dict):  # a form
        body = {key: item for key, item in body.items()}
    elif isinstance(body, bytes):
        body = body.decode()
    query = made["query_string"]
    query = [[k, str(v)] for k, vs in (query.items() if isinstance(query, dict) else query) for v in (vs if isinstance(vs, list) else [vs])]
    return {"service": service.service_name, "operation": operation.name, "input": plain(value), "method": made["method"], "path": made["url_path"],
            "query": query, "headers": {k.lower(): v for k, v in made["headers"].items()}, "body": body if body else None}


def main():
    made = []
    for name in SERVICES:
        # The plain file: the loader would add botocore's own extras to AWS's model.
        newest = max((Path(botocore.__file__).parent / "data" / name).glob("*/service-2.json.gz"))
        service = botocore.model.ServiceModel(json.loads(gzip.decompress(newest.read_bytes())), name)
        for at, operation_name in enumerate(sorted(service.operation_names)):
            operation = service.operation_model(operation_name)
            if at % EVERY or not usable(operation):
                continue
            made.append(request_of(service, operation, random.Random(operation_name)))
    rows = ",\n".join(json.dumps(one, ensure_ascii=False, sort_keys=True) for one in made)
    (HERE / "requests.json").write_text(f"[\n{rows}\n]\n")


if __name__ == "__main__":
    main()
