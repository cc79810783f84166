"""Weights from pairwise judgements: Saaty's analytic hierarchy process.

``matrix[i][j]`` says how many times criterion i matters as much as criterion j; 1 is equal, 3
moderately, 5 strongly, 7 very strongly, 9 extremely more. The weights are the principal
eigenvector (not the average of the columns, which published tables often print instead).
"""

from math import log

from .numbers import in_numbers, listed, number

# Consistency index of random matrices by size (Saaty). Beyond ten no ratio is defined.
RANDOM_INDEX = {3: 0.58, 4: 0.90, 5: 1.12, 6: 1.24, 7: 1.32, 8: 1.41, 9: 1.45, 10: 1.49}
ACCEPTED = 0.10
# Judgements are published with two decimals: 0.14 stands for 1/7. The larger of a pair is exact.
TOLERANCE = 0.05
STEPS = 10_000


@in_numbers
def weights(matrix):
    """Return ``(weights, consistency ratio)``; the weights sum to 1.

    The ratio is (largest eigenvalue - n) / (n - 1) over the random index: up to 0.10 the
    judgements agree well enough. One or two criteria cannot contradict each other: 0. ``None``
    above ten criteria, for which no random index is published.

    :raises ValueError: not square, not positive, or two judgements of one pair disagree
    """
    rows = _checked(matrix)
    size = len(rows)
    vector = [1 / size] * size
    for _step in range(STEPS):
        product = [sum(a * w for a, w in zip(row, vector, strict=True)) for row in rows]
        total = sum(product)
        following = [each / total for each in product]
        change = max(abs(a - b) for a, b in zip(vector, following, strict=True))
        vector = following
        if change < 1e-14:
            break
    largest = (
        sum(
            sum(a * w for a, w in zip(row, vector, strict=True)) / vector[i]
            for i, row in enumerate(rows)
        )
        / size
    )
    if size <= 2:
        return vector, 0.0
    if size not in RANDOM_INDEX:
        return vector, None
    return vector, max((largest - size) / (size - 1), 0.0) / RANDOM_INDEX[size]


def contradiction(matrix):
    """The judgement that contradicts the others most: ``(row, column, judged, implied)``.

    ``implied`` is the ratio of the two weights. None when there are fewer than three criteria.
    """
    rows = _checked(matrix)
    if len(rows) < 3:
        return None
    found, _ratio = weights(rows)
    pairs = [
        (i, j, rows[i][j], found[i] / found[j])
        for i in range(len(rows))
        for j in range(i + 1, len(rows))
    ]
    return max(pairs, key=lambda pair: abs(log(pair[2] / pair[3])))


def matrix_of(size, judgements):
    """The full matrix of the judgements ``{(row, column): value}`` above the diagonal.

    A missing judgement is 1: equal.
    """
    rows = [[1.0] * size for _row in range(size)]
    for (i, j), value in judgements.items():
        rows[i][j] = number(value, "A judgement", low=1e-9)
        rows[j][i] = 1 / rows[i][j]
    return rows


def _checked(matrix):
    rows = [listed(row, "a row of judgements") for row in listed(matrix, "the judgements")]
    size = len(rows)
    if not size or any(len(row) != size for row in rows):
        raise ValueError("The judgements must form a square table with at least one criterion.")
    rows = [[number(value, "A judgement") for value in row] for row in rows]
    if any(value <= 0 for row in rows for value in row):
        raise ValueError("A judgement must be above 0: from 1/9 (far less) to 9 (far more).")
    for i in range(size):
        for j in range(i, size):
            if abs(rows[i][j] * rows[j][i] - 1) > TOLERANCE:
                raise ValueError(
                    f"The judgements of criteria {i + 1} and {j + 1} disagree: {rows[i][j]:g} one"
                    f" way and {rows[j][i]:g} the other; the second must be 1 over the first."
                )
            if rows[i][j] < rows[j][i]:
                rows[i][j] = 1 / rows[j][i]
            else:
                rows[j][i] = 1 / rows[i][j]
    return rows
