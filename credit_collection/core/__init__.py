"""The rules of credit and collections in plain Python: no Odoo, no clock, no database."""
