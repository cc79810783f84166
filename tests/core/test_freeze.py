import json

import pytest
from hypothesis import given

from credit_collection.core.decision import Decision, Finding, decide, freeze, replay

from .cases import TODAY, item, position, positions, request, requests, rule, rule_lists, searched

# Written by hand, as a database has kept it: an exposure of 950 and an order of 100 on a limit of
# 1,000 is 50 too much, and the invoice is 31 days late. Fields added since are missing.
KEPT_SINCE_VERSION_1 = """{
    "version": 1, "today": "2026-03-31",
    "position": {
        "receivable": "500.00", "draft": "150.00", "ordered": "300.00", "credit_limit": "1000.00",
        "limit_expired_on": null, "broken_promises": ["2026-03-02"], "followup_level": "",
        "items": [{"id": 1, "name": "INV/1", "amount": "500.00", "date_due": "2026-02-28",
                   "days_overdue": 31, "disputed": "0.00", "is_overdue": true}]
    },
    "request": {"checkpoint": "confirmation", "amount": "100.00", "document_amount": "100.00"},
    "rules": [
        {"id": 4, "name": "Limit", "kind": "limit", "checkpoints": ["confirmation"],
         "consequence": "hold", "tolerance_percent": "0.0"},
        {"id": 5, "name": "Late", "kind": "overdue_days", "checkpoints": ["confirmation"],
         "consequence": "warn", "days": 30, "amount": "50.00", "mood": "forgotten field"}
    ]
}"""


def test_evidence_of_an_older_release_is_replayed():
    decision = replay(json.loads(KEPT_SINCE_VERSION_1))
    assert decision == Decision(
        "hold",
        (
            Finding(4, "Limit", "limit", "hold", 1050, 1000, "amount"),
            Finding(5, "Late", "overdue_days", "warn", 31, 30, "days"),
        ),
    )


def test_frozen_evidence_is_plain_data():
    frozen = freeze(position(item(1, "10.10", 5)), request(), [rule("limit")], TODAY)
    assert frozen["version"] == 1
    assert frozen["position"]["items"][0]["amount"] == "10.10"
    assert frozen["position"]["credit_limit"] is None
    assert frozen["rules"][0]["checkpoints"] == ["confirmation", "delivery", "quotation"]


@pytest.mark.parametrize("version", [None, 0, 2])
def test_unknown_version_is_refused(version):
    frozen = freeze(position(), request(), [], TODAY)
    with pytest.raises(ValueError, match="unknown version"):
        replay({**frozen, "version": version})


@searched
@given(positions(), requests(), rule_lists())
def test_replay_after_json_decides_the_same(a_position, a_request, rules):
    frozen = freeze(a_position, a_request, rules, TODAY)
    thawed = json.loads(json.dumps(frozen))
    assert thawed == frozen
    assert replay(thawed) == decide(a_position, a_request, rules, TODAY)
