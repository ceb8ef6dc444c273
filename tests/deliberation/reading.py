"""The same pages read in several ways: kept by this process, kept by another, made anew."""

import re
from dataclasses import dataclass, field

from starlette.applications import Starlette

from participa.accounts.permissions import Actor
from participa.app import create_app
from participa.deliberation.reading import ThreadPages
from participa.security.tokens import form_token_fits, token_hash
from tests.people import Municipality
from tests.visitors import Visitor, Web

LANGUAGES = ("es", "en")
_TOKEN = re.compile(r'(<input type="hidden" name="csrf" value=")([^"]*)"')
_KEY = re.compile(r'(<input type="hidden" name="request_key" value=")([^"]*)"')


def inner_app(web: Web) -> Starlette:
    """Give the application inside its outermost layer."""
    inner = web.app.app  # type: ignore[attr-defined]
    assert isinstance(inner, Starlette)
    return inner


def kept_in(web: Web) -> ThreadPages:
    """Give what a process keeps of threads."""
    kept: ThreadPages = inner_app(web).state.threads
    return kept


def forget(web: Web) -> None:
    """Let a process forget everything it keeps, as if it had just started."""
    kept = kept_in(web)
    kept.pages._pages.clear()
    kept.fragments._threads.clear()


def bytes_kept(web: Web) -> bytes:
    """Give everything a process keeps, as one heap of bytes to be searched."""
    kept = kept_in(web)
    heap = [page.body for page in kept.pages._pages.values()]
    heap += [page.shared or b"" for page in kept.pages._pages.values()]
    for page in kept.pages._pages.values():
        heap += page.shell.pieces
    for thread in kept.fragments._threads.values():
        heap += [each.html for kind in thread.kept.values() for each in kind.values()]
    return b"\n".join(heap)


def another(web: Web) -> Web:
    """Start another process on the same database and clock."""
    return Web(create_app(web.settings, clock=web.clock), web.settings, web.clock)


def tokens_in(html: str) -> list[str]:
    """List the form tokens of a page."""
    return [found[1] for found in _TOKEN.findall(html)]


def keys_in(html: str) -> list[str]:
    """List the request keys of a page."""
    return [found[1] for found in _KEY.findall(html)]


def without_tokens(html: str) -> str:
    """Take out what is new in each reading."""
    return _KEY.sub(r'\1*"', _TOKEN.sub(r'\1*"', html))


@dataclass
class Readers:
    """Visitors of three processes: two keep pages, one forgets after each reading."""

    here: Web
    there: Web
    anew: Web
    _visitors: dict[tuple[int, str], Visitor] = field(default_factory=dict)

    async def read(self, web: Web, name: str, actor: Actor, path: str) -> tuple[int, str]:
        """Read a page in one process; status and words without what is new each time."""
        key = (id(web), name)
        visitor = self._visitors.get(key)
        if visitor is None:
            visitor = self._visitors[key] = await web.visit(actor)
        page = await visitor.get(path)
        tokens = tokens_in(page.text)
        assert all(
            not actor.is_anonymous
            and form_token_fits(web.settings.secret, token_hash(visitor.token), token)
            for token in tokens
        )
        return page.status_code, without_tokens(page.text)

    async def agree(self, who: dict[str, Actor], paths: list[str], after: str) -> dict[str, str]:
        """Read everything in each way, the same for all; give it by reader, path and language."""
        pages = {}
        for name, actor in who.items():
            for path in paths:
                for language in LANGUAGES:
                    full = f"{path}{'&' if '?' in path else '?'}idioma={language}"
                    forget(self.anew)
                    wanted = await self.read(self.anew, name, actor, full)
                    for web in (self.here, self.there):
                        found = await self.read(web, name, actor, full)
                        assert found == wanted, f"{name} at {full} after: {after}"
                    pages[f"{name} {path} {language}"] = wanted[1]
        return pages

    async def close(self) -> None:
        """Close the connections of the processes started here."""
        await self.there.close()
        await self.anew.close()


def cast_of(town: Municipality) -> dict[str, Actor]:
    """Name those who read: a visitor and two citizens."""
    return {"elsa": town.elsa, "ana": town.ana, "beto": town.beto}
