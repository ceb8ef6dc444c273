"""PDF documents looked through with pypdf: whole, open to everybody, and doing nothing.

A document that runs scripts or starts programs is for a reader's machine, not for a public page
(ISO 32000-1, section 12.6.4: actions Launch and JavaScript).
"""

import io
from collections.abc import Iterator

from pypdf import PdfReader
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    PdfObject,
    StreamObject,
)

from participa.files.unfit import Unfit

MAX_OBJECTS = 300_000
_ENDS = b"%%EOF"
_ACTIVE_KEYS = frozenset({"/JS", "/JavaScript", "/EmbeddedFiles", "/RichMediaContent"})
_ACTIVE_KINDS = frozenset({"/JavaScript", "/Launch", "/RichMedia", "/Rendition"})


def look_through(data: bytes) -> None:
    """Read every object of a document. Raises Unfit, or what pypdf raises for a damaged one.

    Nothing may follow its end: what does belongs to another file.
    """
    if not data.rstrip(b"\r\n\t \x00").endswith(_ENDS):
        raise Unfit("damaged")
    document = PdfReader(io.BytesIO(data))
    if document.is_encrypted:
        raise Unfit("protected")
    if not document.pages:
        raise Unfit("damaged")
    for found in _objects(document):
        if _is_active(found):
            raise Unfit("active")


def _objects(document: PdfReader) -> Iterator[PdfObject | None]:
    numbers = {(n, gen) for gen, there in document.xref.items() for n in there}
    numbers |= {(n, 0) for n in document.xref_objStm}
    if len(numbers) > MAX_OBJECTS:
        raise Unfit("too_slow")
    yield document.trailer
    for number, generation in sorted(numbers):
        yield document.get_object(IndirectObject(number, generation, document))


def _is_active(found: PdfObject | None) -> bool:
    """Whether an object, or one written inside it, acts; what it points to is looked at alone."""
    waiting: list[object] = [found]
    while waiting:
        each = waiting.pop()
        if isinstance(each, ArrayObject):
            waiting += list(each)
        elif isinstance(each, DictionaryObject | StreamObject):
            kinds = {each.raw_get(key) for key in ("/S", "/Subtype") if key in each}
            names = {str(kind) for kind in kinds if isinstance(kind, NameObject)}
            if not _ACTIVE_KEYS.isdisjoint(each) or not _ACTIVE_KINDS.isdisjoint(names):
                return True
            waiting += [each.raw_get(key) for key in each]
    return False
