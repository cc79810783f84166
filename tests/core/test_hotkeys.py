"""No key does two things on one page, and none takes what Odoo's own pages use."""

from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest

ADDON = Path(__file__).parents[2] / "credit_collection"
# Breadcrumb, new, home, discard, next, previous, save, menu: Odoo's own on every form.
RESERVED = set("bchjnpsu")
DIGITS = set("0123456789")  # the sections of the menu


def views():
    for path in sorted(ADDON.rglob("*.xml")):
        if "i18n" in path.parts or "static" in path.parts:
            continue
        for record in ElementTree.parse(path).iter("record"):
            if record.get("model") != "ir.ui.view":
                continue
            keys = [node.get("data-hotkey") for node in record.iter() if node.get("data-hotkey")]
            if keys:
                yield pytest.param(keys, id=record.get("id"))


@pytest.mark.parametrize("keys", list(views()))
def test_each_key_does_one_thing(keys):
    assert [key for key, count in Counter(keys).items() if count > 1] == []


@pytest.mark.parametrize("keys", list(views()))
def test_none_is_odoos_own(keys):
    assert set(keys) & (RESERVED | DIGITS) == set()
