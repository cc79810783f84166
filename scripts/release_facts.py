"""What must be the same before and after an update: counts, states, frozen evidence.

release_facts.py DATABASE: prints them as JSON.
"""

import json
import sys

import psycopg2

# Columns that never change once they are written, and what is counted by.
FROZEN = {
    "credit_hold": (
        "name, state, checkpoint, document_name, requested_amount, receivable, overdue, draft,"
        " ordered, exposure, exposure_after, unlimited, credit_limit, available,"
        " max_days_overdue, frozen::jsonb, findings::jsonb, remedies::jsonb, decided_on,"
        " decision_note, valid_until, max_amount"
    ),
    "credit_limit": "amount, unlimited, amount_company, date_from, date_to, kind, reason, state",
    "credit_promise": "name, amount, date, made_on, state, paid, missing, broken_on",
    "credit_dispute": "amount, state, opened_on, closed_on",
    "credit_followup": "date, state, amount, email_to, lang, cancel_reason",
    "credit_followup_line": "amount, amount_currency, days_overdue, state",
    "credit_kpi_sheet": "date_from, date_to, state, evidence_name, evidence_checksum",
    "credit_kpi_sheet_line": (
        "kind, receivable, overdue, sales, received, planned, overdue_share, bonus,"
        " statement::jsonb"
    ),
    "credit_kpi_evidence": "kind, name, date, date_due, days, amount",
    "credit_account": "manual_hold, manual_hold_reason",
    "credit_policy": "name::jsonb, default_limit, default_unlimited, grace_days, delivery_stop",
    "credit_rule": "name::jsonb, kind, consequence, days, amount, tolerance_percent, active",
    "credit_followup_level": "name::jsonb, delay, role, send_email, print_letter, automatic",
}
SNAPSHOTS = (
    "SELECT COUNT(*), SUM(receivable) FROM (SELECT DISTINCT ON (date, company_id, partner_id,"
    " user_id, team_id) receivable FROM credit_snapshot) AS once"
)


def facts(cursor):
    found = {}
    for table, columns in FROZEN.items():
        cursor.execute(
            f"SELECT COUNT(*), md5(string_agg(md5(ROW({columns})::text), '' ORDER BY id))"
            f" FROM {table}"
        )
        found[table] = list(cursor.fetchone())
    for table in ("credit_hold", "credit_limit", "credit_promise", "credit_followup"):
        cursor.execute(f"SELECT state, COUNT(*) FROM {table} GROUP BY state ORDER BY state")
        found[f"{table} by state"] = [list(row) for row in cursor.fetchall()]
    cursor.execute(SNAPSHOTS)
    found["snapshots"] = [str(value) for value in cursor.fetchone()]
    return found


if __name__ == "__main__":
    with psycopg2.connect(dbname=sys.argv[1]) as connection, connection.cursor() as cursor:
        print(json.dumps(facts(cursor), indent=1, sort_keys=True))
