"""The API's addresses: what may be asked under /api/v3, with which scope, and how a question is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from .answers import SERIES
from .books import Book
from .faults import Faults
from .replies import EMPTY_404, Refused, Reply, answer, bad_request, fault, not_found, unauthorized

Query = Mapping[str, str]
Scopes = frozenset[str]

SEES_ACTIVITIES = frozenset({"activity:read", "activity:read_all"})


class Endpoints:
    """The simulated API over one book of activities."""

    def __init__(self, book: Book, faults: Faults, clock: Callable[[], float]) -> None:
        self.book = book
        self._faults = faults
        self._clock = clock

    def get(self, path: str, query: Query, scopes: Scopes) -> Reply:
        """Answer one question; raises Refused with Strava's no."""
        for pattern, endpoint in ROUTES:
            if found := pattern.fullmatch(path):
                return endpoint(self, *found.groups(), query=query, scopes=scopes)
        raise not_found("resource", "path", "invalid")

    def _athlete(self, *, query: Query, scopes: Scopes) -> Reply:
        return answer(self.book.athlete(detailed="profile:read_all" in scopes))

    def _zones(self, *, query: Query, scopes: Scopes) -> Reply:
        if "profile:read_all" not in scopes:
            raise unauthorized("AccessToken", "profile:read_permission", "missing")
        return answer(self.book.zones())

    def _stats(self, athlete_id: str, *, query: Query, scopes: Scopes) -> Reply:
        if int(athlete_id) != self.book.athlete_id:
            raise Refused(fault(403, "Forbidden", "Athlete", "id", "invalid"))
        return answer(self.book.stats())

    def _gear(self, gear_id: str, *, query: Query, scopes: Scopes) -> Reply:
        gear = self.book.gear(gear_id)
        if gear is None:
            raise not_found("Gear")
        return answer(gear)

    def _activities(self, *, query: Query, scopes: Scopes) -> Reply:
        _may_see_activities(scopes)
        before, after = _whole(query, "before"), _whole(query, "after")
        page, per_page = _whole(query, "page"), _whole(query, "per_page")
        if after is not None and after > max(self._clock(), self.book.latest):
            raise bad_request("Application", "after", "future")
        if page is not None and page < 1:
            raise bad_request("Application", "page")
        if per_page is not None and not 1 <= per_page <= 200:
            raise bad_request("Application", "per page", "limit exceeded" if per_page > 200 else "invalid")
        return Reply(
            body=self.book.listing.page(
                before=before,
                after=after,
                page=page or 1,
                per_page=per_page or 30,
                private="activity:read_all" in scopes,
                short_pages=self._faults.short_pages,
            )
        )

    def _activity(self, activity_id: str, *, query: Query, scopes: Scopes) -> Reply:
        return Reply(body=self.book.detail(self._visible(activity_id, scopes)))

    def _laps(self, activity_id: str, *, query: Query, scopes: Scopes) -> Reply:
        return Reply(body=self.book.laps(self._visible(activity_id, scopes)))

    def _activity_zones(self, activity_id: str, *, query: Query, scopes: Scopes) -> Reply:
        return Reply(body=self.book.activity_zones(self._visible(activity_id, scopes)))

    def _streams(self, activity_id: str, *, query: Query, scopes: Scopes) -> Reply:
        streams = self.book.streams(self._visible(activity_id, scopes))
        wanted = {key.strip() for key in query.get("keys", "").split(",") if key.strip()}
        if not wanted:
            raise bad_request("Stream", "keys", "missing")
        # What the samples are laid out along comes along, wanted or not.
        wanted.add("distance" if "distance" in streams else "time")
        kept = {kind: streams[kind] for kind in SERIES if kind in wanted and kind in streams}
        if not kept:
            return EMPTY_404
        if query.get("key_by_type", "").lower() in ("true", "1"):
            parts = [f'"{kind}":'.encode() + stream for kind, stream in kept.items()]
            return Reply(body=b"{" + b",".join(parts) + b"}")
        parts = [f'{{"type":"{kind}",'.encode() + stream[1:] for kind, stream in kept.items()]
        return Reply(body=b"[" + b",".join(parts) + b"]")

    def _visible(self, activity_id: str, scopes: Scopes) -> int:
        _may_see_activities(scopes)
        private = self.book.is_private(int(activity_id))
        if private is None or (private and "activity:read_all" not in scopes):
            raise not_found("Activity")
        return int(activity_id)


ROUTES: tuple[tuple[re.Pattern[str], Callable[..., Reply]], ...] = tuple(
    (re.compile(pattern), endpoint)
    for pattern, endpoint in (
        (r"/athlete", Endpoints._athlete),
        (r"/athlete/zones", Endpoints._zones),
        (r"/athlete/activities", Endpoints._activities),
        (r"/athletes/(\d{1,19})/stats", Endpoints._stats),
        (r"/gear/(\w+)", Endpoints._gear),
        (r"/activities/(\d{1,19})", Endpoints._activity),
        (r"/activities/(\d{1,19})/laps", Endpoints._laps),
        (r"/activities/(\d{1,19})/zones", Endpoints._activity_zones),
        (r"/activities/(\d{1,19})/streams", Endpoints._streams),
    )
)


def _may_see_activities(scopes: Scopes) -> None:
    if not scopes & SEES_ACTIVITIES:
        raise unauthorized("AccessToken", "activity:read_permission", "missing")


def _whole(query: Query, name: str) -> int | None:
    text = query.get(name, "").strip()
    if not text:
        return None
    if not re.fullmatch(r"-?\d{1,19}", text, re.ASCII):
        raise bad_request("Application", name)
    return int(text)
