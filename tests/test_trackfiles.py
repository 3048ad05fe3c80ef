"""Track files of every kind and in every state, read by what is in them."""

from __future__ import annotations

import gzip
import random
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from fit_writer import (
    DEVELOPER,
    FIELD_DESCRIPTION,
    RECORD,
    RECORDS,
    START,
    Fit,
    activity,
    begun,
    with_records,
    with_session,
)
from hypothesis import given, settings
from hypothesis import strategies as st

import strava_nb as snb
from strava_nb.errors import BadTrack, StravaNbWarning
from strava_nb.sources import trackfiles
from strava_nb.sources.trackfiles import read_samples
from strava_nb.sources.tracks.fit_fast import read_fast
from strava_nb.sources.tracks.fit_tolerant import read_tolerant
from strava_nb.sources.tracks.track import Track, sport_type_of

REAL = Path(__file__).parents[2] / "shared/real/tracks"

RIDE = [
    {"timestamp": START + i, "position_lat": 559_000_000 + 100 * i, "position_long": 90_000_000,
     "altitude": 5 * (500 + 400 + i), "distance": 830 * i, "speed": 8300, "heart_rate": 120 + i,
     "cadence": 85, "power": 200 + i, "temperature": -3}
    for i in range(5)
]  # fmt: skip

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


def read(content: str | bytes, name: str = "track") -> Track:
    return read_samples(content.encode() if isinstance(content, str) else content, name)


def data(track: Track, key: str) -> list[Any]:
    """A stream's values, None where absent."""
    values = np.asarray(track.payload[key]["data"])
    return [None if np.isnan(value).any() else value for value in values.round(6).tolist()]


def gpx(points: str, before: str = "") -> str:
    return f'<gpx version="1.1">{before}<trk><trkseg>{points}</trkseg></trk></gpx>'


# FIT


def test_a_fit_ride_has_all_of_stravas_streams() -> None:
    track = read(activity(RIDE, sport=2, sub_sport=8).file())
    assert data(track, "time") == [0, 1, 2, 3, 4]
    assert data(track, "distance") == [0, 8.3, 16.6, 24.9, 33.2]
    assert data(track, "altitude") == [400, 401, 402, 403, 404]
    assert data(track, "heartrate") == [120, 121, 122, 123, 124]
    assert data(track, "watts") == [200, 201, 202, 203, 204]
    assert data(track, "velocity_smooth") == [8.3] * 5
    assert data(track, "cadence") == [85] * 5
    assert data(track, "temp") == [-3] * 5
    assert track.payload["latlng"]["data"][0] == pytest.approx([46.854839, 7.543713], abs=1e-6)
    assert (track.start, track.sport) == (datetime(2024, 11, 8, 11, 33, 20, tzinfo=UTC), "MountainBikeRide")
    assert not track.problems


def test_what_a_fit_sample_lacks_is_absent_and_the_sample_stays() -> None:
    track = read(activity([RIDE[0], {"timestamp": START + 7}, RIDE[4]]).file())
    assert data(track, "time") == [0, 7, 4]
    assert data(track, "heartrate") == [120, None, 124]
    assert np.isnan(track.payload["latlng"]["data"][1]).all()


def test_an_indoor_fit_ride_has_no_position() -> None:
    track = read(activity([{"timestamp": START, "power": 200}]).file())
    assert set(track.payload) == {"time", "watts"}


def test_running_cadence_counts_one_leg_and_its_fraction() -> None:
    rows = [
        {"timestamp": START, "cadence": 84, "fractional_cadence": 64},
        {"timestamp": START + 1, "cadence": 84},
    ]
    assert data(read(activity(rows, sport=1).file()), "cadence") == [84.5, 84]
    assert data(read(activity([{"timestamp": START, "cadence256": 84 * 256 + 128}]).file()), "cadence") == [
        84.5
    ]


def test_speed_and_altitude_beyond_the_short_fields_come_from_the_long_ones() -> None:
    rows = [{"timestamp": START, "speed": None, "enhanced_speed": 70_000, "enhanced_altitude": 5 * 13_500}]
    track = read(activity(rows).file())
    assert (data(track, "velocity_smooth"), data(track, "altitude")) == ([70], [13_000])


def test_both_byte_orders_and_both_headers_are_read() -> None:
    plain = read(activity(RIDE).file())
    for other in (
        activity(RIDE, big_endian=True).file(),
        activity(RIDE).file(header=12),
        activity(RIDE).file(header_sum=False),
    ):
        track = read(other)
        assert not track.problems
        assert all(data(track, key) == data(plain, key) for key in plain.payload)


def test_chained_fit_files_are_one_track() -> None:
    later = [{"timestamp": START + 100, "heart_rate": 90}]
    track = read(activity(RIDE).file() + activity(later, sport=1).file())
    assert data(track, "time") == [0, 1, 2, 3, 4, 100]
    assert track.sport == "Ride"


def test_a_fit_file_cut_short_gives_what_came_and_says_so() -> None:
    whole = with_records(begun(), RIDE).file()
    track = read(whole[: -2 - 10])
    assert len(track) == 4
    assert track.problems == ["it breaks off; read as far as it goes"]


def test_a_fit_file_whose_header_was_never_finished_is_read() -> None:
    track = read(activity(RIDE).file(length=0))
    assert len(track) == 5
    assert "header was never finished" in track.problems[0]


def test_a_wrong_checksum_is_told_and_read_by_either_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = bytearray(activity(RIDE).file())
    wrong[-1] ^= 1
    assert read_fast(bytes(wrong)) is not None, "the fast reader knows how to read on"
    for _ in range(2):
        track = read(bytes(wrong))
        assert len(track) == 5
        assert track.problems == ["its checksum is wrong; read all the same"]
        monkeypatch.setitem(sys.modules, "fitfast", None)


def test_times_from_power_on_have_no_date() -> None:
    track = read(activity([{"timestamp": 50 + i, "heart_rate": 100} for i in range(3)]).file())
    assert data(track, "time") == [0, 1, 2]
    assert track.start is None
    assert "date is unknown" in track.problems[0]


def test_samples_before_the_device_knew_the_time_lack_one() -> None:
    rows = [{"timestamp": 50, "heart_rate": 100}, {"timestamp": START}, {"timestamp": START + 1}]
    track = read(activity(rows).file())
    assert data(track, "time") == [None, 0, 1]
    assert track.start is not None
    assert track.problems == ["1 of 3 samples lack a time: the device did not know it yet"]


def test_times_in_the_headers_of_messages_are_read() -> None:
    fit = begun().define(3, RECORDS, [RECORD["timestamp"], RECORD["heart_rate"]])
    fit.add(3, START, 99).define(1, RECORDS, [RECORD["heart_rate"]])
    fit.add(1, 100, offset=(START + 1) % 32).add(1, 101, offset=(START + 31) % 32)
    assert data(read(with_session(fit).file()), "time") == [0, 1, 31]


def developer_fields(*names: str) -> Fit:
    fit = begun().define(3, DEVELOPER, [(1, "byte"), (3, "uint8")]).add(3, b"1234567890123456", 0)
    fit.define(4, FIELD_DESCRIPTION, [(0, "uint8"), (1, "uint8"), (2, "uint8"), (3, "string")])
    for number, name in enumerate(names):
        fit.add(4, 0, number, 0x84, name.encode())
    return fit


def test_a_foot_pods_power_is_read_from_the_developers_field() -> None:
    fit = developer_fields("Form Power", "Power")
    fit.define(1, RECORDS, [RECORD["timestamp"]], developer=[(0, "uint16"), (1, "uint16")])
    whole = with_session(fit.add(1, START, 70, 250).add(1, START + 1, 71, None)).file()
    assert data(read(whole), "watts") == [250, None]
    assert read_fast(whole) is not None


def test_a_developers_field_never_takes_the_place_of_fits_own() -> None:
    fit = developer_fields("heart_rate")
    fit.define(1, RECORDS, [RECORD["timestamp"], RECORD["heart_rate"]], developer=[(0, "uint16")])
    track = read(with_session(fit.add(1, START, 120, 7).add(1, START + 1, None, 8)).file())
    assert data(track, "heartrate") == [120, 8]


def test_a_field_defined_longer_than_usual_is_read_whole() -> None:
    fit = begun().define(1, RECORDS, [RECORD["timestamp"], (3, "uint16")]).add(1, START, 300)
    assert data(read(with_session(fit).file()), "heartrate") == [300]


def test_records_without_anything_that_we_read_are_samples_all_the_same() -> None:
    fit = begun().define(1, RECORDS, [(88, "uint8")]).add(1, 1).add(1, 2)
    track = read(with_session(fit).file())
    assert data(track, "time") == [None, None]


@pytest.mark.parametrize(
    ("kind", "word"), [(2, "settings"), (5, "workout"), (6, "course"), (32, "monitoring b"), (34, "segment")]
)
def test_a_fit_file_that_is_no_activity_says_what_it_is(kind: int, word: str) -> None:
    with pytest.raises(BadTrack, match=rf"lap\.fit is a FIT file of another kind \({word}\)"):
        read_samples(with_records(begun(kind), RIDE).file(), "lap.fit")


def test_a_fit_activity_without_samples_says_so() -> None:
    with pytest.raises(BadTrack, match="without a single recorded sample"):
        read(with_session(begun()).file())


def test_a_fit_file_that_lies_about_its_length_ends() -> None:
    for length in (1, 20, 2**31):
        try:
            assert read(activity(RIDE).file(length=length)).problems
        except BadTrack as error:
            assert error.what
    endless = begun().define(1, RECORDS, [])
    for _ in range(200):
        endless.add(1)
    assert len(read(endless.file(length=10**9))) == 200


numbers = {
    "uint8": st.integers(0, 255), "sint8": st.integers(-128, 127), "uint16": st.integers(0, 65535),
    "sint32": st.integers(-(2**31), 2**31 - 1), "uint32": st.integers(0, 2**32 - 1),
}  # fmt: skip
samples = st.fixed_dictionaries(
    {}, optional={name: st.none() | numbers[base] for name, (_, base) in RECORD.items()}
).filter(bool)


@given(
    st.lists(st.lists(samples, min_size=1, max_size=4), min_size=1, max_size=3), st.booleans(), st.booleans()
)
def test_the_fast_and_the_tolerant_reader_read_the_same(
    blocks: list[list[dict[str, Any]]], big: bool, summed: bool
) -> None:
    pytest.importorskip("fitfast")
    fit = begun()
    for block in blocks:
        with_records(fit, block, big_endian=big)
    whole = with_session(fit).file(header_sum=summed)
    assert read_fast(whole) is not None or not any(any(row.values()) for block in blocks for row in block)
    same_by_either(whole)


def same_by_either(whole: bytes) -> None:
    with pytest.MonkeyPatch.context() as patch:
        quick = read(whole)
        patch.setitem(sys.modules, "fitfast", None)
        slow = read(whole)
    assert (quick.start, quick.sport, quick.problems) == (slow.start, slow.sport, slow.problems)
    assert quick.payload.keys() == slow.payload.keys()
    for key in slow.payload:
        np.testing.assert_array_equal(quick.payload[key]["data"], slow.payload[key]["data"], err_msg=key)


@pytest.mark.skipif(not REAL.exists(), reason="the real samples are not beside the checkout")
def test_the_fast_and_the_tolerant_reader_read_the_same_of_real_files() -> None:
    pytest.importorskip("fitfast")
    quick = 0
    for path in sorted(p for p in REAL.iterdir() if ".fit" in p.suffixes):
        raw = path.read_bytes()
        whole = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
        quick += read_fast(whole) is not None
        if read_tolerant(whole).columns:
            same_by_either(whole)
    assert quick >= 2


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


def test_words_of_devices_become_stravas_sport_types() -> None:
    assert sport_type_of("cycling", "gravel_cycling") == "GravelRide"
    assert sport_type_of("running", "treadmill") == "Run"
    assert sport_type_of("Trail Running") == "TrailRun"
    assert sport_type_of("underwater hockey") is sport_type_of(None, None) is None


def test_every_sport_named_is_stravas_and_every_pair_is_fits() -> None:
    from fitdecode.profile import FIELD_TYPES

    from strava_nb.sources.tracks.track import _sport_words
    from strava_nb.tables.sports import _known

    fits = [
        {name.replace("_", "") for name in FIELD_TYPES[kind].enum.values()} for kind in ("sport", "sub_sport")
    ]
    assert set(_sport_words().values()) <= set(_known())
    for words in _sport_words():
        if "/" in words:
            sport, sub_sport = words.split("/")
            assert sport in fits[0], words
            assert sub_sport in fits[1], words


# whatever comes


WHOLE = [activity(RIDE).file(), GPX.encode(), TCX.encode()]


def never_worse_than_bad_track(content: bytes) -> None:
    try:
        assert len(read_samples(content, "fuzz")) > 0
    except BadTrack as error:
        assert type(error) is BadTrack
        assert error.what.startswith("fuzz ")


@given(
    st.sampled_from([b"", b"\x0e\x20\x54\x08\x40\0\0\0.FIT", b"<gpx>", b"<", b"\x1f\x8b\x08\0"]), st.binary()
)
def test_random_bytes_are_a_bad_track(head: bytes, rest: bytes) -> None:
    never_worse_than_bad_track(head + rest)


@given(st.sampled_from(WHOLE), st.integers(0, 3000), st.booleans())
def test_a_file_cut_anywhere_is_read_or_a_bad_track(whole: bytes, at: int, packed: bool) -> None:
    never_worse_than_bad_track(gzip.compress(whole, mtime=0)[:at] if packed else whole[:at])


@settings(max_examples=300)
@given(st.sampled_from(WHOLE), st.integers(0, 2**32), st.integers(1, 8))
def test_a_file_with_flipped_bytes_is_read_or_a_bad_track(whole: bytes, seed: int, flips: int) -> None:
    dice = random.Random(seed)
    damaged = bytearray(whole)
    for _ in range(flips):
        damaged[dice.randrange(len(damaged))] ^= 1 << dice.randrange(8)
    never_worse_than_bad_track(bytes(damaged))


def test_a_panic_of_the_fast_reader_is_no_end() -> None:
    fitfast = pytest.importorskip("fitfast")
    fit = with_records(begun(), RIDE).define(3, DEVELOPER, [(1, "byte"), (3, "uint8")])
    fit.add(3, b"1234567890123456", 0).define(
        4, FIELD_DESCRIPTION, [(0, "uint8"), (1, "uint8"), (2, "uint8")]
    )
    fit.add(4, 0, 0, 0x55)  # a type that FIT does not have
    fit.define(1, RECORDS, [RECORD["timestamp"]], developer=[(0, "uint16")]).add(1, START, 7)
    whole = with_session(fit).file()
    with pytest.raises(BaseException, match="divisor of zero"):
        fitfast.records(whole)
    track = read(whole)
    assert len(track) == 5
    assert track.problems == ["it is damaged (KeyError); read as far as that"]


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
