"""How this library says no: by name, in one sentence, whether a class, a method, an option or a connection is asked for."""

DOCUMENTED_MODULES = ("gluetypes", "dataframereader", "streaming_data_source", "devutils", "scripts", "functions", "blueprint")


def not_built(what):
    return NotImplementedError(f"awsglue on labrun: {what} is not built yet (see SEMANTICS.md)")


def check_options(kind, given, known, defaults=None):
    """Refuses what isn't known, and what is known but asks for something other than its documented default."""
    for name, value in dict(given or {}).items():
        if name in known:
            continue
        if defaults is not None and name in defaults and _same(value, defaults[name]):
            continue
        shown = f"{name}={value!r}" if defaults is not None and name in defaults else name
        raise not_built(f"the {kind} {shown}")


def _same(value, accepted):
    return str(value).lower() in {str(one).lower() for one in accepted}


def flag(value):
    """Options come as booleans or, from JSON, as words."""
    if isinstance(value, str):
        return value.strip().lower() == "true"
    return bool(value)


def check_thresholds(stage, total):
    if stage or total:
        raise not_built("error thresholds (stageThreshold, totalThreshold)")
