"""Pages with holes: whatever is written into them, the compressed form says the same."""

import gzip
import io
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participa.deliberation.holes import Hole, pack, unpacked_as

# Words that come again and again, so that there is something to compress and to point back to.
_WORDS = st.lists(
    st.sampled_from(["<li id='PA-1'>", "acueducto ", "vía ", "é", "😀", "\n", "apoyar"]),
    max_size=60,
)
_BODIES = st.one_of(st.text(max_size=300), _WORDS.map("".join)).map(str.encode)


@st.composite
def pages(draw: st.DrawFn) -> tuple[bytes, tuple[Hole, ...], bytes]:
    """Draw a page, holes in it that do not touch, and the page as written for one reader."""
    body = draw(_BODIES)
    edges = sorted(draw(st.sets(st.integers(0, len(body)), max_size=12)))
    holes = tuple(
        Hole(at, end - at) for at, end in zip(edges[::2], edges[1::2], strict=False) if end > at
    )
    written = bytearray(body)
    for hole in holes:
        fill = draw(st.binary(min_size=hole.width, max_size=hole.width))
        written[hole.at : hole.at + hole.width] = fill
    return body, holes, bytes(written)


@given(pages(), st.integers(1, 9))
def test_the_packed_page_is_the_written_page(
    page: tuple[bytes, tuple[Hole, ...], bytes], level: int
) -> None:
    """Unpacking gives exactly the page as written, for any page, holes and bytes in them."""
    body, holes, written = page
    packed = pack(body, holes, level)
    sent = unpacked_as(packed, written, holes)
    assert gzip.decompress(sent) == written
    # Written for nobody in particular it is the page itself, and no reader leaves anything in it.
    assert gzip.decompress(unpacked_as(packed, body, holes)) == body


@given(pages())
def test_a_strict_reader_finds_one_whole_file(page: tuple[bytes, tuple[Hole, ...], bytes]) -> None:
    """A streaming reader, as in curl, comes to the end with the checksum right and nothing over."""
    body, holes, written = page
    sent = unpacked_as(pack(body, holes), written, holes)
    reader = zlib.decompressobj(16 + zlib.MAX_WBITS)
    read = b"".join(reader.decompress(sent[at : at + 7]) for at in range(0, len(sent), 7))
    assert read + reader.flush() == written
    assert reader.eof
    assert reader.unused_data == b""
    assert reader.unconsumed_tail == b""
    damaged = bytearray(sent)
    damaged[-5] ^= 1
    with pytest.raises(gzip.BadGzipFile):
        gzip.decompress(bytes(damaged))


@pytest.mark.parametrize(
    "holes",
    [
        (),
        (Hole(0, 5),),
        (Hole(595, 5),),
        (Hole(0, 5), Hole(595, 5)),
        (Hole(0, 600),),
        (Hole(3, 2), Hole(6, 1), Hole(8, 300)),
    ],
    ids=["none", "first", "last", "both ends", "all of it", "close together"],
)
def test_holes_at_the_edges(holes: tuple[Hole, ...]) -> None:
    """No hole, one at either end, one as large as the page: all are written and read."""
    body = b"<p>hola</p>\n" * 50
    written = bytearray(body)
    for hole in holes:
        written[hole.at : hole.at + hole.width] = b"\x00" * hole.width
    with gzip.GzipFile(fileobj=io.BytesIO(unpacked_as(pack(body, holes), written, holes))) as file:
        assert file.read() == bytes(written)


def test_what_is_in_a_hole_is_never_pointed_to() -> None:
    """A secret that also stands in the text costs the same as one that does not (BREACH)."""
    secret, other = b"0123456789abcdef" * 3, b"fedcba9876543210" * 3
    text = b"<p>" + secret + b"</p>" * 40
    body = text + secret + text
    holes = (Hole(len(text), len(secret)),)
    packed = pack(body, holes)
    right = unpacked_as(packed, body, holes)
    wrong = bytearray(body)
    wrong[len(text) : len(text) + len(secret)] = other
    assert len(unpacked_as(packed, wrong, holes)) == len(right)
    # The hole is there as it is, and the text after it was not shortened by what was in it.
    assert right.count(secret) == 1
    again = pack(bytes(wrong), holes)
    assert len(again.data) == len(packed.data)


def test_repeated_text_is_still_small() -> None:
    """What comes before a hole is pointed to after it: fifty holes cost little."""
    item = b"<li class='post'>Un aporte sobre el acueducto veredal</li>\n"
    body = item * 50
    holes = tuple(Hole(at * len(item) + 4, 5) for at in range(50))
    assert len(pack(body, holes).data) < len(gzip.compress(body)) + 50 * 40
