"""A kept page as bytes with holes of fixed width, written over for each reader.

The compressed form has the same holes: around each, the compressor is flushed and the hole is a
stored block (RFC 1951, 3.2.4), so that a reader's bytes can be put there without compressing
anything again, and never share a compressed block with what others may have written (BREACH).
"""

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
# Never found in UTF-8 text: what it leaves in the compressor's window is never pointed to.
_BLANK = b"\xff"


class Hole(NamedTuple):
    """Where a reader's bytes go, and how many they are."""

    at: int
    width: int


@dataclass(frozen=True, slots=True)
class Packed:
    """A compressed page without its checksum, and where each hole begins in it."""

    data: bytes
    starts: tuple[int, ...]


def pack(body: bytes, holes: Sequence[Hole], level: int = 6) -> Packed:
    """Compress a page around its holes, which lie in order and do not touch."""
    deflater = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    out = bytearray(_HEADER)
    starts = []
    at = 0
    for hole in holes:
        out += deflater.compress(body[at : hole.at]) + deflater.flush(zlib.Z_SYNC_FLUSH)
        out += struct.pack("<BHH", 0, hole.width, hole.width ^ 0xFFFF)
        starts.append(len(out))
        out += body[hole.at : hole.at + hole.width]
        # The compressor must count the hole's bytes, for its distances to fit.
        deflater.compress(_BLANK * hole.width)
        deflater.flush(zlib.Z_SYNC_FLUSH)
        at = hole.at + hole.width
    out += deflater.compress(body[at:]) + deflater.flush(zlib.Z_FINISH)
    return Packed(bytes(out), tuple(starts))


def unpacked_as(packed: Packed, written: bytes | bytearray, holes: Sequence[Hole]) -> bytes:
    """Give the gzip file of a page as written for one reader."""
    out = bytearray(packed.data)
    for hole, start in zip(holes, packed.starts, strict=True):
        out[start : start + hole.width] = written[hole.at : hole.at + hole.width]
    out += struct.pack("<II", zlib.crc32(written), len(written) & 0xFFFFFFFF)
    return bytes(out)
