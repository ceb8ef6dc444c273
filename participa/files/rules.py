"""What a file is, by its first bytes, and what it is called. No I/O."""

from dataclasses import dataclass

from participa.kit.names import slugify, without_controls

MAX_NAME, MAX_DESCRIPTION = 120, 200
# How much of a file says what it is.
HEAD_BYTES = 64


@dataclass(frozen=True, slots=True)
class FileType:
    """A type of file that is taken; `code` is what Pillow calls it, or PDF."""

    code: str
    media_type: str
    ending: str

    @property
    def is_picture(self) -> bool:
        """Whether it is shown in a page, and not only handed out."""
        return self.media_type.startswith("image/")

    @property
    def is_played(self) -> bool:
        """Whether it is heard or watched in a page."""
        return self.media_type.startswith(("audio/", "video/"))


JPEG = FileType("JPEG", "image/jpeg", "jpg")
PNG = FileType("PNG", "image/png", "png")
WEBP = FileType("WEBP", "image/webp", "webp")
PDF = FileType("PDF", "application/pdf", "pdf")
MP3 = FileType("MP3", "audio/mpeg", "mp3")
OGG = FileType("OGG", "audio/ogg", "ogg")
M4A = FileType("M4A", "audio/mp4", "m4a")
MP4 = FileType("MP4", "video/mp4", "mp4")
WEBM = FileType("WEBM", "video/webm", "webm")
TYPES = {each.media_type: each for each in (JPEG, PNG, WEBP, PDF, MP3, OGG, M4A, MP4, WEBM)}
# RFC 7845, RFC 5334 and the mappings of Vorbis, FLAC and Speex: the first packet of a stream.
_HEARD_IN_OGG = (b"OpusHead", b"\x01vorbis", b"\x7fFLAC", b"Speex   ")
_OGG_HEADER = 28
# Brands of ISO 14496-12 files with sound and pictures; others hold photographs, or nothing known.
_WATCHED = (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ",
            b"MSNV", b"dash")  # fmt: skip


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


def recording_type_of(data: bytes) -> FileType | None:
    """Say which recording a file is, as `type_of` does of documents; None for any other file."""
    if data.startswith(b"ID3") or _is_mp3_frame(data):
        return MP3
    if data.startswith(b"OggS"):
        return OGG if data[_OGG_HEADER:].startswith(_HEARD_IN_OGG) else None
    if data[4:8] == b"ftyp":
        return M4A if data[8:12] in {b"M4A ", b"M4B "} else _watched(data[8:12])
    # EBML (RFC 8794) whose document type is webm, and not another Matroska.
    is_webm = data.startswith(b"\x1a\x45\xdf\xa3") and b"\x42\x82\x84webm" in data[:HEAD_BYTES]
    return WEBM if is_webm else None


def _watched(brand: bytes) -> FileType | None:
    return MP4 if brand in _WATCHED else None


def _is_mp3_frame(data: bytes) -> bool:
    """Read the header of a frame (ISO 11172-3, 2.4.2.3): layer III, a rate that exists."""
    if len(data) < 4 or data[0] != 0xFF or data[1] & 0xE0 != 0xE0:
        return False
    version, layer = data[1] >> 3 & 3, data[1] >> 1 & 3
    return version != 1 and layer == 1 and data[2] >> 4 not in {0, 15} and data[2] >> 2 & 3 != 3


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
