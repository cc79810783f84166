"""Random lives on a real database: hypothesis chooses the steps, each life ends in a rollback.

A machine is a ``Life`` whose class says which test case it lives in; ``live`` runs it.  Short in
``make test``, always the same; long and different each time by ``make fuzz STEPS=…``: what that
finds becomes a named test.
"""

import os
from datetime import timedelta

import freezegun
from freezegun import freeze_time
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

STEPS = int(os.environ.get("FUZZ_STEPS", "0"))
# Steps of one long life: the more documents there are, the longer a step takes.
LONG = 25
# hypothesis stops looking for a shorter story after five minutes, if time passes for it.
freezegun.configure(extend_ignore_list=["hypothesis"])


class Life(RuleBasedStateMachine):
    """One life; ``case`` is the Odoo test case that it belongs to, ``start`` its first day."""

    case = None
    start = None

    def __init__(self):
        super().__init__()
        self.env = self.case.env
        self.env.flush_all()
        self._savepoint = self.env.cr.savepoint()
        self.today = self.start
        self._clock = freeze_time(self.today)
        self._clock.start()
        self.begin()

    def begin(self):
        """What a life starts with."""

    def sleep(self, days):
        """Let days pass."""
        self._clock.stop()
        self.today += timedelta(days)
        self._clock = freeze_time(self.today)
        self._clock.start()

    def teardown(self):
        self._clock.stop()
        self.env.transaction.clear()
        self._savepoint.rollback()
        self._savepoint.close(rollback=False)
        self.env.invalidate_all(flush=False)
        self.env.registry.clear_cache()


class TwoCurrencies:
    """For test cases: a foreign currency at ``rate``, payments on the way that Odoo names so."""

    rate = 1.0

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.foreign = cls.env["res.currency"].create({"name": "XTR", "symbol": "X"})
        cls._rate("2025-01-01", cls.rate)

    def setUp(self):
        super().setUp()
        self.patch(
            type(self.env["account.move"]), "_get_invoice_in_payment_state", lambda _: "in_payment"
        )

    @classmethod
    def _rate(cls, day, rate):
        rates = cls.env["res.currency.rate"]
        values = {"currency_id": cls.foreign.id, "name": day, "company_id": cls.company.id}
        domain = [(name, "=", value) for name, value in values.items()]
        (rates.search(domain) or rates.create(values)).rate = rate


def live(life, case, lives=3, steps=14):
    """Live some lives of a machine in ``case``; many and long ones when ``FUZZ_STEPS`` says so."""
    machine = type(life.__name__, (life,), {"case": case})
    long = bool(STEPS)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=max(STEPS // LONG, 1) if long else lives,
            stateful_step_count=LONG if long else steps,
            derandomize=not long,
            deadline=None,
            database=None,
            phases=(Phase.generate, Phase.shrink) if long else (Phase.generate,),
            suppress_health_check=list(HealthCheck),
            print_blob=long,
        ),
    )
