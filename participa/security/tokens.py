"""Random tokens of which only the hash is kept, and form tokens bound to a sign-in."""

import hashlib
import hmac
import secrets


def new_token() -> str:
    """Make a token of 256 bits for a cookie or a link."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Give what is kept of a token: a leaked table opens nothing."""
    return hashlib.sha256(token.encode()).hexdigest()


def form_token(secret: bytes, session_hash: str) -> str:
    """Make a form's token for one sign-in.

    A fresh salt in each keeps the token from being guessed out of a compressed page.
    """
    salt = secrets.token_hex(8)
    return salt + _signature(secret, session_hash, salt)


def form_token_fits(secret: bytes, session_hash: str, token: str) -> bool:
    """Whether a form's token was made for this sign-in."""
    salt, signature = token[:16], token[16:]
    expected = _signature(secret, session_hash, salt)
    return token.isascii() and hmac.compare_digest(signature, expected)


def _signature(secret: bytes, session_hash: str, salt: str) -> str:
    message = f"form:{session_hash}:{salt}".encode()
    return hmac.digest(secret, message, "sha256").hex()[:32]
