"""GPX and TCX files, what is no track, what is damaged, and the table that a track becomes."""

from __future__ import annotations

import gzip
import random
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest
from fit_writer import (
    activity,
    begun,
    with_records,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from track_bytes import RIDE, data, read

import strava_nb as snb
from strava_nb.errors import BadTrack, StravaNbWarning
from strava_nb.sources import trackfiles
from strava_nb.sources.trackfiles import read_samples

GPX = """<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="StravaGPX" xmlns="http://www.topografix.com/GPX/1/1"
     xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v1">
 <metadata><time>2024-05-01T06:00:00Z</time></metadata>
 <trk><name>Morning &amp; more</name><type>cycling</type>
  <trkseg>
   <trkpt lat="46.0" lon="7.0"><ele>500.5</ele><time>2024-05-01T06:00:00Z</time>
    <extensions><power>210</power><gpxtpx:TrackPointExtension><gpxtpx:atemp>-2</gpxtpx:atemp>
     <gpxtpx:hr>121</gpxtpx:hr><gpxtpx:cad>85</gpxtpx:cad></gpxtpx:TrackPointExtension></extensions></trkpt>
   <trkpt lat="46.001" lon="7.0"><time>2024-05-01T06:00:10.250Z</time></trkpt>
  </trkseg>
  <trkseg/>
  <trkseg>
   <trkpt lat="46.101" lon="7.0"><ele>600</ele><time>2024-05-01T08:10:00+02:00</time></trkpt>
   <trkpt lat="46.102" lon="7.0"><ele>601</ele></trkpt>
  </trkseg>
 </trk>
</gpx>"""

TCX = """<?xml version="1.0"?>
<TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2">
<Activities><Activity Sport="Running"><Id>2024-05-01T06:00:00Z</Id>
<Lap StartTime="2024-05-01T06:00:00Z"><AverageHeartRateBpm><Value>99</Value></AverageHeartRateBpm><Track>
<Trackpoint><Time>2024-05-01T06:00:00Z</Time><DistanceMeters>0.0</DistanceMeters>
 <HeartRateBpm><Value>130</Value></HeartRateBpm>
 <Extensions><ns3:TPX xmlns:ns3="http://www.garmin.com/xmlschemas/ActivityExtension/v2"><ns3:Speed>3.1</ns3:Speed>
 <ns3:RunCadence>84</ns3:RunCadence><ns3:Watts>250</ns3:Watts></ns3:TPX></Extensions></Trackpoint>
<Trackpoint><Time>2024-05-01T06:00:01Z</Time><DistanceMeters>3.1</DistanceMeters></Trackpoint>
</Track><Track>
<Trackpoint><Time>2024-05-01T06:05:00Z</Time><DistanceMeters>3.1</DistanceMeters></Trackpoint></Track></Lap>
<Lap StartTime="2024-05-01T06:05:01Z"><Track>
<Trackpoint><Time>2024-05-01T06:05:01Z</Time><DistanceMeters>6.2</DistanceMeters></Trackpoint>
</Track></Lap></Activity></Activities></TrainingCenterDatabase>"""


def gpx(points: str, before: str = "") -> str:
    return f'<gpx version="1.1">{before}<trk><trkseg>{points}</trkseg></trk></gpx>'


# GPX and TCX


def test_a_gpx_track_has_stravas_and_garmins_extensions() -> None:
    track = read(GPX)
    assert data(track, "time") == [0, 10.25, 600, None]
    assert data(track, "altitude") == [500.5, None, 600, 601]
    assert [data(track, key)[0] for key in ("watts", "temp", "heartrate", "cadence")] == [210, -2, 121, 85]
    assert (track.start, track.sport) == (datetime(2024, 5, 1, 6, tzinfo=UTC), "Ride")
    assert not track.problems


def test_a_pause_is_a_gap_and_not_a_line() -> None:
    track = read(GPX)
    assert track.pauses == (2,)
    assert data(track, "distance") == pytest.approx([0, 111.195, 111.195, 222.390], abs=0.01)
    without = read(
        GPX.replace("</trkseg>", "")
        .replace("<trkseg/>", "")
        .replace("<trkseg>", "")
        .replace("<trk>", "<trk><trkseg>")
        .replace("</trk>", "</trkseg></trk>")
    )
    assert data(without, "distance")[-1] > 11_000


def test_gpx_1_0_has_its_speed_beside_the_time() -> None:
    content = gpx('<trkpt lat="1" lon="2"><time>2024-05-01T06:00:00</time><speed>3.5</speed></trkpt>')
    assert data(read(content.replace("1.1", "1.0")), "velocity_smooth") == [3.5]


@pytest.mark.parametrize(
    "extension",
    [
        "<ns3:TrackPointExtension><ns3:hr>140</ns3:hr></ns3:TrackPointExtension>",
        "<gpxdata:hr>140</gpxdata:hr>",
        "<heartrate>140</heartrate>",
        '<a:Extension xmlns:a="http://www.garmin.com/xmlschemas/TrackPointExtension/v2">'
        "<a:hr> 140 </a:hr></a:Extension>",
    ],
)
def test_extensions_are_read_under_any_prefix_declared_or_not(extension: str) -> None:
    content = gpx(f'<trkpt lat="1" lon="2"><extensions>{extension}</extensions></trkpt>')
    assert data(read(content), "heartrate") == [140]


def test_gpx_points_without_position_time_or_height_stay() -> None:
    track = read(
        gpx('<trkpt/><trkpt lat="1"/><trkpt lat="1" lon="2"/><trkpt lat="x" lon="2"><ele></ele></trkpt>')
    )
    assert len(track) == 4
    assert data(track, "time") == [None] * 4
    assert data(track, "latlng") == [None, None, [1, 2], None]
    assert track.start is None
    assert track.problems == ["1 of 4 values of lat are none, such as 'x'"]


@pytest.mark.parametrize("before", ["   \n\t", "\ufeff", "\ufeff \r\n", "\n\ufeff"])
def test_blanks_and_byte_order_marks_before_the_declaration_are_passed_over(before: str) -> None:
    assert len(read(before + GPX)) == 4


def test_other_encodings_are_read_and_wrongly_declared_ones_too() -> None:
    assert len(read(GPX.replace("UTF-8", "UTF-16").encode("utf-16"))) == 4
    assert len(read(GPX.replace("UTF-8", "UTF-16"))) == 4
    assert len(read(GPX.replace("UTF-8", "ISO-8859-1").replace("Morning", "Zürich").encode("latin-1"))) == 4
    assert len(read(GPX.replace("UTF-8", "no-such"))) == 4


def test_a_tcx_run_without_positions_has_its_extensions() -> None:
    track = read(TCX)
    assert data(track, "time") == [0, 1, 300, 301]
    assert data(track, "distance") == [0, 3.1, 3.1, 6.2]
    assert [data(track, key) for key in ("heartrate", "cadence", "watts", "velocity_smooth")] == [
        [130, None, None, None],
        [84, None, None, None],
        [250, None, None, None],
        [3.1, None, None, None],
    ]
    assert (track.sport, track.pauses) == ("Run", (2,)), "a new lap is no pause, a new track is"
    assert "latlng" not in track.payload


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ('<gpx><rte><rtept lat="1" lon="2"/></rte></gpx>', "a GPX file with a planned route"),
        ('<gpx><wpt lat="1" lon="2"/></gpx>', "a GPX file with waypoints"),
        ("<gpx><trk><trkseg/></trk></gpx>", "a GPX file without a single point"),
        (
            "<TrainingCenterDatabase><Courses><Course><Track><Trackpoint/></Track></Course></Courses>"
            "</TrainingCenterDatabase>",
            "a TCX file with a course",
        ),
        ("<html><body>Sign in</body></html>", "an XML file of another kind (<html>)"),
        ("<kml/>", "an XML file of another kind (<kml>)"),
        ("", "empty"),
        ("  \n", "empty"),
        ("Activity ID,Activity Date", "none of FIT, GPX and TCX"),
        (b"PK\3\4rest", "a zip archive"),
        (b"\x89PNG", "none of FIT, GPX and TCX"),
        ("<gpx><trk>", "cannot be read as XML"),
    ],
)
def test_what_is_no_track_says_what_it_is(content: str | bytes, what: str) -> None:
    with pytest.raises(BadTrack) as raised:
        read(content, "a.gpx")
    assert type(raised.value) is BadTrack
    assert raised.value.what.startswith("a.gpx ")
    assert what in raised.value.what
    assert raised.value.to_do


def test_xml_cut_short_gives_what_came_and_says_so() -> None:
    track = read(GPX[: GPX.index("<trkseg/>")])
    assert len(track) == 2
    assert "damaged in line 12" in track.problems[0]


BOMB = '<!DOCTYPE gpx [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize("doctype", [BOMB, '<!DOCTYPE gpx [<!ENTITY a SYSTEM "file:///etc/passwd">]>'])
def test_entities_are_refused_before_they_are_used(doctype: str) -> None:
    with pytest.raises(BadTrack, match="declares XML entities"):
        read(doctype + gpx('<trkpt lat="1" lon="2"><ele>&b;</ele></trkpt>'))


# any kind


def test_what_a_file_is_counts_and_not_what_it_is_called(tmp_path: Path) -> None:
    fit = activity(RIDE).file()
    for name, content in {
        "a.fit": fit, "a.fit.gz": gzip.compress(fit), "b.bin.gz": gzip.compress(fit), "c.gpx": fit,
        "d.fit": gzip.compress(fit),
    }.items():  # fmt: skip
        (tmp_path / name).write_bytes(content)
        assert len(snb.read_track(tmp_path / name)) == 5
    (tmp_path / "e.tcx.gz").write_bytes(gzip.compress(GPX.encode()))
    assert len(snb.read_track(str(tmp_path / "e.tcx.gz"))) == 4


def test_a_track_is_a_table_of_streams(tmp_path: Path) -> None:
    (tmp_path / "a.gpx").write_text(GPX, encoding="utf-8")
    table = snb.read_track(tmp_path / "a.gpx")
    assert list(table.columns) == [
        "activity_id", "time", "distance", "lat", "lng", "altitude", "heartrate", "cadence", "watts", "temp",
        "source",
    ]  # fmt: skip
    assert table["activity_id"].dtype == "Int64"
    assert table["activity_id"].isna().all()
    assert set(table["source"]) == {"export"}
    assert table["time"].isna().tolist() == [False, False, False, True]
    assert table["heartrate"].dtype == "Float64"
    assert table["heartrate"].isna().tolist() == [False, True, True, True]
    assert table.attrs == {"start": "2024-05-01T06:00:00+00:00", "sport": "Ride"}
    same = snb.tables.streams(
        {
            key: {"data": [None if v is None else v for v in data(read(GPX), key)]}
            for key in read(GPX).payload
            if key != "distance"
        },
        None,
        source="export",
    )
    pd.testing.assert_frame_equal(table.drop(columns="distance"), same)


def test_a_damaged_file_warns_once_and_lists_its_problems(tmp_path: Path) -> None:
    (tmp_path / "cut.fit").write_bytes(with_records(begun(), RIDE).file()[:-12])
    with pytest.warns(StravaNbWarning, match="cut.fit: it breaks off") as told:
        table = snb.read_track(tmp_path / "cut.fit")
    assert len(told) == 1
    assert told[0].filename == __file__
    assert table.attrs["problems"] == ["cut.fit: it breaks off; read as far as it goes"]


def test_a_damaged_gzip_gives_what_unpacks() -> None:
    packed = bytearray(gzip.compress(GPX.encode()))
    cut = read(bytes(packed[:-8]))
    assert len(cut) == 4
    assert cut.problems == ["its gzip breaks off; read as far as it unpacks"]
    packed[-5] ^= 0xFF  # its own checksum
    assert read(bytes(packed)).problems == ["its gzip is damaged; read as far as it unpacks"]


def test_gzip_members_one_after_another_are_one_file() -> None:
    half = len(GPX) // 2
    assert len(read(gzip.compress(GPX[:half].encode()) + gzip.compress(GPX[half:].encode()))) == 4


def test_what_unpacks_beyond_the_bound_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(trackfiles, "LIMIT", 1_000_000)
    bomb = gzip.compress(b" " * 500_001)
    with pytest.raises(BadTrack, match=r"bomb\.gpx\.gz holds more than 1 MB"):
        read_samples(bomb + bomb, "bomb.gpx.gz")
    (tmp_path / "long.gpx").write_bytes(b" " * 1_000_001)
    with pytest.raises(BadTrack, match=r"long\.gpx holds more than 1 MB"):
        snb.read_track(tmp_path / "long.gpx")


def test_a_missing_file_is_no_bad_track(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        snb.read_track(tmp_path / "none.fit")


# whatever comes


WHOLE = [activity(RIDE).file(), GPX.encode(), TCX.encode()]


def check_never_worse_than_bad_track(content: bytes) -> None:
    try:
        assert len(read_samples(content, "fuzz")) > 0
    except BadTrack as error:
        assert type(error) is BadTrack
        assert error.what.startswith("fuzz ")


@given(
    st.sampled_from([b"", b"\x0e\x20\x54\x08\x40\0\0\0.FIT", b"<gpx>", b"<", b"\x1f\x8b\x08\0"]), st.binary()
)
def test_random_bytes_are_a_bad_track(head: bytes, rest: bytes) -> None:
    check_never_worse_than_bad_track(head + rest)


@given(st.sampled_from(WHOLE), st.integers(0, 3000), st.booleans())
def test_a_file_cut_anywhere_is_read_or_a_bad_track(whole: bytes, at: int, packed: bool) -> None:
    check_never_worse_than_bad_track(gzip.compress(whole, mtime=0)[:at] if packed else whole[:at])


@pytest.mark.slow
@settings(max_examples=300)
@given(st.sampled_from(WHOLE), st.integers(0, 2**32), st.integers(1, 8))
def test_a_file_with_flipped_bytes_is_read_or_a_bad_track(whole: bytes, seed: int, flips: int) -> None:
    dice = random.Random(seed)
    damaged = bytearray(whole)
    for _ in range(flips):
        damaged[dice.randrange(len(damaged))] ^= 1 << dice.randrange(8)
    check_never_worse_than_bad_track(bytes(damaged))


FORBIDDEN = """
import sys, threading, socket, multiprocessing.process as processes
from pathlib import Path
import numpy
def refuse(*_, **__): raise AssertionError("reading a track may not do this")
threading.Thread.start = socket.socket.connect = socket.socket.bind = processes.BaseProcess.start = refuse
for name in ("pandas", "stravaio", "matplotlib", "ipywidgets"):
    sys.modules[name] = None
from strava_nb.sources.trackfiles import read_samples
assert "fitdecode" not in sys.modules and "fitfast" not in sys.modules
print(*(len(read_samples(Path(path), path)) for path in sys.argv[1:]))
"""


def test_samples_are_read_without_pandas_threads_processes_or_sockets(tmp_path: Path) -> None:
    cut = with_records(begun(), RIDE).file()[:-12]
    paths = []
    for number, content in enumerate([*WHOLE, cut]):
        paths.append(tmp_path / str(number))
        paths[-1].write_bytes(content)
    run = subprocess.run(
        [sys.executable, "-c", FORBIDDEN, *paths], capture_output=True, text=True, check=False
    )
    assert run.stdout.split() == ["5", "4", "4", "4"], run.stderr
