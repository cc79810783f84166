"""Replays a real ledger day by day through Odoo's own methods, on a database of its own.

scripts/run python -m bench.replay ../shared/data/late_payment_histories.csv
"""

import argparse
import sys
import time
from pathlib import Path

from bench.ledger import read_invoices
from bench.session import drop_database, environment, make_database, say, server_seconds

from .driver import Replay
from .report import Report


def main():
    options = _options()
    invoices = read_invoices(options.csv)
    say(f"{len(invoices)} invoices. Making the database {options.db} ...")
    make_database(options.db)
    wall, own = time.perf_counter(), time.process_time()
    with server_seconds(options.db) as server, environment(options.db) as env:
        replay = Replay(env, invoices, days=options.days)
        replay.run()
        say("Counting ...")
        report = Report(replay)
        page = [*report.lines(), ""]
        wall, own = time.perf_counter() - wall, time.process_time() - own
        database = server()
    page.append(
        f"It took {wall:,.0f} s, of which Python computed {own:,.0f} s"
        + (f" and the database {database:,.0f} s." if database else ".")
    )
    text = "\n".join(page) + "\n"
    sys.stdout.write(text)
    if options.write:
        options.write.write_text(text)
    if not options.keep:
        drop_database(options.db)
    if report.faults:
        sys.exit(f"error: {report.faults} things are not as they must be.")


def _options():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("csv", help="the payment histories")
    parser.add_argument("--days", type=int, help="only so many days (default all)")
    parser.add_argument("--db", default="cc_replay", help="database to make (default %(default)s)")
    parser.add_argument("--keep", action="store_true", help="keep the database")
    parser.add_argument("--write", type=Path, help="also write the page into this file")
    return parser.parse_args()


if __name__ == "__main__":
    main()
