"""The export's door on the panel: an export is dropped, found on this computer, or named by its path.

A page sends a dropped export in parts, since a message to the kernel holds ten megabytes: first its
directory, then the lists that the kernel asks for, then the tracks that the person asks for. A cell
cannot wait for the page, so what it finds is what has come.
"""

from __future__ import annotations

import json
import threading
import time
import weakref
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pandas as pd
from platformdirs import user_downloads_path

from ..errors import BadExport, BadInput, Stopped, StravaNbError
from ..settings import settings
from ..signin.session import Opened, Session, SignedIn, State
from ..sources import last_export
from ..sources.archive import ExportSource
from ..sources.export_files import TABLE, find_files
from ..sources.local_time import zone_named
from ..sources.sent_files import SentFiles, sent_files
from ..sources.source import Progress
from ..wanted import Span
from . import words
from .base import Part
from .dates import latest_span, watch_dates

FOUND: Final = 3
"""Exports offered at the most, newest first."""

_UNASKED: Final = ("ready", "pressed", "part")
"""Messages whose page does not wait to hear that they were heard."""

_SLOWLY: Final = 0.2
"""Seconds between two pictures of a bar: each of them is a message to the page."""


@dataclass
class _Sending:
    """What a page sends just now, by its own word for it.

    `tracks` are the activities they are for; `page` is its word for what was dropped on it.
    """

    token: str
    files: SentFiles
    tracks: list[int] = field(default_factory=list)
    page: str = ""


class ExportCard(Part):
    """What the panel's card of the export does; a base of `Panel`, which shows it."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._found: list[Path] = []
        self._directories: dict[str, bytearray] = {}
        self._sending: _Sending | None = None
        self._zone: str | None = None
        self._reading: threading.Event | None = None
        self._page = ""
        self._span: Span | None = None
        me = weakref.ref(self)
        self._unwatch_dates = watch_dates(lambda: card._dates_changed() if (card := me()) else None)
        self.sent = 0
        """Bytes of the export that pages have sent, its directory aside."""

    def _received(self, widget: Any, content: Any, buffers: Sequence[memoryview] | None) -> None:
        super()._received(widget, content, buffers)
        if isinstance(content, dict) and content.get("type") not in _UNASKED:
            self.send({"type": "heard"})

    # --- what the page sends

    def on_open_path(self, content: dict[str, Any], _: Sequence[memoryview]) -> None:
        """A path was typed."""
        if settings().served:
            raise BadInput(*words.NOT_YOUR_FILES)
        typed = str(content.get("path", "")).strip().strip("\"'")
        if not typed:
            raise BadInput("No path was typed.", "Type where the zip lies, or choose the zip above.")
        self._open_path(Path(typed).expanduser(), content)

    def on_open_found(self, content: dict[str, Any], _: Sequence[memoryview]) -> None:
        """One of the exports that were found here was chosen."""
        self._open_path(self._found[int(content["index"])], content)

    def on_open_last(self, content: dict[str, Any], _: Sequence[memoryview]) -> None:
        """The export that was used last was chosen again."""
        self._learn_zone(content)
        if last := last_export.last_export():
            self._opened(replace(last, zone=self._zone or last.zone).open(), page=self._page)

    def on_dropped(self, content: dict[str, Any], buffers: Sequence[memoryview]) -> None:
        """An export was dropped: the next part of its directory."""
        token = str(content["token"])
        if self._sending:  # of the export that was dropped before, and is not wanted any more
            self._sending = None
            self.show(bar=None)
        directory = self._directories.setdefault(token, bytearray())
        directory += buffers[0]
        if not content["last"]:
            self.send({"type": "got", "token": token})
            return
        self._directories.clear()
        self._learn_zone(content)
        entries = json.loads(directory.decode("utf-8")) if directory else []
        head = bytes(buffers[1]) if len(buffers) > 1 else b""
        files = sent_files(str(content["name"]), str(content["kind"]), entries, head, str(content["why"]))
        same = self._export
        if same and isinstance(same.files, SentFiles) and same.files.entries == files.entries:
            files = same.files  # Dropped again after the page was reloaded, to have its tracks read.
        files.restart()
        self._ask(_Sending(token, files, page=str(content["dropped"])), files.lists)

    def on_part(self, content: dict[str, Any], buffers: Sequence[memoryview]) -> None:
        """The next bytes of the files that were asked for, each file's in their order."""
        sending = self._sending
        if sending is None or content["token"] != sending.token:
            self.send({"type": "got", "token": content["token"]})
            return
        for sent_as, data in zip(content["names"], buffers, strict=True):
            self.sent += len(data)
            try:
                sending.files.add(str(sent_as), data)
            except OSError as error:
                self._sending = None
                self.show(bar=None)
                raise BadExport(
                    f"There is no room for what is sent ({error.strerror}).", "Make some, then drop it again."
                ) from error
        self.send({"type": "got", "token": sending.token})
        self._show_bar(words.SENDING, content["done"], content["total"], token=sending.token)
        if not content["last"]:
            return
        self._sending = None
        if sending.tracks:
            self._read(self._source_here(), sending.tracks)
        else:
            self._arrived(sending)

    def on_tracks(self, content: dict[str, Any], _: Sequence[memoryview]) -> None:
        """The tracks are to be read too: all of them, or those of the picked dates."""
        source = self._source_here()
        ids = self._ids(source, picked=content.get("which") == "picked")
        if self._reading:
            return
        files = source.files
        if isinstance(files, SentFiles) and (away := source.tracks_away(ids)):
            if not self._page or content.get("dropped") != self._page:
                raise BadExport("The page does not have the export any more.", "Drop it here once more.")
            files.restart()
            self._ask(_Sending(str(content["token"]), files, tracks=ids, page=self._page), away)
        else:
            self._read(source, ids)

    def on_stop(self, _: dict[str, Any], __: Sequence[memoryview]) -> None:
        """Stop was pressed: what came so far stays."""
        if self._reading:
            self._reading.set()
        self._sending = None
        self.show(bar=None)

    def on_lost(self, content: dict[str, Any], _: Sequence[memoryview]) -> None:
        """The page could not read on: the file was moved, or changed meanwhile."""
        self._sending = None
        self.show(bar=None)
        name = str(content.get("name", ""))[:80]
        raise BadExport(
            f"{name} cannot be read any more.", "It was moved or changed: drop it here once more."
        )

    def on_look(self, _: dict[str, Any], __: Sequence[memoryview]) -> None:
        """The card was opened: an export may have been downloaded meanwhile."""
        self._look_again()

    def on_forget(self, _: dict[str, Any], __: Sequence[memoryview]) -> None:
        """What is kept of the export is to be deleted."""
        if export := self._export:
            last_export.forget(export)
            self._look_again()

    # --- opening

    @property
    def state(self) -> State:
        """Where the sign-in stands."""
        return self._session.state

    @property
    def _export(self) -> ExportSource | None:
        state = self._session.state
        return state.source if isinstance(state, Opened) else None

    def _source_here(self) -> ExportSource:
        if (export := self._export) is None:
            raise BadExport("No export is open.", "Drop yours here.")
        return export

    def _open_path(self, path: Path, content: dict[str, Any]) -> None:
        self._learn_zone(content)
        self._opened(ExportSource(find_files(path), browser_zone=self._zone))

    def _arrived(self, sending: _Sending) -> None:
        self.show(bar=None)
        if self._export and self._export.files is sending.files:
            self._page = sending.page
            self._look_again()
        else:
            self._opened(ExportSource(sending.files, browser_zone=self._zone), page=sending.page)

    def _opened(self, source: ExportSource, *, page: str = "") -> None:
        def enter() -> None:
            self._page = page
            last_export.remember(source, browser_zone=self._zone)
            self._session.open(source, last_export.leave)

        if TABLE in source.files.names:
            enter()
        else:  # What activities there are is told by their tracks alone.
            self._read(source, [], enter)

    def _learn_zone(self, content: dict[str, Any]) -> None:
        try:
            self._zone = zone_named(str(content["zone"])).key
        except (BadInput, KeyError):
            self._zone = None

    def _ask(self, sending: _Sending, names: Iterable[str]) -> None:
        """Have the page send these files."""
        self._sending = sending
        wanted = sending.files.sent_as(names)
        if wanted:
            self.send({"type": "want", "token": sending.token, "names": wanted})
            return
        self._sending = None
        self.send({"type": "want", "token": sending.token, "names": []})
        self._arrived(sending)

    # --- tracks

    def _ids(self, source: ExportSource, *, picked: bool) -> list[int]:
        days = source.local_days()
        start, end = (latest_span() if picked else None) or (None, None)
        if start:
            days = days[days >= pd.Timestamp(start)]
        if end:
            days = days[days < pd.Timestamp(end) + pd.Timedelta(days=1)]
        return [int(one) for one in days.index]

    def _read(self, source: ExportSource, ids: list[int], then: Callable[[], None] | None = None) -> None:
        """Read tracks in a thread, so that cells can run and Stop can be pressed meanwhile."""
        cancel = self._reading = threading.Event()
        work = threading.Thread(
            target=self._read_all, args=(source, ids, cancel, then), name="strava-nb tracks", daemon=True
        )
        work.start()

    def _read_all(
        self,
        source: ExportSource,
        ids: list[int],
        cancel: threading.Event,
        then: Callable[[], None] | None,
    ) -> None:
        show = _now_and_then(lambda step: self._show_bar(words.READING, step.done, step.total or step.done))
        problem: StravaNbError | None = None
        try:
            source.read_tracks(ids, tell=show, cancel=cancel)
            if then:
                then()
        except Stopped:
            pass
        except StravaNbError as error:
            problem = error
        finally:
            self._reading = None
            self.show(bar=None)
            self._look_again()
        if problem:
            self.show_problem(problem, "tracks")

    # --- what the page shows

    def _look_again(self) -> None:
        """Show how the export stands now, or which ones there are to be opened."""
        self.show(opened=self._look_opened(), **self._look_around())

    def _dates_changed(self) -> None:
        if self._export and latest_span() != self._span:
            self._look_again()

    def _look_around(self) -> dict[str, Any]:
        out = not isinstance(self.state, SignedIn | Opened)
        found, last = (self._look_found(), self._look_last()) if out else ([], "")
        return {"found": found, "last": last, "paths": not settings().served}

    def _show_bar(self, what: str, done: int, total: int, token: str = "") -> None:
        self.show(bar={"what": what, "done": int(done), "total": max(int(total), 1), "token": token})

    def _look_found(self) -> list[dict[str, Any]]:
        """Exports lying where people put them; their paths stay here: they tell a person's name."""
        here = settings()
        folders = [] if here.served else [Path.cwd()]
        if not here.guests:
            folders.append(user_downloads_path())
        found = []
        for path in {one for folder in folders for one in _exports_in(folder)}:
            try:
                about = path.stat()
            except OSError:
                continue
            found.append((about.st_mtime, about.st_size, path))
        found = sorted(found, reverse=True)[:FOUND]
        self._found = [path for *_, path in found]
        return [
            {"name": path.name, "size": size_of(size), "date": f"{datetime.fromtimestamp(mtime):%Y-%m-%d}"}
            for mtime, size, path in found
        ]

    def _look_last(self) -> str:
        last = last_export.last_export()
        return last.name if last and last.place not in [path.resolve() for path in self._found] else ""

    def _look_opened(self) -> dict[str, Any] | None:
        """What the panel says of the export that is open."""
        source = self._export
        if source is None:
            return None
        days = source.local_days()
        years = list(dict.fromkeys((days.min().year, days.max().year))) if days.notna().any() else []
        span = self._span = latest_span()
        unread = source.tracks_size()
        some = source.tracks_size(self._ids(source, picked=True)) if span and unread else 0
        sent = isinstance(source.files, SentFiles)
        kept = last_export.kept_bytes(source)
        return {
            "what": words.holds(len(days), years),
            "name": source.path.name,
            "unread": size_of(unread) if unread else "",
            "picked": size_of(some) if 0 < some < unread else "",
            "tracks": bool(source.files.tracks),
            "page": self._page if sent and source.tracks_away() else None,
            "kept": size_of(kept) if kept else "",
        }


def size_of(count: int) -> str:
    """A number of bytes in words."""
    if count < 1_000_000:
        return f"{max(count / 1000, 1):.0f} kB"
    return f"{count / 1_000_000:,.{1 if count < 10_000_000 else 0}f} MB"


def _exports_in(folder: Path) -> list[Path]:
    try:
        return [path for path in folder.glob("export_*.zip") if path.is_file()]
    except OSError:
        return []


def _now_and_then(tell: Callable[[Progress], None]) -> Callable[[Progress], None]:
    """Tell the first step, the last, and few between them."""
    last = 0.0

    def told(step: Progress) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= _SLOWLY or step.done == step.total:
            last = now
            tell(step)

    return told
