"""What a customer of the release has in the database; fed to ``odoo shell`` of that release.

A company that sold on credit for some weeks: limits of every state, holds decided in every way, a
delivery on hold, letters sent and failed, promises kept and broken, disputes, a closed sheet with
its bonus, snapshots of which one day is doubled.
"""

from datetime import datetime

from freezegun import freeze_time
from odoo.fields import Command, Date
from odoo.tests import new_test_user

GROUP = "credit_collection.credit_collection_group_"
env = env(context=dict(env.context, no_reset_password=True, mail_notrack=True))  # noqa: F821
company, policy = env.company, env.company.credit_policy_id
manager = new_test_user(env, "mona", f"base.group_user,{GROUP}manager", email="mona@example.com")
officer = new_test_user(env, "olaf", f"base.group_user,{GROUP}officer", email="olaf@example.com")
seller = new_test_user(
    env, "sally", "base.group_user,sales_team.group_sale_salesman_all_leads", email="s@example.com"
)
officer.credit_authority = 10_000.0
policy.followup_set = "soft" if "soft" in dict(policy._fields["followup_set"].selection) else False
if not policy.followup_level_ids:
    policy._copy_level_set(policy._fields["followup_set"].selection[0][0])
service = env["product.product"].create(
    {"name": "Consulting", "type": "service", "invoice_policy": "order", "taxes_id": False}
)
goods = env["product.product"].create({"name": "Pump", "type": "consu", "taxes_id": False})


def customer(name):
    return env["res.partner"].create(
        {"name": name, "is_company": True, "email": "accounts@example.com", "user_id": seller.id}
    )


def file_of(partner):
    return env["credit.account"]._get(partner, company)


def limit(partner, amount, approve=True, **values):
    made = env["credit.limit"].create(
        {"account_id": file_of(partner).id, "amount": amount, "reason": "Agreed", **values}
    )
    if approve:
        made.with_user(manager).action_approve()
    return made


def invoice(partner, amount, date, due):
    move = env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": partner.id,
            "invoice_date": date,
            "invoice_date_due": due,
            "invoice_payment_term_id": False,
            "invoice_user_id": seller.id,
            "invoice_line_ids": [
                Command.create({"name": "Delivery", "price_unit": amount, "tax_ids": False})
            ],
        }
    )
    move.action_post()
    return move


def order(partner, amount, product=service):
    made = env["sale.order"].create(
        {
            "partner_id": partner.id,
            "user_id": seller.id,
            "order_line": [Command.create({"product_id": product.id, "price_unit": amount})],
        }
    )
    made.action_confirm()
    return made


def pay(move, date, amount=None):
    wizard = env["account.payment.register"].with_context(
        active_model="account.move", active_ids=move.ids
    )
    values = {"payment_date": date} | ({"amount": amount} if amount else {})
    wizard.create(values)._create_payments()


def promise(move, date):
    line = move.line_ids.filtered(lambda x: x.display_type == "payment_term")
    return env["credit.promise"].create(
        {
            "account_id": file_of(move.partner_id).id,
            "date": date,
            "amount": move.amount_residual,
            "move_line_ids": [Command.set(line.ids)],
        }
    )


names = ("Deco Ltd", "Beta Ltd", "Gamma Ltd", "Delta Ltd", "Omega Ltd")
with freeze_time("2026-01-12 09:00:00"):
    deco, beta, gamma, delta, omega = map(customer, names)
    for partner in (deco, beta, gamma, delta):
        limit(partner, 1000.0)
    limit(deco, 1500.0)  # supersedes the first
    limit(beta, 200.0, kind="temporary", date_to="2026-01-31")
    limit(gamma, 90.0, approve=False).with_user(manager).action_refuse("Too early")
    limit(omega, 70.0, approve=False)
    bills = {
        partner: invoice(partner, 800.0 + number, "2026-01-12", "2026-01-20")
        for number, partner in enumerate((deco, beta, gamma, delta, omega))
    }
with freeze_time("2026-02-02 09:00:00"):
    env["credit.limit"]._cron_expire()
    orders = [order(partner, 900.0) for partner in (deco, beta, gamma, delta)]
    holds = [one.credit_hold_ids for one in orders]
    holds[0].with_user(manager).action_release(note="Payment is on its way")
    holds[1].with_user(manager).action_refuse(note="Pay first")
    kept, broken, open_one = (promise(bills[p], "2026-02-06") for p in (deco, gamma, omega))
    line = bills[beta].line_ids.filtered(lambda x: x.display_type == "payment_term")
    reason = env["credit.dispute.reason"].search([], limit=1)
    env["credit.dispute"].create(
        {
            "account_id": file_of(beta).id,
            "move_line_id": line.id,
            "amount": 100.0,
            "reason_id": reason.id,
        }
    )
    pay(bills[deco], "2026-02-03")
with freeze_time("2026-02-20 09:00:00"):
    env["credit.promise"]._judge()
    messages = env["credit.followup"]._plan(company)
    messages[:1].sudo().action_send()
    messages[1:2]._move("cancel", {"cancel_reason": "Paid by phone"})
    mail = messages[:1].mail_message_id
    mail.notification_ids.write({"notification_status": "sent"})
    messages[:1]._take_outcome()
    held = env["credit.account"].browse(file_of(omega).id)
    held.with_user(manager).action_set_manual_hold("Insolvency rumoured")
    env["credit.snapshot"]._take(company, Date.to_date("2026-01-31"))
with freeze_time("2026-03-05 09:00:00"):
    sheet = env["credit.kpi.sheet"].create({"date_from": "2026-02-01", "date_to": "2026-02-28"})
    sheet.action_compute()
    sheet.action_close()
    open_sheet = env["credit.kpi.sheet"].create(
        {"date_from": "2026-01-01", "date_to": "2026-01-31"}
    )
    open_sheet.action_compute()
    env["credit.snapshot"]._take(company, Date.to_date("2026-02-28"))
env.flush_all()
# Two jobs met, as they could in that release; a hold of its first days has no kind.
env.cr.execute(
    "INSERT INTO credit_snapshot (date, company_id, account_id, partner_id, user_id, team_id,"
    " receivable, overdue, doubtful, weighted) SELECT date, company_id, account_id, partner_id,"
    " user_id, team_id, receivable, overdue, doubtful, weighted FROM credit_snapshot"
    " WHERE date = '2026-02-28'"
)
env.cr.execute("UPDATE credit_hold SET kind = NULL WHERE id = %s", [holds[0].id])
# What the add-on does not need makes the dump large.
env.cr.execute("DELETE FROM ir_attachment WHERE res_model IS DISTINCT FROM 'credit.kpi.sheet'")
env.cr.execute("UPDATE ir_ui_view SET arch_prev = NULL")
env.cr.execute("DELETE FROM mail_tracking_value; DELETE FROM bus_bus")
env.cr.commit()
print("made on", datetime.now().date())
