"""Captions of a recording: reading a WebVTT file into what was said when. No I/O.

Only text and times are kept (W3C WebVTT: cues); styles, regions and notes are passed over.
"""

import html
import re
from dataclasses import dataclass

from participa.i18n import Text, _

MAX_CUES, MAX_CUE = 20_000, 1_000
_TIME = re.compile(r"(?:(\d{1,3}):)?([0-5]\d):([0-5]\d)[.,](\d{3})")
_ARROW = re.compile(r"^\s*(\S+)\s+-->\s+(\S+)")
_SPEAKER = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]+)>")
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Cue:
    """Words and the moments, in milliseconds of the recording, between which they are spoken."""

    start: int
    end: int
    words: str


class NotCaptions(ValueError):
    """What is no WebVTT, with what to do about it as its text."""

    def __init__(self, reason: Text) -> None:
        super().__init__(str(reason))
        self.reason = reason


def read_captions(text: str) -> list[Cue]:
    """Read a WebVTT file. Raises NotCaptions, naming the line, for what cannot be read."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not lines[0].split(" ")[0].split("\t")[0] == "WEBVTT":
        raise NotCaptions(_("El archivo no es de subtítulos WebVTT: su primera línea dice WEBVTT."))
    cues: list[Cue] = []
    at = 0
    while at < len(lines):
        arrow = _ARROW.match(lines[at])
        at += 1
        if arrow is None:
            continue
        start, end = _milliseconds(arrow[1]), _milliseconds(arrow[2])
        if start is None or end is None or end < start:
            raise NotCaptions(_("No se entiende la hora de la línea {line}.", line=at))
        said = []
        while at < len(lines) and lines[at].strip():
            said.append(lines[at])
            at += 1
        cues.append(Cue(start, end, _words(" ".join(said))))
        if len(cues) > MAX_CUES:
            raise NotCaptions(_("Los subtítulos son demasiados: caben {most}.", most=MAX_CUES))
    if not cues:
        raise NotCaptions(_("El archivo no trae ningún subtítulo."))
    return sorted((cue for cue in cues if cue.words), key=lambda cue: (cue.start, cue.end))


def _milliseconds(written: str) -> int | None:
    found = _TIME.fullmatch(written)
    if found is None:
        return None
    hours, minutes, seconds, rest = (int(part or 0) for part in found.groups())
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + rest


def _words(said: str) -> str:
    named = _SPEAKER.sub(lambda found: f"{found[1].strip()}: ", said)
    return " ".join(html.unescape(_TAG.sub("", named)).split())[:MAX_CUE]


def written(cues: list[Cue]) -> str:
    """Write cues as WebVTT, with nothing in them but words."""
    parts = ["WEBVTT\n"]
    for cue in cues:
        words = cue.words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        parts.append(f"{_stamp(cue.start)} --> {_stamp(cue.end)}\n{words}\n")
    return "\n".join(parts)


def _stamp(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{rest:03}"
