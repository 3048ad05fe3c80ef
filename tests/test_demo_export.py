"""The demo athlete's export: laid out as Strava's, sound in every file, the same each time, and hers."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import re
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from statistics import mean
from typing import Any
from xml.etree import ElementTree

import fitdecode
import pytest

import strava_nb as snb
from strava_nb.simulator import Athlete, weather
from strava_nb.simulator.archive import track_names, write_export
from strava_nb.simulator.archive_table import COLUMNS, sport_in_words, table
from strava_nb.sources.export_files import DEMO_MARKER
from strava_nb.sources.export_table import ORDER
from strava_nb.sources.export_words import fields_of, sport_of
from strava_nb.sources.source import Progress
from strava_nb.sources.trackfiles import read_samples
from tests.conftest import TODAY

pytestmark = pytest.mark.slow

PRIVATE = {"profile.csv", "logins.csv", "contacts.csv", "messaging.json", "followers.csv"}
TWICE = {"Elapsed Time", "Distance", "Max Heart Rate", "Relative Effort", "Commute"}
DATE = re.compile(r"[A-Z][a-z]{2} [1-9]\d?, 20\d\d, ([1-9]|1[0-2]):\d\d:\d\d [AP]M")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_export(tmp_path_factory.mktemp("demo") / "demo_export.zip", today=TODAY, activities=80)


@pytest.fixture(scope="module")
def archive(path: Path) -> Iterator[zipfile.ZipFile]:
    with zipfile.ZipFile(path) as opened:
        yield opened


@pytest.fixture(scope="module")
def athlete() -> Athlete:
    return Athlete(today=TODAY)


@pytest.fixture(scope="module")
def rows(athlete: Athlete) -> list[dict[str, str]]:
    """All rows of her three years; of a name that stands twice, the first under "shown " and its name."""
    text = table(athlete.activities, track_names(athlete), athlete.gear)
    header, *lines = csv.reader(io.StringIO(text, newline=""))
    assert tuple(header) == COLUMNS
    shown = [f"shown {word}" if word in header[place + 1 :] else word for place, word in enumerate(header)]
    return [dict(zip(shown, line, strict=True)) for line in lines]


# The table.


def test_the_columns_are_stravas_103_and_five_of_them_stand_twice() -> None:
    fields, metres = fields_of(list(COLUMNS))
    assert len(COLUMNS) == 103 and not metres
    assert tuple(fields[: len(ORDER)]) == ORDER
    assert None not in fields
    assert {word for word, count in Counter(COLUMNS).items() if count > 1} == TWICE


def test_dates_are_utc_in_stravas_english(rows: list[dict[str, str]], athlete: Athlete) -> None:
    for row, activity in zip(rows, athlete.activities, strict=True):
        assert DATE.fullmatch(row["Activity Date"])
        written = datetime.strptime(row["Activity Date"], "%b %d, %Y, %I:%M:%S %p")
        assert written == activity.start.replace(tzinfo=None)
    assert {row["Activity Date"][-2:] for row in rows} == {"AM", "PM"}


def test_distances_are_shown_in_kilometres_and_those_of_swims_in_metres(rows: list[dict[str, str]]) -> None:
    for row in rows:
        shown, metres = row["shown Distance"], float(row["Distance"])
        if row["Activity Type"] == "Swim":
            assert re.fullmatch(r"[1-9],\d{3}", shown)
            assert int(shown.replace(",", "")) == metres
        else:
            assert re.fullmatch(r"\d+\.\d\d", shown)
            assert abs(float(shown) * 1000 - metres) < 5.001


def test_sports_have_spaces_and_come_back_as_the_apis(athlete: Athlete, rows: list[dict[str, str]]) -> None:
    sports = {activity.sport_type for activity in athlete.activities}
    assert {sport_of(sport_in_words(sport)) for sport in sports} == sports
    assert {"Virtual Ride", "Trail Run", "Weight Training"} < {row["Activity Type"] for row in rows}


def test_only_one_of_the_two_heart_rates_is_there_now_and_then(rows: list[dict[str, str]]) -> None:
    measured = [row for row in rows if row["Average Heart Rate"]]
    both = Counter((bool(row["shown Max Heart Rate"]), bool(row["Max Heart Rate"])) for row in measured)
    assert both[True, False] and both[False, True] and not both[False, False]
    assert both[True, True] > len(measured) / 2


def test_names_stand_as_she_wrote_them(rows: list[dict[str, str]], athlete: Athlete) -> None:
    assert [row["Activity Name"] for row in rows] == [one.name for one in athlete.activities]
    assert [row["Activity Description"] for row in rows] == [one.description for one in athlete.activities]


def test_what_is_empty_is_quoted_and_what_is_not_there_is_not(athlete: Athlete) -> None:
    typed_in = next(one for one in athlete.activities if one.manual and not one.description)
    line = table([typed_in], {}, []).splitlines()[1]
    assert f'{sport_in_words(typed_in.sport_type)},"",{typed_in.elapsed_time},' in line
    assert ',false,"",,,,,' in line  # neither gear nor file


def test_the_weather_is_told_of_days_outdoors_and_now_and_then_not(rows: list[dict[str, str]]) -> None:
    told = [row for row in rows if row["Weather Temperature"]]
    assert len(rows) / 2 < len(told) < 0.8 * len(rows)
    assert not {row["Activity Type"] for row in told} & {"Virtual Ride", "Weight Training", "Swim", "Yoga"}
    winds: dict[str, list[float]] = {}
    for row in told:
        assert -20 < float(row["Dewpoint"]) <= float(row["Weather Temperature"]) < 40
        assert abs(float(row["Weather Temperature"]) - float(row["Average Temperature"])) < 4
        assert 0.2 < float(row["Humidity"]) <= 1 and 0 <= float(row["Wind Bearing"]) < 360
        assert 0 < float(row["Wind Speed"]) < float(row["Wind Gust"]) < 40
        day = row["Activity Date"].rsplit(",", 1)[0]
        winds.setdefault(day, []).append(float(row["Wind Speed"]))
    assert max(max(one) / min(one) for one in winds.values()) < 1.5  # one sky over one day


def test_warmth_costs_heartbeats_and_wind_costs_speed(athlete: Athlete) -> None:
    runs = [one for one in athlete.activities if one.sport_type == "Run" and one.average_heartrate]
    warm = [one.average_heartrate or 0 for one in runs if (one.average_temp or 0) > 19]
    cool = [one.average_heartrate or 0 for one in runs if (one.average_temp or 20) < 12]
    assert min(len(warm), len(cool)) > 10
    assert mean(warm) - mean(cool) > 3
    to_work = [one for one in athlete.activities if one.commute]
    by_wind = sorted(to_work, key=lambda one: weather.wind(one.start.date()))
    third = len(by_wind) // 3
    calm, windy = by_wind[:third], by_wind[-third:]
    assert mean(one.average_speed for one in calm) > 1.02 * mean(one.average_speed for one in windy)


# The archive.


def test_it_is_laid_out_as_stravas(archive: zipfile.ZipFile) -> None:
    names = set(archive.namelist())
    assert {DEMO_MARKER, "activities.csv", "bikes.csv", "shoes.csv"} | PRIVATE < names
    tracks = {name for name in names if name.startswith("activities/")}
    assert names - tracks == {DEMO_MARKER, "activities.csv", "bikes.csv", "shoes.csv"} | PRIVATE
    assert all(re.fullmatch(r"activities/\d+\.(gpx|gpx\.gz|tcx\.gz|fit\.gz)", name) for name in tracks)
    listed = csv.DictReader(io.StringIO(archive.read("activities.csv").decode(), newline=""))
    assert {row["Filename"] for row in listed} - {""} == tracks


def test_every_recorded_activity_has_a_track_and_a_dozen_are_fit(athlete: Athlete) -> None:
    names = track_names(athlete)
    endings = Counter(name.partition(".")[2] for name in names.values())
    assert len(names) > 0.9 * len(athlete.activities)
    assert all((one.id in names) == bool(athlete.streams(one)) for one in athlete.activities[::9])
    assert endings["fit.gz"] == 12
    assert endings["gpx"] + endings["gpx.gz"] > 500 and endings["gpx"] > 50 and endings["tcx.gz"] > 100
    assert not any(str(one) in name for one, name in names.items())  # as Strava numbers its files


def test_it_opens_as_the_demos_and_nothing_private_is_opened(path: Path) -> None:
    export = snb.open_export(path, timezone="Europe/Berlin")
    activities = snb.get_activities(export, progress=False)
    snb.get_streams(export, activities.head(3), progress=False)
    assert len(activities) == 80
    assert set(activities["source"]) == {"demo"}
    assert len(snb.get_gear(export)) >= 6
    assert not PRIVATE & set(export.opened)


def test_what_is_private_in_it_is_plainly_made_up(archive: zipfile.ZipFile) -> None:
    told = archive.read(DEMO_MARKER).decode()
    assert "does not exist" in told and "made up" in told
    private = "\n".join(archive.read(name).decode() for name in PRIVATE)
    assert all(address.endswith("example.invalid") for address in re.findall(r"\S+@([^\s,]+)", private))
    assert set(re.findall(r"\d+\.\d+\.\d+\.\d+", private)) == {"192.0.2.1"}  # an address of nobody's


def tracks_of(archive: zipfile.ZipFile, kind: str) -> list[zipfile.ZipInfo]:
    """The tracks of a kind, the small ones first."""
    found = [
        one for one in archive.infolist() if re.search(rf"^activities/\d+\.{kind}(\.gz)?$", one.filename)
    ]
    return sorted(found, key=lambda one: one.file_size)


@pytest.mark.parametrize("kind", ["gpx", "tcx", "fit"])
def test_tracks_are_read_without_a_complaint(kind: str, archive: zipfile.ZipFile) -> None:
    tracks = tracks_of(archive, kind)
    assert len(tracks) > {"gpx": 40, "tcx": 10, "fit": 2}[kind]
    for entry in tracks[::5]:
        track = read_samples(archive.read(entry), entry.filename)
        assert track.problems == [] and track.start and len(track) > 100, entry.filename
        assert track.sport or kind == "tcx", entry.filename  # which has words for two sports only


@pytest.mark.parametrize(("kind", "root"), [("gpx", "gpx"), ("tcx", "TrainingCenterDatabase")])
def test_gpx_and_tcx_are_xml_to_anyone(kind: str, root: str, archive: zipfile.ZipFile) -> None:
    raw = archive.read(tracks_of(archive, kind)[0])
    data = gzip.decompress(raw) if raw.startswith(b"\x1f\x8b") else raw
    assert data.startswith(b" ") == (kind == "tcx")  # as many real ones do
    assert ElementTree.fromstring(data.strip()).tag.rpartition("}")[2] == root


def test_fit_is_sound_to_the_last_checksum(archive: zipfile.ZipFile) -> None:
    data = gzip.decompress(archive.read(tracks_of(archive, "fit")[0]))
    strict: dict[str, Any] = {
        "check_crc": fitdecode.CrcCheck.RAISE,
        "error_handling": fitdecode.ErrorHandling.RAISE,
    }
    with fitdecode.FitReader(io.BytesIO(data), **strict) as reader:
        messages = [one.name for one in reader if isinstance(one, fitdecode.FitDataMessage)]
    samples, laps = len(read_samples(data, "fit")), messages.count("lap")
    assert laps > 0
    assert messages == ["file_id", *["record"] * samples, *["lap"] * laps, "session", "activity"]


def test_a_pause_begins_a_new_segment(archive: zipfile.ZipFile, athlete: Athlete) -> None:
    names = track_names(athlete)
    paused = next(
        one
        for one in reversed(athlete.activities)
        if names.get(one.id, "").endswith(".gpx.gz")
        and max(athlete.streams(one)["time"][1:] - athlete.streams(one)["time"][:-1]) > 100
    )
    track = read_samples(archive.read(names[paused.id]), "paused")
    times = track.payload["time"]["data"]
    assert track.pauses
    assert all(times[pause] - times[pause - 1] > 100 for pause in track.pauses)


# How it is written.


@pytest.mark.slow
def test_the_same_seed_and_day_give_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    code = """
import sys
from datetime import date
from strava_nb.simulator.archive import write_export
write_export(sys.argv[1], seed=3, today=date(2026, 6, 15), activities=12)
"""
    here = write_export(tmp_path / "here.zip", seed=3, today=TODAY, activities=12)
    environment = {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "PATH": "", "SYSTEMROOT": "C:\\Windows"}
    there = tmp_path / "there.zip"
    subprocess.run([sys.executable, "-c", code, str(there)], env=environment, check=True)
    one, other = (hashlib.sha256(path.read_bytes()).hexdigest() for path in (here, there))
    assert one == other
    again = write_export(tmp_path / "again.zip", seed=4, today=TODAY, activities=12)
    assert again.read_bytes() != here.read_bytes()


def test_without_tracks_the_list_is_the_same_but_for_their_names(tmp_path: Path) -> None:
    whole = snb.open_demo(today=TODAY).export(tmp_path / "whole.zip", activities=12)
    bare = snb.open_demo(today=TODAY).export(tmp_path / "bare.zip", activities=12, tracks=False)
    with zipfile.ZipFile(bare) as archive:
        assert not [name for name in archive.namelist() if name.startswith("activities/")]
    one, other = (
        snb.get_activities(snb.open_export(path, timezone="Europe/Berlin"), progress=False)
        for path in (whole, bare)
    )
    assert "filename" not in other and one["filename"].notna().any()
    assert one.drop(columns="filename").equals(other)


def test_where_writing_fails_the_old_file_stays_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "demo_export.zip"
    path.write_bytes(b"old")

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_export(path, today=TODAY, activities=5, tell=stop)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_the_demo_source_writes_its_own_athletes_export(tmp_path: Path) -> None:
    steps: list[Progress] = []
    demo = snb.open_demo(seed=2, today=TODAY)
    path = demo.export(tmp_path / "export.zip", activities=7, tell=steps.append)
    ours = snb.get_activities(snb.open_export(path, timezone="Europe/Berlin"), progress=False)
    theirs = snb.get_activities(demo, progress=False)
    assert list(ours["id"]) == list(theirs["id"].head(7))
    assert [step.done for step in steps] == list(range(1, len(steps) + 1))
    assert {(step.what, step.total) for step in steps} == {("tracks", len(steps))}


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "strava_nb.simulator", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_command_writes_it_and_tells_how_far_it_is_on_stderr(tmp_path: Path) -> None:
    path = tmp_path / "demo_export.zip"
    done = run("--export", str(path), "--activities", "6", "--today", str(TODAY), "--seed", "5")
    assert done.returncode == 0
    assert done.stdout.startswith(f"{path} (") and "does not exist" in done.stdout
    assert re.search(r"6 of 6 tracks|5 of 5 tracks", done.stderr)
    assert write_export(tmp_path / "same.zip", seed=5, today=TODAY, activities=6).read_bytes() == (
        path.read_bytes()
    )


def test_the_command_says_in_a_sentence_where_it_cannot_write(tmp_path: Path) -> None:
    done = run("--export", str(tmp_path / "nowhere" / "demo.zip"), "--activities", "1")
    assert done.returncode == 1
    assert "The export could not be written" in done.stderr and "Traceback" not in done.stderr
