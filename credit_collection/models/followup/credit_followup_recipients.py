from odoo import api, models

from ...tools.reasons import reason


class CreditFollowup(models.Model):
    """Who is written to: collections contact, else the invoice address, else the customer, else
    whom the invoices are addressed to."""

    _inherit = "credit.followup"

    @api.model
    def _recipients(self, partners, addressees=None):
        """The recipients of each customer and why it is them.

        A link of the chain without an e-mail address is passed over while a later one has one.

        :param partners: commercial partners (sudo)
        :param addressees: ``{partner id: ids of those whom the open invoices are addressed to}``
        :return: {partner id: (res.partner, kept reason)}
        """
        contacts = {}
        for contact in (
            self.env["res.partner"]
            .sudo()
            .search(
                [
                    ("commercial_partner_id", "in", partners.ids),
                    ("type", "in", ("collections", "invoice")),
                    ("parent_id", "!=", False),
                ],
                order="id",
            )
        ):
            key = (contact.commercial_partner_id.id, contact.type)
            contacts[key] = contacts.get(key, partners.browse()) | contact
        none = partners.browse()
        addressees = addressees or {}
        # Read at once; by itself each would be asked for alone.
        none.browse({one for ids in addressees.values() for one in ids}).fetch(
            ["active", "commercial_partner_id", "email_normalized"]
        )
        return {
            partner.id: self._choose_recipients(
                contacts.get((partner.id, "collections"), none),
                contacts.get((partner.id, "invoice"), none),
                partner,
                none.browse(addressees.get(partner.id, ())).filtered(
                    lambda contact, partner=partner: (
                        contact.active and contact.commercial_partner_id == partner
                    )
                ),
            )
            for partner in partners
        }

    @api.model
    def _recipients_at(self, pairs):
        """Who gets the letters of single invoice addresses, and why it is them.

        Without an address of its own that can be written to, the customer's contact for
        collections or the customer gets it; never another invoice address.

        :param pairs: (commercial partner, to whom the invoices are addressed), sudo
        :return: {pair: (res.partner, kept reason)}
        """
        if not pairs:
            return {}
        partners = self.env["res.partner"].sudo()
        contacts = partners.search(
            [
                ("type", "=", "collections"),
                ("parent_id", "in", partners.union(*(at for pair in pairs for at in pair)).ids),
            ],
            order="id",
        ).grouped("parent_id")
        found = {}
        for partner, addressee in pairs:
            own = contacts.get(addressee, partners) if addressee != partner else partners
            stays = addressee.active and addressee.commercial_partner_id == partner
            chain = [
                (own, reason("collections_of_address")),
                (
                    addressee if stays else partners,
                    reason("own_letter"),
                ),
                (contacts.get(partner, partners), reason("collections")),
                (partner, reason("no_address")),
            ]
            found[partner, addressee] = self._first_reachable(
                [
                    (people.filtered(lambda one, of=partner: one.commercial_partner_id == of), why)
                    for people, why in chain
                    if people
                ]
            )
        return found

    @api.model
    def _choose_recipients(self, collections, invoice, partner, addressees):
        """The first link of the chain that can be written to, else the first one.

        Of several invoice addresses those count to which the open invoices went.
        """
        invoice = (invoice & addressees) or invoice[:1]
        chain = [
            (collections, reason("collections")),
            (invoice, reason("invoice_address")),
            (partner, reason("customer")),
            (addressees - partner, reason("addressed")),
        ]
        return self._first_reachable(chain)

    @api.model
    def _first_reachable(self, chain):
        """The first of some (contacts, reason) with an e-mail address, each mailbox once; else
        the first that there is."""
        chain = [link for link in chain if link[0]]
        for position, (contacts, why) in enumerate(chain):
            mailboxes = contacts.filtered("email_normalized").grouped("email_normalized")
            reachable = contacts.browse().union(*(same[:1] for same in mailboxes.values()))
            if reachable:
                if position:
                    why = reason(
                        "passed_over",
                        contact=reachable[0].display_name,
                        before=chain[0][0][0].display_name,
                    )
                return reachable, why
        return chain[0]

    @api.model
    def _addresses(self, partners):
        """The e-mail addresses of recipients as one text; empty when there is none."""
        return ", ".join(sorted(set(partners.mapped("email_normalized")) - {False}))

    @api.model
    def _language(self, partners, company):
        """The code of the recipients' language, an installed one."""
        installed = dict(self.env["res.lang"].get_installed())
        codes = [*partners.mapped("lang"), company.partner_id.lang, self.env.lang]
        return next((code for code in codes if code in installed), "en_US")
