"""Databases and environments for the scripts of this folder; run them with ``scripts/run``."""

import logging
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import odoo
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config

ROOT = Path(__file__).resolve().parents[1]
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


def load_module(name, option="-i"):
    """Install (``-i``) or update (``-u``) the module; returns the seconds it took."""
    start = time.perf_counter()
    _quietly(["odoo", "-d", name, option, "credit_collection", "--stop-after-init", "--no-http"])
    return time.perf_counter() - start


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


def backend_seconds(cr):
    """Seconds that the database server computed for this database's connections.

    None where the server is not on this machine.
    """
    cr.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
    ticks = 0
    for (pid,) in cr.fetchall():
        try:
            values = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return None
        ticks += int(values[11]) + int(values[12])
    return ticks / os.sysconf("SC_CLK_TCK")
