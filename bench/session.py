"""Databases and environments for the scripts of this folder; run them with ``scripts/run``."""

import logging
import resource
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import odoo
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import SQL, config

ROOT = Path(__file__).resolve().parents[1]
# What a server for that many rows is set to; docs/speed.md says why.
SETTINGS = {
    "work_mem": "64MB",
    "random_page_cost": "1.1",
    "effective_cache_size": "8GB",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
}
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "no_reset_password": True,
}


def say(text):
    """Tell the progress at once, even through a pipe."""
    print(text, file=sys.stderr, flush=True)


def make_database(name, module=True):
    """A fresh copy of the base database, with or without the module; replaces an older one."""
    _quietly([ROOT / "scripts" / "new_db.sh", name, *([] if module else ["--bare"])])


def database_exists(name):
    with odoo.sql_db.db_connect("postgres").cursor() as cr:
        cr.execute("SELECT FROM pg_database WHERE datname = %s", [name])
        return bool(cr.rowcount)


def drop_database(name):
    odoo.sql_db.close_db(name)
    _quietly(["dropdb", "--if-exists", "--force", name])


def copy_database(source, name):
    """A copy of a database with its settings of PostgreSQL; replaces an older one."""
    drop_database(name)
    odoo.sql_db.close_db(source)
    _quietly(["createdb", "--strategy=file_copy", "-T", source, name])
    with odoo.sql_db.db_connect("postgres").cursor() as cr:
        for setting, value in SETTINGS.items():
            cr.execute(
                SQL("ALTER DATABASE %s SET %s = %s", *map(SQL.identifier, (name, setting)), value)
            )


def load_module(name, option="-i"):
    """Install (``-i``) or update (``-u``) the module.

    :return: seconds by the clock, and seconds that Odoo and the server computed
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    with server_seconds(name) as server:
        _quietly(
            ["odoo", "-d", name, option, "credit_collection", "--stop-after-init", "--no-http"]
        )
    seconds = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    computed = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, computed + server()


@contextmanager
def server_seconds(name):
    """Watch the server's processes for a database from outside; tells what they computed.

    Nothing where the server is not on this machine.
    """
    seen, done = {}, threading.Event()

    def look():
        with odoo.sql_db.db_connect("postgres").cursor() as cr:
            cr._cnx.autocommit = True
            while not done.wait(0.1):
                cr.execute("SELECT pid FROM pg_stat_activity WHERE datname = %s", [name])
                for (pid,) in cr.fetchall():
                    with suppress(OSError):
                        spent = Path(f"/proc/{pid}/schedstat").read_text().split()[0]
                        seen[pid] = int(spent) / 1e9

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield lambda: sum(seen.values())
    finally:
        done.set()
        watcher.join()


def _quietly(command):
    """Run a command; what it said is shown only if it fails."""
    done = subprocess.run(command, cwd=ROOT, text=True, capture_output=True)
    if done.returncode:
        sys.exit(f"error: {command[0]} failed.\n{done.stdout[-4000:]}{done.stderr[-4000:]}")


@contextmanager
def environment(name, **context):
    """The superuser's environment on a database; what was done is committed at the end."""
    config.parse_config(["-d", name, "--no-http", "--log-level=error"], setup_logging=True)
    logging.getLogger("odoo").setLevel(logging.ERROR)
    with Registry(name).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {**QUIET, **context})
        yield env
        env.flush_all()


def vacuum(name):
    """Statistics and visibility, as autovacuum leaves them; not possible in a transaction."""
    with environment(name) as env:
        env.cr.commit()
        env.cr._cnx.autocommit = True
        env.cr.execute("VACUUM ANALYZE")
        env.cr._cnx.autocommit = False
