"""The line between driver and emulator: JSON lines over the socket that was fd 0. Knows the protocol, nothing of Spark."""
import json
import os
import select
import socket


class Gone(Exception):
    """The emulator closed its end."""


class Control:
    """Takes fd 0 away from learner code: a private close-on-exec descriptor for us, /dev/null for everybody else."""

    def __init__(self, descriptor=0):
        self._socket = socket.socket(fileno=os.dup(descriptor))
        self._pending = b""
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, descriptor)
        os.close(nothing)

    def tell(self, **event):
        self._socket.sendall(json.dumps(event, separators=(",", ":")).encode() + b"\n")

    def waiting(self):
        """True when the run's line is already there, that is, nobody has the time for a warm-up."""
        return b"\n" in self._pending or bool(select.select([self._socket], [], [], 0)[0])

    def run(self):
        """Blocks for the one line that describes the run."""
        while b"\n" not in self._pending:
            got = self._socket.recv(65536)
            if not got:
                raise Gone()
            self._pending += got
        line, self._pending = self._pending.split(b"\n", 1)
        return json.loads(line)

    def closed(self):
        """Blocks until the emulator is gone; used by the thread that then ends the process."""
        while True:
            try:
                if not self._socket.recv(4096):
                    return
            except OSError:
                return
