"""The interactive map: what it carries, whom it asks (nobody), and what a hostile name can do (nothing)."""

from __future__ import annotations

import html
import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from track_history import decoded

from strava_nb import files, plots, tables
from strava_nb.errors import BadInput, BadTable, CannotWrite, StravaNbWarning
from strava_nb.sources.course import encode

if TYPE_CHECKING:
    from photographs import Photograph
    from playwright.sync_api import Browser, Page

HOSTILE = (
    "</script><script>document.title='caught'</script>\"'><img src=x onerror=alert(1)> \u2028 $x$ 🚴\n&amp;"
)
LINK = "https://www.strava.com/activities/7"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c020000000b4944415478da6364600000000600"
    "02308103250000000049454e44ae426082"
)


def streams_of(number: int | None = 7, source: str = "api", lat: Any = None, lng: Any = None) -> pd.DataFrame:
    """A straight way due north of some 11 km, or the places given."""
    lat = np.linspace(47.0, 47.1, 201) if lat is None else lat
    lng = np.full(len(lat), 8.0) if lng is None else lng
    payload = {
        "time": {"data": np.arange(len(lat), dtype=float) * 10},
        "latlng": {"data": np.column_stack([lat, lng])},
    }
    return tables.streams(payload, number, source=source)


def activities_of(*names: str, source: str = "api", **more: Any) -> pd.DataFrame:
    records = [
        {
            "id": 7 + n,
            "name": name,
            "sport_type": "Ride",
            "start_date": "2026-06-01T08:00:00Z",
            "start_date_local": "2026-06-01T10:00:00Z",
            "distance": 11_100.0,
            "moving_time": 3661,
        }
        | more
        for n, name in enumerate(names)
    ]
    return tables.activities(records, source=source)


def data_of(made: plots.WebMap) -> Any:
    found = re.search(r'<script id="data" type="application/json">(.*?)</script>', made.page, re.DOTALL)
    assert found
    return json.loads(found[1])


def points(line: Any) -> list[list[float]]:
    return [place for piece in line["pieces"] for place in decoded(piece).tolist()]


def test_the_line_is_the_course() -> None:
    (line,) = data_of(plots.web_map(streams_of(), hide=False))["lines"]
    assert points(line) == [[47.0, 8.0], [47.1, 8.0]]
    assert (line["start"], line["end"]) == ([47.0, 8.0], [47.1, 8.0])


def test_start_and_end_are_hidden_unless_told_otherwise() -> None:
    made = data_of(plots.web_map(streams_of()))
    (line,) = made["lines"]
    latitudes = [lat for lat, _ in points(line)]
    assert min(latitudes) > 47 + 200 / 111_195
    assert max(latitudes) < 47.1 - 200 / 111_195
    assert "start" not in line
    assert "end" not in line
    assert "200 m around start and end" in " ".join(made["notes"])


def test_what_was_hidden_is_not_hidden_again() -> None:
    once = files.hide_places(streams_of(), metres=500)
    made = data_of(plots.web_map(once))
    assert "500 m" in made["notes"][0]
    assert points(made["lines"][0]) == points(data_of(plots.web_map(once, hide=False))["lines"][0])


def test_the_summaries_courses_are_hidden_too() -> None:
    course = encode(np.column_stack([np.linspace(47, 47.1, 201), np.full(201, 8.0)]))
    table = activities_of("Way", map={"summary_polyline": course})
    (line,) = data_of(plots.web_map(table))["lines"]
    assert min(lat for lat, _ in points(line)) > 47 + 200 / 111_195
    assert line["name"] == "Way"
    assert line["about"] == "Ride · 11.1 km · 1:01:01 · 1 June 2026"
    assert points(data_of(plots.web_map(table, hide=False))["lines"][0])[0] == [47.0, 8.0]


def test_what_lies_within_the_circle_as_a_whole_is_left_out_aloud() -> None:
    with pytest.warns(StravaNbWarning, match="left out"):
        made = data_of(plots.web_map(streams_of(lat=np.linspace(47.0, 47.001, 9))))
    assert made["lines"] == []
    assert made["sentence"] == "All of it lies within what is hidden."


def test_a_pause_breaks_the_line() -> None:
    streams = streams_of()
    streams.loc[100:, "time"] += 3600
    (line,) = data_of(plots.web_map(streams, hide=False))["lines"]
    assert len(line["pieces"]) == 2


def test_a_way_over_the_date_line_stays_one_way() -> None:
    lng = (179.9 + np.linspace(0, 0.2, 50) + 180) % 360 - 180
    east = streams_of(7, lat=np.full(50, -17.0), lng=lng)
    west = streams_of(8, lat=np.full(50, -17.0), lng=np.linspace(-179.8, -179.7, 50))
    made = data_of(plots.web_map(pd.concat([east, west]), hide=False))
    longitudes = [lng for line in made["lines"] for _, lng in points(line)]
    assert max(longitudes) - min(longitudes) < 1


@pytest.mark.parametrize(
    ("number", "source", "link"),
    [(7, "api", LINK), (7, "export", LINK), (7, "demo", ""), (-7, "export", ""), (None, "export", "")],
)
def test_only_stravas_own_numbers_lead_to_strava(number: int | None, source: str, link: str) -> None:
    made = data_of(plots.web_map(streams_of(number, source)))
    assert made["lines"][0]["link"] == link
    assert made["demo"] == ("DEMO" if source == "demo" else "")


def test_a_few_have_a_colour_each_and_many_that_of_their_sport() -> None:
    def colours(count: int) -> list[str]:
        streams = pd.concat([streams_of(7 + n) for n in range(count)])
        made = plots.web_map(streams, activities=activities_of(*map(str, range(count))))
        return [line["colour"] for line in data_of(made)["lines"]]

    assert len(set(colours(7))) == 7
    assert set(colours(8)) == {plots.SPORT_COLOURS["Ride"]}


def test_the_few_that_are_far_away_do_not_shrink_the_many() -> None:
    far = streams_of(99, lat=np.linspace(-30, -30.1, 50), lng=np.full(50, 150.0))
    made = data_of(plots.web_map(pd.concat([*[streams_of(n) for n in range(1, 9)], far])))
    assert [line["far"] for line in made["lines"]] == [False] * 8 + [True]
    assert "1 activity is far away: zoom out." in made["notes"]


def test_no_text_can_end_the_data_it_stands_in() -> None:
    made = plots.web_map(streams_of(), activities=activities_of(HOSTILE))
    (line,) = data_of(made)["lines"]
    assert line["name"] == HOSTILE
    assert "caught'</script>" not in made.page
    assert "\u2028" not in made.page
    assert made.page.count("</script>") == 3
    frame = re.search(r'srcdoc="([^"]*)"', made._repr_html_())
    assert frame
    assert html.unescape(frame[1]) == made.page


def test_halves_of_letters_do_not_spoil_the_file(tmp_path: Path) -> None:
    table = activities_of("x").assign(name=pd.Series(["\ud83d\x00 ride"], dtype=object))
    assert " ride" in plots.web_map(streams_of(), activities=table).save(tmp_path).read_text("utf-8")


def test_a_saved_map_says_demo_in_its_name_and_is_whole_or_not_at_all(tmp_path: Path) -> None:
    assert plots.web_map(streams_of()).save(tmp_path).name == "map.html"
    assert plots.web_map(streams_of(source="demo")).save(tmp_path).name == "DEMO_map.html"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["DEMO_map.html", "map.html"]
    with pytest.raises(CannotWrite):
        plots.web_map(streams_of()).save(tmp_path / "none" / "x.html")


@pytest.mark.parametrize(
    "streams",
    [
        tables.streams({"time": {"data": [0, 1, 2]}}, 7),
        tables.streams({}, 7),
        tables.streams({"time": {"data": [0, 1]}, "latlng": {"data": [None, [float("nan"), 8.0]]}}, 7),
    ],
    ids=["no positions", "no samples", "positions that are none"],
)
def test_what_has_no_positions_is_a_sentence(streams: pd.DataFrame) -> None:
    made = data_of(plots.web_map(streams))
    assert made["lines"] == []
    assert made["sentence"] == "Nothing here has positions."


def test_those_without_positions_are_counted() -> None:
    indoors = tables.streams({"time": {"data": [0, 1]}}, 8)
    made = data_of(plots.web_map(pd.concat([streams_of(), indoors])))
    assert "1 activity has no positions." in made["notes"]


def test_one_place_and_one_point_are_shown() -> None:
    for lat in (np.full(5, 47.0), np.array([47.0])):
        made = data_of(plots.web_map(streams_of(lat=lat), hide=False))
        assert set(map(tuple, points(made["lines"][0]))) == {(47.0, 8.0)}


def test_nothing_is_changed() -> None:
    streams, table = streams_of(), activities_of("A")
    before = streams.copy(), table.copy()
    plots.web_map(streams, activities=table)
    pd.testing.assert_frame_equal(streams, before[0])
    pd.testing.assert_frame_equal(table, before[1])


@pytest.mark.parametrize(
    "tiles",
    [
        "https://tiles.example/{z}/{x}/{y}.png",
        ("https://tiles.example/{z}/{x}.png", "©"),
        ("javascript:alert(1)//{z}{x}{y}", "©"),
        ("https://a b;c/{z}/{x}/{y}", "©"),
        ("https://[x/{z}/{x}/{y}", "©"),
        ("https://tiles.example/{z}/{x}/{y}.png", " "),
        7,
    ],
)
def test_tiles_that_cannot_be_meant_are_said(tiles: Any) -> None:
    with pytest.raises(BadInput):
        plots.web_map(streams_of(), tiles=tiles)


def test_other_arguments_that_cannot_be_meant_are_said() -> None:
    wrong: dict[str, Any]
    for wrong in ({"units": "nautical"}, {"height": 5}, {"height": "tall"}):
        with pytest.raises(BadInput):
            plots.web_map(streams_of(), **wrong)
    with pytest.raises(BadTable, match="streams or activities"):
        plots.web_map(pd.DataFrame({"a": [1]}))


# What a browser makes of it.


class Asked:
    """A page whose every request beyond the file itself is refused and written down."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.addresses: list[str] = []
        self.complaints: list[str] = []
        page.route(re.compile("^https?://"), self._refuse)
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _refuse(self, route: Any) -> None:
        self.addresses.append(route.request.url)
        route.abort()


@pytest.fixture
def asked(browser: Browser) -> Iterator[Asked]:
    context = browser.new_context(viewport={"width": 900, "height": 560})
    yield Asked(context.new_page())
    context.close()


def a_notebook_with(made: plots.WebMap, folder: Path) -> str:
    file = folder / "notebook.html"
    file.write_text(f"<!doctype html><meta charset=utf-8><body>{made._repr_html_()}", "utf-8")
    return file.as_uri()


@pytest.mark.browser
def test_the_map_works_and_asks_nobody(asked: Asked, tmp_path: Path, photograph: Photograph) -> None:
    streams = pd.concat([streams_of(7), streams_of(8, lng=np.full(201, 8.02))])
    made = plots.web_map(streams, activities=activities_of(HOSTILE, "Second"), hide=False)
    asked.page.goto(a_notebook_with(made, tmp_path))
    frame = asked.page.frame_locator("iframe")
    frame.locator(".list button").first.click()
    link = frame.get_by_role("link", name="View on Strava", exact=True)
    assert link.get_attribute("href") == LINK
    assert (link.get_attribute("target"), link.get_attribute("rel")) == ("_blank", "noopener")
    look = link.evaluate("it => [getComputedStyle(it).color, getComputedStyle(it).fontWeight]")
    assert look == ["rgb(252, 82, 0)", "700"]
    assert frame.locator(".popup strong").text_content() == HOSTILE
    assert frame.locator("img").count() == 0
    photograph(asked.page, "web-map.png")
    asked.page.goto(made.save(tmp_path).as_uri())
    asked.page.locator(".list button").nth(1).click()
    assert asked.page.locator(".popup strong").text_content() == "Second"
    assert asked.page.title() == "Map"
    assert (asked.addresses, asked.complaints) == ([], [])


@pytest.mark.browser
def test_a_click_on_the_line_tells_what_it_is(asked: Asked, tmp_path: Path) -> None:
    made = plots.web_map(streams_of(source="demo"), activities=activities_of("Northwards"), hide=False)
    asked.page.goto(made.save(tmp_path).as_uri())
    canvas = asked.page.locator("canvas")
    # The way is a straight line: it passes through the middle of what the map fits it into.
    asked.page.mouse.click((900 + 56 - 28) / 2, (560 + 28 - 84) / 2)
    assert asked.page.locator(".popup strong").text_content() == "Northwards"
    assert asked.page.get_by_role("link").count() == 0
    assert asked.page.locator(".demo").text_content() == "DEMO"
    assert canvas.count() == 1
    assert (asked.addresses, asked.complaints) == ([], [])


@pytest.mark.browser
def test_many_activities_are_shown_and_put_away_by_sport(asked: Asked, tmp_path: Path) -> None:
    streams = pd.concat([streams_of(7 + n, lng=np.full(201, 8 + n / 100)) for n in range(9)])
    made = plots.web_map(streams, activities=activities_of(*"abcdefghi"))
    asked.page.goto(made.save(tmp_path).as_uri())
    button = asked.page.get_by_role("button", name="Ride (9)")
    button.press("Enter")
    assert button.get_attribute("aria-pressed") == "false"
    blank = "it => !it.getContext('2d').getImageData(0, 0, it.width, it.height).data.some(Boolean)"
    assert asked.page.locator("canvas").evaluate(blank)
    button.press("Enter")
    assert not asked.page.locator("canvas").evaluate(blank)
    assert asked.addresses == []


@pytest.mark.browser
def test_no_positions_are_a_sentence_on_the_map(asked: Asked, tmp_path: Path) -> None:
    asked.page.goto(plots.web_map(tables.streams({}, 7)).save(tmp_path).as_uri())
    assert asked.page.locator(".sentence").text_content() == "Nothing here has positions."
    assert (asked.addresses, asked.complaints) == ([], [])


@pytest.fixture
def tile_server() -> Iterator[tuple[str, list[tuple[str, str | None]], dict[str, str]]]:
    seen: list[tuple[str, str | None]] = []
    pages: dict[str, str] = {}

    class Tiles(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append((self.path, self.headers["Referer"]))
            self.send_response(200)
            page = pages.get(self.path)
            self.send_header("Content-Type", "image/png" if page is None else "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(PIXEL if page is None else page.encode())

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Tiles)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", seen, pages
    server.shutdown()
    server.server_close()


@pytest.mark.browser
def test_tiles_come_when_asked_for_and_say_whose_they_are(
    browser: Browser, tile_server: Any, tmp_path: Path
) -> None:
    address, seen, _ = tile_server
    made = plots.web_map(streams_of(), tiles=(f"{address}/{{z}}/{{x}}/{{y}}.png", "© <b>A & B</b>"))
    page = browser.new_page()
    page.goto(made.save(tmp_path).as_uri())
    page.locator(".leaflet-tile-loaded").first.wait_for()
    assert all(re.fullmatch(r"/\d+/\d+/\d+\.png", path) for path, _ in seen)
    assert page.get_by_text("© <b>A & B</b>", exact=True).is_visible()
    page.close()


@pytest.mark.browser
def test_the_tiles_server_hears_which_notebook_asks(browser: Browser, tile_server: Any) -> None:
    address, seen, pages = tile_server
    made = plots.web_map(streams_of(), tiles=(f"{address}/{{z}}/{{x}}/{{y}}.png", "©"))
    pages["/notebook"] = made._repr_html_()
    elsewhere = address.replace("127.0.0.1", "localhost")
    page = browser.new_page()
    page.goto(f"{elsewhere}/notebook")
    page.frame_locator("iframe").locator(".leaflet-tile-loaded").first.wait_for()
    assert {referer for path, referer in seen if path.endswith(".png")} == {f"{elsewhere}/"}
    page.close()


def test_openstreetmap_is_known_by_name() -> None:
    made = data_of(plots.web_map(streams_of(), tiles="openstreetmap"))
    assert made["tiles"]["attribution"] == "© OpenStreetMap contributors"
    assert made["tiles"]["page"] == "https://www.openstreetmap.org/copyright"
    assert data_of(plots.web_map(streams_of()))["tiles"] is None
