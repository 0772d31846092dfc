"""A picture, read by Pillow behind the walls and written again: no browser gets raw bytes."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from typing import BinaryIO

from registry.checks import MIB, library
from registry.previews import Part, Unfit, preview, said, values

FORMATS = {"PNG": "Png", "JPEG": "Jpeg", "GIF": "Gif", "WEBP": "WebP", "BMP": "Bmp"}
LARGEST_SIDE = 720
MOST_POINTS = 64_000_000
PIECE = 8_000
# Whatever is imported later than the walls is not imported.
LIBRARIES = ["PIL", "PIL.Image", *(f"PIL.{name}ImagePlugin" for name in FORMATS.values())]


@preview("png", "jpg", "jpeg", "gif", "webp", "bmp", memory=1024 * MIB, libraries=LIBRARIES)
def run(file: BinaryIO) -> Iterator[Part]:
    image = [library(name) for name in LIBRARIES][1]
    image.MAX_IMAGE_PIXELS = None  # counted below, with a sentence
    try:
        picture = image.open(file, formats=list(FORMATS))
        width, height, kind = picture.width, picture.height, picture.format
        if width * height > MOST_POINTS:
            raise Unfit(f"It has {width:,} by {height:,} points: more than are read for a preview.")
        picture.draft("RGB", (LARGEST_SIDE, LARGEST_SIDE))
        picture.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
        yield shown(picture)
    except Unfit:
        raise
    except (OSError, ValueError, SyntaxError, EOFError, IndexError) as error:
        raise Unfit("This picture cannot be read: it is damaged, or is not what its name says.") from error
    yield values([("Format", kind), ("Points", f"{width:,} x {height:,}")])
    if getattr(picture, "n_frames", 1) > 1:
        yield said("It moves; its first picture is shown.")


def shown(picture: object) -> Part:
    sink = io.BytesIO()
    plain = picture.convert("RGBA" if "A" in picture.getbands() or "transparency" in picture.info else "RGB")  # type: ignore[attr-defined]
    plain.save(sink, "WEBP", quality=80, method=2)
    text = base64.b64encode(sink.getvalue()).decode()
    pieces = [text[start : start + PIECE] for start in range(0, len(text), PIECE)]
    return {
        "kind": "picture", "type": "image/webp", "data": pieces, "width": plain.width, "height": plain.height,
    }  # fmt: skip
