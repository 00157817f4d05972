"""`python -m labrun_spark [--worker-type G.1X] [--archive FILE] [--memory-mb N]`: boots, says ready, runs one script, ends."""
import argparse
import os
import platform
import sys
import threading

from . import adopt, boot, control, current, java, refuse, script, worker


def options():
    parser = argparse.ArgumentParser(prog="labrun_spark", description=__doc__)
    parser.add_argument("--worker-type", default="G.1X")
    parser.add_argument("--archive", default=None)
    parser.add_argument("--memory-mb", type=int, default=None)
    return parser.parse_args()


def booted(wanted, folder):
    """The session, and the JVM that is killed at the end."""
    archive = wanted.archive or java.default_archive()
    archive = archive if os.path.exists(archive) else None
    settings = boot.settings(folder, wanted.worker_type)
    child, told = java.start(java.command(folder, wanted.worker_type, settings, archive, wanted.memory_mb), folder)
    import pyspark.sql  # noqa: F401  while Java starts

    return boot.session(child, told), child


def receive(line, session):
    """Everything that the run's line changes in this process and in the JVM."""
    current.run.update(line)
    os.environ.update(line.get("env", {}))
    offset = int(line.get("clock_offset_ms", 0))
    worker.tell(line.get("env", {}), offset)
    gateway = session._jvm.run.labrun.spark.Gateway
    gateway.set(line["endpoint"], line["token"], f"{current.folder()}/tmp/staging")
    gateway.setOffset(offset)
    if offset:
        from . import clock

        clock.shift(offset)


def greet(session):
    job = current.job()
    java_version = session._jvm.java.lang.System.getProperty("java.version")
    print(f"labrun: Spark {session.version}, Python {platform.python_version()}, Java {java_version}; GlueVersion {job.get('glue_version', 'unknown')} was asked for", flush=True)


def work(line, session, adoption, emulator):
    """True when the script succeeded."""
    greet(session)
    emulator.tell(event="started")
    try:
        adoption.apply(line.get("spark_conf", {}))
        failure = script.execute(line["script"], line.get("arguments", []))
    except NotImplementedError as error:
        failure = script.message(error), f"{script.message(error)}\n"
    if failure:
        sys.stderr.write(failure[1])
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            pass
    if failure:
        emulator.tell(event="finished", status="FAILED", error_message=failure[0], traceback=failure[1])
    else:
        emulator.tell(event="finished", status="SUCCEEDED")
    return not failure


def leave(code, child):
    """At once: nothing of a finished run is worth an orderly shutdown."""
    if child is not None:
        child.kill()
    os._exit(code)


def main():
    wanted = options()
    folder = os.getcwd()
    emulator = control.Control()
    boot.prepare(folder)
    session, child = booted(wanted, folder)
    refuse.install()
    adoption = adopt.install(session)
    if not emulator.waiting():
        from . import warm

        warm.imports()
        warm.jobs(session)
    emulator.tell(event="ready")
    try:
        line = emulator.run()
    except control.Gone:
        leave(0, child)
    threading.Thread(target=lambda: (emulator.closed(), leave(1, child)), daemon=True).start()
    receive(line, session)
    leave(0 if work(line, session, adoption, emulator) else 1, child)


if __name__ == "__main__":
    main()
