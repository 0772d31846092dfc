"""A QR code as the path of an SVG, drawn on the server: nothing is loaded, nothing is inline but shapes."""

from __future__ import annotations

from dataclasses import dataclass

from governance.late import late


@dataclass(frozen=True)
class Square:
    """`size` modules each way, the quiet zone included; `path` draws the dark ones."""

    size: int
    path: str


def qr(text: str) -> Square:
    code = late("qrcode.main").QRCode(border=4)
    code.add_data(text)
    code.make(fit=True)
    rows: list[list[bool]] = code.get_matrix()
    runs = [f"M{x} {y}h{length}v1h-{length}z" for y, row in enumerate(rows) for x, length in dark(row)]
    return Square(len(rows), "".join(runs))


def dark(row: list[bool]) -> list[tuple[int, int]]:
    """Where dark runs begin in a row, and how long they are."""
    starts = [x for x, is_dark in enumerate(row) if is_dark and not (x and row[x - 1])]
    return [
        (x, next(end for end in range(x, len(row) + 1) if end == len(row) or not row[end]) - x)
        for x in starts
    ]
