"""Papers belong to the record that names them: whoever reads the record reads them."""


def claim_papers(records, name):
    """Give loose papers of the field ``name`` to their record.

    What is uploaded before the record is saved belongs to nothing yet, and Odoo shows it to nobody
    but whoever uploaded it.  Only one's own papers are given away.
    """
    for record in records:
        own = record.env.su or record.env.uid
        for paper in record[name].sudo():
            if not paper.res_id and own in (True, paper.create_uid.id):
                paper.write({"res_model": record._name, "res_id": record.id})
