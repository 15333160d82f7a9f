"""Films and sounds: how long they are, and one picture of a film. Needs ffmpeg."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

import msgspec

from uptc_messenger.models.files import MAX_DURATION_MS
from uptc_messenger.services.files.decoding import pictures
from uptc_messenger.services.files.decoding.task import CONTENT, PREVIEW, Answer

PROBE: Final = "ffprobe"
FFMPEG: Final = "ffmpeg"
_POSTER: Final = "poster.png"
# Only files, and of those only the one that is named: a list of addresses is not followed.
_FENCED: Final = ("-protocol_whitelist", "file", "-v", "error")
_ASKED: Final = "format=duration:stream=codec_type,width,height"
# Never larger than it is, and at least a line of it.
_SIDE: Final = f"min({PREVIEW},max(iw,ih))"
_SMALL: Final = (
    f"scale=w='max(1,round(iw*{_SIDE}/max(iw,ih)))':h='max(1,round(ih*{_SIDE}/max(iw,ih)))'"
)
_DEMUXERS: Final = {
    "video/mp4": "mov",
    "audio/mp4": "mov",
    "video/webm": "matroska",
    "audio/webm": "matroska",
    "audio/ogg": "ogg",
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
    "audio/flac": "flac",
    "audio/aac": "aac",
}


class _Format(msgspec.Struct):
    duration: str = "0"


class _Stream(msgspec.Struct):
    codec_type: str = ""
    width: int = 0
    height: int = 0


class _Probed(msgspec.Struct):
    format: _Format
    streams: list[_Stream] = []


def available() -> bool:
    """Whether this machine has what it takes."""
    return shutil.which(FFMPEG) is not None and shutil.which(PROBE) is not None


def film(folder: Path, media_type: str) -> Answer:
    """How long and how large a film is, and its first picture; raises for what is none."""
    probed = _probe(folder, media_type)
    heard = Answer(seen=True, duration_ms=_duration(probed, folder, media_type))
    shapes = [(one.width, one.height) for one in probed.streams if one.codec_type == "video"]
    if not shapes or not _draw(folder, media_type):
        return heard
    poster = pictures.read_page(folder / _POSTER)
    answer = pictures.describe(folder, poster, _upright(shapes[0], poster.size), None)
    return msgspec.structs.replace(answer, duration_ms=heard.duration_ms)


def _draw(folder: Path, media_type: str) -> bool:
    """Make the poster; False of a film that is one, but of a kind that this ffmpeg cannot show."""
    try:
        _run(
            *(FFMPEG, *_FENCED, "-y", "-threads", "1", "-f", _DEMUXERS[media_type]),
            *("-i", str(folder / CONTENT), "-map", "0:v:0", "-frames:v", "1", "-vf", _SMALL),
            *("-f", "image2", "-c:v", "png", str(folder / _POSTER)),
        )
    except subprocess.CalledProcessError as error:
        if error.returncode < 0:  # by the fence: then nothing is known of it
            raise
    return (folder / _POSTER).exists()


def _upright(shape: tuple[int, int], shown: tuple[int, int]) -> tuple[int, int]:
    """The size of a film as it is shown: what lies on its side in the file is turned by ffmpeg."""
    width, height = shape
    if min(shape) <= 0:
        return shown
    return (height, width) if (width > height) != (shown[0] > shown[1]) else (width, height)


def sound(folder: Path, media_type: str) -> Answer:
    """How long a sound is; raises for what is none."""
    probed = _probe(folder, media_type)
    return Answer(seen=True, duration_ms=_duration(probed, folder, media_type))


def _probe(folder: Path, media_type: str) -> _Probed:
    found = _run(
        *(PROBE, *_FENCED, "-of", "json", "-show_entries", _ASKED),
        *("-f", _DEMUXERS[media_type], str(folder / CONTENT)),
    )
    return msgspec.json.decode(found, type=_Probed)


def _duration(probed: _Probed, folder: Path, media_type: str) -> int | None:
    """As the file says; what a browser records does not say it, and is gone through."""
    try:
        found = round(float(probed.format.duration) * 1000)
    except (ValueError, OverflowError):
        found = 0
    if found == 0 and probed.streams:
        found = _counted(folder, media_type)
    return found if 0 < found <= MAX_DURATION_MS else None


def _counted(folder: Path, media_type: str) -> int:
    """Where the last of its packets ends, in milliseconds; nothing is decoded."""
    try:
        told = _run(
            *(FFMPEG, *_FENCED, "-f", _DEMUXERS[media_type], "-i", str(folder / CONTENT)),
            *("-map", "0", "-c", "copy", "-f", "null", "-nostats", "-progress", "pipe:1", "-"),
        )
    except subprocess.CalledProcessError:
        return 0
    ends = re.findall(rb"^out_time_us=(\d+)$", told, re.MULTILINE)
    return int(ends[-1]) // 1_000 if ends else 0


def _run(*command: str) -> bytes:
    # Within the limits of this process, which its children inherit.
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=True)  # noqa: S603
    return done.stdout
