"""Pictures written anew through Pillow: what is not the picture itself stays behind.

Where and with what it was taken, its comments and thumbnails, and whatever hangs at its end.
"""

import io

from PIL import Image, ImageOps

from participa.files.unfit import Unfit

# What today's telephones take at most.
MAX_PIXELS = 50_000_000
LONG_SIDE = 2_000
QUALITY = 85
_KEPT_MODES = frozenset({"L", "RGB", "RGBA"})


def rewritten(data: bytes, code: str) -> tuple[bytes, int, int]:
    """Give a picture anew, the right way up, with its width and height in pixels.

    `code` is its type as Pillow names it. Raises Unfit for one of too many pixels, and for one
    that moves or that cannot be read whatever Pillow raises.
    """
    with Image.open(io.BytesIO(data), formats=(code,)) as opened:
        if opened.width * opened.height > MAX_PIXELS:
            raise Unfit("too_many_pixels")
        picture = _plain(opened)
    clean = Image.new(picture.mode, picture.size)
    clean.paste(picture)
    out = io.BytesIO()
    if code == "PNG":
        clean.save(out, code, optimize=True)
    else:
        flat = clean.convert("RGB") if code == "JPEG" and clean.mode == "RGBA" else clean
        flat.save(out, code, quality=QUALITY)
    return out.getvalue(), clean.width, clean.height


def _plain(opened: Image.Image) -> Image.Image:
    # Of a large JPEG only as much is decoded as is kept.
    opened.draft(None, (LONG_SIDE, LONG_SIDE))
    picture: Image.Image = opened
    if opened.mode not in _KEPT_MODES:
        is_clear = "transparency" in opened.info or opened.mode in {"LA", "PA", "La", "RGBa"}
        picture = opened.convert("RGBA" if is_clear else "RGB")
        picture.info["exif"] = opened.info.get("exif", b"")
    picture.thumbnail((LONG_SIDE, LONG_SIDE))
    return ImageOps.exif_transpose(picture)
