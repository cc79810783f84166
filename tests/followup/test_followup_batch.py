"""Many messages at once: as few statements as one by one, and each as if it were alone."""

from odoo.tests import freeze_time, tagged

from .common import TODAY, FollowupCase

FEW, MANY = 2, 12


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestFollowupBatch(FollowupCase):
    def _planned(self, number, name):
        """Messages to as many new customers, one late invoice each."""
        partners = self.env["res.partner"].create(
            [
                {
                    "name": f"{name} {place}",
                    "is_company": True,
                    "email": f"{name}-{place}@example.com",
                    "lang": "en_US",
                }
                for place in range(number)
            ]
        )
        for place, partner in enumerate(partners):
            self._late(100.0 + place, partner=partner)
        files = self.env["credit.account"].sudo().search([("partner_id", "in", partners.ids)])
        files.collector_id = self.collector
        return self.env["credit.followup"]._plan(self.company, TODAY, files)

    def _queries(self, step):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        step()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_handing_over_many_takes_hardly_more_statements_than_few(self):
        self._queries(lambda: self._planned(1, "warm")._hand_over(TODAY))
        few, many = self._planned(FEW, "few"), self._planned(MANY, "many")
        few_queries = self._queries(lambda: few._hand_over(TODAY))
        many_queries = self._queries(lambda: many._hand_over(TODAY))
        self.assertEqual(len(many.mail_message_id), MANY)
        self.assertLessEqual((many_queries - few_queries) / (MANY - FEW), 1)

    def test_sending_a_mail_takes_few_statements(self):
        mails = self._planned(MANY, "sent")._hand_over(TODAY)
        with self._mail_server():
            queries = self._queries(lambda: mails.send())
        self.assertEqual(len(self.outbox), MANY)
        self.assertLessEqual(queries / MANY, 20)
        self.assertFalse(mails.exists(), "sent mails are deleted, the messages stay")

    def test_each_gets_its_own_items_and_totals(self):
        followups = self._planned(3, "own")
        with self._mail_server():
            followups._hand_over(TODAY).send()
        self.assertEqual(
            {followup.partner_id.name: self._to_pay(followup) for followup in followups},
            {"own 0": "100.00", "own 1": "101.00", "own 2": "102.00"},
        )
        self.assertEqual(set(followups.mapped("state")), {"sent"})

    def test_what_one_text_sets_the_next_does_not_see(self):
        followups = self._planned(3, "apart")
        self.first.mail_template_id.body_html = (
            "<p><t t-if=\"object.partner_id.name == 'apart 0'\">"
            '<t t-set="word" t-value="\'first\'"/></t>'
            '<t t-set="again" t-value="word or \'none\'"/><b t-out="again"/></p>'
        )
        followups._hand_over(TODAY)
        words = {
            followup.partner_id.name: followup.mail_message_id.body.split("<b>")[1].split("<")[0]
            for followup in followups
        }
        self.assertEqual(words, {"apart 0": "first", "apart 1": "none", "apart 2": "none"})

    def test_the_text_is_that_of_a_message_alone(self):
        followups = self._planned(2, "same")
        alone = [followup._preview() for followup in followups]
        followups._hand_over(TODAY)
        for followup, (subject, body) in zip(followups, alone, strict=True):
            self.assertEqual(followup.mail_message_id.subject, subject)
            # Before it goes out there is no link to the customer's page yet.
            self.assertIn(followup.partner_id.name, body)
            self.assertEqual(
                followup.mail_message_id.body.count("o_credit_items"),
                body.count("o_credit_items"),
            )

    def test_a_reply_refers_to_what_went_before(self):
        [first] = self._planned(1, "thread")
        first._hand_over(TODAY)
        mail = self.env["mail.mail"].search([("mail_message_id", "=", first.mail_message_id.id)])
        self.assertEqual(mail.references.split()[-1], first.mail_message_id.message_id)
        self.assertEqual(mail.recipient_ids, first.partner_id)
        self.assertEqual(first.mail_message_id.notification_ids.notification_status, "ready")
