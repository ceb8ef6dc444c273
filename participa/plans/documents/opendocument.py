"""Reads ODT through odfdo, which writes Markdown itself."""

import io
import re

from odfdo import Document

_HEADING = re.compile(r"^#{1,6} ", re.MULTILINE)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def read(data: bytes) -> str:
    """Read a document: its headings, paragraphs, lists and tables."""
    text = str(Document(io.BytesIO(data)).to_markdown())
    # Without headings the plain reader looks for them in the words, which must be bare.
    return text if _HEADING.search(text) else _ESCAPED.sub(r"\1", text)
