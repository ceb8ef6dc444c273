"""Reads the text layer of a PDF, page by page, through pypdf."""

import io
import logging

from pypdf import PdfReader
from pypdf.errors import FileNotDecryptedError, PdfReadError

from participa.plans.documents.refusals import DocumentUnreadable

MAX_PAGES = 3_000
# A scanned page has a stamp or a page number of text at most.
LEAST_LETTERS_A_PAGE = 40
logging.getLogger("pypdf").setLevel(logging.ERROR)


def read(data: bytes) -> str:
    """Give the words of all pages, with a form feed between two pages.

    Headers, page numbers and hyphens are the parser's to take out, which sees all pages.
    """
    try:
        document = PdfReader(io.BytesIO(data))
        if document.is_encrypted and not document.decrypt(""):
            raise DocumentUnreadable("protected")
        if len(document.pages) > MAX_PAGES:
            raise DocumentUnreadable("too_large")
        pages = [page.extract_text() for page in document.pages]
    except FileNotDecryptedError as error:
        raise DocumentUnreadable("protected") from error
    except PdfReadError as error:
        raise DocumentUnreadable("damaged") from error
    letters = sum(sum(map(str.isalpha, page)) for page in pages)
    if letters < LEAST_LETTERS_A_PAGE * max(1, len(pages)):
        raise DocumentUnreadable("scanned")
    return "\n\f".join(pages)
