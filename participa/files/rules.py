"""What a file is, by its first bytes, and what it is called. No I/O."""

from dataclasses import dataclass

from participa.kit.names import slugify, without_controls

MAX_NAME, MAX_DESCRIPTION = 120, 200
# How much of a file says what it is.
HEAD_BYTES = 16


@dataclass(frozen=True, slots=True)
class FileType:
    """A type of file that is taken; `code` is what Pillow calls it, or PDF."""

    code: str
    media_type: str
    ending: str

    @property
    def is_picture(self) -> bool:
        """Whether it is shown in a page, and not only handed out."""
        return self.code != "PDF"


JPEG = FileType("JPEG", "image/jpeg", "jpg")
PNG = FileType("PNG", "image/png", "png")
WEBP = FileType("WEBP", "image/webp", "webp")
PDF = FileType("PDF", "application/pdf", "pdf")
TYPES = {each.media_type: each for each in (JPEG, PNG, WEBP, PDF)}


def type_of(data: bytes) -> FileType | None:
    """Say what a file is; its name and what the browser calls it are never asked.

    The marks of each must stand at the very beginning: what hides behind other bytes is refused.
    """
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return WEBP
    return PDF if data.startswith(b"%PDF-") else None


def shown_name(sent: str) -> str:
    """Give the name of a file as its sender called it, without a path, on one line."""
    last = without_controls(sent).replace("\\", "/").rsplit("/", 1)[-1]
    return " ".join(last.split())[:MAX_NAME]


def address_name(name: str, kind: FileType) -> str:
    """Give the name of a file in its address and on the disk of who downloads it: plain ASCII.

    Its ending is that of what it is, not the one it was sent with.
    """
    stem = name.rsplit(".", 1)[0] if "." in name else name
    return f"{slugify(stem) or 'archivo'}.{kind.ending}"
