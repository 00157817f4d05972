"""What this library asks of the emulator besides S3: the run's bookmark. Plain HTTP with the run's token."""
import http.client
import json
import urllib.parse


def bookmark():
    """{"option", "state", "from", "to"} of this run."""
    return _call("GET", None)


def commit_bookmark(state):
    """Returns once the state is durable."""
    _call("POST", {"state": state})


def _call(method, body):
    from labrun_spark import current

    address = urllib.parse.urlsplit(current.endpoint())
    line = http.client.HTTPConnection(address.hostname, address.port, timeout=60)
    try:
        data = None if body is None else json.dumps(body, separators=(",", ":"))
        line.request(method, "/_labrun/run/bookmark", data, {"Authorization": current.authorization(), "Content-Type": "application/json"})
        answer = line.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"the bookmark could not be {'saved' if body else 'read'}: {answer.status} {text.decode(errors='replace')}")
        return json.loads(text or b"{}")
    finally:
        line.close()
