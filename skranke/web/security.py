"""What a browser is told not to do, and the token that proves a form is ours."""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error

PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; frame-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; "
    "trusted-types default dompurify"
)
# a customer's mail: no script, no origin, nothing loaded but what is inside it
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox allow-popups "
    "allow-popups-to-escape-sandbox; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)
MAIL_POLICY_WITH_IMAGES = MAIL_POLICY.replace("img-src data:", "img-src data: https: http:")
FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; sandbox"
PAGE_HEADERS = {
    "content-security-policy": PAGE_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
}


def mask(token: str) -> str:
    """The token as a form carries it, another text each time.

    A page is compressed, and a text that repeats could be guessed from its length (BREACH).
    """
    plain = token.encode()
    pad = secrets.token_bytes(len(plain))
    return urlsafe_b64encode(pad + _xor(pad, plain)).decode()


def unmask(text: str) -> str:
    """The token in a form's field; empty for what isn't one."""
    try:
        both = urlsafe_b64decode(text.encode())
        half = len(both) // 2
        return _xor(both[:half], both[half:]).decode()
    except (Error, ValueError):
        return ""


def _xor(a: bytes, b: bytes) -> bytes:
    return bytes(x ^ y for x, y in zip(a, b, strict=True))
