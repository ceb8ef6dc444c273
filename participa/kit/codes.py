"""Secret codes of 80 bits that people read from paper and type in, in groups of four."""

import secrets

# No I, L, O or U: none is taken for a digit or makes a word.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH, _GROUP, BYTES = 16, 4, 10
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_code(raw: bytes | None = None) -> str:
    """Write ten bytes, by default random ones, as a code such as «7K2M-9QXD-0V4B-H8TZ»."""
    number = int.from_bytes(secrets.token_bytes(BYTES) if raw is None else raw, "big")
    letters = "".join(_ALPHABET[number >> 5 * n & 31] for n in range(_LENGTH))
    return "-".join(letters[at : at + _GROUP] for at in range(0, _LENGTH, _GROUP))


def plain_code(typed: str) -> str:
    """Give the letters of a code however it was typed: O is read as 0, I and L as 1."""
    return "".join(ch for ch in typed.upper() if ch.isalnum()).translate(_READ_AS)
