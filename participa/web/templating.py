"""Pages from templates: one environment for each language, escaping everything.

Texts marked for translation in Python are translated when printed; dates and numbers follow
the reader's language and the entity's clock.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes, pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from participa.i18n import (
    LOCALES,
    Day,
    Moment,
    Number,
    Text,
    ago,
    date_text,
    datetime_text,
    hour_text,
    number_text,
    percent_text,
    stamp_text,
    translations,
)
from participa.web.context import PageContext, context
from participa.web.notices import notice
from participa.web.static import StaticFolder


@dataclass(frozen=True, slots=True)
class NavItem:
    """A link of the main menu; `prefixes` are the paths during which it is the current one."""

    url: str
    label: Text
    prefixes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """All readers of an entity's pages in one language."""

    entity: Any
    locale: str

    @property
    def zone(self) -> tzinfo:
        """The entity's time zone."""
        zone: tzinfo = self.entity.zone
        return zone


@dataclass(frozen=True, slots=True)
class Places:
    """Texts that stand where something of each reader is written into a kept page."""

    form_token: str
    request_key: str


class _Folding(Environment):
    """An environment of one language.

    Words without parameters are translated when a template is compiled, not each time it is
    rendered.
    """

    words: Callable[[str], str]

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for output in tree.find_all(nodes.Output):
            output.nodes = [self._folded(each) for each in output.nodes]
        return tree

    def _folded(self, node: nodes.Expr) -> nodes.Expr:
        message = _message(node)
        if message is None:
            return node
        # As the extension does with what it looks up: `%%` is a sign, the rest is markup.
        return nodes.TemplateData(self.words(message) % {}, lineno=node.lineno)


def _message(node: nodes.Expr) -> str | None:
    if not isinstance(node, nodes.Call) or node.kwargs or len(node.args) != 1:
        return None
    is_word = isinstance(node.node, nodes.Name) and node.node.name == "_"
    words = node.args[0]
    if is_word and isinstance(words, nodes.Const) and isinstance(words.value, str):
        return words.value
    return None


class Pages:
    """Everything needed to turn a view into a page."""

    def __init__(self, folder: Path, static: StaticFolder, nav: Sequence[NavItem]) -> None:
        self._static = static
        self._nav = nav
        self._environments = {locale: self._environment(folder, locale) for locale in LOCALES}

    def _environment(self, folder: Path, locale: str) -> Environment:
        environment = _Folding(
            loader=FileSystemLoader(folder),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
            finalize=_printer(locale),
            auto_reload=False,
        )
        catalogue = translations(locale)
        environment.words = catalogue.ugettext
        environment.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined]
        environment.filters.update(_FILTERS)
        environment.globals["static"] = self._static.url
        environment.globals["locale"] = locale
        return environment

    def text(self, locale: str, name: str, **values: Any) -> str:
        """Render a template without a request, such as a mail."""
        return self._environments[locale].get_template(name).render(**values)

    def html(self, request: Request, name: str, values: Mapping[str, Any]) -> str:
        """Render a page for a request."""
        page = context(request)
        template = self._environments[page.locale].get_template(name)
        return template.render(**self._common(request, page), **values)

    def fragment(self, reader: Reader, name: str, values: Mapping[str, Any]) -> str:
        """Render a piece of a page for every reader of a language."""
        template = self._environments[reader.locale].get_template(name)
        return template.render(page=reader, entity=reader.entity, **values)

    def _common(self, request: Request, page: PageContext) -> dict[str, Any]:
        path = request.url.path
        query = request.url.query
        return {
            "page": page,
            "entity": page.entity,
            "actor": page.actor,
            "here": f"{path}?{query}" if query else path,
            "csrf_field": lambda: _hidden("csrf", _form_token(request, page)),
            "request_key": lambda: _hidden("request_key", _request_key(request)),
            "nav": [_shown(item, path) for item in self._nav],
            "flash": _flash(request),
        }


def _places(request: Request) -> Places | None:
    return getattr(request.state, "places", None)


def _form_token(request: Request, page: PageContext) -> str:
    places = _places(request)
    return page.form_token() if places is None else places.form_token


def new_request_key() -> str:
    """Make the key that makes a form sent twice count once."""
    return secrets.token_urlsafe(12)


def _request_key(request: Request) -> str:
    places = _places(request)
    if places is not None:
        return places.request_key
    # A form filled in from a draft carries the draft's own token: sent twice, it counts once.
    return getattr(request.state, "draft_token", None) or new_request_key()


def _hidden(name: str, value: str) -> Markup:
    if not value:
        return Markup()
    return Markup('<input type="hidden" name="{}" value="{}">').format(name, value)


def _shown(item: NavItem, path: str) -> tuple[str, Text, bool]:
    current = path == item.url or any(path.startswith(prefix) for prefix in item.prefixes)
    return item.url, item.label, current


def _flash(request: Request) -> dict[str, Any] | None:
    words = notice(request.query_params.get("aviso"))
    if words is None:
        return None
    receipt = request.query_params.get("radicado", "")
    shown = receipt if receipt.replace("-", "").isalnum() and len(receipt) < 30 else ""
    return {"kind": "done", "text": words, "receipt": shown}


_RENDERABLE = (Text, Day, Moment, Number)


def _printer(locale: str) -> Callable[[Any], Any]:
    def printed(value: Any) -> Any:
        return value.render(locale) if isinstance(value, _RENDERABLE) else value

    return printed


@pass_context
def _date(values: Context, value: date | datetime) -> str:
    return date_text(value, values["locale"], values["page"].zone)


@pass_context
def _datetime(values: Context, value: datetime) -> str:
    return datetime_text(value, values["locale"], values["page"].zone)


@pass_context
def _ago(values: Context, value: datetime) -> str:
    return ago(value, values["page"].now, values["locale"], values["page"].zone)


@pass_context
def _hour(values: Context, value: datetime) -> str:
    return hour_text(value, values["locale"], values["page"].zone)


@pass_context
def _stamp(values: Context, value: datetime) -> str:
    return stamp_text(value, values["locale"], values["page"].zone)


@pass_context
def _number(values: Context, value: float) -> str:
    return number_text(value, values["locale"])


@pass_context
def _percent(values: Context, share: float, digits: int = 0) -> str:
    return percent_text(share, values["locale"], digits)


@pass_context
def _days_left(values: Context, moment: datetime) -> int:
    page = values["page"]
    today = page.now.astimezone(page.zone).date()
    return int((moment.astimezone(page.zone).date() - today).days)


_FILTERS: dict[str, Callable[..., Any]] = {
    "date": _date,
    "datetime": _datetime,
    "ago": _ago,
    "hour": _hour,
    "stamp": _stamp,
    "number": _number,
    "percent": _percent,
    "days_left": _days_left,
}


def pages_of(request: Request) -> Pages:
    """Give the templates of the application."""
    pages: Pages = request.app.state.pages
    return pages


def render(
    request: Request,
    name: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **values: Any,
) -> HTMLResponse:
    """Answer with a page.

    What depends on a sign-in is never stored by anybody in between (T19).
    """
    body = pages_of(request).html(request, name, values)
    kept = "no-cache" if context(request).actor.is_anonymous and status == 200 else "no-store"
    answer = {"Cache-Control": kept, "Vary": "Cookie, Accept-Encoding", **(headers or {})}
    return HTMLResponse(body, status_code=status, headers=answer)
