"""Which files a bookmark lets through, and what it remembers. Pure: no listing, no clock, no network.

Source: developer guide, "Tracking processed data using job bookmarks" (modification timestamps, low and high, the list of files in the
inconsistent band) and the S3 connection options `maxBand` and `maxFilesInBand`. A context's state is
    {"high": ms, "band": ms, "files": [[path, modified, etag], …]}
`high` is when the listing was taken, `files` are those of it that lie in the band before `high` and were processed, by this run or before.
A file is done when it is older than the band, or stands in `files` exactly as it is now: so a rewritten object is read again even within
the same second, and one that was put while the list was taken is read by the next run.
"""
from typing import NamedTuple

VERSION = 1
BAND_MS = 900_000
FILES_IN_BAND = 1000


class File(NamedTuple):
    """One object: `path` is bucket/key, `modified` in milliseconds."""

    path: str
    size: int
    modified: int
    etag: str


class Choice(NamedTuple):
    """What to read now, and the state to commit if the run gets there."""

    read: list
    state: dict


def _mark(file):
    return (file.path, file.modified, file.etag)


def done(file, state):
    """Was this very object processed by the run that left this state?"""
    if not state:
        return False
    if file.modified <= state["high"] - state["band"]:
        return True
    return _mark(file) in {tuple(one) for one in state["files"]}


def choose(files, state, now_ms, band_ms=BAND_MS, files_in_band=FILES_IN_BAND):
    """The new files of a listing taken at `now_ms`, given the state committed last (or None)."""
    known = {tuple(one) for one in state["files"]} if state else set()
    floor = state["high"] - state["band"] if state else None
    new = [file for file in files if (floor is None or file.modified > floor) and _mark(file) not in known]
    # Never below what is remembered: a clock that was set back must not make old files new.
    high = max([now_ms] + [file.modified for file in files] + ([state["high"]] if state else []))
    kept = [file for file in files if file.modified > high - band_ms and _mark(file) in known]
    read, remembered = _limit(new, kept, high - band_ms, files_in_band)
    return Choice(read, {"high": high, "band": band_ms, "files": [list(_mark(file)) for file in remembered]})


def _limit(new, kept, floor, room):
    """`maxFilesInBand`: "If this number is exceeded, extra files are skipped and only processed in the next job run"."""
    fresh = sorted((file for file in new if file.modified > floor), key=lambda file: (file.modified, file.path))
    taken = set(fresh[: max(0, room - len(kept))])
    read = [file for file in new if file.modified <= floor or file in taken]
    return read, kept + [file for file in fresh if file in taken]


def between(files, start, end):
    """Pause with --job-bookmark-from and -to: what the run `end` had processed, without what the run `start` had."""
    return [file for file in files if done(file, end) and not done(file, start)]


class Session:
    """One run's dealings with its bookmark: asked once at `job.init`, told at `job.commit`."""

    def __init__(self, answer):
        self.option = answer.get("option") or "job-bookmark-disable"
        self._state = _contexts(answer.get("state"))
        self._from = answer.get("from")
        self._to = answer.get("to")
        self._seen = {}

    @property
    def reads(self):
        return self.option in ("job-bookmark-enable", "job-bookmark-pause")

    @property
    def writes(self):
        return self.option == "job-bookmark-enable"

    def choose(self, context, files, now_ms, band_ms, files_in_band):
        """The files that this source reads; remembers what a commit would say of it."""
        if not self.reads or not context:
            return files
        if self.option == "job-bookmark-pause" and (self._from is not None or self._to is not None):
            return between(files, _contexts(self._from).get(context), _contexts(self._to).get(context))
        choice = choose(files, self._state.get(context), now_ms, band_ms, files_in_band)
        self._seen[context] = choice.state
        return choice.read

    def committed(self):
        """The whole state after this run: contexts that it didn't use keep theirs."""
        return {"version": VERSION, "contexts": {**self._state, **self._seen}}

    def settle(self):
        """After the commit's answer: a second init and commit in the same run goes on from here."""
        self._state.update(self._seen)
        self._seen = {}


def _contexts(state):
    if not state:
        return {}
    if state.get("version") != VERSION:
        raise ValueError(f"this bookmark has version {state.get('version')}, which this labrun can't read; reset it")
    return dict(state["contexts"])
