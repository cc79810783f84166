"""Ranking by closeness to the ideal: TOPSIS of Hwang and Yoon, columns normalised by length."""

from math import hypot

from .numbers import in_numbers, listed, number


@in_numbers
def closeness(rows, weights, benefits):
    """Closeness of each row to the ideal, 0 (the worst in everything) to 1 (the best).

    Each column is divided by its length and multiplied by its weight; closeness is the distance
    to the worst over the sum of the distances to the worst and to the best. None where all rows
    are alike: there is no better and no worse then.

    :param rows: one list of numbers per alternative
    :param weights: one number per column, only their proportion counts
    :param benefits: one bool per column, True where more is better
    :raises ValueError: rows of different length, weights below 0 or all 0, no finite number
    """
    weights = [number(weight, "A weight", low=0) for weight in listed(weights, "the weights")]
    benefits = listed(benefits, "the directions")
    if len(weights) != len(benefits):
        raise ValueError("Each criterion needs one weight and one direction.")
    total = number(sum(weights), "The sum of the weights")
    if total <= 0:
        raise ValueError("At least one weight must be above 0.")
    rows = [
        [number(value, "A value") for value in listed(row, "a row")]
        for row in listed(rows, "the rows")
    ]
    if any(len(row) != len(weights) for row in rows):
        raise ValueError("Each row needs one value for each criterion.")
    if not rows:
        return []
    columns = list(zip(*rows, strict=True))
    # A column of zeros says nothing, whatever it is divided by.
    scales = [
        weight / total / (number(hypot(*column), "The length of a column") or 1.0)
        for weight, column in zip(weights, columns, strict=True)
    ]
    scaled = [[v * scale for v, scale in zip(row, scales, strict=True)] for row in rows]
    columns = list(zip(*scaled, strict=True))
    best = [max(c) if more else min(c) for c, more in zip(columns, benefits, strict=True)]
    worst = [min(c) if more else max(c) for c, more in zip(columns, benefits, strict=True)]
    return [_close(row, best, worst) for row in scaled]


def _close(row, best, worst):
    to_best = hypot(*(a - b for a, b in zip(row, best, strict=True)))
    to_worst = hypot(*(a - b for a, b in zip(row, worst, strict=True)))
    return to_worst / (to_best + to_worst) if to_best + to_worst else None
