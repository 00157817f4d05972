"""Puts this Python process on the sandbox's time. Spark's own clock functions follow through `SandboxClock` in our jar."""
import datetime
import time

_travel = None


def shift(offset_ms):
    """From now on `time.time()` and friends run `offset_ms` ahead (or behind); sleeping and timeouts keep real durations."""
    global _travel
    import time_machine

    there = datetime.datetime.fromtimestamp(time.time() + offset_ms / 1000, tz=datetime.timezone.utc)
    _travel = time_machine.travel(there, tick=True)
    traveller = _travel.start()
    # Patching can take its time in a busy start; take back what it lost.
    traveller.shift(time_machine.escape_hatch.time.time() + offset_ms / 1000 - time.time())
