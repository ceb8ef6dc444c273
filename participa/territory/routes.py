"""Addresses of territory: contributions by place, and the officials' page to load a map."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import actor_of, entity_target, page, require
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action
from participa.deliberation.models import Contribution
from participa.deliberation.pages import crumbs
from participa.deliberation.views import author_name, excerpt
from participa.i18n import Text, _
from participa.kit.html import plain_text
from participa.processes.queries import schedule_by_slug
from participa.security.limits import POST
from participa.territory.geojson import MAX_FILE_BYTES, MAX_FILE_WORDS, AreasRefused
from participa.territory.importing import Result, import_map
from participa.territory.picking import PICTURE_URL, picture_values
from participa.territory.queries import BY_WORDS, PAGE_SIZE, By, Place, areas_of, counts_in, said_in
from participa.territory.rules import KINDS, kind_words
from participa.territory.views import list_view, map_view
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import with_query
from participa.web.refusals import NotFound
from participa.web.templating import Reader, pages_of, render

FIELDS = ("file", "kind", "name_field", "do")
IMPORT_URL = "/gestion/territorio"
_LONGEST_ID = 9


@dataclass(frozen=True, slots=True)
class SaidView:
    """A contribution in the list of an area."""

    url: str
    title: str
    excerpt: str
    author_name: str | Text
    created_at: datetime
    support_count: int


def places_url(slug: str) -> str:
    """Give the page of a process's contributions by place."""
    return f"/procesos/{slug}/lugares"


async def places(request: Request) -> Response:
    """Show how much was said about each area and, with `lugar`, what."""
    ctx, query = context(request), request.query_params
    schedule = await schedule_by_slug(ctx.entity.id, request.path_params["slug"])
    require(request, Action.READ, schedule.target)
    process = schedule.process
    by = By.LIVES if query.get("por") == By.LIVES else By.ABOUT
    found = await areas_of(ctx.entity.id)
    current = _chosen(found, query.get("lugar", ""))
    counts = await counts_in(ctx.entity.id, process.id, by, found)
    url = with_query(places_url(process.slug), por=by if by is By.LIVES else None)
    urls = {each.id: f"{with_query(url, lugar=each.id)}#dicho" for each in found}
    chosen_id = current.id if current else None
    values = {
        "process_title": process.title,
        "by": [_by_link(process.slug, chosen_id, each, by) for each in By],
        "map": map_view(found, counts.totals, urls, chosen_id),
        "areas": list_view(found, counts.by_area, urls, chosen_id),
        "placed": counts.placed,
        "elsewhere": counts.elsewhere,
        "all_url": url if current else None,
        "chosen": None,
        "chosen_kind": kind_words(current.kind) if current else "",
        **_no_page(),
    }
    if current is not None:
        values["chosen"] = current.name
        values |= await _said(
            ctx.entity.id, process.id, by, found, current, url, query.get("desde", "")
        )
    return render(request, "territory/places.html", places=values, crumbs=crumbs(process))


def _no_page() -> dict[str, object]:
    return {"said": (), "first_url": None, "next_url": None}


def _by_link(slug: str, chosen: int | None, each: By, by: By) -> tuple[str, Text, bool]:
    por = each if each is By.LIVES else None
    return with_query(places_url(slug), por=por, lugar=chosen), BY_WORDS[each], each is by


def _chosen(found: Sequence[Place], words: str) -> Place | None:
    """Find the area asked for. Refuses with NotFound one that is not there."""
    if not words:
        return None
    current = next((each for each in found if str(each.id) == words), None)
    if current is None:
        raise NotFound
    return current


async def _said(
    entity_id: int,
    process_id: int,
    by: By,
    found: Sequence[Place],
    current: Place,
    url: str,
    start: str,
) -> dict[str, object]:
    inside = [each.id for each in found if current.id in {each.id, each.parent_id}]
    is_number = start.isascii() and start.isdigit() and len(start) <= _LONGEST_ID
    before = int(start) if is_number else None
    rows = await said_in(entity_id, process_id, by, inside, before)
    here = with_query(url, lugar=current.id)
    following = rows[PAGE_SIZE:]
    return {
        "said": [_said_view(row) for row in rows[:PAGE_SIZE]],
        "first_url": f"{here}#dicho" if before is not None else None,
        "next_url": f"{with_query(here, desde=following[0].id)}#dicho" if following else None,
    }


def _said_view(row: Contribution) -> SaidView:
    return SaidView(
        url=f"/aportes/{row.receipt_number}",
        title=row.thread.title,
        excerpt=excerpt(plain_text(row.body_html)),
        author_name=row.office or author_name(row),
        created_at=row.created_at,
        support_count=row.support_count,
    )


async def importing(request: Request) -> Response:
    """Show an official the form to load a map of the entity's areas."""
    require(request, Action.IMPORT, entity_target(request))
    return await _show_importing(request, Form({"kind": "vereda"}, fields=FIELDS))


async def import_file(request: Request) -> Response:
    """Try or store the map sent, and tell what was found."""
    require(request, Action.IMPORT, entity_target(request))
    form = Form(form_data(request), fields=FIELDS)
    kind = form.choice("kind", tuple(KINDS), required=_("Elija una de las opciones."))
    name_field = form.text("name_field", longest=60)
    data = await _file(form)
    result = None
    if data is not None and kind is not None and not form.has_errors:
        ctx = context(request)
        try:
            result = await import_map(
                data, entity_id=ctx.entity.id, now=ctx.now, kind=kind, name_field=name_field,
                is_trial=form.values["do"] != "import", actor=actor_of(request),
            )  # fmt: skip
        except AreasRefused as refusal:
            form.fail("file", refusal.title)
    return await _show_importing(request, form, result)


async def _file(form: Form) -> bytes | None:
    upload = form.files.get("file")
    if upload is None or not upload.filename:
        form.fail("file", _("Escoja el archivo."))
        return None
    return await upload.read(MAX_FILE_BYTES + 1)


async def _show_importing(request: Request, form: Form, result: Result | None = None) -> Response:
    ctx = context(request)
    known = await areas_of(ctx.entity.id)
    is_wrong = form.has_errors or (result is not None and result.is_refused)
    return render(
        request,
        "territory/import.html",
        status=422 if is_wrong else 200,
        importing={
            "url": IMPORT_URL,
            "max_size": MAX_FILE_WORDS,
            "kinds": list(KINDS.items()),
            "result": result,
            "was_sent": request.method == "POST",
            "known_count": len(known),
            "map": map_view(known, {}, {}) if result is None else None,
        },
        form=form,
        crumbs=[("/gestion", _("Gestión"))],
    )


async def picture(request: Request) -> Response:
    """Send the map as an image, of the municipality or close to an area, with a point or not."""
    ctx = context(request)
    values = picture_values(await areas_of(ctx.entity.id), request.query_params)
    if values is None:
        raise NotFound
    pages, reader = pages_of(request), Reader(ctx.entity, ctx.locale)
    svg = pages.fragment(reader, "territory/picture.svg", {"picture": values})
    headers = {"Cache-Control": "no-cache"}
    return Response(svg, media_type="image/svg+xml", headers=headers)


ROUTES = [
    page("/procesos/{slug}/lugares", places, action=Action.READ),
    page(PICTURE_URL, picture, action=Action.SEE_SITE, on_entity=True),
    page(IMPORT_URL, importing, action=Action.IMPORT),
    page(IMPORT_URL, import_file, action=Action.IMPORT, methods=("POST",), limit=POST,
         body_bytes=MAX_FILE_BYTES + 512 * 1024),
]  # fmt: skip
