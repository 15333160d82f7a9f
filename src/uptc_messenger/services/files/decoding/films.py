"""Films and sounds: how long they are, and one picture of a film. Needs ffmpeg."""

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


class _Probed(msgspec.Struct):
    format: _Format
    streams: list[_Stream] = []


def available() -> bool:
    """Whether this machine has what it takes."""
    return shutil.which(FFMPEG) is not None and shutil.which(PROBE) is not None


def film(folder: Path, media_type: str) -> Answer:
    """How long a film is, and a picture of its first second; raises for what is none."""
    probed = _probe(folder, media_type)
    if not any(stream.codec_type == "video" for stream in probed.streams):
        return Answer(seen=True, duration_ms=_duration(probed))
    scale = f"scale=w={PREVIEW}:h={PREVIEW}:force_original_aspect_ratio=decrease"
    _run(
        *(FFMPEG, *_FENCED, "-y", "-threads", "1", "-f", _DEMUXERS[media_type]),
        *("-i", str(folder / CONTENT), "-map", "0:v:0", "-frames:v", "1", "-vf", scale),
        *("-f", "image2", "-c:v", "png", str(folder / _POSTER)),
    )
    poster = pictures.read_page(folder / _POSTER)
    answer = pictures.describe(folder, poster, poster.size, None)
    return msgspec.structs.replace(answer, duration_ms=_duration(probed))


def sound(folder: Path, media_type: str) -> Answer:
    """How long a sound is; raises for what is none."""
    return Answer(seen=True, duration_ms=_duration(_probe(folder, media_type)))


def _probe(folder: Path, media_type: str) -> _Probed:
    found = _run(
        *(PROBE, *_FENCED, "-of", "json", "-show_entries", "format=duration:stream=codec_type"),
        *("-f", _DEMUXERS[media_type], str(folder / CONTENT)),
    )
    return msgspec.json.decode(found, type=_Probed)


def _duration(probed: _Probed) -> int | None:
    try:
        found = round(float(probed.format.duration) * 1000)
    except ValueError:
        return None
    return found if 0 < found <= MAX_DURATION_MS else None


def _run(*command: str) -> bytes:
    # Within the limits of this process, which its children inherit.
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=True)  # noqa: S603
    return done.stdout
