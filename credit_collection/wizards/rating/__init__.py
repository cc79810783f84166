from . import credit_scorecard_proposal
from . import credit_limit_propose
from . import credit_signal_report
from . import credit_rating_import
