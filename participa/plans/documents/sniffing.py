"""What a document is, by its content."""

import io
import re
import zipfile
from typing import Final, Literal

from participa.plans.documents.refusals import DocumentUnreadable
from participa.plans.documents.sheet_columns import is_planning_csv

Form = Literal["docx", "odt", "html", "pdf", "workbook", "csv"]
MAX_MEMBERS = 5_000
MAX_OPENED_BYTES = 300 * 1024 * 1024
# Text and XML shrink to a twentieth; a bomb to a thousandth.
MAX_SHRINKING = 200
_SMALL = 1024 * 1024
_OLD: Final = (b"\xd0\xcf\x11\xe0", b"{\\rtf")
_DECLARES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_HTML = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*"
    rb"<(?:!doctype html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_PEEK = 64 * 1024


def form_of(data: bytes) -> Form | None:
    """Say what a file is; None for text, which needs no converting.

    Raises DocumentUnreadable for archives that unpack to far more than they weigh, whose XML
    declares entities, and for what no reader is there for.
    """
    if data[:1024].lstrip(b"\xef\xbb\xbf\r\n ").startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(_OLD):
        raise DocumentUnreadable("old_format")
    if data.startswith(b"PK\x03\x04"):
        return _packed(data)
    if _HTML.match(data[:_PEEK]):
        return "html"
    return "csv" if is_planning_csv(data) else None


def _packed(data: bytes) -> Form:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _weigh(archive)
            names = set(archive.namelist())
            _refuse_declarations(archive)
            kind = archive.read("mimetype") if "mimetype" in names else b""
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise DocumentUnreadable("damaged") from error
    if "word/document.xml" in names:
        return "docx"
    if b"opendocument.text" in kind:
        return "odt"
    if "xl/workbook.xml" in names or b"opendocument.spreadsheet" in kind:
        return "workbook"
    raise DocumentUnreadable("other")


def _weigh(archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    if any(each.flag_bits & 0x1 for each in members):
        raise DocumentUnreadable("protected")
    opened = sum(each.file_size for each in members)
    bombs = (
        each.file_size > _SMALL and each.file_size > MAX_SHRINKING * max(each.compress_size, 1)
        for each in members
    )
    if len(members) > MAX_MEMBERS or opened > MAX_OPENED_BYTES or any(bombs):
        raise DocumentUnreadable("too_large")


def _refuse_declarations(archive: zipfile.ZipFile) -> None:
    """Neither office format declares a document type: who does wants entities expanded."""
    for member in archive.infolist():
        if not member.filename.endswith((".xml", ".rels")):
            continue
        with archive.open(member) as part:
            # A declaration stands before the root element. UTF-16 hides it from a look at bytes.
            head = part.read(4096)
        if _DECLARES.search(head) or head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in head:
            raise DocumentUnreadable("damaged")
