"""A picture in some 25 bytes, to be shown in its place until it is there (ThumbHash).

It is a few cosines of brightness, of two differences of colour and of opacity, in four bits
each, behind their averages: a client turns it back into a small blurred picture.
"""

import math
from collections.abc import Iterator, Sequence
from operator import mul
from typing import Final, NamedTuple

MAX_SIDE: Final = 64
"""Pictures are given no larger: what is kept of them is coarser by far."""

Pixel = tuple[int, int, int, int]


class _Channel(NamedTuple):
    """The average of a channel, and what stands around it as parts of the largest, 0 to 1."""

    mean: float
    waves: list[float]
    scale: float


def thumbhash(width: int, height: int, pixels: Sequence[Pixel]) -> bytes:
    """The hash of a picture of at most 64 by 64 pixels, each red, green, blue, opacity."""
    light, warm, red, opacity = _channels(pixels)
    see_through = sum(opacity) < len(pixels)
    most = 5 if see_through else 7
    across = max(1, round(most * width / max(width, height)))
    down = max(1, round(most * height / max(width, height)))
    lightness = _transform(light, width, (max(3, across), max(3, down)))
    colours = [_transform(channel, width, (3, 3)) for channel in (warm, red)]
    shape = (down, 1) if width > height else (across, 0)
    found = _head(lightness, colours, see_through=see_through) + _second(shape, colours)
    waves = [*lightness.waves, *colours[0].waves, *colours[1].waves]
    if see_through:
        clear = _transform(opacity, width, (5, 5))
        found += bytes([round(15 * clear.mean) | round(15 * clear.scale) << 4])
        waves += clear.waves
    return found + bytes(_packed(waves))


def _channels(pixels: Sequence[Pixel]) -> tuple[list[float], list[float], list[float], list[float]]:
    """Brightness, yellow against blue, red against green, opacity; over the average colour."""
    opacity = [a / 255 for *_, a in pixels]
    total = sum(opacity) or 1.0
    mean = [
        sum(p[i] / 255 * a for p, a in zip(pixels, opacity, strict=True)) / total for i in range(3)
    ]
    light, warm, red = list[float](), list[float](), list[float]()
    for pixel, a in zip(pixels, opacity, strict=True):
        r, g, b = (mean[i] * (1 - a) + pixel[i] / 255 * a for i in range(3))
        light.append((r + g + b) / 3)
        warm.append((r + g) / 2 - b)
        red.append(r - g)
    return light, warm, red, opacity


def _transform(channel: Sequence[float], width: int, size: tuple[int, int]) -> _Channel:
    height = len(channel) // width
    mean, waves = 0.0, list[float]()
    for cy in range(size[1]):
        along = [math.cos(math.pi / height * cy * (y + 0.5)) for y in range(height)]
        for cx in range(size[0]):
            if cx * size[1] >= size[0] * (size[1] - cy):
                break
            over = [math.cos(math.pi / width * cx * (x + 0.5)) for x in range(width)]
            rows = (channel[y * width : (y + 1) * width] for y in range(height))
            found = sum(
                at * sum(map(mul, row, over)) for at, row in zip(along, rows, strict=True)
            ) / len(channel)
            if cx or cy:
                waves.append(found)
            else:
                mean = found
    scale = max(map(abs, waves), default=0.0)
    return _Channel(mean, [0.5 + 0.5 * w / scale for w in waves] if scale else waves, scale)


def _head(light: _Channel, colours: Sequence[_Channel], *, see_through: bool) -> bytes:
    bits = round(63 * light.mean)
    bits |= round(31.5 + 31.5 * colours[0].mean) << 6
    bits |= round(31.5 + 31.5 * colours[1].mean) << 12
    bits |= round(31 * light.scale) << 18 | int(see_through) << 23
    return bits.to_bytes(3, "little")


def _second(shape: tuple[int, int], colours: Sequence[_Channel]) -> bytes:
    bits = shape[0] | shape[1] << 15
    bits |= round(63 * colours[0].scale) << 3 | round(63 * colours[1].scale) << 9
    return bits.to_bytes(2, "little")


def _packed(waves: Sequence[float]) -> Iterator[int]:
    """Two to a byte, the first in the lower half."""
    halves = [round(15 * wave) for wave in waves]
    for at in range(0, len(halves), 2):
        second = halves[at + 1] if at + 1 < len(halves) else 0
        yield halves[at] | second << 4
