"""Finding an area by what an official writes: its name, alone or after what it is. No I/O."""

from collections.abc import Iterable

from participa.i18n import LOCALES, Text, _
from participa.kit.names import slugify
from participa.territory.rules import kind_words

_SHOWN = 80


class AreaNames:
    """The areas of an entity by their names; each is given as id, kind and name."""

    def __init__(self, areas: Iterable[tuple[int, str, str]]) -> None:
        self._by_key: dict[str, set[int]] = {}
        self.names: list[str] = []
        for area_id, kind, name in areas:
            self.names.append(name)
            for key in {slugify(name), *(slugify(f"{word} {name}") for word in _words(kind))}:
                self._by_key.setdefault(key, set()).add(area_id)

    def find(self, words: str) -> int | Text:
        """Give the id of the area of that name, or say why there is none."""
        found = self._by_key.get(slugify(words), set())
        if len(found) == 1:
            return next(iter(found))
        shown = words[:_SHOWN]
        if found:
            return _("Hay varios lugares que se llaman «{name}»: escriba también si es barrio, "
                     "vereda u otra cosa.", name=shown)  # fmt: skip
        return _("No hay aquí ningún barrio ni vereda que se llame «{name}».", name=shown)

    def find_or_none(self, words: str) -> int | None:
        """Give the id of the area of that name where there is exactly one."""
        found = self.find(words)
        return found if isinstance(found, int) else None


def _words(kind: str) -> set[str]:
    return {kind, *(kind_words(kind).render(locale) for locale in LOCALES)}
