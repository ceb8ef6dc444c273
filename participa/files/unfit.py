"""How a file is refused, before anybody puts it into words."""

from typing import Literal, get_args

Code = Literal["damaged", "too_many_pixels", "protected", "active", "too_slow"]
CODES: frozenset[str] = frozenset(get_args(Code))


class Unfit(ValueError):
    """A file that is not taken, and why."""

    def __init__(self, code: Code) -> None:
        self.code = code
        super().__init__(code)
