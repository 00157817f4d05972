"""HTTP by hand: a Version 4 signer and raw sockets, to send what no SDK would. Independent of labrun's own signer and of boto3's."""

import hashlib
import hmac
import json
import socket
import time
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

from . import ENDPOINT, KEY, SECRET

HOST = urlsplit(ENDPOINT).netloc
UNSIGNED = "UNSIGNED-PAYLOAD"
EMPTY = hashlib.sha256(b"").hexdigest()


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def _hmac(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256)


@dataclass
class Request:
    """A request to be signed. `query` is a list of pairs; `sign_host=False` and `unsigned` make the faults that tests are about."""

    method: str
    path: str
    query: list = field(default_factory=list)
    headers: dict = field(default_factory=dict)
    body: bytes = b""
    payload: str = None
    key: str = KEY
    secret: str = SECRET
    token: str = None
    service: str = "s3"
    region: str = "us-east-1"
    at: float = 0
    scope_date: str = None
    sign_host: bool = True
    unsigned: dict = field(default_factory=dict)

    def target(self):
        pairs = "&".join(f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in self.query)
        return self.path + ("?" + pairs if pairs else "")

    def moment(self):
        return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(time.time() + self.at))

    def scope(self):
        return f"{self.scope_date or self.moment()[:8]}/{self.region}/{self.service}/aws4_request"

    def _signature(self, headers, payload, query):
        path = self.path if self.service == "s3" else quote(self.path, safe="/-_.~")
        pairs = sorted((quote(name, safe="-_.~"), quote(value, safe="-_.~")) for name, value in query)
        names = sorted(headers)
        canonical = "\n".join([
            self.method,
            path,
            "&".join(f"{name}={value}" for name, value in pairs),
            *(f"{name}:{' '.join(headers[name].split())}" for name in names),
            "",
            ";".join(names),
            payload,
        ])
        scope = self.scope()
        key = ("AWS4" + self.secret).encode()
        for step in scope.split("/"):
            key = _hmac(key, step).digest()
        text = f"AWS4-HMAC-SHA256\n{self.moment()}\n{scope}\n{sha256(canonical.encode())}"
        return key, scope, _hmac(key, text).hexdigest()

    def head(self, length=None):
        """Signs; gives the request's head and what chunk signatures go on from."""
        payload = self.payload or sha256(self.body)
        headers = {"host": HOST, "x-amz-date": self.moment(), **self.headers}
        if self.service == "s3":
            headers["x-amz-content-sha256"] = payload
        if self.token:
            headers["x-amz-security-token"] = self.token
        signed = {name.lower(): value for name, value in headers.items()}
        if not self.sign_host:
            signed.pop("host")
        key, scope, signature = self._signature(signed, payload, self.query)
        headers["authorization"] = (
            f"AWS4-HMAC-SHA256 Credential={self.key}/{scope}, SignedHeaders={';'.join(sorted(signed))}, Signature={signature}"
        )
        headers.update(self.unsigned)
        headers.setdefault("content-length", str(len(self.body) if length is None else length))
        return self.raw(headers), Chain(key, scope, signature, self.moment())

    def raw(self, headers):
        lines = [f"{self.method} {self.target()} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
        return "\r\n".join(lines).encode()

    def presigned(self, expires=60):
        """Puts the signature into the query; gives the request's head."""
        self.query = [
            *self.query,
            ("X-Amz-Algorithm", "AWS4-HMAC-SHA256"),
            ("X-Amz-Credential", f"{self.key}/{self.scope()}"),
            ("X-Amz-Date", self.moment()),
            ("X-Amz-Expires", str(expires)),
            ("X-Amz-SignedHeaders", "host"),
        ]
        _, _, signature = self._signature({"host": HOST}, UNSIGNED, self.query)
        self.query.append(("X-Amz-Signature", signature))
        return self.raw({"host": HOST, "content-length": str(len(self.body)), **self.unsigned})


class Chain:
    """Signatures of chunks, each going on from the one before."""

    def __init__(self, key, scope, signature, moment):
        self.key, self.scope, self.signature, self.moment = key, scope, signature, moment

    def chunk(self, content):
        text = f"AWS4-HMAC-SHA256-PAYLOAD\n{self.moment}\n{self.scope}\n{self.signature}\n{EMPTY}\n{sha256(content)}"
        self.signature = _hmac(self.key, text).hexdigest()
        return f"{len(content):x};chunk-signature={self.signature}\r\n".encode() + content + (b"\r\n" if content else b"")

    def trailer(self, lines):
        text = f"AWS4-HMAC-SHA256-TRAILER\n{self.moment}\n{self.scope}\n{self.signature}\n{sha256(lines.replace(chr(13), '').encode())}"
        return _hmac(self.key, text).hexdigest()


@dataclass
class Answer:
    status: int
    headers: dict
    body: bytes

    @property
    def code(self):
        """The error's code, in whichever protocol's words."""
        if self.body.startswith(b"{"):
            return json.loads(self.body).get("__type", "").rsplit("#", 1)[-1]
        text = self.body.decode()
        return text.split("<Code>")[1].split("</Code>")[0] if "<Code>" in text else ""


class Wire:
    """One connection."""

    def __init__(self, patience=60):
        host, port = HOST.split(":")
        self.socket = socket.create_connection((host, int(port)), timeout=patience)
        self.file = self.socket.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()
        self.socket.close()

    def send(self, *pieces):
        for piece in pieces:
            self.socket.sendall(piece)

    def answer(self, head=False):
        """The next answer; with `head` one that has no body whatever it says."""
        status = self.file.readline()
        if not status:
            raise EOFError("the connection was closed without an answer")
        headers = {}
        while (line := self.file.readline().strip()):
            name, _, value = line.partition(b":")
            headers[name.decode().lower()] = value.strip().decode()
        number = int(status.split()[1])
        has_body = not head and number not in (100, 204, 304)
        return Answer(number, headers, self.file.read(int(headers.get("content-length", 0))) if has_body else b"")

    def closed(self):
        """Whether nothing more comes."""
        return self.file.read(1) == b""

    def ask(self, request):
        head, _ = request.head()
        self.send(head + request.body)
        return self.answer(request.method == "HEAD")


def ask(method, path, **arguments):
    """One signed request on a connection of its own."""
    with Wire() as wire:
        return wire.ask(Request(method, path, **arguments))
