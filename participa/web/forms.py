"""Reading forms: what arrived becomes typed values, or messages beside their fields."""

import re
from collections.abc import Collection, Mapping
from typing import TypeVar

from starlette.datastructures import FormData, UploadFile

from participa.i18n import Text, _
from participa.web.refusals import BadInput

ALWAYS = frozenset({"csrf", "request_key"})
Key = TypeVar("Key", bound=str)
# Control characters, and halves of characters, which no database keeps.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff]")


class Form:
    """A form as filled in: its values are kept whatever is wrong with them.

    Unknown fields are refused, so that nothing can be slipped into a row (T21).
    """

    def __init__(
        self, data: FormData | Mapping[str, str] | None = None, *, fields: Collection[str] = ()
    ) -> None:
        items = dict(data or {})
        unknown = set(items) - set(fields) - ALWAYS
        if unknown:
            raise BadInput(advice=_("El formulario trae campos que no esperábamos."))
        self.files = {k: v for k, v in items.items() if isinstance(v, UploadFile)}
        self.values: dict[str, str] = dict.fromkeys(fields, "")
        self.values |= {k: _clean(v) for k, v in items.items() if isinstance(v, str)}
        self.errors: dict[str, Text] = {}

    @property
    def has_errors(self) -> bool:
        """Whether any field needs mending."""
        return bool(self.errors)

    @property
    def request_key(self) -> str | None:
        """The key that makes a repeated sending count once."""
        return self.values.get("request_key", "")[:64] or None

    def fail(self, field: str, message: Text) -> None:
        """Put a message beside a field; the first one stays."""
        self.errors.setdefault(field, message)

    def text(
        self, field: str, *, required: Text | None = None, longest: int = 20_000, strip: bool = True
    ) -> str:
        """Read a text, saying what to do when it is missing or too long."""
        raw = self.values.get(field, "")
        value = raw.strip() if strip else raw
        if not value and required is not None:
            self.fail(field, required)
        if len(value) > longest:
            message = _(
                "Son {count} caracteres y caben {longest}. Acorte el texto.",
                count=len(value),
                longest=longest,
            )
            self.fail(field, message)
        return value

    def choice(
        self, field: str, options: Collection[Key], *, required: Text | None = None
    ) -> Key | None:
        """Read one of the options offered; anything else is a mistake, not a crash."""
        value = self.values.get(field, "")
        for option in options:
            if option == value:
                return option
        if value or required is not None:
            self.fail(field, required or _("Elija una de las opciones."))
        return None

    def number(self, field: str) -> int | None:
        """Read a whole number, such as an id; None when empty."""
        value = self.values.get(field, "").strip()
        if not value:
            return None
        if not (value.isascii() and value.isdigit() and len(value) <= 9):
            self.fail(field, _("Escriba un número."))
            return None
        return int(value)

    def checked(self, field: str) -> bool:
        """Whether a box was ticked."""
        return self.values.get(field, "") in {"1", "on", "true", "si"}


def _clean(value: str) -> str:
    if value.isprintable():
        return value
    return _CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
