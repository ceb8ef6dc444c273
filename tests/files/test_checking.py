"""What is taken and what is not: pictures written anew, documents looked through (T24)."""

import io
import struct
import zlib

import pytest
from PIL import Image
from pypdf import PdfWriter

from participa.demo.drawings import library_bus
from participa.demo.papers import document
from participa.files.apart import check_apart
from participa.files.pdfs import look_through
from participa.files.pictures import LONG_SIDE, rewritten
from participa.files.rules import PDF, address_name, shown_name, type_of
from participa.files.unfit import Unfit
from tests.files.making import packed_paper, paper, photograph, picture


def opened(data: bytes) -> Image.Image:
    """Open a picture and read all of it."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


@pytest.mark.parametrize("code", ["JPEG", "PNG", "WEBP"])
def test_a_type_is_known_by_its_first_bytes(code: str) -> None:
    """Each type of picture is told by its content and comes back as the same type."""
    kind = type_of(picture(code))
    assert kind is not None
    assert (kind.code, kind.is_picture) == (code, True)
    data, width, height = rewritten(picture(code), code)
    assert (opened(data).format, width, height) == (code, 40, 30)


@pytest.mark.parametrize(
    "data",
    [
        b"<svg><script/></svg>", b"<html>", b"GIF89a", b"PK\x03\x04",
        b"MZ", b"", b"junk" + picture(), b" %PDF-1.4", b"RIFF\0\0\0\0AVI ", b"%!PS-Adobe",
    ],
)  # fmt: skip
def test_other_types_are_not_taken(data: bytes) -> None:
    """No SVG, no HTML, no archive, no GIF; and nothing that begins with other bytes."""
    assert type_of(data) is None


def test_a_photograph_leaves_its_place_and_tail_behind() -> None:
    """EXIF, GPS, comment and what hangs at the end are gone; it stands the right way up."""
    sent = photograph()
    assert b"Secreto" in sent
    data, width, height = rewritten(sent, "JPEG")
    assert (width, height) == (30, 40)
    image = opened(data)
    assert not image.getexif()
    assert not {"exif", "comment", "icc_profile"} & set(image.info)
    assert b"Secreto" not in data
    assert b"Telefono" not in data
    assert b"<script>" not in data


def test_texts_and_profiles_of_a_png_are_gone() -> None:
    """Chunks that are not the picture do not survive, nor do those after its end."""
    sent = picture("PNG", icc_profile=b"perfil secreto") + b"PK\x03\x04<script>"
    data, _width, _height = rewritten(sent, "PNG")
    assert b"script" not in data
    assert "icc_profile" not in opened(data).info


def test_large_pictures_become_smaller() -> None:
    """The long side is at most two thousand pixels; small ones stay as they are."""
    data, width, height = rewritten(picture("JPEG", (5000, 1000)), "JPEG")
    assert (width, height) == (LONG_SIDE, 400)
    assert opened(data).size == (LONG_SIDE, 400)


@pytest.mark.parametrize("mode", ["P", "1", "LA", "I;16", "CMYK"])
def test_every_kind_of_colour_is_read(mode: str) -> None:
    """Palettes, grey, black and white and the printer's colours become plain ones."""
    out = io.BytesIO()
    code = "JPEG" if mode == "CMYK" else "PNG"
    Image.new(mode, (20, 10)).save(out, code)
    data, width, _height = rewritten(out.getvalue(), code)
    assert (opened(data).mode in {"RGB", "RGBA"}, width) == (True, 20)


def bomb(side: int) -> bytes:
    """Pretend to be a picture of so many pixels a side."""
    size = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + size
    head = struct.pack(">I", len(size)) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return b"\x89PNG\r\n\x1a\n" + head + picture()[33:]


def test_a_bomb_is_refused_before_it_is_opened() -> None:
    """A picture of too many pixels is refused by its head."""
    with pytest.raises(Unfit, match="too_many_pixels"):
        rewritten(bomb(8_000), "PNG")


@pytest.mark.parametrize("catalogue", [
    b"/OpenAction << /S /JavaScript /JS (app.alert) >>", b"/OpenAction << /S /J#61vaScript >>",
    b"/AA << /WC << /S /Launch /F (cmd.exe) >> >>", b"/Names << /JavaScript << >> >>",
    b"/Names << /EmbeddedFiles << >> >>", b"/Deep [[<< /A << /S /Launch >> >>]]",
])  # fmt: skip
def test_documents_that_act_are_refused(catalogue: bytes) -> None:
    """Scripts, programs and files inside are found wherever they stand, however spelled."""
    with pytest.raises(Unfit, match="active"):
        look_through(paper(catalogue=catalogue))
    with pytest.raises(Unfit, match="active"):
        look_through(paper(b"<< %s >>" % catalogue))


def test_actions_in_compressed_objects_are_found() -> None:
    """What is packed away in an object stream is looked at as well."""
    look_through(packed_paper(b"<< /S /URI >>"))
    with pytest.raises(Unfit, match="active"):
        look_through(packed_paper(b"<< /S /Launch /F (cmd.exe) >>"))


def test_documents_for_everybody_are_taken() -> None:
    """A plain document passes, links and all; the demonstration's own does."""
    link = b"<< /Type /Annot /Subtype /Link /A << /S /URI /URI (https://example.org) >> >>"
    look_through(paper(link))
    look_through(document(["Acta (de la mesa)", "Asistieron 23 personas."]))


def test_a_locked_document_is_refused() -> None:
    """What asks for a password is refused, also when the password is empty."""
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt("", "dueño", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(Unfit, match="protected"):
        look_through(out.getvalue())


def test_nothing_may_follow_a_document() -> None:
    """A document with an archive or a page at its end is another file too."""
    for tail in (b"PK\x03\x04", b"<script>alert(1)</script>"):
        with pytest.raises(Unfit, match="damaged"):
            look_through(paper() + tail)
    look_through(paper() + b"\r\n\0")


async def test_checking_happens_in_a_process_apart() -> None:
    """Good and bad come back through the pipe; what breaks Pillow or pypdf is called damaged."""
    checked = await check_apart(library_bus(), "PNG")
    assert (checked.width, checked.height) == (960, 600)
    assert (await check_apart(paper(), "PDF")).data == paper()
    bad = {
        "too_many_pixels": (bomb(8_000), "PNG"),
        "damaged": (b"\xff\xd8\xff" + b"no es una foto", "JPEG"),
        "active": (paper(catalogue=b"/Names << /JavaScript << >> >>"), "PDF"),
    }
    for code, (data, kind) in bad.items():
        with pytest.raises(Unfit, match=code):
            await check_apart(data, kind)


@pytest.mark.parametrize(
    ("sent", "shown", "address"),
    [
        ("../../etc/passwd", "passwd", "passwd.pdf"),
        ("C:\\Mis documentos\\Acta n.º 3.PDF", "Acta n.º 3.PDF", "acta-n-o-3.pdf"),
        ("<img src=x onerror=alert(1)>.pdf", "<img src=x onerror=alert(1)>.pdf",
         "img-src-x-onerror-alert-1.pdf"),
        ("acta\u202efdp.exe", "actafdp.exe", "actafdp.pdf"),
        ("会议记录.pdf", "会议记录.pdf", "archivo.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie: x.pdf", "a-set-cookie-x.pdf"),
        ("n" * 500, "n" * 120, "n" * 80 + ".pdf"),
    ],
)  # fmt: skip
def test_names_are_only_names(sent: str, shown: str, address: str) -> None:
    """No path, no line, no sign that deceives; the address is plain and ends as the type does."""
    assert shown_name(sent) == shown
    assert address_name(shown, PDF) == address
