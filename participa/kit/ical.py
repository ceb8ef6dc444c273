"""Calendar files that any telephone or programme reads: iCalendar (RFC 5545), nothing else."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

# A line holds so many bytes; the rest goes on the next one, after a space (section 3.1).
_LINE_BYTES = 75


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """Something at an hour. `uid` never changes, so that a later file moves the same entry.

    `revision` grows with each change.
    """

    uid: str
    title: str
    starts_at: datetime
    ends_at: datetime
    changed_at: datetime
    place: str = ""
    description: str = ""
    url: str = ""
    revision: int = 0


def calendar_file(name: str, events: Iterable[CalendarEvent]) -> bytes:
    """Write a calendar with its events."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Participa//ES",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escaped(name)}",
    ]
    for event in events:
        lines += _event(event)
    lines.append("END:VCALENDAR")
    return "".join(_folded(line) for line in lines).encode()


def _event(event: CalendarEvent) -> list[str]:
    texts = (
        ("SUMMARY", event.title),
        ("LOCATION", event.place),
        ("DESCRIPTION", event.description),
    )
    return [
        "BEGIN:VEVENT",
        f"UID:{_escaped(event.uid)}",
        f"DTSTAMP:{_stamp(event.changed_at)}",
        f"DTSTART:{_stamp(event.starts_at)}",
        f"DTEND:{_stamp(event.ends_at)}",
        f"SEQUENCE:{event.revision}",
        *(f"{name}:{_escaped(text)}" for name, text in texts if text),
        *([f"URL:{event.url}"] if event.url else []),
        "END:VEVENT",
    ]


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    for plain, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r", ""), ("\n", "\\n")):
        text = text.replace(plain, written)
    return text


def _folded(line: str) -> str:
    """Break a line by bytes, never inside a letter."""
    parts, room = [""], _LINE_BYTES
    for letter in line:
        size = len(letter.encode())
        if size > room:
            parts.append(" ")
            room = _LINE_BYTES - 1
        parts[-1] += letter
        room -= size
    return "\r\n".join(parts) + "\r\n"
