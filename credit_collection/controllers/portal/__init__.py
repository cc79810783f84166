from . import credit_portal
from . import credit_portal_pages
from . import credit_portal_payment
from . import credit_portal_answer
from . import credit_portal_document
from . import credit_portal_invoice
