"""Our own style sheet, scripts and pictures, under names that change with their content."""

import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from participa.web.encoding import takes_gzip
from participa.web.refusals import NotFound

WORKER = "sw.js"
# A quarter of our scripts are notes and room for who reads them here: nobody's telephone has to
# get them. No text of theirs goes over a line, and no note stands behind code.
_NOTES = re.compile(
    rb"^[ \t]*(?:/\*\*(?:(?!\*/).)*\*/|//[^\n]*)?[ \t]*\n|/\*\* @type [^*\n]*\*/ ?"
    rb"|^[ \t]+|(?<=[;{,])\n",
    re.DOTALL | re.MULTILINE,
)
_FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file read once at start, compressed once too; there are few and they are small."""

    content: bytes
    packed: bytes | None
    media_type: str

    def answer(self, request: Request, cache_control: str) -> Response:
        """Answer with the file, compressed for who takes that."""
        headers = {"Cache-Control": cache_control, "Vary": "Accept-Encoding"}
        if self.packed is None or not takes_gzip(request.headers):
            return Response(self.content, headers=headers, media_type=self.media_type)
        headers["Content-Encoding"] = "gzip"
        return Response(self.packed, headers=headers, media_type=self.media_type)


class StaticFolder:
    """Serves files as /static/<digest>/<name>, to be kept for ever.

    The digest is the whole folder's, so that scripts find each other by their plain names.
    """

    def __init__(self, folder: Path) -> None:
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        self._files = {path.relative_to(folder).as_posix(): _read(path) for path in files}
        whole = hashlib.sha256()
        for name, file in self._files.items():
            whole.update(name.encode() + b"\0" + file.content + b"\0")
        self._digest = whole.hexdigest()[:12]

    def url(self, name: str) -> str:
        """Give the address of a file; raises KeyError for one that is not there."""
        if name not in self._files:
            raise KeyError(name)
        return f"/static/{self._digest}/{name}"

    async def serve(self, request: Request) -> Response:
        """Answer with the file, or say that there is none."""
        digest, _slash, name = request.path_params["path"].partition("/")
        file = self._files.get(name) if digest == self._digest else None
        if file is None:
            raise NotFound
        return file.answer(request, _FOR_EVER)

    async def serve_worker(self, request: Request) -> Response:
        """Answer with the service worker: only from the root may it look after every page."""
        return self._files[WORKER].answer(request, "no-cache")


def _read(path: Path) -> StaticFile:
    content = path.read_bytes()
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    if kind.endswith("javascript"):
        content = _NOTES.sub(b"", content)
    is_text = kind.startswith("text/") or kind.endswith(("javascript", "xml"))
    packed = gzip.compress(content, 9, mtime=0) if is_text else None
    return StaticFile(content, packed, f"{kind}; charset=utf-8" if is_text else kind)
