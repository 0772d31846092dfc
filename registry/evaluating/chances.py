"""Exact binomial tails and Student's t, without a library: the web server judges, too."""

from __future__ import annotations

from math import exp, lgamma, log

TINY = 1e-300


def tail(least: int, rows: int, share: float) -> float:
    """The exact probability of at least so many of a binomial distribution, from the largest term on; one
    where that many are no more than expected."""
    if least <= rows * share:
        return 1.0
    chance = lgamma(rows + 1) - lgamma(least + 1) - lgamma(rows - least + 1)
    term = exp(chance + least * log(share) + (rows - least) * log(1 - share)) if least < rows else share**rows
    total, place = term, least
    while place < rows and term > total * 1e-15:
        term *= (rows - place) / (place + 1) * share / (1 - share)
        place += 1
        total += term
    return total


def is_unlikely(found: int, rows: int, share: float, each_side: float = 0.0015) -> bool:
    """Whether so many, or more, or fewer, come by chance in less than 0.15 % of all samples on either
    side."""
    return tail(found, rows, share) < each_side or tail(rows - found, rows, 1 - share) < each_side


def t_quantile(confidence: float, degrees: int) -> float:
    """How many standard errors a two-sided interval of this confidence reaches to each side."""
    low, high = 0.0, 1e8
    for _ in range(200):
        middle = (low + high) / 2
        if beyond(middle, degrees) > 1 - confidence:
            low = middle
        else:
            high = middle
    return high


def beyond(t: float, degrees: int) -> float:
    """The probability that Student's t lies further from zero than this, on both sides together."""
    return incomplete_beta(degrees / 2, 0.5, degrees / (degrees + t * t))


def incomplete_beta(a: float, b: float, x: float) -> float:
    """Regularised, by its continued fraction (Abramowitz and Stegun 26.5.8; Lentz 1976)."""
    if not 0 < x < 1:
        return max(0.0, min(1.0, x))
    if x > (a + 1) / (a + b + 2):
        return 1 - incomplete_beta(b, a, 1 - x)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1 - x)) / a
    return front * fraction(a, b, x)


def fraction(a: float, b: float, x: float) -> float:
    held, c = 1.0, 1.0
    d = 1 / (1 - (a + b) * x / (a + 1))
    held = d
    for m in range(1, 1000):
        for step in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / ((1 + step * d) or TINY)
            c = (1 + step / c) or TINY
            held *= c * d
        if abs(c * d - 1) < 1e-14:
            break
    return held


def chi_square_beyond(value: float, degrees: int) -> float:
    """The probability that chi-square is larger than this: the upper incomplete gamma function, by its
    series or its continued fraction (Abramowitz and Stegun 6.5.29 and 6.5.31)."""
    a, x = degrees / 2, value / 2
    if x <= 0 or degrees < 1:
        return 1.0
    front = exp(a * log(x) - x - lgamma(a))
    if x < a + 1:
        term = total = 1 / a
        place = a
        while term > total * 1e-16:
            place += 1
            term *= x / place
            total += term
        return 1 - front * total
    b = x + 1 - a
    c, d = 1 / TINY, 1 / b
    held = d
    for place in range(1, 1000):
        step = -place * (place - a)
        b += 2
        d = 1 / ((step * d + b) or TINY)
        c = (b + step / c) or TINY
        held *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return front * held
