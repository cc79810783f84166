from . import credit_aging_ask
