"""The pages of the menu: the public one, the self-check, one item, the open table."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from participa.accounts.guard import actor_of, entity_target, page, require
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action, can
from participa.deliberation.pages import features_of
from participa.i18n import Text, _
from participa.kit.csvs import write_rows
from participa.menu.items import BY_CODE, Item
from participa.menu.queries import MENU_URL, by_section, checked_menu, entry_of, offices_of
from participa.menu.rules import (
    MAX_REASON,
    MAX_TITLE,
    MAX_URL,
    MODES,
    STATUSES,
    Checked,
    Mode,
    counts,
)
from participa.menu.service import Said, set_entry
from participa.processes.views import Pill
from participa.security.limits import EXPORT, POST
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import see, with_query
from participa.web.refusals import NotFound
from participa.web.templating import render

DESK_URL = "/gestion/participa"
FIELDS = ("mode", "owner", "title", "url", "reason")
SHOWN = 5
HEADER = ("codigo", "item", "estado", "titulo", "enlace", "fecha", "dependencia", "razon")


async def menu(request: Request) -> Response:
    """Show what the entity publishes of the menu, and what it does not yet."""
    require(request, Action.SEE_SITE, entity_target(request))
    may_manage = can(actor_of(request), Action.MANAGE_PROCESS, entity_target(request))
    return render(
        request,
        "menu/menu.html",
        menu=await _menu(request),
        desk_url=DESK_URL if may_manage else "",
        csv_url=f"{MENU_URL}.csv",
        shown=SHOWN,
    )


async def _menu(request: Request) -> dict[str, object]:
    checked = await checked_menu(context(request).entity.id, features_of(request))
    return {
        "sections": by_section(checked),
        "counts": [(Pill(each, STATUSES[each]), n) for each, n in counts(checked).items()],
        "pills": {each: Pill(each, words) for each, words in STATUSES.items()},
        "total": len(checked),
    }


async def self_check(request: Request) -> Response:
    """Show officials what is missing and who owns it."""
    require(request, Action.MANAGE_PROCESS, entity_target(request))
    return render(
        request,
        "menu/check.html",
        menu=await _menu(request),
        desk_url=DESK_URL,
        menu_url=MENU_URL,
        crumbs=[("/gestion", _("Gestión"))],
    )


async def item_form(request: Request) -> Response:
    """Show the form of one item."""
    item = _item(request)
    entry = await entry_of(context(request).entity.id, item.code)
    values = {name: getattr(entry, name) for name in FIELDS} if entry else {"mode": Mode.LIVE.value}
    return await _show(request, item, Form(values, fields=FIELDS))


def _item(request: Request) -> Item:
    require(request, Action.MANAGE_PROCESS, entity_target(request))
    item = BY_CODE.get(request.path_params["code"])
    if item is None:
        raise NotFound
    return item


async def _show(request: Request, item: Item, form: Form) -> Response:
    offices = await offices_of(context(request).entity.id)
    kept = form.values["owner"]
    names = offices if not kept or kept in offices else [kept, *offices]
    return render(
        request,
        "menu/item.html",
        status=422 if form.has_errors else 200,
        item=item,
        url=f"{DESK_URL}/{item.code}",
        modes=[(mode.value, words) for mode, words in MODES.items()],
        owners=[("", _("Sin responsable")), *((name, name) for name in names)],
        form=form,
        crumbs=[("/gestion", _("Gestión")), (DESK_URL, _("Menú Participa"))],
    )


async def save_item(request: Request) -> Response:
    """Keep what an official says of an item."""
    item = _item(request)
    form = Form(form_data(request), fields=FIELDS)
    said = await _read(request, form)
    if said is None:
        return await _show(request, item, form)
    await set_entry(actor_of(request), item.code, said, now=context(request).now)
    return see(with_query(DESK_URL, aviso="guardado") + f"#i{item.code}")


async def _read(request: Request, form: Form) -> Said | None:
    mode = form.choice("mode", tuple(Mode), required=_("Elija una de las opciones."))
    linked, absent = mode is Mode.LINKED, mode is Mode.NOT_APPLICABLE
    ctx = context(request)
    entry = await entry_of(ctx.entity.id, request.path_params["code"])
    owners = {"", *await offices_of(ctx.entity.id), *([entry.owner] if entry else [])}
    owner = form.choice("owner", sorted(owners)) or ""
    needs_title = _("Escriba el título de lo publicado.") if linked else None
    needs_url = _("Escriba la dirección de la página.") if linked else None
    title = form.text("title", required=needs_title, longest=MAX_TITLE)
    url = form.text("url", required=needs_url, longest=MAX_URL)
    reason = form.text(
        "reason", required=_("Escriba por qué no aplica.") if absent else None, longest=MAX_REASON
    )
    if url and not _is_address(url):
        form.fail("url", _("Escriba una dirección que empiece por https:// o por /."))
    if form.has_errors or mode is None:
        return None
    return Said(
        mode, owner, title if linked else "", url if linked else "", reason if absent else ""
    )


def _is_address(url: str) -> bool:
    """Whether a link leads to a page, here or elsewhere, and runs nothing."""
    starts = url.startswith(("https://", "http://")) or (
        url.startswith("/") and url[1:2] not in {"/", "\\"}
    )
    return starts and url.isprintable() and not set(url) & set(' "<>\\')


async def menu_csv(request: Request) -> Response:
    """Send the menu as CSV: a row for each thing that fills an item, or for the empty item."""
    require(request, Action.EXPORT, entity_target(request))
    await context(request).limit(EXPORT)
    ctx = context(request)
    checked = await checked_menu(ctx.entity.id, features_of(request))
    base = str(ctx.entity.base_url).rstrip("/")
    return StreamingResponse(
        write_rows(HEADER, _rows(checked, base, ctx.locale), bom=True),
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": 'attachment; filename="menu-participa.csv"',
            "Cache-Control": "no-cache",
        },
    )


def _rows(checked: Sequence[Checked], base: str, locale: str) -> Iterator[Sequence[str]]:
    for each in checked:
        own = (
            each.item.code,
            _words(each.item.title, locale),
            _words(STATUSES[each.status], locale),
        )
        for filling in each.fillings:
            url = filling.url if "://" in filling.url else base + filling.url
            yield (*own, _words(filling.title, locale), url, _day(filling.at), each.owner, "")
        if not each.fillings:
            yield (*own, "", "", _day(each.at), each.owner, each.reason)


def _words(words: Text | str, locale: str) -> str:
    return words if isinstance(words, str) else words.render(locale)


def _day(moment: datetime | None) -> str:
    return moment.date().isoformat() if moment else ""


_ITEM = f"{DESK_URL}/{{code}}"
ROUTES = [
    page(MENU_URL, menu, action=Action.SEE_SITE),
    page(f"{MENU_URL}.csv", menu_csv, action=Action.EXPORT),
    page(DESK_URL, self_check, action=Action.MANAGE_PROCESS),
    page(_ITEM, item_form, action=Action.MANAGE_PROCESS),
    page(_ITEM, save_item, action=Action.MANAGE_PROCESS, methods=("POST",), limit=POST),
]
