"""`Job`: the frame around a script in which bookmarks work.

Source: developer guide, "Using job bookmarks" ("Always call job.init in the beginning of the script and the job.commit in the end") and
"Tracking processed data using job bookmarks" ("The state elements are saved atomically when job.commit is invoked").
"""
from . import bookmark, gateway
from .refusal import not_built

_session = None


def session():
    """The bookmark of this run, or None outside init and commit: then nothing is remembered."""
    return _session


class Job:
    def __init__(self, glue_context):
        self._context = glue_context

    @classmethod
    def init(cls, job_name="", args=None):
        global _session
        from labrun_spark import current

        _session = bookmark.Session(gateway.bookmark())
        own = current.job().get("name")
        if _session.reads and job_name and own and job_name != own:
            _session = None
            raise not_built(f"job.init under another name than the job's ({job_name!r}, not {own!r}) while bookmarks are on")

    @classmethod
    def isInitialized(cls):
        return _session is not None

    @classmethod
    def commit(cls):
        if _session is None:
            raise RuntimeError("job.commit() was called before job.init()")
        if _session.writes:
            gateway.commit_bookmark(_session.committed())
            _session.settle()

    def __getattr__(self, name):
        if name in ("continuation_options", "job_bookmark_options", "id_params"):
            raise not_built(f"Job.{name}")
        raise AttributeError(f"'Job' object has no attribute {name!r}")
