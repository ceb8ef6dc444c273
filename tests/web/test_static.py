"""Static files: kept for ever under one digest, compressed once, as small as they can be."""

import gzip
import re
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import Response

from participa.settings import PACKAGE
from participa.web.refusals import NotFound
from participa.web.static import StaticFolder

FOLDER = PACKAGE / "web" / "static"
# For those who moderate or sign out, for the page of opinion groups, and for the checker.
NOT_A_READERS = {
    "tools.js", "leaving.js", "groups.js", "parts.js", "hearing.js", "types.js", "answering.js",
    "playing.js",
}  # fmt: skip


def _asking(path: str, encoding: str = "gzip, br") -> Request:
    headers = [(b"accept-encoding", encoding.encode())]
    return Request({"type": "http", "headers": headers, "path_params": {"path": path}})


async def _served(folder: StaticFolder, name: str, encoding: str = "gzip, br") -> Response:
    path = folder.url(name).removeprefix("/static/")
    return await folder.serve(_asking(path, encoding))


async def test_scripts_find_each_other() -> None:
    """What a script imports by its plain name is served beside it."""
    folder = StaticFolder(FOLDER)
    for script in FOLDER.glob("*.js"):
        for name in re.findall(r'(?:from|import\() ?"\./([^"]+)"', script.read_text()):
            assert (FOLDER / name).is_file(), (script.name, name)
            assert folder.url(name).rpartition("/")[0] == folder.url(script.name).rpartition("/")[0]


async def test_files_are_compressed_once_for_who_takes_that() -> None:
    """The gzip form and the plain one say the same, may be kept for ever and do not get mixed."""
    folder = StaticFolder(FOLDER)
    packed, plain = await _served(folder, "app.css"), await _served(folder, "app.css", "identity")
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert gzip.decompress(packed.body) == plain.body
    for answer in (packed, plain):
        assert answer.headers["vary"] == "Accept-Encoding"
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["content-type"] == "text/css; charset=utf-8"


async def test_t19_another_folders_digest_gives_nothing() -> None:
    """An old address never answers with new content, which would be kept for ever."""
    folder = StaticFolder(FOLDER)
    for path in ("000000000000/app.css", "app.css", "/app.css", "../static.py", ""):
        with pytest.raises(NotFound):
            await folder.serve(_asking(path))


def test_a_change_anywhere_changes_every_address(tmp_path: Path) -> None:
    """A script that imports another gets the one it was written for."""
    (tmp_path / "one.js").write_text('import "./two.js";\n')
    (tmp_path / "two.js").write_text("1;\n")
    before = StaticFolder(tmp_path).url("one.js")
    (tmp_path / "two.js").write_text("2;\n")
    assert StaticFolder(tmp_path).url("one.js") != before


async def test_the_worker_is_asked_for_each_time() -> None:
    """The service worker has one address for ever, so it is never kept without asking."""
    answer = await StaticFolder(FOLDER).serve_worker(_asking(""))
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-type"].startswith("text/javascript")


async def test_notes_stay_here(tmp_path: Path) -> None:
    """Comments and needless room are not sent; what only looks like a comment is."""
    script = (
        "/**\n * Note.\n * @param {string} a\n */\nconst a = '/** kept */ // kept';\n\n  // Note.\n"
        "const b = /** @type {any} */ (a); // kept\n/** @type {number} */\n"
        "  const c = /^\\/\\*\\*/;\n"
    )
    (tmp_path / "a.js").write_text(script)
    answer = await _served(StaticFolder(tmp_path), "a.js", "")
    left = "const a = '/** kept */ // kept';const b = (a); // kept\nconst c = /^\\/\\*\\*/;"
    assert bytes(answer.body).decode() == left


def test_room_has_no_meaning() -> None:
    """No text goes over a line and no note stands behind code: leaving room out changes nothing."""
    for path in FOLDER.glob("*.js"):
        lines = path.read_text(encoding="utf-8").split("\n")
        assert not [line for line in lines if line.count("`") % 2], path.name
        assert not [line for line in lines if re.search(r"[;{,)] +//", line)], path.name


async def test_all_scripts_of_a_reader_are_light() -> None:
    """All of our scripts that the reader of a thread may ever load is under 15 kB on the wire."""
    folder = StaticFolder(FOLDER)
    names = {path.name for path in FOLDER.glob("*.js")} - NOT_A_READERS
    sizes = [len((await _served(folder, name)).body) for name in names]
    assert sum(sizes) < 15_000
