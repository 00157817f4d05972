"""The run that this process was given: what `awsglue` and the rest of the driver ask about it. Empty in a stand-by."""

run = {}


def endpoint():
    return run["endpoint"].rstrip("/")


def authorization():
    """The header that stands in for a signature on everything that isn't boto3."""
    return "Labrun-Run " + run["token"]


def job():
    return run.get("job", {})


def now_ms():
    """The sandbox's time."""
    import time

    return int(time.time() * 1000)  # time-machine has moved it, if the sandbox's clock is not wall time


def folder():
    import os

    return os.environ["LABRUN_RUN_FOLDER"]
