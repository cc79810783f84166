"""Plain numbers that somebody typed, checked once: finite, in their bounds, said in a sentence."""

from .kpi import in_numbers, is_number, listed

__all__ = ["in_numbers", "interpolate", "listed", "number"]


def number(value, name, low=None, high=None):
    """``value`` as a float.

    :param name: what the sentence calls it
    :param low: the least value allowed, ``high``: the largest
    :raises ValueError: no number, not finite, or out of bounds
    """
    if not is_number(value):
        raise ValueError(f"{name} must be a finite number, not {value!r}.")
    found = float(value)
    if low is not None and found < low:
        raise ValueError(f"{name} must not be below {low:g}; it is {found:g}.")
    if high is not None and found > high:
        raise ValueError(f"{name} must not be above {high:g}; it is {found:g}.")
    return found


def interpolate(points, at):
    """The value at ``at`` on the straight lines between ``points``, held beyond both ends.

    :param points: ``(position, value)`` pairs, positions increasing
    """
    if at <= points[0][0]:
        return points[0][1]
    for (left, low), (right, high) in zip(points, points[1:], strict=False):
        if at <= right:
            return low + (high - low) * (at - left) / (right - left)
    return points[-1][1]
