"""A language in which every string is wrapped and a third longer: what stays plain is not
translatable, what is glued shows its seams, what is cut has too little room."""

import re
import tempfile

from lxml import html
from odoo.tools.misc import ReadonlyDict
from odoo.tools.translate import (
    TranslationImporter,
    code_translations,
    trans_export,
    translation_file_reader,
)

MODULE = "credit_collection"
LANG = "en_XA"
HOLES = re.compile(r"%\(\w+\)[sdf.0-9]*|%[sd%]|<[^>]+>|&\w+;|\{\{.*?\}\}|\$\{.*?\}")
# Words that stay: symbols, names of formulas, file types.
NEUTRAL = re.compile(r"[^\W\d_]{2,}")
# Elements that stand in the middle of a sentence.
INLINE = {"a", "b", "bdi", "em", "i", "small", "span", "strong", "u", "font"}


def pseudo(text):
    """The text wrapped and a third longer, its holes and tags as they were."""
    parts = HOLES.split(text)
    longer = "·" * max(1, len("".join(parts)) // 3)
    return f"⟦{text}{longer}⟧"


def is_plain(text):
    """Whether the text has words that did not come from the pseudo language."""
    outside = re.sub(r"⟦[^⟧]*⟧", " ", text or "")
    return bool(NEUTRAL.search(HOLES.sub(" ", outside)))


def texts_of(shown):
    """The sentences of a page: the text of each block, with what stands inline in it."""
    root = html.fromstring(shown)
    for bad in root.xpath("//script | //style | //head"):
        bad.drop_tree()
    run = []

    def flush():
        text = " ".join("".join(run).split())
        run.clear()
        return text

    def walk(node):
        if not isinstance(node.tag, str):
            if node.tail:
                run.append(node.tail)
            return
        block = node.tag not in INLINE
        if block and (text := flush()):
            yield text
        run.append(node.text or "")
        for child in node:
            yield from walk(child)
        if block and (text := flush()):
            yield text
        run.append(node.tail or "")

    yield from walk(root)
    if text := flush():
        yield text


def outside(text):
    """What of a text stands outside of all brackets, piece by piece."""
    depth, piece = 0, []
    for char in text:
        if char == "⟦":
            if not depth and piece:
                yield "".join(piece).strip()
                piece = []
            depth += 1
        elif char == "⟧":
            depth -= 1
        elif not depth:
            piece.append(char)
    yield "".join(piece).strip()


class PseudoLanguage:
    """Puts the add-on into the pseudo language, for the tests of a class."""

    @classmethod
    def _load_pseudo(cls):
        cls.env["res.lang"].create(
            {"name": "Pseudo", "code": LANG, "iso_code": LANG, "active": True, "url_code": LANG}
        )
        with tempfile.NamedTemporaryFile(suffix=".pot") as template:
            trans_export(False, [MODULE], template, "po", cls.env)
            template.seek(0)
            rows = [
                {**row, "value": pseudo(row["src"])} for row in translation_file_reader(template)
            ]
        importer = TranslationImporter(cls.env.cr, verbose=False)
        importer._load(iter(rows), LANG)
        importer.save(force_overwrite=True)
        cls.env.invalidate_all()
        cls.env.registry.clear_all_caches()
        cls.sources = {row["src"] for row in rows}
        key = (MODULE, LANG)
        code_translations.python_translations[key] = {one: pseudo(one) for one in cls.sources}
        code_translations.web_translations[key] = ReadonlyDict(
            {
                "messages": tuple(
                    ReadonlyDict({"id": one, "string": pseudo(one)}) for one in sorted(cls.sources)
                )
            }
        )
        cls.addClassCleanup(code_translations.python_translations.pop, key, None)
        cls.addClassCleanup(code_translations.web_translations.pop, key, None)
        cls.pseudo_env = cls.env(context={**cls.env.context, "lang": LANG})

    def _plain(self, shown):
        """Our own English words in a page that is in the pseudo language."""
        found = []
        for text in texts_of(shown):
            for piece in outside(text):
                if piece in self.sources and NEUTRAL.search(piece):
                    found.append(piece)
                else:
                    found += [one for one in self._long if one in piece]
        return found

    @property
    def _long(self):
        return [one for one in self.sources if len(one) > 14 and " " in one and "%" not in one]

    def _glued(self, shown):
        """Sentences made of pieces: one of them goes on where another ended."""
        return [
            text
            for text in texts_of(shown)
            if text.count("⟦") > 1 and re.search(r"\S\s*⟦\s*(?:[,;]|[a-z]{2,}\s?[^·⟧]*·*⟧)", text)
        ]
