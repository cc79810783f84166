"""The languages that are shipped: complete, whole, in step with the template."""

import ast
import collections
import re
import unicodedata
from pathlib import Path

import polib
import pytest

ADDON = Path(__file__).parents[2] / "credit_collection"
I18N = ADDON / "i18n"
TEMPLATE = polib.pofile(str(I18N / "credit_collection.pot"))
LANGUAGES = ("de", "pl", "ru", "zh_CN")
HOLES = re.compile(
    r"%\(\w+\)[a-z]|%[sd%]|\{\{.*?\}\}|\{[a-z_0-9.]+\}|\$\{[^}]*\}|</?[a-z0-9]+"
    r"|t-out=\"[^\"]*\"|href=\"[^\"]*\"|https?://[^\s\"<]+"
)
# Names of people, registers, products and headers of mails: the same everywhere.
NAMES = {
    "Altman",
    "Annuaire des entreprises",
    "Basiszinssatz (Austria)",
    "Companies House",
    "Credit Research Foundation",
    "Message-Id",
    "OCA Account Credit Control",
    "OCA Financial Risk",
    "Unternehmensregister",
    "ivanov; 3 000 000; 20; 200 000",
    '<i class="fa fa-file-excel-o me-1"/>XLSX',
    '<i class="fa fa-file-pdf-o me-1"/>PDF',
}
LIMIT = {"Limit", "Limit %(amount)s", '<span class="me-auto">Limit</span>'}
# Words that German and Polish share with English.
SHARED = {
    "de": LIMIT
    | set(
        "Alarm April August Bank Bytes Code Dashboard Dossier Dossiers Factor Factoring Icon "
        "Insolvent Journal Limits Links Meeting Name Nonce November Partner Person Plan Position "
        "Problem Quadrant Rating Ratings Scorecard Scorecards Segment September Simulation "
        "Situation Status Team Test Text Trend Website".split()
    ),
    "pl": LIMIT
    | set(
        "Alarm Bank E-mail Instrument Model Moment Plan Problem Ranking Rating Segment Status "
        "Test Trend e-mail limit".split()
    ),
    "ru": set(),
    "zh_CN": set(),
}
# Signs, figures, file types, symbols of formulas: no word in them needs a translation.
WORD = re.compile(r"[^\W\d_]{4,}")


@pytest.fixture(params=LANGUAGES, scope="module")
def language(request):
    return request.param


@pytest.fixture(scope="module")
def texts(language):
    return polib.pofile(str(I18N / f"{language}.po"))


def _is_code(entry):
    """Whether the text is the expression that names a printed file."""
    return any("print_report_name" in place for place, _line in entry.occurrences)


def _holes(text):
    return collections.Counter(HOLES.findall(text))


def test_every_text_is_finished(texts):
    assert not [entry.msgid for entry in texts if not entry.msgstr.strip()]
    assert not [entry.msgid for entry in texts if entry.fuzzy]
    assert not texts.obsolete_entries()
    assert len({entry.msgid for entry in texts}) == len(texts)


def test_holes_and_tags_are_those_of_the_source(texts):
    assert not [
        (entry.msgid, entry.msgstr)
        for entry in texts
        if _holes(entry.msgid) != _holes(entry.msgstr)
    ]


def test_blanks_around_a_text_are_those_of_the_source(texts):
    def edges(text):
        return text[:1].isspace(), text[-1:].isspace()

    assert not [entry.msgid for entry in texts if edges(entry.msgid) != edges(entry.msgstr)]


def test_nothing_stayed_english(language, texts):
    left = {
        entry.msgid
        for entry in texts
        if entry.msgid == entry.msgstr
        and WORD.search(HOLES.sub(" ", entry.msgid))
        and entry.msgid not in NAMES | SHARED[language]
        and not _is_code(entry)
    }
    assert not left


def test_each_language_is_written_in_its_script(language, texts):
    script = {"ru": "CYRILLIC", "zh_CN": "CJK"}.get(language)
    if not script:
        return
    foreign = {
        entry.msgid
        for entry in texts
        if len(WORD.findall(HOLES.sub(" ", entry.msgid))) > 2
        and not _is_code(entry)
        and not any(unicodedata.name(letter, "").startswith(script) for letter in entry.msgstr)
    }
    assert not foreign - NAMES


def test_each_language_says_how_it_counts(language, texts):
    forms = {"de": 2, "pl": 3, "ru": 3, "zh_CN": 1}[language]
    assert texts.metadata["Plural-Forms"].startswith(f"nplurals={forms};")
    assert texts.metadata["Language"] == language


def test_the_template_has_no_technical_keys():
    """Odoo takes the first word of a tuple that follows a translation for a text."""
    said = {
        text
        for path in ADDON.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and _translates(node)
        for text in _literals(node.args[:1])
    }
    keys = {
        entry.msgid
        for entry in TEMPLATE
        if all(".py" in place for place, _line in entry.occurrences) and entry.msgid not in said
    }
    assert not keys


def _translates(node):
    function = node.func
    return getattr(function, "attr", getattr(function, "id", None)) in ("_", "_lt")


def _literals(nodes):
    return [
        node.value
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


def test_nothing_is_missing_and_nothing_is_left_over(texts):
    known, wanted = {entry.msgid for entry in texts}, {entry.msgid for entry in TEMPLATE}
    assert not wanted - known
    assert not known - wanted
