"""Measures what the product promises: each figure next to plain Odoo or plain SQL, in one run.

    make bench                    both sizes, 1,000,000 and 100,000 journal items
    make bench SIZE=100000        one size; any that the disk holds (a million take 1.2 GB)

Databases are made when they are missing (``--fresh``: in any case) and kept as bench_<size>.  The
table goes to docs/bench.md when both sizes were measured.
"""

import argparse
import os
import resource
import subprocess
import sys

from bench import (
    measures,
    measures_figures,
    measures_followup,
    measures_history,
    measures_recovery,
    measures_rooms,
    oca,
)
from bench.generate import FULL, generate
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
MAILS = 200  # of each turn, next to the OCA module
GROWTH = (
    "page of 80 positions",
    "all files by exposure",
    "all files over their limit",
    *measures_followup.GROWTH,
    *measures_figures.GROWTH,
    *measures_rooms.GROWTH,
)
MEMORY = "memory of the process, at most"
INTRODUCTION = """\
# Speed

Made by `{command}` on {machine}; medians of runs by turns. *Against* is the SQL that a
consultant would type by hand for the same figures (`bench/plain_sql.py`, `bench/plain_figures.py`,
`bench/plain_rooms.py`), the same database without the check, Odoo's own warning, OCA's module on a
copy of the database, the same without ten years of our own history, or xlsxwriter alone.
That SQL knows nothing of contacts without invoices, down payments, delivered quantities,
reversals, horizons, grace or policies. *The check alone* is all that a confirmation does for it:
make or count up the credit file, read what the customer owes and may owe, decide, look for a hold,
note what was found good. It is compared by what Python and the server compute, without waiting
for a busy machine."""
OUTPUT = ROOT / "docs" / "bench.md"


def database(size):
    return f"bench_{size // FULL}m" if size >= FULL else f"bench_{size // 1000}k"


def prepare(size, fresh):
    """The database of a size, with the module as it is now; returns rows on making it."""
    name = database(size)
    if fresh or not database_exists(name):
        copied, installed = generate(name, size)
        return [
            Row("copying the documents", copied, unit="s"),
            Row("installing the module on them", installed, unit="s"),
        ]
    say(f"Updating the module in {name} ...")
    load_module(name, "-u")
    return []


def measure(size):
    """All rows for one size."""
    rows, peak = [], 0
    with environment(database(size)) as env:
        for function in MEASURES + WHOLE:
            say(f"Measuring {function.__name__} with {size:,} journal items ...")
            rows += function(env)
            if function in MEASURES:
                peak = max(peak, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
            env.cr.rollback()
    return [*rows, *oca.compare(database(size), MAILS), Row(MEMORY, peak, unit="MB")]


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
    for row in rows:
        ratio = f"{row.ratio:.2f}" if row.ratio else ""
        kept = "" if row.most is None else ("yes" if row.kept else "**no**")
        yield (
            f"| {row.name} | {shown(row.measured, row.unit)} | {shown(row.against, row.unit)}"
            f" | {ratio} | {row.budget} | {kept} |"
        )


def shown(value, unit):
    if value is None:
        return ""
    if unit == "ms":
        return f"{value * 1000:,.1f} ms"
    return f"{value:,.0f} {unit}".strip()


def machine():
    """What it was measured on, without names and dates."""
    version = subprocess.run(
        ["psql", "-d", "postgres", "-Atc", "SHOW server_version"], capture_output=True, text=True
    ).stdout.split()
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores, PostgreSQL {version[0] if version else '?'}, "
        f"load {load:.1f} at the end"
    )


def report(sections, command):
    """The whole page."""
    yield INTRODUCTION.format(command=command, machine=machine())
    for title, rows in sections:
        yield from ("", f"## {title}", "", *table(rows))


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--size", type=int, help="journal items; by default 100,000 and 1,000,000")
    parser.add_argument("--fresh", action="store_true", help="make the databases anew")
    options = parser.parse_args()
    sizes = [options.size] if options.size else SIZES
    sections, measured = [], []
    for size in sizes:
        made = prepare(size, options.fresh)
        measured.append(measure(size))
        sections.append((f"{size:,} journal items", made + measured[-1]))
        if len(measured) == 2:
            sections.append(("Growth", list(growth(*measured))))
        text = "\n".join(report(sections, "make bench" + f" SIZE={size}" * bool(options.size)))
        if not options.size:
            # After each size: a run that is broken off leaves what it came to.
            OUTPUT.parent.mkdir(exist_ok=True)
            OUTPUT.write_text(text + "\n")
    print(text)
    sys.exit(0 if all(row.kept for _title, rows in sections for row in rows) else 1)


if __name__ == "__main__":
    main()
