"""What the queries take from the caches of the registry, and when it is forgotten."""

FORGETS = "credit_collection.forgets"


def clear_registry_cache(env):
    """Empty the caches now, and once more when this transaction is committed.

    Until then the other threads of the server still see what was, and would keep it for good.
    """
    env.registry.clear_cache()
    after = env.cr.postcommit
    if not after.data.get(FORGETS):
        after.data[FORGETS] = True
        after.add(env.registry.clear_cache)
