from odoo import api, models
from odoo.tools.translate import code_translations

MODULE = "credit_collection"
SOURCE = "en_US"
# Texts that each company gets as copies of its own, by model.
COPIED = {
    "credit.policy": ("name",),
    "credit.rule": ("name",),
    "credit.followup.level": ("name", "activity_summary"),
}


class CreditShippedText(models.AbstractModel):
    """Names that come with the add-on and are copied for each company.

    A copy has no external identifier, so the import of a language does not reach it: its
    translation is that of the text it was copied from, as long as nobody renamed it.
    """

    _name = "credit.shipped.text"
    _description = "Shipped Texts of Companies"

    @api.model
    def _translate_copies(self, langs=None):
        """Give untouched copies the translations of their source.

        :param langs: codes of languages; all installed ones if empty
        """
        installed = [code for code, _name in self.env["res.lang"].get_installed()]
        for lang in set(langs or installed) & set(installed) - {SOURCE}:
            said = code_translations.get_python_translations(MODULE, lang)
            for model, names in COPIED.items():
                for name in names:
                    self._translate_field(self.env[model].sudo(), name, lang, said)

    def _translate_field(self, Model, name, lang, said):
        field = Model._fields[name]
        records = Model.with_context(active_test=False, lang=SOURCE).search([(name, "!=", False)])
        stored = {record: field._get_stored_translations(record) or {} for record in records}
        shipped = {
            texts[SOURCE]: texts[lang]
            for texts in stored.values()
            if texts.get(lang, texts.get(SOURCE)) != texts.get(SOURCE)
        }
        for record, texts in stored.items():
            source = texts.get(SOURCE)
            if texts.get(lang, source) != source:
                continue
            if translated := shipped.get(source) or said.get(source):
                record.update_field_translations(name, {lang: translated})
