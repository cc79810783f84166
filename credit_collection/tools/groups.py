"""The groups of the roles, by which code asks what somebody may do."""

COLLECTOR = "credit_collection.credit_collection_group_collector"
OFFICER = "credit_collection.credit_collection_group_officer"
MANAGER = "credit_collection.credit_collection_group_manager"
