"""FIT files of every device and in every state, by the fast and by the tolerant reader."""

from __future__ import annotations

import gzip
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
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
from hypothesis import given
from hypothesis import strategies as st
from track_bytes import RIDE, data, read

from strava_nb.errors import BadTrack
from strava_nb.sources.trackfiles import read_samples
from strava_nb.sources.tracks.fit_fast import read_fast
from strava_nb.sources.tracks.fit_tolerant import read_tolerant
from strava_nb.sources.tracks.track import sport_type_of

REAL = Path(__file__).parents[2] / "shared/real/tracks"


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


def test_bytes_that_define_a_message_by_chance_do_not_cost_the_fast_reader() -> None:
    pytest.importorskip("fitfast")
    names = ("timestamp", "distance", "power", "temperature")
    fit = begun().define(0, RECORDS, [RECORD[name] for name in names])
    for i in range(3):
        fit.add(0, START + i, 500 * i, 0, 20)  # no power at 20 °C: 00 00 14 00, as a definition has it
    assert b"\0\0\x14\0" in fit.body
    assert read_fast(with_session(fit).file()) is not None


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


@pytest.mark.slow
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
