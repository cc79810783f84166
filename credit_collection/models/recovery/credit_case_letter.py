from datetime import timedelta

from odoo import models

from ...tools import sentences

ANSWER_DAYS = 14  # of a claim whose case has no deadline yet


class CreditCase(models.Model):
    """The letter of a case by its road: claim, notice of hand-over, registration of a claim."""

    _inherit = "credit.case"

    def _letter_lang(self):
        """The language of whoever reads the letter."""
        self.ensure_one()
        return self.partner_id.lang or self.env.lang

    def _letter_title(self):
        titles = {
            "court": self.env._("Claim letter"),
            "agency": self.env._("Notice of hand-over"),
            "insolvency": self.env._("Registration of a claim"),
        }
        return titles[self.road]

    def _letter_words(self):
        """The sentences of the letter, in the language of the environment."""
        self.ensure_one()
        words = {
            "court": self._claim_words,
            "agency": self._hand_over_words,
            "insolvency": self._registration_words,
        }
        bank = self.account_id._bank_account(self.move_line_ids.move_id, self.company_currency_id)
        return {
            **words[self.road](),
            "account": bank
            and self.road != "insolvency"
            and self.env._("Our account: %(account)s.", account=sentences.account(bank)),
        }

    def _letter_names(self):
        return {
            "customer": sentences.name(self.partner_id.name, strong=True),
            "company": sentences.name(self.company_id.name, strong=True),
            "asked": sentences.money(self.env, self.asked, self.company_currency_id, strong=True),
        }

    def _claim_words(self):
        today = self.company_id._credit_today()
        until = self.deadline or today + timedelta(ANSWER_DAYS)
        return {
            "opening": self.env._(
                "%(customer)s owes %(company)s what is listed below. We demand %(asked)s by "
                "%(day)s.",
                **self._letter_names(),
                day=sentences.day(self.env, until, strong=True),
            ),
            "closing": self.env._(
                "If it is not paid by then, we will go to court without another letter and claim "
                "further interest and the costs of the proceedings."
            ),
        }

    def _hand_over_words(self):
        return {
            "opening": self.env._(
                "%(customer)s owes %(company)s what is listed below, in all %(asked)s. Since "
                "%(day)s %(agency)s collects it for us.",
                **self._letter_names(),
                day=sentences.day(self.env, self.handed_on or self.company_id._credit_today()),
                agency=sentences.name(self.agency_id.name, strong=True),
            ),
            "closing": self.env._(
                "Please answer them. Whoever pays in full, to them or to us, ends the matter."
            ),
        }

    def _registration_words(self):
        return {
            "opening": self.env._(
                "In the insolvency of %(customer)s (%(court)s, %(number)s) %(company)s registers "
                "the claims below, in all %(asked)s.",
                **self._letter_names(),
                court=sentences.name(self.court or "–"),
                number=sentences.name(self.court_number or "–"),
            ),
            "closing": self.claim_class
            and self.env._("Class asked for: %(name)s.", name=sentences.name(self.claim_class)),
        }

    def _letter_sums(self):
        """``[(what, amount)]`` that is asked beside the items."""
        charged = sum(self.cost_ids.filtered("charged").mapped("amount"))
        rows = [
            (self.env._("Interest"), self.interest),
            (self.env._("Compensation for recovery costs"), self.compensation),
            (self.env._("Costs"), charged),
        ]
        return [row for row in rows if not self.company_currency_id.is_zero(row[1])]

    def _letter_securities(self):
        """The securities that are named with a claim in an insolvency."""
        secured = self.account_id.collateral_ids.filtered(lambda each: each._covers_today())
        return secured if self.road == "insolvency" else secured.browse()
