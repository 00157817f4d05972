"""`getResolvedOptions`: a script's arguments by name.

Source: developer guide, "Accessing parameters using getResolvedOptions".
"""
import sys

# Glue passes these itself; they are in the answer whenever they were passed, asked for or not.
RESERVED = ("JOB_ID", "JOB_RUN_ID", "SECURITY_CONFIGURATION", "job-bookmark-option", "job-bookmark-from", "job-bookmark-to", "TempDir", "encryption-type", "enable-data-lineage")


class GlueArgumentError(Exception):
    """A named argument was not passed, or has no value."""


def getResolvedOptions(args, options):
    """The values of `options` in `args`, and those of the reserved arguments. Hyphens in names become underscores."""
    given = _pairs(list(args))
    wanted = [str(name) for name in options]
    missing = [name for name in wanted if name not in given]
    if missing:
        raise GlueArgumentError("the following arguments are required: " + ", ".join(f"--{name}" for name in missing))
    for name in wanted:
        if given[name] is None:
            raise GlueArgumentError(f"argument --{name}: expected one argument")
    found = {name.replace("-", "_"): given.get(name) for name in RESERVED if name in given}
    found.update({name.replace("-", "_"): given[name] for name in wanted})
    return found


def _pairs(args):
    """`--name value` and `--name=value`; the last one of a name counts; a name without a value has None."""
    found = {}
    at = 0
    while at < len(args):
        word = str(args[at])
        at += 1
        if not word.startswith("--") or word == "--":
            continue
        name, equals, value = word[2:].partition("=")
        if equals:
            found[name] = value
        elif at < len(args) and not _is_name(str(args[at])):
            found[name] = str(args[at])
            at += 1
        else:
            found[name] = None
    return found


def _is_name(word):
    return word.startswith("--") and len(word) > 2 and (word[2].isalpha() or word[2] == "_")


def log(level, text, stream=None):
    """One line as log4j prints it on Glue, to the error log."""
    import datetime

    now = datetime.datetime.now(datetime.timezone.utc)
    print(f"{now:%Y-%m-%d %H:%M:%S},{now.microsecond // 1000:03d} {level} GlueLogger: {text}", file=stream or sys.stderr, flush=True)


def __getattr__(name):
    from .refusal import not_built

    if name in ("callsite", "makeOptions", "scala_array", "mapToPython", "toPythonFlattened"):
        raise not_built(f"awsglue.utils.{name}")
    raise AttributeError(f"module 'awsglue.utils' has no attribute {name!r}")
