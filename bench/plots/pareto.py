"""The Pareto front."""

from collections.abc import Sequence


def front(points: Sequence[tuple[float, float]]) -> list[int]:
    """Return the places of the (cost, gain) that no other one beats, cheapest first.

    One beats another if it costs no more, gains no less, and is better in at least one of both;
    equal ones stand together.
    """
    order = sorted(range(len(points)), key=lambda place: (points[place][0], -points[place][1]))
    best: list[int] = []
    for place in order:
        if not best or points[place][1] > points[best[-1]][1] or points[place] == points[best[-1]]:
            best.append(place)
    return best
