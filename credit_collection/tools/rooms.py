"""Rooms that a company switches on in Settings.

Off means no menu, no tab, no field and no scheduled work; the rights of the roles stay as they
are.  A room is on when everybody who works here has its group.
"""

ROOMS = (
    "rating",
    "signals",
    "interest",
    "plans",
    "netting",
    "cover",
    "cases",
    "allowance",
    "confirmations",
    "portal",
)


def is_on(env, room):
    """Whether a room is switched on.

    :param room: one of ``ROOMS``
    :raise ValueError: on any other name
    """
    if room not in ROOMS:
        raise ValueError(f"unknown room: {room!r}")
    everybody = env.ref("base.group_user").sudo()
    group = env.ref(f"credit_collection.credit_room_{room}", raise_if_not_found=False)
    return bool(group) and group.sudo() in everybody.all_implied_ids
