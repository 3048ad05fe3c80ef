"""Where secrets lie when a person asked for it: the system's keyring, or files that they alone may read."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Protocol

SERVICE = "strava-nb"
"""What the secrets are filed under in a keyring."""


class Vault(Protocol):
    """A place for secrets, each under a name."""

    @property
    def name(self) -> str:
        """Where that is, in words for the person."""

    def get(self, key: str) -> str | None:
        """The secret, None if there is none."""

    def put(self, key: str, secret: str) -> None:
        """Keep this secret instead."""

    def drop(self, key: str) -> None:
        """Keep nothing under this name."""


class KeyringVault:
    """The system's own keyring: macOS Keychain, Windows Credential Locker, Secret Service."""

    name = "in this computer's keyring"

    def get(self, key: str) -> str | None:
        """The secret, None if there is none."""
        import keyring  # loads slowly, and only who remembers needs it

        return keyring.get_password(SERVICE, key)

    def put(self, key: str, secret: str) -> None:
        """Keep this secret instead."""
        import keyring

        keyring.set_password(SERVICE, key, secret)

    def drop(self, key: str) -> None:
        """Keep nothing under this name."""
        import keyring

        if keyring.get_password(SERVICE, key) is not None:
            keyring.delete_password(SERVICE, key)

    def works(self) -> bool:
        """Whether a secret comes back out; a computer without a desktop often has no keyring."""
        from keyring.errors import KeyringError

        try:
            self.put("probe", "1")
            kept = self.get("probe") == "1"
            self.drop("probe")
        except (KeyringError, RuntimeError, OSError):
            return False
        return kept


class FileVault:
    """Files that their owner alone may read, where there is no keyring."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def name(self) -> str:
        """Where that is, in words for the person."""
        return f"in a file that only you can read, in {self.folder}"

    def get(self, key: str) -> str | None:
        """The secret, None if there is none."""
        try:
            return (self.folder / key).read_text("utf-8")
        except (FileNotFoundError, UnicodeDecodeError):
            return None

    def put(self, key: str, secret: str) -> None:
        """Keep this secret instead."""
        write_private(self.folder / key, secret)

    def drop(self, key: str) -> None:
        """Keep nothing under this name."""
        (self.folder / key).unlink(missing_ok=True)


def write_private(path: Path, text: str) -> None:
    """Write a file that its owner alone may read: the whole of it or, if that fails, the old one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.stem)  # 0600 from birth
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
