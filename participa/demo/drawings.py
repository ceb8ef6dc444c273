"""A picture that the demonstration draws itself: nobody else's is in it."""

import struct
import zlib

Colour = tuple[int, int, int]
SKY, FAR, NEAR, ROAD = (232, 240, 244), (150, 180, 165), (96, 140, 105), (196, 178, 150)
RED, BLUE, YELLOW, DARK = (190, 60, 50), (50, 90, 150), (235, 190, 70), (45, 45, 50)
WIDTH, HEIGHT = 960, 600


class Canvas:
    """Rows of coloured points, painted over from back to front."""

    def __init__(self, width: int, height: int, colour: Colour) -> None:
        self._rows = [bytearray(bytes(colour) * width) for _row in range(height)]
        self._width = width

    def span(self, y: int, left: int, right: int, colour: Colour) -> None:
        """Paint a part of a row."""
        left, right = max(left, 0), min(right, self._width)
        if 0 <= y < len(self._rows) and left < right:
            self._rows[y][3 * left : 3 * right] = bytes(colour) * (right - left)

    def box(self, left: int, top: int, right: int, bottom: int, colour: Colour) -> None:
        """Paint a rectangle."""
        for y in range(top, bottom):
            self.span(y, left, right, colour)

    def peak(self, x: int, top: int, bottom: int, slope: float, colour: Colour) -> None:
        """Paint a mountain."""
        for y in range(top, bottom):
            half = round((y - top) * slope)
            self.span(y, x - half, x + half, colour)

    def disc(self, x: int, y: int, radius: int, colour: Colour) -> None:
        """Paint a disc."""
        for line in range(-radius, radius + 1):
            half = round((radius**2 - line**2) ** 0.5)
            self.span(y + line, x - half, x + half, colour)

    def png(self) -> bytes:
        """Write it as PNG (ISO 15948): eight bits a colour, no filter."""
        size = struct.pack(">IIBBBBB", self._width, len(self._rows), 8, 2, 0, 0, 0)
        points = zlib.compress(b"".join(b"\0" + row for row in self._rows), 9)
        parts = (b"IHDR", size), (b"IDAT", points), (b"IEND", b"")
        return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in parts)


def _chunk(name: bytes, data: bytes) -> bytes:
    check = zlib.crc32(name + data)
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", check)


def library_bus() -> bytes:
    """Draw the chiva with its crate of books on the way up to the veredas, as PNG."""
    canvas = Canvas(WIDTH, HEIGHT, SKY)
    canvas.disc(800, 110, 48, YELLOW)
    for x, top in ((180, 150), (470, 90), (820, 190)):
        canvas.peak(x, top, 430, 1.1, FAR)
    for x, top in ((40, 260), (360, 290), (700, 250), (930, 300)):
        canvas.peak(x, top, 470, 1.4, NEAR)
    canvas.box(0, 460, WIDTH, HEIGHT, ROAD)
    _bus(canvas, 240, 300)
    return canvas.png()


def _bus(canvas: Canvas, left: int, top: int) -> None:
    canvas.box(left, top, left + 460, top + 190, RED)
    canvas.box(left, top + 96, left + 460, top + 116, YELLOW)
    canvas.box(left, top + 136, left + 460, top + 146, BLUE)
    for at in range(5):
        canvas.box(left + 20 + 88 * at, top + 20, left + 84 + 88 * at, top + 84, SKY)
    canvas.box(left + 130, top - 60, left + 330, top - 4, ROAD)
    for at, colour in enumerate((BLUE, YELLOW, RED, NEAR, BLUE, DARK, YELLOW, RED)):
        canvas.box(
            left + 140 + 23 * at, top - 78 + 5 * (at % 3), left + 158 + 23 * at, top - 4, colour
        )
    for x in (left + 100, left + 360):
        canvas.disc(x, top + 196, 44, DARK)
        canvas.disc(x, top + 196, 18, SKY)
