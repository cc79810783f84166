"""Rules for every test: no warning of ours passes, no browser test is left out in silence."""

import logging

import pytest

# Where Odoo warns about unknown fields, deprecated calls, bad domains and views.
WATCHED = (
    "odoo.addons.credit_collection",
    "odoo.domains",
    "odoo.fields",
    "odoo.models",
    "odoo.orm",
    "odoo.registry",
    "odoo.schema",
    "odoo.tools",
)


@pytest.fixture(autouse=True)
def _no_warning(caplog):
    """Fails a test that logs a warning; an expected one belongs in ``assertLogs``."""
    yield
    warnings = [
        f"{record.name}: {record.getMessage()}"
        for record in caplog.get_records("call")
        if record.levelno >= logging.WARNING and record.name.startswith(WATCHED)
    ]
    assert not warnings, "\n".join(warnings)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A browser that does not start is a failure; Odoo would skip the test."""
    report = yield
    if report.skipped and "chrome" in str(report.longrepr).lower():
        report.outcome = "failed"
    return report
