"""Seals what nobody but its readers may see: AES-256-GCM, bound to the row it lies in.

key id (1 byte) | nonce (12 bytes) | ciphertext and tag
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 12
KEY_CHARS = 32  # HKDF spreads a key but does not strengthen it, so a password will not do


class CannotOpen(Exception):
    """No key of ours fits, or the sealed bytes were changed or moved."""


class Vault:
    """keys: UPSTANDER_KEY, "new,old,older", or its parts. The first seals, every one opens.

    Raises ValueError on a short one.
    """

    def __init__(self, keys: str | Sequence[str], room: str = "reports") -> None:
        parts = keys.split(",") if isinstance(keys, str) else keys
        texts = [text.strip() for text in parts if text.strip()]
        if not texts or any(len(text) < KEY_CHARS for text in texts):
            raise ValueError(
                f"each key in UPSTANDER_KEY needs at least {KEY_CHARS} characters; "
                'make one with: python -c "import secrets; print(secrets.token_urlsafe(32))"'
            )
        secrets = [derive(text, room) for text in texts]
        self._marking = [derive(text, f"{room} receipts") for text in texts]
        self._sealing = (key_id(secrets[0]), AESGCM(secrets[0]))
        self._opening = [(key_id(secret), AESGCM(secret)) for secret in secrets]

    def seal(self, clear: bytes, column: str, row: str) -> bytes:
        """column: ``table.column``. row: its primary key."""
        id, cipher = self._sealing
        nonce = os.urandom(NONCE_BYTES)
        return id + nonce + cipher.encrypt(nonce, clear, place(column, row))

    def marks(self, text: str) -> list[str]:
        """A keyed hash of ``text`` for each key, the newest first; the first is the one to keep."""
        return [hmac.new(secret, text.encode(), hashlib.sha256).hexdigest() for secret in self._marking]

    def has_key(self, id: bytes) -> bool:
        """Whether one of the keys has that id, which is the first byte of whatever it sealed."""
        return any(known == id for known, _ in self._opening)

    def open(self, sealed: bytes, column: str, row: str) -> bytes:
        """Raises CannotOpen."""
        id, nonce, ciphertext = sealed[:1], sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        for known, cipher in self._opening:
            if known == id:
                try:
                    return cipher.decrypt(nonce, ciphertext, place(column, row))
                except InvalidTag:
                    continue
        raise CannotOpen(f"{column} of row {row} cannot be opened with the keys in UPSTANDER_KEY")


class Vaults:
    """One for each room that holds what somebody wrote, so that none opens what lies in another.

    Raises as ``Vault``.
    """

    def __init__(self, keys: str | Sequence[str]) -> None:
        self.reports, self.questions = Vault(keys), Vault(keys, "questions")


def derive(text: str, room: str) -> bytes:
    """One secret for each room, so that the key of one opens no other."""
    return HKDF(SHA256(), 32, salt=None, info=f"upstander {room}".encode()).derive(text.encode())


def key_id(secret: bytes) -> bytes:
    """One byte that tells keys apart without telling anything about them; two keys may share it."""
    return hashlib.sha256(b"key id" + secret).digest()[:1]


def place(column: str, row: str) -> bytes:
    return f"{column}\0{row}".encode()
