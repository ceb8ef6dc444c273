"""Turns a document as an office keeps it into the text from which a plan's sections are read.

DOCX, ODT, HTML, PDF with a text layer, and planning sheets (XLSX, ODS, CSV). What a document is,
its content says, not its name. Reading one may take long and much memory: see `apart`.
"""

from collections.abc import Callable

from participa.plans.documents.refusals import DocumentUnreadable
from participa.plans.documents.sniffing import Form, form_of

__all__ = ["DocumentUnreadable", "Form", "form_of", "to_source"]

Reader = Callable[[bytes], str]


def to_source(data: bytes, form: Form) -> str:
    """Read a document of a form into Markdown, or into plain text where it has no headings.

    Raises DocumentUnreadable what is damaged, protected, larger than it should be or only a
    picture of a text.
    """
    try:
        return _reader(form)(data)
    except DocumentUnreadable:
        raise
    except Exception as error:
        # The libraries fail on broken files in every way there is.
        raise DocumentUnreadable("damaged") from error


def _reader(form: Form) -> Reader:
    # Each form brings its library, and only the form that was sent pays for it.
    if form == "pdf":
        from participa.plans.documents.pdf import read
    elif form == "docx":
        from participa.plans.documents.word import read
    elif form == "odt":
        from participa.plans.documents.opendocument import read
    elif form == "html":
        from participa.plans.documents.web import read
    else:
        from participa.plans.documents.sheet import read
    return read
