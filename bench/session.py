"""Databases and environments for the scripts of this folder; run them with ``scripts/run``."""

import logging
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
    subprocess.run(
        [ROOT / "scripts" / "db.sh", "new" if module else "copy", name],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def drop_database(name):
    odoo.sql_db.close_db(name)
    subprocess.run([ROOT / "scripts" / "db.sh", "drop", name], check=True)


def install_module(name):
    """Install the module on a database; returns the seconds it took."""
    start = time.perf_counter()
    subprocess.run(
        ["odoo", "-d", name, "-i", "credit_collection", "--stop-after-init", "--no-http"],
        check=True,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return time.perf_counter() - start


@contextmanager
def environment(name, **context):
    """The superuser's environment on a database; what was done is committed at the end."""
    config.parse_config(["-d", name, "--no-http", "--log-level=error"], setup_logging=True)
    logging.getLogger("odoo").setLevel(logging.ERROR)
    with Registry(name).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {**QUIET, **context})
        yield env
        env.flush_all()
