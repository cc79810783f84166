"""Measures what the product promises: each figure next to plain Odoo or plain SQL, in one run.

    make bench                           both sizes, 1,000,000 and 100,000 journal items
    make bench SIZE=10000000             one size; any that the disk holds (a million take 1.2 GB,
                                         each copy of it as much); beyond a million without OCA
    make bench ARGS="--only mails,page"  some parts only; the rows of the others stay

Databases are made when they are missing (``--fresh``: in any case) and kept: bench_<size>_bare is
Odoo with its documents, bench_<size> the same with the module.  Each row is printed as soon as it
is measured and kept in .cache/bench.json; docs/bench.md is written from there after every part.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
import traceback
from dataclasses import asdict
from functools import partial

from bench import (
    measures,
    measures_figures,
    measures_followup,
    measures_history,
    measures_recovery,
    measures_rooms,
    oca,
    workers,
)
from bench.generate import FULL, bare, generate, install
from bench.session import ROOT, database_exists, environment, load_module, say
from bench.timing import Row

SIZES = (100_000, FULL)
MEASURES = (measures.lists, measures.confirmation)
# These read everybody at once, and tell the memory that takes in rows of their own.
WHOLE = (
    *measures_followup.MEASURES,
    *measures_figures.MEASURES,
    *measures_rooms.MEASURES,
    *measures_recovery.MEASURES,
    *measures_history.MEASURES,
)
INSTALL, MAILS, WORKERS = "install", "mails", "workers"
# In this order: what is stopped half-way has the more important half, and the page says so.
PARTS = (
    INSTALL,
    *(part.__name__ for part in MEASURES + measures_followup.MEASURES + measures_figures.MEASURES),
    *(part.__name__ for part in measures_rooms.MEASURES),
    WORKERS,
    *(part.__name__ for part in measures_recovery.MEASURES + measures_history.MEASURES),
    MAILS,
)
TURN = 100  # mails of each turn, next to the OCA module
COMPUTED = 15.0  # seconds of computing that installing on a million items may take
GROWTH = (
    "page of 80 positions",
    "all files by exposure",
    "all files over their limit",
    *measures_followup.GROWTH,
    *measures_figures.GROWTH,
    *measures_rooms.GROWTH,
    *measures_recovery.GROWTH,
)
MEMORY = "memory of the process, at most"
INTRODUCTION = """\
# Speed

Made by `make bench` on {machine}; medians of runs by turns, by what
Python and the server compute, without waiting for a busy machine. *Against* is the SQL that a
consultant would type by hand for the same figures (`bench/plain_sql.py`, `bench/plain_figures.py`,
`bench/plain_rooms.py`), the same database without the check, Odoo's own warning, OCA's module on a
copy of the database, the same without ten years of our own history, or xlsxwriter alone.
That SQL knows nothing of contacts without invoices, down payments, delivered quantities,
reversals, horizons, grace or policies. *The check alone* is all that a confirmation does for it:
make or count up the credit file, read what the customer owes and may owe, decide, look for a hold,
note what was found good.

Rating, limits, behaviour and forecast are compared with SQL that knows cash by the journal of the
payment; the product looks at each entry for what it was: write-off, netting, discount. Allowance
and confirmations are compared with one statement each that stores the same rows in the same
tables; confirmations are also numbered and sealed. The customer's page is compared with the
statements that read what it shows.

Beyond a million items, what takes more than twenty seconds is measured once, not by turns, and the
mail is not compared with OCA's: what one takes does not depend on the size.

The server computes in one process for each statement (no parallel workers), so that all of it is
counted; `bench/session.py` has its settings."""
OUTPUT = ROOT / "docs" / "bench.md"
KEPT = ROOT / ".cache" / "bench.json"


class Book:
    """The rows measured so far: ``{size: {part: {rows, code, load, seconds}}}`` in a file."""

    def __init__(self):
        self.sizes = json.loads(KEPT.read_text()) if KEPT.exists() else {}
        self.code = _output("git", "-C", ROOT, "describe", "--always", "--dirty", "--exclude=*")

    def keep(self, size, part, rows, seconds, problem=""):
        self.sizes.setdefault(str(size), {})[part] = {
            "rows": [asdict(row) for row in rows],
            "code": self.code,
            "load": os.getloadavg()[0],
            "seconds": seconds,
            "problem": problem,
        }
        KEPT.parent.mkdir(exist_ok=True)
        KEPT.write_text(json.dumps(self.sizes, indent=1))

    def code_of(self, size):
        return self.sizes.get(str(size), {}).get(INSTALL, {}).get("code")

    def parts(self, size):
        """``(part, what is kept of it)`` of a size, in the order of the parts."""
        kept = self.sizes.get(str(size), {})
        return [(part, kept[part]) for part in PARTS if part in kept]

    def rows(self, size):
        return [Row(**row) for _part, kept in self.parts(size) for row in kept["rows"]]

    def measured_sizes(self):
        return sorted(map(int, self.sizes))


def _output(*command):
    return subprocess.run(command, capture_output=True, text=True).stdout.strip()


def database(size):
    return f"bench_{size // FULL}m" if size >= FULL else f"bench_{size // 1000}k"


def installed(size, fresh=False):
    """Rows on the module put on the database that is full of documents already."""
    name = database(size)
    if fresh or not database_exists(bare(name)):
        generate(name, size)
    seconds, computed = install(name)
    most = COMPUTED if size == FULL else None
    return [
        Row("installing the module", seconds, unit="s"),
        Row("what that computed", computed, None, f"{COMPUTED:g} s" if most else "", most, "s"),
    ]


def measure(size, wanted, fresh, book):
    """Measure the wanted parts of a size; each is kept and printed at once."""
    name = database(size)
    if INSTALL in wanted or not database_exists(name):
        _take(book, size, INSTALL, partial(installed, size, fresh))
    elif book.code_of(size) != book.code:
        say(f"Updating the module in {name} ...")
        load_module(name, "-u")
    reading = {part.__name__: part for part in MEASURES + WHOLE}
    beside = {
        WORKERS: partial(workers.together, name),
        MAILS: partial(oca.compare, name, TURN),
    }
    for part in (part for part in PARTS if part in wanted and part != INSTALL):
        if part in reading:
            with environment(name) as env:
                _take(book, size, part, partial(_inside, reading[part], env), env.cr.rollback)
        elif part != MAILS or size <= FULL:  # what one mail takes does not depend on the size
            _take(book, size, part, beside[part])


def _inside(function, env):
    """The rows of a part; of those that read little, the most memory that it all took so far."""
    rows = function(env)
    if function in MEASURES:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        rows.append(Row(MEMORY, peak, unit="MB"))
    return rows


def _take(book, size, part, function, after=lambda: None):
    """Measure one part; one that fails is told of and does not stop the others."""
    say(f"{part}, {size:,} journal items ...")
    start, rows, problem = time.perf_counter(), [], ""
    try:
        rows = function()
    except (Exception, SystemExit) as error:
        traceback.print_exc()
        problem = f"{type(error).__name__}: {error}".splitlines()[0]
    after()
    for row in rows:
        print(line(row), flush=True)
    book.keep(size, part, rows, time.perf_counter() - start, problem)
    OUTPUT.write_text("\n".join(report(book)) + "\n")


def growth(small, large):
    """How many times more time and memory the same takes on ten times the data."""
    before = {row.name: row.measured for row in small}
    for row in large:
        if row.name in GROWTH:
            most, budget = 12 * before[row.name], "12 x"
        elif row.name == MEMORY:
            most, budget = 1.25 * before[row.name], "1.25 x: flat"
        else:
            continue
        name = f"{row.name}: ten times the data"
        yield Row(name, row.measured, before[row.name], budget, most, row.unit)


def table(rows):
    """The rows as a markdown table."""
    yield "| | measured | against | ratio | budget | kept |"
    yield "|---|---:|---:|---:|---|---|"
    yield from map(line, rows)


def line(row):
    ratio = f"{row.ratio:.2f}" if row.ratio else ""
    kept = "" if row.most is None else ("yes" if row.kept else "**no**")
    return (
        f"| {row.name} | {shown(row.measured, row.unit)} | {shown(row.against, row.unit)}"
        f" | {ratio} | {row.budget} | {kept} |"
    )


def shown(value, unit):
    if value is None:
        return ""
    if unit == "ms":
        return f"{value * 1000:,.1f} ms"
    return f"{value:,.0f} {unit}".strip()


def report(book):
    """The whole page."""
    version = _output("psql", "-d", "postgres", "-Atc", "SHOW server_version").split()
    yield INTRODUCTION.format(
        machine=f"{os.cpu_count()} cores, PostgreSQL {version[0] if version else '?'}"
    )
    before = None
    for size in book.measured_sizes():
        parts = book.parts(size)
        loads = [kept["load"] for _part, kept in parts]
        minutes = sum(kept["seconds"] for _part, kept in parts) / 60
        yield from ("", f"## {size:,} journal items", "")
        load = f"{min(loads):.1f} to {max(loads):.1f}"
        yield f"Measured in {minutes:.0f} minutes at a load of {load}."
        yield from _reservations(book, parts)
        yield from ("", *table(_last_memory(book.rows(size))))
        if before:
            growing = list(growth(book.rows(before), book.rows(size)))
            yield from ("", f"## Growth from {before:,} to {size:,}", "", *table(growing))
        before = size


def _reservations(book, parts):
    """What a reader must know of rows that are not of this run."""
    missing = [part for part in PARTS if part not in dict(parts)]
    older = [part for part, kept in parts if kept["code"] != parts[-1][1]["code"]]
    if missing:
        yield f"Not measured: {', '.join(missing)}."
    if older:
        yield f"Measured on other code than the rest: {', '.join(older)}."
    for part, kept in parts:
        if kept["problem"]:
            yield f"**{part} failed: {kept['problem']}**"


def _last_memory(rows):
    """The memory of the process once, as it was at most."""
    peaks = [row for row in rows if row.name == MEMORY]
    return [row for row in rows if row.name != MEMORY] + peaks[-1:]


def over_budget(book, sizes):
    """What is over its budget or failed, in words."""
    for size in sizes:
        for part, kept in book.parts(size):
            if kept["problem"]:
                yield f"{size:,}: {part} failed: {kept['problem']}"
        for row in book.rows(size):
            if not row.kept:
                yield f"{size:,}: {row.name}: {shown(row.measured, row.unit)}, {row.budget}"
    for small, large in zip(sizes, sizes[1:], strict=False):
        for row in growth(book.rows(small), book.rows(large)):
            if not row.kept:
                yield f"{row.name}: {row.ratio:.1f} times, {row.budget}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--size", type=int, help="journal items; by default 100,000 and 1,000,000")
    parser.add_argument("--fresh", action="store_true", help="make the databases anew")
    parser.add_argument("--only", help=f"parts, with commas between: {', '.join(PARTS)}")
    options = parser.parse_args()
    sizes = [options.size] if options.size else list(SIZES)
    wanted = options.only.split(",") if options.only else PARTS
    if unknown := set(wanted) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    book = Book()
    for size in sizes:
        measure(size, wanted, options.fresh, book)
    broken = list(over_budget(book, sizes))
    say("\n".join(["Over budget:", *broken]) if broken else "All budgets are kept.")
    sys.exit(1 if broken else 0)


if __name__ == "__main__":
    main()
