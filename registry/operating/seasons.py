"""What is left of a series without its trend and its season: STL (Cleveland and others 1990), as statsmodels
works it out by default: degree 1, a seasonal window of 7, five inner loops, no robust ones. Needs no library,
as the web server judges, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from operator import mul
from statistics import median

SEASONAL, INNER = 7, 5
Series = list[float]


@lru_cache(32)
def residuals(values: tuple[float, ...], period: int) -> tuple[float, ...]:
    """At least two whole periods, of two values or more."""
    trend_window = odd(1.5 * period / (1 - 1.5 / SEASONAL))
    low_window = odd(period + 1)
    trend = [0.0] * len(values)
    season = list(trend)
    for _ in range(INNER):
        detrended = [value - base for value, base in zip(values, trend, strict=True)]
        cycle = of_cycles(detrended, period)
        low = smooth(averaged(averaged(averaged(cycle, period), period), 3), low_window)
        season = [each - base for each, base in zip(cycle[period : period + len(values)], low, strict=True)]
        trend = smooth([value - each for value, each in zip(values, season, strict=True)], trend_window)
    return tuple(value - base - each for value, base, each in zip(values, trend, season, strict=True))


def odd(least: float) -> int:
    whole = int(least) + (least > int(least))
    return whole + 1 - whole % 2


def of_cycles(values: Series, period: int) -> Series:
    """Each place of the period smoothed by itself, and carried on by one period on either side."""
    found = [0.0] * (len(values) + 2 * period)
    for place in range(period):
        own = values[place::period]
        inside = smooth(own, SEASONAL)
        reach = min(SEASONAL, len(own))
        before = fitted(own[:reach], -1, width(SEASONAL, len(own), reach))
        after = fitted(own[-reach:], reach, width(SEASONAL, len(own), reach))
        found[place::period] = [before, *inside, after]
    return found


def width(window: int, number: int, far: float) -> float:
    """How far the weights of a neighbourhood reach; further where there are fewer values than the window."""
    return far + max(0, (window - number) // 2)


def averaged(values: Series, window: int) -> Series:
    total = sum(values[:window])
    found = [total / window]
    for place in range(window, len(values)):
        total += values[place] - values[place - window]
        found.append(total / window)
    return found


def smooth(values: Series, window: int) -> Series:
    """Loess of degree 1 at each value: the same weights wherever the neighbourhood lies on both sides."""
    number = len(values)
    if number == 1:
        return list(values)
    reach = min(window, number)
    half = (reach - 1) // 2
    found = []
    kernel: Series = []
    for place in range(number):
        start = min(max(place - half, 0), number - reach)
        at = place - start
        far = width(window, number, max(at, reach - 1 - at))
        inside = reach == window and at == half
        if not inside:
            found.append(fitted(values[start : start + reach], at, far))
            continue
        kernel = kernel or weights(reach, at, far)
        found.append(sum(map(mul, kernel, values[start : start + reach])))
    return found


def fitted(values: Sequence[float], at: float, far: float) -> float:
    """A line through the neighbours, nearer ones counting more, read at a place that may lie outside."""
    return float(sum(map(mul, weights(len(values), at, far), values)))


@lru_cache(1024)
def weights(number: int, at: float, far: float) -> Series:
    """Of tricube, tilted so that they fit a line."""
    found = [tricube(abs(place - at) / far) if far else 1.0 for place in range(number)]
    total = sum(found)
    if not total:
        return [1 / number] * number
    found = [each / total for each in found]
    centre = sum(each * place for place, each in enumerate(found))
    spread = sum(each * (place - centre) ** 2 for place, each in enumerate(found))
    if spread <= (0.001 * (number - 1)) ** 2:
        return found
    tilt = (at - centre) / spread
    return [each * (tilt * (place - centre) + 1) for place, each in enumerate(found)]


def tricube(distance: float) -> float:
    if distance > 0.999:
        return 0.0
    near = 1 - distance * distance * distance
    return 1.0 if distance < 0.001 else near * near * near


def robust_z(values: Sequence[float], scale: float) -> Series:
    """0.6745 (x - median) / MAD (Iglewicz and Hoaglin 1993); where most are alike, the mean absolute
    deviation takes the place of the MAD. What is smaller than a billionth of `scale` is rounding."""
    middle = median(values)
    apart = [value - middle for value in values]
    mad = median(map(abs, apart))
    if mad > scale * 1e-9:
        return [0.6745 * each / mad for each in apart]
    mean = sum(map(abs, apart)) / len(apart)
    return [each / (1.253314 * mean) if mean > scale * 1e-9 else 0.0 for each in apart]
