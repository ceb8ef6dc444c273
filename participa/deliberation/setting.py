"""What the fragments of a thread name of it."""

from dataclasses import dataclass
from functools import lru_cache

from participa.features import BesideOf
from participa.i18n import Text


@dataclass(frozen=True, slots=True)
class Setting:
    """A thread's address and what its phase allows there."""

    url: str
    may_reply: bool
    may_support: bool
    may_edit: bool
    reasons: tuple[tuple[str, Text], ...] = ()
    beside_of: BesideOf | None = None


@lru_cache(maxsize=1000)
def setting_of(url: str, beside_of: BesideOf | None = None, *, is_open: bool) -> Setting:
    """Give what fragments name of a thread at an address."""
    return Setting(
        url, may_reply=is_open, may_support=is_open, may_edit=is_open, beside_of=beside_of
    )
