import os
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest
from collections import Counter
from pathlib import Path

import psycopg2
from odoo.tests import TransactionCase, tagged
from odoo.tools import config

WORKER = Path(__file__).with_name("followup_worker.py")
CUSTOMERS = 20


@tagged("post_install", "-at_install", "followup_workers")
@unittest.skipUnless(shutil.which("pg_dump"), "needs PostgreSQL's client programs")
class TestFollowupWorkers(TransactionCase):
    """The night's run with real processes on databases of their own (half a minute)."""

    def setUp(self):
        super().setUp()
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.book = self._copy_of_this_database()
        self._worker(self.book, "seed", str(CUSTOMERS)).communicate(timeout=120)

    def _name(self, suffix):
        name = f"{self.env.cr.dbname}_w{os.getpid()}_{suffix}"
        self.addCleanup(subprocess.run, ["dropdb", "--if-exists", "--force", name], check=True)
        return name

    def _copy_of_this_database(self):
        """This database is in use: only a dump can copy it."""
        name = self._name("book")
        dump = self.folder / "dump"
        subprocess.run(["pg_dump", "-Fc", "-Z0", "-f", dump, self.env.cr.dbname], check=True)
        subprocess.run(["createdb", name], check=True)
        subprocess.run(["pg_restore", "-d", name, "-j", "2", "--no-owner", dump], check=True)
        return name

    def _copy_of_book(self, suffix):
        name = self._name(suffix)
        subprocess.run(["createdb", "-T", self.book, name], check=True)
        return name

    def _worker(self, *args):
        addons = config["addons_path"]
        addons = addons if isinstance(addons, str) else ",".join(addons)
        return subprocess.Popen(
            [sys.executable, WORKER, *args],
            env={**os.environ, "WORKER_ADDONS_PATH": addons},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def _finish(self, *workers):
        for worker in workers:
            output, _ = worker.communicate(timeout=120)
            self.assertEqual(worker.returncode, 0, output.decode()[-3000:])

    def _messages(self, database):
        """What a run left: customers and levels of the messages by their state."""
        connection = psycopg2.connect(dbname=database)
        self.addCleanup(connection.close)
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT partner.name, level.name->>'en_US', followup.state
                  FROM credit_followup followup
                  JOIN res_partner partner ON partner.id = followup.partner_id
                  JOIN credit_followup_level level ON level.id = followup.level_id
                 WHERE partner.name LIKE 'Worker Customer %'
                """
            )
            rows = cursor.fetchall()
        connection.close()
        return Counter(rows)

    def test_a_killed_run_and_its_repetitions_do_what_one_does(self):
        quiet, rough = self._copy_of_book("quiet"), self._copy_of_book("rough")
        outbox = self.folder / "quiet"
        killed = self._worker(rough, "run", self.folder / "rough", "7")
        self._finish(self._worker(quiet, "run", outbox))
        killed.communicate(timeout=120)
        self.assertEqual(killed.returncode, -signal.SIGKILL)
        self.assertLess(len(self._messages(rough)), len(self._messages(quiet)) + 1)
        sent_before = len((self.folder / "rough").read_text().splitlines())
        self.assertTrue(0 < sent_before < CUSTOMERS, sent_before)

        for _again in range(2):
            self._finish(self._worker(rough, "run", self.folder / "rough"))
        self.assertEqual(self._messages(rough), self._messages(quiet))
        self.assertEqual(set(self._messages(quiet).values()), {1})
        self.assertEqual(len(self._messages(quiet)), CUSTOMERS)
        mails = [Counter((self.folder / name).read_text().splitlines())
                 for name in ("quiet", "rough")]  # fmt: skip
        self.assertEqual(mails[0], mails[1])
        self.assertEqual(set(mails[0].values()), {1})
