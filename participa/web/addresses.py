"""What a piece of an address may be: an id that a row can have, a name that a column can hold.

Anything else names nothing, and the router itself answers that there is no such page (T22).
"""

from starlette.convertors import IntegerConvertor, StringConvertor, register_url_convertor


class IdConvertor(IntegerConvertor):
    """A row's id: both databases keep 32 bits of it, and longer digits crash one or the other."""

    regex = "[0-9]{1,9}"


class NameConvertor(StringConvertor):
    """A slug, a receipt, a token: short, and without the NUL that PostgreSQL does not take."""

    regex = "[^/\x00]{1,80}"


# In the place of the framework's own, so that no route can forget.
register_url_convertor("int", IdConvertor())
register_url_convertor("str", NameConvertor())
