"""Secrets at rest: what must be kept for a while, but be of no use to whoever copies the database."""

import os
from pathlib import Path

from shenbao.errors import OutputError

KEY_FILE = "secret.key"
"""The key's file in the data folder; only its owner may read it."""


class Seal:
    """Seals texts with the key in a file (Fernet: AES-128-CBC with HMAC-SHA256). The key is made at first need."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def close(self, text: str) -> bytes:
        """The text sealed.

        Raises:
            OutputError: the key can be neither read nor made.
        """
        from cryptography.fernet import Fernet

        try:
            return Fernet(self._key()).encrypt(text.encode())
        except (OSError, ValueError) as error:
            raise OutputError(f"{self._path}: {error}") from error

    def open(self, sealed: bytes) -> str | None:
        """The text; None where the key is another one, or lost."""
        from cryptography.fernet import Fernet, InvalidToken

        try:
            return Fernet(self._path.read_bytes()).decrypt(sealed).decode()
        except (OSError, ValueError, InvalidToken):
            return None

    def _key(self) -> bytes:
        from cryptography.fernet import Fernet

        if not self._path.exists():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            made = self._path.with_suffix(f".{os.getpid()}")
            descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(Fernet.generate_key())
                stream.flush()
                os.fsync(stream.fileno())
            made.replace(self._path)
        return self._path.read_bytes()
