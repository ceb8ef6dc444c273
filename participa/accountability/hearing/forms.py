"""What arrives from the pages of a hearing, as typed values or messages beside the fields."""

from collections.abc import Collection, Sequence
from datetime import datetime, tzinfo
from urllib.parse import urlsplit

from participa.accountability.hearing.calling import Called
from participa.accountability.hearing.desk import CHANNELS, Answered
from participa.accountability.hearing.rules import (
    MAX_DURATION,
    MAX_LINK,
    MAX_NOTE,
    MAX_SEATS,
    NEEDS,
    Mode,
    Registering,
    read_minute,
)
from participa.deliberation.forms import Data
from participa.deliberation.rules import MAX_BODY, MAX_TITLE
from participa.i18n import _
from participa.kit.names import without_controls
from participa.web.forms import Form

NEED_FIELDS = tuple(f"need_{name}" for name in NEEDS)
REGISTER_FIELDS = ("mode", "note", *NEED_FIELDS)
OTHER_FIELDS = ("name", "channel", *REGISTER_FIELDS)
CALL_FIELDS = (
    "title", "summary", "place", "on", "at", "minutes", "seats", "team", "stream_url",
    "survey_url", "office",
)  # fmt: skip
ANSWER_FIELDS = ("office", "body", "second")
RECORD_FIELDS = ("title", "body", "channel")
RECORDING_FIELDS = ("recording_url", "captions", "file")
SHORTEST = 30
# Captions of eight hours take less than one.
CAPTION_BYTES = 2 * 1024 * 1024


def read_registering(form: Form) -> Registering | None:
    """Read how somebody takes part and what they need; None with the messages."""
    mode = form.choice("mode", tuple(Mode), required=_("Diga cómo va a participar."))
    note = " ".join(without_controls(form.text("note", longest=MAX_NOTE)).split())
    needs = tuple(name for name in NEEDS if form.checked(f"need_{name}"))
    if form.has_errors or mode is None:
        return None
    return Registering(mode, needs, note)


def registering_values(said: Registering) -> dict[str, str]:
    """Give what was said as the form holds it."""
    needs = {f"need_{name}": "1" for name in said.needs}
    return {"mode": said.mode, "note": said.note, **needs}


def read_other(form: Form) -> tuple[str, str, Registering | None]:
    """Read whom the desk writes down: name, channel and what they need.

    The channel is telephone or paper, or `door` for who is there.
    """
    typed = form.text("name", required=_("Escriba el nombre."), longest=120)
    name = " ".join(without_controls(typed).split())
    channel = form.choice("channel", ("door", *CHANNELS), required=_("Diga cómo se inscribió."))
    return name, channel or "", read_registering(form)


def read_called(form: Form, offices: Collection[int], zone: tzinfo) -> Called | None:
    """Read what a session is called with; None with the messages."""
    title = _line(form, "title", required=True, longest=MAX_TITLE)
    summary = form.text("summary", longest=MAX_BODY)
    place = form.text("place", required=_("Diga dónde se hace."), longest=500)
    held_at = _moment(form, zone)
    minutes = _number(form, "minutes", SHORTEST, MAX_DURATION) or 180
    seats = _number(form, "seats", 1, MAX_SEATS)
    stream_url = _link(form, "stream_url")
    survey_url = _survey(form)
    office = form.number("office")
    if office is not None and office not in offices:
        form.fail("office", _("Elija una de las dependencias."))
    team = _line(form, "team", required=False, longest=MAX_LINK)
    if form.has_errors or held_at is None:
        return None
    return Called(
        title, summary, place, held_at, minutes, seats, team, stream_url, survey_url, office
    )


def _line(form: Form, name: str, *, required: bool, longest: int) -> str:
    words = _("Escriba el título.") if required else None
    typed = form.text(name, required=words, longest=longest)
    return " ".join(without_controls(typed).split())


def _moment(form: Form, zone: tzinfo) -> datetime | None:
    day = form.text("on", required=_("Elija el día."))
    hour = form.text("at", required=_("Escriba la hora, por ejemplo 08:00."))
    try:
        return datetime.strptime(f"{day} {hour}", "%Y-%m-%d %H:%M").replace(tzinfo=zone)
    except ValueError:
        if day and hour:
            form.fail("on", _("Escriba el día como 2027-03-15 y la hora como 08:00."))
        return None


def _number(form: Form, name: str, least: int, most: int) -> int | None:
    value = form.number(name)
    if value is not None and not least <= value <= most:
        form.fail(name, _("Escriba un número entre {least} y {most}.", least=least, most=most))
    return value


def _link(form: Form, name: str) -> str:
    """Read an address of the web; nothing else may stand behind a link of ours."""
    typed = form.text(name, longest=MAX_LINK)
    if not typed:
        return ""
    try:
        parts = urlsplit(typed)
    except ValueError:
        parts = urlsplit("")
    blank = any(ch.isspace() or not ch.isprintable() for ch in typed)
    if blank or parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
        form.fail(name, _("Escriba la dirección completa, que empieza por https://"))
    return typed


def _survey(form: Form) -> str:
    """Read the page of a survey of this site, written whole or only as its path."""
    typed = form.text("survey_url", longest=MAX_LINK)
    if not typed:
        return ""
    path = urlsplit(typed).path if "://" in typed else typed
    number = path.removeprefix("/encuestas/").rstrip("/")
    if not (path.startswith("/encuestas/") and number.isascii() and number.isdigit()):
        form.fail("survey_url", _("Pegue la dirección de una encuesta de este sitio."))
        return ""
    return f"/encuestas/{int(number)}"


def read_answer(data: Data, offices: Sequence[str]) -> tuple[Answered | None, Form]:
    """Read what an office answered aloud."""
    form = Form(data, fields=ANSWER_FIELDS)
    office = form.choice("office", offices, required=_("Elija la dependencia que respondió."))
    text = form.text("body", required=_("Escriba qué se respondió."), longest=MAX_BODY)
    typed = form.text("second", longest=10)
    second = read_minute(typed) if typed else None
    if typed and second is None:
        form.fail("second", _("Escriba el minuto de la grabación, por ejemplo 42:10."))
    if form.has_errors or office is None:
        return None, form
    return Answered(office, text, second), form


def read_recorded(data: Data) -> tuple[str, str, str, Form]:
    """Read a question that came by telephone or on paper: its line, its details, its channel."""
    form = Form(data, fields=RECORD_FIELDS)
    typed = form.text("title", required=_("Escriba la pregunta."), longest=MAX_TITLE)
    title = " ".join(without_controls(typed).split())
    body = form.text("body", longest=MAX_BODY)
    channel = form.choice("channel", CHANNELS, required=_("Diga cómo llegó la pregunta."))
    return title, body or title, channel or "", form


async def read_captions_of(form: Form) -> str:
    """Read the captions of a form: those of its file, else those that were pasted."""
    upload = form.files.get("file")
    if upload is None or not upload.filename:
        return form.text("captions", longest=CAPTION_BYTES)
    data = await upload.read(CAPTION_BYTES + 1)
    if len(data) > CAPTION_BYTES:
        form.fail("file", _("El archivo pesa más de {most} MB.", most=CAPTION_BYTES // 1024**2))
        return ""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        form.fail("file", _("El archivo no está en UTF-8: guárdelo así y escójalo otra vez."))
        return ""


def read_recording(form: Form, *, has_file: bool) -> str:
    """Read where the recording is; it need not be anywhere else where its file is here."""
    url = _link(form, "recording_url")
    if not url and not has_file and "recording_url" not in form.errors:
        form.fail("recording_url", _("Pegue la dirección de la grabación."))
    return url
