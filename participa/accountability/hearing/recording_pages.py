"""The recording of a session: what was said when, and the minute of each answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from starlette.requests import Request
from starlette.responses import Response

from participa.accountability.hearing.captions import Cue, read_captions
from participa.accountability.hearing.finding import found_session
from participa.accountability.hearing.models import Captions
from participa.accountability.hearing.playing import recording_of
from participa.accountability.hearing.rows import QuestionRow, question_rows
from participa.accountability.hearing.rules import minute_text
from participa.accountability.models import AccountabilitySession
from participa.accountability.queries import session_target
from participa.accounts.guard import page
from participa.accounts.permissions import Action
from participa.web.context import context
from participa.web.refusals import NotFound
from participa.web.templating import render

_BY_QUERY = ("youtube.com", "youtu.be")
# Lines shorter than this together make a paragraph of the transcript, in milliseconds.
PARAGRAPH = 60_000


@dataclass(frozen=True, slots=True)
class Passage:
    """A minute or so of the transcript."""

    id: str
    mark: str
    url: str
    words: str


def moment_url(url: str, second: int) -> str:
    """Give the address of a moment of a recording.

    Two great sites take it in the query; files, and others, as a media fragment (W3C).
    """
    if not url:
        return ""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    if host in _BY_QUERY:
        query = [(name, value) for name, value in parse_qsl(parts.query) if name != "t"]
        return urlunsplit(parts._replace(query=urlencode([*query, ("t", f"{second}s")])))
    return urlunsplit(parts._replace(fragment=f"t={second}"))


def passages(cues: Sequence[Cue], url: str, starts: Sequence[int] = ()) -> list[Passage]:
    """Join captions into passages of about a minute, a new one at each of `starts` (seconds)."""
    found: list[list[Cue]] = []
    marks = sorted(start * 1000 for start in starts)
    for cue in cues:
        begins = not found or cue.start - found[-1][0].start >= PARAGRAPH
        crossed = bool(found) and any(found[-1][0].start < mark <= cue.start for mark in marks)
        if begins or crossed:
            found.append([])
        found[-1].append(cue)
    return [_passage(each, url) for each in found]


def _passage(cues: Sequence[Cue], url: str) -> Passage:
    second = cues[0].start // 1000
    words = " ".join(cue.words for cue in cues)
    return Passage(f"t{second}", minute_text(second), moment_url(url, second), words)


async def recording(request: Request) -> Response:
    """Show where the recording is, the minute of each answer and the transcript."""
    found = await found_session(request, Action.READ)
    session = found.session
    captions = await _captions(session)
    file = await recording_of(session)
    url = file.url if file is not None else session.recording_url
    if not url and captions is None:
        raise NotFound
    rows = await question_rows(session.entity_id, session.id)
    marked = sorted((row for row in rows if row.second is not None), key=_second)
    return render(
        request,
        "accountability/hearing/recording.html",
        recording={
            "title": session.title,
            "file": file,
            "is_watched": file is not None and file.media_type.startswith("video/"),
            "locale": context(request).entity.locale,
            "url": session.recording_url,
            "host": urlsplit(session.recording_url).hostname or "",
            "marks": [
                (minute_text(_second(row)), moment_url(url, _second(row)), row) for row in marked
            ],
            "passages": passages(
                read_captions(captions.vtt) if captions else (),
                url,
                [_second(row) for row in marked],
            ),
            "captions_url": f"{found.url}/subtitulos.vtt" if captions else "",
        },
        crumbs=found.crumbs,
    )


def _second(row: QuestionRow) -> int:
    return row.second or 0


async def _captions(session: AccountabilitySession) -> Captions | None:
    return await Captions.of(session.entity_id).filter(session_id=session.id).first()


async def captions_file(request: Request) -> Response:
    """Send the captions."""
    found = await found_session(request, Action.READ)
    captions = await _captions(found.session)
    if captions is None:
        raise NotFound
    is_public = session_target(found.session).is_public
    return Response(
        captions.vtt,
        media_type="text/vtt; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="subtitulos-{found.session.id}.vtt"',
            "Cache-Control": "public, no-cache" if is_public else "private, no-store",
        },
    )


RECORDING_ROUTES = [
    page("/rendicion-de-cuentas/{id:int}/grabacion", recording, action=Action.READ),
    page("/rendicion-de-cuentas/{id:int}/subtitulos.vtt", captions_file, action=Action.READ),
]
