"""Stands in the place of the mail server: mails end here, and are read as a customer reads them."""

from contextlib import ExitStack, contextmanager
from datetime import date
from email.utils import parseaddr
from typing import NamedTuple
from unittest.mock import MagicMock, patch

from lxml import html


class Mail(NamedTuple):
    """What a customer holds in hands."""

    day: date
    to: str
    subject: str
    rows: tuple  # (document, amount) of each line of the table of items


@contextmanager
def mail_sink(registry, receive):
    """Hand every mail that Odoo would give to its mail server to ``receive``, as a ``Mail``."""

    def send_email(_server, message, *_args, **_kwargs):
        receive(read_mail(message))
        return message["Message-Id"]

    server = registry["ir.mail_server"]
    with ExitStack() as stack:
        for name, instead in (
            ("_disable_send", lambda _server: False),
            ("_connect__", lambda _server, *_args, **_kwargs: MagicMock()),
            ("send_email", send_email),
        ):
            stack.enter_context(patch.object(server, name, instead))
        yield


def read_mail(message):
    """The ``Mail`` in an ``email.message.EmailMessage``, as of the clock's day."""
    body = message.get_body(("html",))
    page = html.fromstring(body.get_content()) if body else html.Element("p")
    rows = page.xpath("//div[contains(@class, 'o_credit_items')]//table/tbody[1]/tr")
    return Mail(
        date.today(),
        parseaddr(message["To"] or "")[1],
        message["Subject"] or "",
        tuple((_text(row[0]), _amount(_text(row[-1], deep=True))) for row in rows),
    )


def _text(cell, deep=False):
    return " ".join((cell.text_content() if deep else cell.text or "").split())


def _amount(text):
    return float("".join(sign for sign in text if sign.isdigit() or sign in ".-"))
