"""Passwords: argon2id in a thread, at most two at a time; length and a refusal list (T12)."""

import asyncio
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from participa.i18n import Text, _

MIN_LENGTH = 10
MAX_LENGTH = 128
_hasher = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
# Hashing takes 64 MiB; an old PC has room for two.
_two_at_a_time = asyncio.Semaphore(2)
# What an unknown address is compared with, so that it takes as long as a known one (T14).
_NOBODY = _hasher.hash("nobody's password, only for its time")
_ROOTS = (
    "contrasena", "password", "participa", "colombia", "municipio", "alcaldia", "bienvenido",
    "clave", "qwerty", "asdfgh", "administrador", "iloveyou", "tequiero", "millonarios",
    "nacional", "america", "secreto", "amorcito", "princesa", "usuario", "futbol", "abc",
)  # fmt: skip
_LEET = str.maketrans("4310$5@", "aeiossa")


def password_problem(password: str, *context: str) -> Text | None:
    """Say what is wrong with a new password, or None.

    No rules of composition; but what everybody tries first is refused, and so are the
    person's or the entity's own names followed by a few digits.
    """
    if len(password) < MIN_LENGTH:
        return _("La contraseña debe tener al menos {count} caracteres.", count=MIN_LENGTH)
    if len(password) > MAX_LENGTH:
        return _("La contraseña puede tener hasta {count} caracteres.", count=MAX_LENGTH)
    if _is_common(password, context):
        return _("Esa contraseña es fácil de adivinar. Use varias palabras que solo usted junte.")
    return None


def _is_common(password: str, context: tuple[str, ...]) -> bool:
    plain = _folded(password)
    if len(set(plain)) < 5 or plain.isdigit():
        return True
    known = {*_ROOTS, *_context_words(context)}
    letters = {_letters(plain), _letters(plain.translate(_LEET))}
    return any(not word or word in known or _half(word) in known for word in letters)


def _context_words(context: tuple[str, ...]) -> set[str]:
    names = [_folded(name.split("@")[0]) for name in context]
    words = {_letters(name) for name in names} | {part for name in names for part in name.split()}
    return {word for word in words if len(word) > 2}


def _letters(text: str) -> str:
    return "".join(ch for ch in text if ch.isalpha())


def _half(word: str) -> str:
    half = word[: len(word) // 2]
    return half if half * 2 == word else word


def _folded(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text.lower())
    return "".join(ch for ch in bare if not unicodedata.combining(ch))


async def hash_password(password: str) -> str:
    """Hash a new password off the event loop."""
    async with _two_at_a_time:
        return await asyncio.to_thread(_hasher.hash, _normal(password))


async def password_fits(hashed: str, password: str) -> bool:
    """Compare a password; without a hash it takes the same time and never fits."""
    async with _two_at_a_time:
        return await asyncio.to_thread(_verify, hashed, _normal(password))


def _verify(hashed: str, password: str) -> bool:
    try:
        _hasher.verify(hashed or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return bool(hashed)


def _normal(password: str) -> str:
    # The same letters typed on two keyboards may differ in bytes.
    return unicodedata.normalize("NFC", password)
