"""Runs the learner's script as `__main__` and says how it ended, in the words that Glue shows as ErrorMessage."""
import os
import runpy
import sys
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))


def execute(path, arguments):
    """None for success, else (error_message, traceback)."""
    sys.argv = [path] + [str(argument) for argument in arguments]
    sys.path.insert(0, os.path.dirname(path))
    try:
        runpy.run_path(path, run_name="__main__")
    except SystemExit as ended:
        return _exit(ended, path)
    except BaseException as error:
        return message(error), _trace(error, path)
    return None


def _exit(ended, path):
    if ended.code in (None, 0):
        return None
    if not isinstance(ended.code, int):
        print(ended.code, file=sys.stderr)
    return f"SystemExit: {ended.code}", _trace(ended, path)


def message(error):
    """The script's last error: its type and text; for an error from the JVM what Java said, without Java's stack."""
    java = getattr(error, "java_exception", None)
    if java is not None:
        said = str(error).split("\n", 1)[0].rstrip(".: ")
        return f"{said}. {_root(java)}"
    text = str(error).strip()
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _root(java):
    """The deepest cause's own text (a failed stage wraps what failed)."""
    try:
        cause = java
        while cause.getCause() is not None:
            cause = cause.getCause()
        text = cause.getMessage() or cause.toString()
        return text.split("\n\nDriver stacktrace")[0].split("\n\tat ")[0]
    except Exception:
        return "the JVM is gone"


def _trace(error, path):
    """The traceback from the script's first line on, without this driver's frames (runpy's, and the wrappers of `refuse` and `adopt`)."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename != path:
        trace = trace.tb_next
    told = traceback.TracebackException(type(error), error, trace)
    _without_driver(told, set())
    return "".join(told.format())


def _without_driver(told, seen):
    if told is None or id(told) in seen:
        return
    seen.add(id(told))
    told.stack[:] = [frame for frame in told.stack if not frame.filename.startswith((HERE, "<frozen runpy"))]
    _without_driver(told.__cause__, seen)
    _without_driver(told.__context__, seen)
