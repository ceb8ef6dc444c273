"""The address of a file: whoever it belongs to is asked at every request."""

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from participa.accounts.guard import page
from participa.accounts.permissions import Action
from participa.features import Features
from participa.files.forms import store_of
from participa.files.models import StoredFile
from participa.files.rules import TYPES, address_name
from participa.web.context import context
from participa.web.refusals import NotFound

# Whatever a browser may find in it: no script, no form, no page around it (T24).
SANDBOX = "default-src 'none'; sandbox"
# Opened by itself a recording is played in a page that the browser makes around it.
PLAYED = "default-src 'none'; media-src 'self'; sandbox allow-same-origin"


async def send_file(request: Request) -> Response:
    """Send a file to who may read what it is attached to; for all others it is not there."""
    ctx = context(request)
    rows = StoredFile.of(ctx.entity.id).filter(id=request.path_params["id"], removed_at=None)
    row = await rows.first()
    if row is None:
        raise NotFound
    features: Features = request.app.state.features
    is_public = row.is_public and row.hidden_at is None
    for_all = await features.file_owner(row.owner_kind)(request, row.owner_id, is_public)
    kind = TYPES[row.media_type]
    name = address_name(row.name, kind)
    if request.path_params["name"] != name:
        raise NotFound
    how = "inline" if kind.is_picture or kind.is_played else "attachment"
    headers = {
        "Content-Security-Policy": PLAYED if kind.is_played else SANDBOX,
        "Content-Disposition": f'{how}; filename="{name}"',
        "Cache-Control": "public, no-cache" if for_all else "private, no-store",
        "ETag": f'"{row.digest}"',
    }
    if for_all and request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    path = store_of(ctx.settings).path(row.digest)
    if not path.is_file():
        raise NotFound
    return FileResponse(path, headers=headers, media_type=kind.media_type)


ROUTES = [page("/archivos/{id:int}/{name}", send_file, action=Action.READ)]
