"""The daemon from which Spark forks its Python workers: pyspark's own, plus what a run tells them.

A stand-by's daemon, and even a worker, may be older than the run, so the run's environment (role keys, region, endpoint) and clock lie in a
file of the run's folder, which a worker reads when it gets its first task after the file appeared.
"""
import json
import os
import sys

FILE = "worker.json"
_applied = False


def path():
    return os.path.join(os.environ["LABRUN_RUN_FOLDER"], "tmp", FILE)


def tell(environment, offset_ms):
    """Called by the driver when the run is known."""
    with open(path() + ".new", "w", opener=lambda name, flags: os.open(name, flags, 0o600)) as out:
        json.dump({"env": environment, "offset_ms": offset_ms}, out)
    os.replace(path() + ".new", path())


def _apply():
    global _applied
    if _applied:
        return
    try:
        with open(path()) as told:
            run = json.load(told)
    except FileNotFoundError:
        return
    _applied = True
    os.environ.update(run["env"])
    if run["offset_ms"]:
        from . import clock

        clock.shift(run["offset_ms"])


def _wrapped(main):
    def run(*streams):
        _apply()
        return main(*streams)

    return run


if __name__ == "__main__":
    from pyspark import daemon

    daemon.worker_main = _wrapped(daemon.worker_main)
    sys.argv = ["pyspark.daemon"]
    daemon.manager()
