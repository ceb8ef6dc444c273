"""Pictures and documents for the tests of files, good and bad."""

import io
import zlib

from PIL import Image

from participa.demo.papers import bound

DRAFT = {"description": "El puente con la baranda caída."}


def picture(code: str = "PNG", size: tuple[int, int] = (40, 30), **options: object) -> bytes:
    """Draw a plain picture."""
    out = io.BytesIO()
    Image.new("RGB", size, (200, 40, 40)).save(out, code, **options)
    return out.getvalue()


def photograph() -> bytes:
    """Take a picture as a telephone does: on its side, with its place, its maker, a comment."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Telefono"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (6.0, 53.0, 12.0)
    return picture("JPEG", (40, 30), exif=exif.tobytes(), comment=b"Secreto") + b"cola<script>"


def paper(*more: bytes, catalogue: bytes = b"") -> bytes:
    """Write a PDF of one empty page, with other objects and things in its catalogue."""
    return bound([
        b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalogue,
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >>",
        *more,
    ])  # fmt: skip


def packed_paper(hidden: bytes) -> bytes:
    """Write a PDF with an object in a compressed stream (ISO 32000-1, sections 7.5.7 and 7.5.8)."""
    packed = zlib.compress(b"4 0 " + hidden)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >>",
        b"",
        b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream"
        % (len(packed), packed),
    ]
    whole = bytearray(b"%PDF-1.5\n")
    places = [b"\0\0\0\0"]
    for number, each in enumerate(objects, 1):
        is_packed = not each
        places.append(b"\2\0\5\0" if is_packed else b"\1" + len(whole).to_bytes(2) + b"\0")
        if not is_packed:
            whole += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = len(whole)
    places.append(b"\1" + table.to_bytes(2) + b"\0")
    listed = b"".join(places)
    whole += b"6 0 obj\n<< /Type /XRef /Size 7 /W [1 2 1] /Root 1 0 R /Length %d >>\n" % len(listed)
    whole += b"stream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % (listed, table)
    return bytes(whole)
