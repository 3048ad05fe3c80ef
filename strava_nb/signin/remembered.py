"""Sign-ins that a person asked to be remembered, once for all notebooks.

The secrets lie in a vault. Who they belong to lies beside it in a plain list, since a keyring cannot be
leafed through.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from filelock import FileLock

from ..settings import settings
from .oauth import Application
from .tokens import LOCK_TIMEOUT, Tokens
from .vaults import FileVault, KeyringVault, Vault, write_private


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed in: enough to greet them and to tell two athletes on one computer apart."""

    athlete_id: int
    name: str
    place: str = ""

    @classmethod
    def from_athlete(cls, athlete: dict[str, Any]) -> Person:
        """The person in Strava's record of an athlete."""
        name = " ".join(str(athlete.get(part) or "").strip() for part in ("firstname", "lastname")).strip()
        place = ", ".join(str(athlete[part]).strip() for part in ("city", "country") if athlete.get(part))
        return cls(int(athlete["id"]), name or f"Athlete {athlete['id']}", place)


@dataclass(frozen=True, slots=True)
class SignIn:
    """What is kept of one athlete: who, with which application, and tokens that renew themselves."""

    person: Person
    application: Application
    store: RememberedStore = field(repr=False)


class RememberedStore:
    """One athlete's tokens in a vault, together with the application that may renew them."""

    def __init__(self, vault: Vault, key: str, application: Application) -> None:
        self._vault = vault
        self._key = key
        self._application = application

    @property
    def name(self) -> str:
        """Where that is, in words for the person."""
        return self._vault.name

    def load(self) -> Tokens | None:
        """What is kept; None if nothing is, or nothing whole."""
        kept = _read(self._vault.get(self._key))
        return Tokens.from_json(json.dumps(kept["tokens"])) if kept else None

    def save(self, tokens: Tokens) -> None:
        """Keep these instead."""
        kept = {
            "client_id": self._application.client_id,
            "client_secret": self._application.client_secret,
            "tokens": json.loads(tokens.to_json()),
        }
        self._vault.put(self._key, json.dumps(kept))

    def delete(self) -> None:
        """Keep nothing."""
        self._vault.drop(self._key)

    def lock(self) -> AbstractContextManager[object]:
        """No other thread and no other process meanwhile."""
        return _lock(self._key)


class Remembered:
    """The sign-ins remembered for one Strava, latest used first."""

    def __init__(self, url: str, home: Path | None = None, vault: Vault | None = None) -> None:
        self._url = url
        self._home = home or settings().home
        self._given_vault = vault

    @property
    def vault(self) -> Vault:
        """Where new secrets go: the keyring where one works."""
        if self._given_vault is not None:
            return self._given_vault
        keyring = KeyringVault()
        return keyring if keyring.works() else FileVault(self._home / "sign-ins")

    def people(self) -> list[Person]:
        """Who is remembered, latest used first."""
        return [Person(one["athlete_id"], one["name"], one["place"]) for one in self._listed()]

    def keep(self, person: Person, application: Application, tokens: Tokens) -> RememberedStore:
        """Remember a sign-in from now on, and put it first."""
        vault = self.vault
        store = RememberedStore(vault, self._key(person), application)
        with store.lock():
            store.save(tokens)
        self._list(person, isinstance(vault, KeyringVault))
        return store

    def latest(self) -> SignIn | None:
        """The sign-in that was used last; None if nobody is remembered."""
        people = self.people()
        return self.recall(people[0]) if people else None

    def recall(self, person: Person) -> SignIn | None:
        """A remembered sign-in, now the latest used; None if its secrets are gone."""
        listed = next((one for one in self._listed() if one["athlete_id"] == person.athlete_id), None)
        if listed is None:
            return None
        vault = self._given_vault or (
            KeyringVault() if listed["in_keyring"] else FileVault(self._home / "sign-ins")
        )
        key = self._key(person)
        kept = _read(vault.get(key))
        if kept is None:
            return None
        application = Application(f"{self._url}/oauth", kept["client_id"], kept["client_secret"])
        self._list(person, listed["in_keyring"])
        return SignIn(person, application, RememberedStore(vault, key, application))

    def forget(self, person: Person) -> None:
        """Remember a sign-in no more."""
        if person.athlete_id not in [one["athlete_id"] for one in self._listed()]:
            return
        if sign_in := self.recall(person):
            sign_in.store.delete()
        with self._editing() as listed:
            listed[:] = [one for one in listed if one["athlete_id"] != person.athlete_id]

    def in_keyring(self) -> Iterator[dict[str, Any]]:
        """What the keyring holds of each, for whoever must know a secret when it sees it; changes nothing."""
        from keyring.errors import KeyringError  # as slow as keyring itself

        for listed in self._listed():
            if listed["in_keyring"]:
                with suppress(KeyringError, RuntimeError):  # a locked one tells nothing
                    kept = _read(KeyringVault().get(self._key(Person(listed["athlete_id"], listed["name"]))))
                    yield kept or {}

    def _list(self, person: Person, in_keyring: bool) -> None:
        with self._editing() as listed:
            others = [one for one in listed if one["athlete_id"] != person.athlete_id]
            listed[:] = [asdict(person) | {"in_keyring": in_keyring}, *others]

    def _listed(self) -> list[dict[str, Any]]:
        if settings().guests:  # A guest hears of nobody.
            return []
        try:
            listed = json.loads(self._path.read_text("utf-8"))
            return [one for one in listed if {"athlete_id", "name", "place", "in_keyring"} <= one.keys()]
        except (OSError, ValueError, TypeError, AttributeError):
            return []

    @contextmanager
    def _editing(self) -> Iterator[list[dict[str, Any]]]:
        with _lock(self._path.stem):
            listed = self._listed()
            yield listed
            write_private(self._path, json.dumps(listed, ensure_ascii=False))

    @property
    def _path(self) -> Path:
        return self._home / "sign-ins" / f"people-{_hash(self._url)}.json"

    def _key(self, person: Person) -> str:
        return _hash(f"{self._url}\n{person.athlete_id}")


def _read(text: str | None) -> dict[str, Any] | None:
    try:
        kept = json.loads(text or "")
        return kept if {"client_id", "client_secret", "tokens"} <= kept.keys() else None
    except (ValueError, AttributeError):
        return None


def _lock(key: str) -> FileLock:
    folder = settings().home / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    return FileLock(folder / f"{key}.lock", timeout=LOCK_TIMEOUT)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
