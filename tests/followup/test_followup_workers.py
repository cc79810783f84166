import json
import os
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import closing
from pathlib import Path

import psycopg2
from odoo import sql_db
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import config

WORKER = Path(__file__).with_name("followup_worker.py")
CUSTOMERS = 12


@tagged("post_install", "-at_install", "followup_workers")
class TestFollowupWorkers(BaseCase):
    """The night's run with real processes, on a copy of the database.

    No cursor is open in this class: PostgreSQL copies a database only while nobody uses it.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        source = get_db_name()
        cls.book, cls.seeded = (f"{source}_w{os.getpid()}_{name}" for name in ("book", "seeded"))
        for name in (cls.book, cls.seeded):
            cls.addClassCleanup(subprocess.run, ["dropdb", "--if-exists", "--force", name])
        sql_db.close_db(source)
        cls._copy(source, cls.book)
        cls.workers = cls._start_workers()
        cls._stage(["seed", CUSTOMERS])
        cls._copy(cls.book, cls.seeded)
        outbox = cls._outbox("quiet")
        assert cls._stage(["run", outbox]) == [0]
        cls.quiet = cls._left(outbox)

    @classmethod
    def _copy(cls, source, target):
        subprocess.run(["dropdb", "--if-exists", "--force", target], check=True)
        subprocess.run(["createdb", "-T", source, target], check=True)

    @classmethod
    def _start_workers(cls):
        addons = config["addons_path"]
        addons = addons if isinstance(addons, str) else ",".join(addons)
        workers = subprocess.Popen(
            [sys.executable, WORKER, cls.book],
            env={**os.environ, "WORKER_ADDONS_PATH": addons},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        cls.addClassCleanup(workers.communicate)
        return workers

    @classmethod
    def _stage(cls, *tasks):
        """Run tasks side by side; return how each ended."""
        print(json.dumps(tasks), file=cls.workers.stdin, flush=True)
        return json.loads(cls.workers.stdout.readline())

    @classmethod
    def _outbox(cls, name):
        path = cls.folder / name
        path.write_text("")
        return str(path)

    @classmethod
    def _left(cls, outbox):
        """What runs left: messages (customer, level, state) and mails (address), counted."""
        messages = cls._sql(
            """
            SELECT partner.name, level.name->>'en_US', followup.state
              FROM credit_followup followup
              JOIN res_partner partner ON partner.id = followup.partner_id
              JOIN credit_followup_level level ON level.id = followup.level_id
             WHERE partner.name LIKE 'Worker Customer %'
            """
        )
        return Counter(messages), Counter(Path(outbox).read_text().splitlines())

    @classmethod
    def _sql(cls, query):
        """The rows of a query on the book, on a connection of its own."""
        with closing(psycopg2.connect(dbname=cls.book)) as connection, connection:
            with connection.cursor() as cursor:
                cursor.execute(query)
                return cursor.fetchall() if cursor.description else []

    def setUp(self):
        super().setUp()
        self._copy(self.seeded, self.book)

    def test_undisturbed_run(self):
        messages, mails = self.quiet
        self.assertEqual(sorted(messages.values()), [1] * CUSTOMERS)
        self.assertEqual(sorted(mails.values()), [1] * CUSTOMERS)

    def _killed_beside_another(self, kill_at, where):
        """Two runs and the mail queue side by side, one run killed; then the same again."""
        outbox = self._outbox(f"{where}{kill_at}")
        queue = ["queue", outbox, 60]
        ends = self._stage(["run", outbox, kill_at, where], ["run", outbox], queue)
        self.assertEqual(ends, [-signal.SIGKILL, 0, 0])
        self.assertEqual(self._stage(["run", outbox], ["run", outbox], queue), [0, 0, 0])
        return outbox

    def test_killed_while_planning(self):
        outbox = self._killed_beside_another(1, "plan")
        self.assertEqual(self._left(outbox), self.quiet)

    def test_killed_while_handing_over(self):
        outbox = self._killed_beside_another(2, "hand_over")
        self.assertEqual(self._left(outbox), self.quiet)

    def test_killed_while_the_mail_server_takes_a_mail(self):
        """Nobody can know whether that mail arrived: it is told, and not sent a second time."""
        outbox = self._killed_beside_another(2, "sent")
        messages, mails = self._left(outbox)
        self.assertEqual(mails, self.quiet[1])
        self.assertEqual(
            Counter(state for _name, _level, state in messages),
            {"sent": CUSTOMERS - 1, "queued": 1},
        )
        self._sql("UPDATE mail_mail SET write_date = write_date - INTERVAL '2 minutes'")
        self.assertEqual(self._stage(["queue", outbox, 1]), [0])
        self._assert_one_is_told(outbox)

    def test_mail_server_hangs_up(self):
        """The others go with the mail queue; the mail in question is told, not sent again."""
        outbox = self._outbox("hang_up")
        self.assertEqual(self._stage(["run", outbox, 2, "hang_up"]), [0])
        self.assertEqual(self._stage(["queue", outbox, 1]), [0])
        self._assert_one_is_told(outbox)

    def _assert_one_is_told(self, outbox):
        """Every mail went once; of one the collector is told that nobody knows."""
        messages, mails = self._left(outbox)
        self.assertEqual(mails, self.quiet[1])
        self.assertEqual(
            Counter(state for _name, _level, state in messages),
            {"sent": CUSTOMERS - 1, "failed": 1},
        )
        told = self._sql(
            """
            SELECT followup.failure_type, activity.summary
              FROM credit_followup followup
              JOIN mail_activity activity
                ON activity.res_model = 'credit.account' AND activity.res_id = followup.account_id
             WHERE followup.state = 'failed'
            """
        )
        self.assertIn(("unclear", "Follow-up message not delivered"), told)
