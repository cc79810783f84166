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
    # By cached ids: every letter asks, and env.ref reads the database each time.
    Data, Group = env["ir.model.data"].sudo(), env["res.groups"].sudo()
    everybody = Group.browse(Data._xmlid_to_res_id("base.group_user"))
    group_id = Data._xmlid_to_res_id(
        f"credit_collection.credit_room_{room}", raise_if_not_found=False
    )
    return bool(group_id) and Group.browse(group_id) in everybody.all_implied_ids
