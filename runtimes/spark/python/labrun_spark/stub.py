"""A few lines of S3 in memory, on loopback: what the warm-up reads and writes. Serves our own file system only and knows nothing of AWS."""
import http.server
import threading
import urllib.parse
from xml.sax.saxutils import escape


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    objects = {}

    def log_message(self, *args):
        pass

    def _answer(self, status, body=b"", **headers):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", '"0"')
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _key(self):
        return urllib.parse.unquote(urllib.parse.urlsplit(self.path).path)

    def do_PUT(self):
        self.objects[self._key()] = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self._answer(200)

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self._answer(200, b"<DeleteResult/>")

    def do_DELETE(self):
        self.objects.pop(self._key(), None)
        self._answer(204)

    def do_GET(self):
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        if "list-type" in query:
            return self._answer(200, self._list(query))
        data = self.objects.get(self._key())
        if data is None:
            return self._answer(404, b"<Error><Code>NoSuchKey</Code><Message>gone</Message></Error>")
        first, last = self.headers["Range"][6:].split("-")
        part = data[int(first): int(last) + 1]
        if not part:
            return self._answer(416, b"<Error><Code>InvalidRange</Code></Error>")
        self._answer(206, part, Content_Range=f"bytes {first}-{int(first) + len(part) - 1}/{len(data)}")

    def _list(self, query):
        prefix, delimiter = query.get("prefix", [""])[0], query.get("delimiter", [""])[0]
        bucket = self._key().strip("/")
        items, folders = [], set()
        for name in sorted(self.objects):
            key = name[len(bucket) + 2:]
            if not key.startswith(prefix):
                continue
            end = key.find(delimiter, len(prefix)) if delimiter else -1
            if end >= 0:
                folders.add(key[: end + 1])
            else:
                items.append((key, len(self.objects[name])))
        xml = "".join(f"<Contents><Key>{escape(k)}</Key><LastModified>2024-01-01T00:00:00.000Z</LastModified><Size>{n}</Size><ETag>0</ETag></Contents>" for k, n in items)
        xml += "".join(f"<CommonPrefixes><Prefix>{escape(f)}</Prefix></CommonPrefixes>" for f in sorted(folders))
        return f'<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">{xml}</ListBucketResult>'.encode()


class Stub:
    """A context manager: the address while it is open."""

    def __init__(self, objects):
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"objects": dict(objects)}))
        self._server.daemon_threads = True

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __exit__(self, *error):
        self._server.shutdown()
        self._server.server_close()
