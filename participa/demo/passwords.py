"""Passwords for the demonstration's log-ins: made when it is loaded, told once, kept by nobody."""

import secrets

from participa.demo.content import text

COUNT = 4


def new_password() -> str:
    """Make a password a person can read out: four words, chosen where nobody can foresee them.

    The words are common and have no accents, so that any keyboard has them.
    """
    words = text("words.txt").split()
    return " ".join(secrets.choice(words) for _each in range(COUNT))
