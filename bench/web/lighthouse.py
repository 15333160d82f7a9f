"""How Lighthouse makes points of what it measures; its package is not among ours.

The weights and control points are those of Lighthouse 10 to 13 (`core/config/default-config.js`
and the `defaultOptions` of the audits in `core/audits/metrics/`), the curve is that of
`core/lib` (`getLogNormalScore`): a log-normal distribution through two points, of which 90 points
belong to the one (`p10`) and 50 to the other (`median`).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_TENTH: Final = 0.9061938024368232
"""The inverse of the complementary error function at a fifth."""


@dataclass(frozen=True)
class Curve:
    """One metric: its weight in the performance score, and where 90 and 50 points are."""

    weight: float
    p10: float
    median: float

    def points(self, value: float) -> float:
        """From 0 to 100; 0 of something is perfect."""
        if value <= 0:
            return 100.0
        steepness = _TENTH / -math.log(self.p10 / self.median)
        return 50.0 * math.erfc(math.log(value / self.median) * steepness)


MOBILE: Final = {
    "fcp": Curve(10, 1_800, 3_000),
    "si": Curve(10, 3_387, 5_800),
    "lcp": Curve(25, 2_500, 4_000),
    "tbt": Curve(30, 200, 600),
    "cls": Curve(25, 0.1, 0.25),
}
DESKTOP: Final = {
    "fcp": Curve(10, 934, 1_600),
    "si": Curve(10, 1_311, 2_300),
    "lcp": Curve(25, 1_200, 2_400),
    "tbt": Curve(30, 150, 350),
    "cls": Curve(25, 0.1, 0.25),
}


def performance(curves: Mapping[str, Curve], measured: Mapping[str, float]) -> float:
    """The weighted mean of the metrics' points."""
    weights = sum(curve.weight for curve in curves.values())
    points = (curve.weight * curve.points(measured[name]) for name, curve in curves.items())
    return sum(points) / weights
