"""Our own style sheet, scripts and pictures, under names that change with their content."""

import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from participa.web.refusals import NotFound


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file read once at start; there are few and they are small."""

    content: bytes
    media_type: str


class StaticFolder:
    """Serves each file as /static/<digest>/<name>, to be kept for ever."""

    def __init__(self, folder: Path) -> None:
        self._files: dict[str, StaticFile] = {}
        self._urls: dict[str, str] = {}
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                self._add(path.relative_to(folder).as_posix(), path)

    def _add(self, name: str, path: Path) -> None:
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()[:12]
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        text = kind.startswith("text/") or kind.endswith(("javascript", "xml"))
        media_type = f"{kind}; charset=utf-8" if text else kind
        self._files[f"{digest}/{name}"] = StaticFile(content, media_type)
        self._urls[name] = f"/static/{digest}/{name}"

    def url(self, name: str) -> str:
        """Give the address of a file; raises KeyError for one that is not there."""
        return self._urls[name]

    async def serve(self, request: Request) -> Response:
        """Answer with the file, or say that there is none."""
        file = self._files.get(request.path_params["path"])
        if file is None:
            raise NotFound
        headers = {"Cache-Control": "public, max-age=31536000, immutable"}
        return Response(file.content, media_type=file.media_type, headers=headers)
