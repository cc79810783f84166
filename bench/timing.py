"""Rows of the table and how they are timed."""

import ctypes
import gc
import re
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ENOUGH = 12.0  # seconds after which what takes long is not repeated any more
LONG = 20.0  # seconds: what takes so long is measured once, the caches make no difference there


@dataclass
class Row:
    """One line of the table: something measured, next to what it is compared with.

    :param measured: seconds, or a number of queries
    :param against: the same of the baseline; None when there is none
    :param budget: most that ``measured`` may be, as a text and as a number in its unit
    """

    name: str
    measured: float
    against: float | None = None
    budget: str = ""
    most: float | None = None
    unit: str = "ms"

    @property
    def ratio(self):
        return self.measured / self.against if self.against else None

    @property
    def kept(self):
        return self.most is None or self.measured <= self.most


def timed(function, clock=time.perf_counter):
    start = clock()
    function()
    return clock() - start


def computing(cr):
    """A clock of what this process and its connection's server process have computed, in seconds.

    What takes a few milliseconds and several statements drowns in waiting as soon as anybody else
    uses the machine.  Where the server is not on this machine, the ordinary clock.
    """
    cr.execute("SELECT pg_backend_pid()")
    server = Path(f"/proc/{cr.fetchone()[0]}")
    try:
        if "postgres" not in (server / "comm").read_text():
            return time.perf_counter
        (server / "schedstat").read_text()
    except OSError:
        return time.perf_counter
    return lambda: time.process_time() + int((server / "schedstat").read_text().split()[0]) / 1e9


def medians(*functions, repeat=15, clock=time.perf_counter):
    """Median seconds of each function; they take turns, so that noise hits all alike.

    The first turn fills the caches and does not count, unless it takes very long.
    """
    times = [[] for _function in functions]
    start = time.perf_counter()
    first = [timed(function, clock) for function in functions]
    if time.perf_counter() - start > LONG:
        return first
    gc.collect()
    start = time.perf_counter()
    for turn in range(repeat):
        if turn >= 2 and time.perf_counter() - start > ENOUGH:
            break
        for collected, function in zip(times, functions, strict=True):
            collected.append(timed(function, clock))
    return [median(collected) for collected in times]


@contextmanager
def memory():
    """Watch how much more memory the process takes than before; ``peak()`` tells it in MB."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    Path("/proc/self/clear_refs").write_text("5")  # the peak starts anew
    before = _memory("VmRSS")
    yield lambda: (_memory("VmHWM") - before) / 1024


def _memory(key):
    """A size of this process in kB."""
    found = re.search(rf"^{key}:\s+(\d+)", Path("/proc/self/status").read_text(), re.MULTILINE)
    return int(found[1])
