"""Passwords at rest: argon2id. Source: RFC 9106.

The parameters are the second set that OWASP's cheat sheet recommends: 19 MiB instead of
the library's 64 keep a worker small while somebody signs in.
"""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from skranke.core.errors import BadValue

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
MIN_PASSWORD_CHARACTERS, MAX_PASSWORD_CHARACTERS = 8, 1000


def matches(hasher: PasswordHasher, stored: str, password: str) -> bool:
    """Whether the password is the stored one; blocks for as long as a hash takes.

    Nothing stored never fits and takes as long, so that time doesn't tell who exists.
    """
    if not stored:
        _ = hasher.hash(password)
        return False
    try:
        return hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def check_strength(password: str, name: str) -> None:
    """BadValue for a password under 8 characters, over 1000, or the login name."""
    if not MIN_PASSWORD_CHARACTERS <= len(password) <= MAX_PASSWORD_CHARACTERS:
        raise BadValue(
            "Password", f"takes {MIN_PASSWORD_CHARACTERS} to {MAX_PASSWORD_CHARACTERS} characters"
        )
    if password.lower() == name.lower():
        raise BadValue("Password", "must not be the login name")
