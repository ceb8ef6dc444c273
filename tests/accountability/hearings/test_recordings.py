"""The recording of a session as a file: what is taken, who plays it, its minutes."""

from pathlib import Path

import pytest

from participa.accountability.hearing import desk
from participa.accountability.hearing.playing import recording_of, take_recording_off
from participa.files import rules
from participa.files.models import StoredFile
from participa.files.rules import MP3, MP4, OGG, WEBM, FileType, recording_type_of, type_of
from participa.files.store import Store
from tests.accountability.hearing import asked, call
from tests.accountability.hearings.staging import WORKS, office
from tests.files.making import paper, picture
from tests.people import NOW, Municipality
from tests.visitors import Visitor, Web, page_text

only_sqlite = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
PAGE, SEND = "/rendicion-de-cuentas/1/grabacion", "/gestion/audiencias/1/grabacion/archivo"
SOUND = b"ID3\x04" + bytes(range(256)) * 20
FILM = b"\0\0\0\x20ftypisom" + bytes(500)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (SOUND, MP3),
        (b"\xff\xfb\x90\x64" + bytes(60), MP3),
        (b"OggS" + bytes(24) + b"OpusHead", OGG),
        (b"OggS" + bytes(24) + b"\x01vorbis", OGG),
        (b"\0\0\0\x1cftypM4A " + bytes(20), rules.M4A),
        (FILM, MP4),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webmB\x87", WEBM),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x88matroska", None),
        (b"OggS" + bytes(24) + b"\x80theora", None),
        (b"\0\0\0\x1cftypheic" + bytes(20), None),
        (b"\xff\xf8\x90\x64" + bytes(60), None),
        (b"\xff\xfb\xf0\x64" + bytes(60), None),
        (b"<html><script>alert(1)</script>ID3", None),
        (b" " + SOUND, None),
        (b"\xff", None),
        (b"", None),
        (picture("JPEG"), None),
        (paper(), None),
    ],
)
def test_the_first_bytes_say_which_recording_it_is(data: bytes, kind: FileType | None) -> None:
    """Not its name; a recording is no document, and a document no recording."""
    assert recording_type_of(data[: rules.HEAD_BYTES]) == kind
    if kind is not None:
        assert type_of(data) is None


def test_a_large_file_is_kept_as_a_small_one(tmp_path: Path) -> None:
    """Piece by piece, from wherever it was read to; once, under the same digest."""
    store, data = Store(tmp_path / "kept"), SOUND * 500
    (tmp_path / "sent").write_bytes(data)
    with (tmp_path / "sent").open("rb") as source:
        source.seek(64)
        digest = store.keep_from(source)
    assert store.path(digest).read_bytes() == data
    assert store.keep(data) == digest
    assert len(list((tmp_path / "kept").glob("??/*"))) == 1


async def _send(who: Visitor, data: bytes, name: str = "Audiencia 2026.html") -> int:
    answer = await who.post(SEND, {}, files={"media": (name, data, "text/html")})
    return answer.status_code


@only_sqlite
async def test_a_recording_is_played_in_parts_at_the_minute(town: Municipality, web: Web) -> None:
    """Sent by an official, by its true type, without script; minutes and captions lead to it."""
    session = await call(town)
    await office(town)
    question = await asked(town.ana, session, "¿Y el puente?")
    said = desk.Answered(WORKS, "En marzo.", 95)
    await desk.answer(town.carmen, session.id, question.thread_id, said, now=NOW)
    diego, elsa = await web.visit(town.diego), await web.visit()
    assert await _send(diego, SOUND) == 303
    page = await elsa.get(PAGE)
    file = await recording_of(session)
    assert file is not None
    assert file.url.endswith("/audiencia-2026.mp3")
    assert f'<audio class="player" id="grabacion" controls preload="metadata" src="{file.url}"' in (
        page.text
    )
    assert "<track" not in page.text
    assert f'href="{file.url}#t=95"' in page.text
    assert "media-src 'self'" in page.headers["content-security-policy"]
    assert f'href="{file.url}#t=95"' in (await elsa.get(f"/hilos/{question.thread_id}")).text
    vtt = "WEBVTT\n\n00:01:30.000 --> 00:01:40.000\n¿Y el puente?\n"
    await diego.post("/gestion/audiencias/1/grabacion", {"recording_url": "", "captions": vtt})
    assert (
        '<track kind="captions" src="/rendicion-de-cuentas/1/subtitulos.vtt"'
        in (await elsa.get(PAGE)).text
    )
    whole = await elsa.get(file.url)
    assert whole.content == SOUND
    assert whole.headers["content-type"] == "audio/mpeg"
    assert whole.headers["accept-ranges"] == "bytes"
    assert whole.headers["x-content-type-options"] == "nosniff"
    policy = whole.headers["content-security-policy"]
    assert policy == "default-src 'none'; media-src 'self'; sandbox allow-same-origin"
    part = await elsa.get(file.url, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, SOUND[10:20])
    assert part.headers["content-range"] == f"bytes 10-19/{len(SOUND)}"
    etag = whole.headers["etag"]
    same = await elsa.get(file.url, headers={"Range": "bytes=-5", "If-Range": etag})
    assert (same.status_code, same.content) == (206, SOUND[-5:])
    other = await elsa.get(file.url, headers={"Range": "bytes=0-4", "If-Range": '"old"'})
    assert (other.status_code, len(other.content)) == (200, len(SOUND))
    beyond = await elsa.get(file.url, headers={"Range": f"bytes={len(SOUND)}-"})
    assert beyond.status_code == 416
    assert await _send(diego, FILM, "a.mp4") == 303
    assert '<video class="player"' in (await elsa.get(PAGE)).text
    assert (await elsa.get(file.url)).status_code == 404
    assert await StoredFile.filter(removed_at=None).count() == 1
    await take_recording_off(town.diego, session.id, now=NOW)
    assert 'class="player"' not in (await elsa.get(PAGE)).text


@only_sqlite
async def test_who_may_not_read_a_session_may_not_play_it(town: Municipality, web: Web) -> None:
    """A draft's recording is its officials'; others neither hear it nor send one."""
    session = await call(town, town.draft_process, title="Borrador")
    diego, elsa, ana = await web.visit(town.diego), await web.visit(), await web.visit(town.ana)
    for who in (elsa, ana):
        assert await _send(who, SOUND) == 404
    assert await StoredFile.all().count() == 0
    assert await _send(diego, SOUND) == 303
    file = await recording_of(session)
    assert file is not None
    assert (await diego.get(file.url)).headers["cache-control"] == "private, no-store"
    for who in (elsa, ana):
        assert (await who.get(file.url, headers={"Range": "bytes=0-4"})).status_code == 404


@only_sqlite
async def test_what_is_no_recording_is_told(town: Municipality, web: Web) -> None:
    """Beside the field, with nothing kept; too heavy a one too."""
    session = await call(town)
    diego = await web.visit(town.diego)
    answer = await diego.post(SEND, {}, files={"media": ("a.mp3", b"<script>", "audio/mpeg")})
    assert answer.status_code == 422
    assert "Escoja una grabación MP3" in page_text(answer)
    assert "Escoja el archivo" in page_text(await diego.post(SEND, {}))
    assert await recording_of(session) is None
