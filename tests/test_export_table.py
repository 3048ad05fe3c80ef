"""activities.csv in every language, year and state: the same records, and what is amiss is told."""

from __future__ import annotations

import itertools
from typing import Any

import pandas as pd
import pytest
from exports import LANGUAGES, RIDE, RUN, WORDS, columns, csv_of, export_csv, rows_of
from reading_exports import field, only, table

from strava_nb.errors import BadExport
from strava_nb.sources.export_table import ORDER, read_table, stable_id
from strava_nb.sources.export_words import key, plain, sport_of
from strava_nb.tables.sports import group_of

# Headers


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_that_is_known_gives_the_same_columns(language: str) -> None:
    expected, read = table(RIDE, RUN), table(RIDE, RUN, language=language)
    assert read.columns.keys() == expected.columns.keys()
    for name, column in expected.columns.items():
        assert list(read.columns[name].astype(object)) == list(column.astype(object)), name
    assert not read.problems


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_languages_that_are_known_know_every_field_that_the_table_uses(language: str) -> None:
    from strava_nb.columns import ACTIVITIES

    computed = {
        "sport_group",
        "start_date_local",
        "timezone",
        "utc_offset",
        "athlete_id",
        "gear_id",
        "source",
        "from_api",
        "double_of",
    }
    used = {column.name for column in ACTIVITIES if column.export} - computed
    assert used - set(WORDS["languages"][language]["columns"]) == set()


def test_no_header_word_means_two_things_in_one_language() -> None:
    for block in WORDS["languages"].values():
        words = [key(word) for spelled in block["columns"].values() for word in spelled]
        assert len(set(words)) == len(words)


@pytest.mark.parametrize("count", [len(columns()), 101, 99, 94, 92, 87, 86, 79, 77, 72, 21, 18])
def test_newer_columns_may_be_missing(count: int) -> None:
    rows = [row[:count] for row in rows_of(RIDE)]
    read = read_table(csv_of(rows), "a")
    assert only(read, "distance") == 30001.25
    assert not read.problems


def test_the_ten_columns_of_2019_are_in_kilometres() -> None:
    header = (
        "Activity ID,Activity Date,Activity Name,Activity Type,Activity Description,Elapsed Time,"
        "Distance,Commute,Activity Gear,Filename"
    )
    row = '1,"Sep 12, 2018, 3:02:23 PM",Evening Ride,Ride,,783,3.68,true,Bike,activities/1.gpx'
    read = read_table(f"{header}\n{row}\n".encode(), "a")
    assert (only(read, "distance"), only(read, "elapsed_time"), only(read, "commute")) == (3680.0, 783, True)


def test_the_ten_lower_case_columns_before_are_in_metres() -> None:
    header = "id,date,name,type,description,elapsed_time,distance,commute,gear,filename"
    row = "1836776031,2018-09-12 15:02:23,Evening Ride,Ride,,783,3681.0,true,Bike,activities/1.gpx"
    read = read_table(f"{header}\n{row}\n".encode(), "a")
    assert only(read, "distance") == 3681.0
    assert (only(read, "sport_type"), only(read, "gear_name")) == ("Ride", "Bike")
    assert only(read, "start_date") == pd.Timestamp("2018-09-12T15:02:23Z")


@pytest.mark.parametrize(
    "cell",
    [
        '<span class="translation_missing" title="translation missing: en-US.x.y.flagged">Flagged</span>',
        '<span class="translation_missing" title="translation missing: en-US.x.y.flagged"></span>',
        "translation missing: en-GB.lib.export.horton_values.flagged",
        "  Flagged\u00a0",
        "FLAGGED",
    ],
)
def test_a_header_cell_is_read_through_what_was_left_in_it(cell: str) -> None:
    rows = rows_of(RIDE | {"flagged": "1.0"})
    rows[0] = [cell if word == "Flagged" else word for word in rows[0]]
    assert only(read_table(csv_of(rows), "a"), "flagged") is True


def test_an_apostrophe_is_an_apostrophe() -> None:
    assert key("ID de l’activité") == key("ID de l'activité")
    assert plain("a&amp;b <b>c</b>") == "a&b c"


UNKNOWN = [f"sloupec {number}" for number in range(len(columns()))]


def test_an_unknown_language_is_read_by_the_order_of_its_columns() -> None:
    rows = rows_of(RIDE, RUN)
    read = read_table(csv_of([UNKNOWN, *rows[1:]]), "a")
    for name in dict.fromkeys(ORDER):
        if name in table(RIDE, RUN).columns:
            assert list(read.columns[name]) == list(table(RIDE, RUN).columns[name]), name
    assert "sloupec_19" in read.columns


def test_a_column_that_changed_its_word_is_known_by_its_place() -> None:
    rows = rows_of(RIDE)
    rows[0][2], rows[0][16] = "Title", "Time under way"
    read = read_table(csv_of(rows), "a")
    assert (only(read, "name"), only(read, "moving_time")) == ("Over the hill", 3600)


@pytest.mark.parametrize(
    "wrong",
    [{"distance": ("30.00", "12500.0")}, {"id": "x"}, {"distance": ("", ""), "elapsed_time": ("4000", "9")}],
)
def test_an_unknown_language_whose_numbers_do_not_fit_is_refused_with_its_header(
    wrong: dict[str, Any],
) -> None:
    rows = rows_of(RIDE | wrong)
    with pytest.raises(BadExport, match="sloupec 0, sloupec 1") as caught:
        read_table(csv_of([UNKNOWN, *rows[1:]]), "a")
    assert "report" in caught.value.to_do or "zip" in caught.value.to_do


def test_gym_without_distances_is_known_by_its_times() -> None:
    rows = rows_of(RIDE | {"distance": ("", "")})
    assert len(read_table(csv_of([UNKNOWN, *rows[1:]]), "a")) == 1


def test_dates_of_an_unknown_language_are_refused_with_an_example() -> None:
    rows = rows_of(RIDE | {"start_date": "4. července 2026 22:30:00"})
    with pytest.raises(BadExport, match="července 2026"):
        read_table(csv_of([UNKNOWN, *rows[1:]]), "a")


def test_columns_in_any_order_are_known_by_name() -> None:
    rows = rows_of(RIDE)
    order = list(reversed(range(len(rows[0]))))
    read = read_table(csv_of([[row[place] for place in order] for row in rows]), "a")
    assert only(read, "distance") == 30001.25
    assert only(read, "name") == "Over the hill"


def test_columns_that_nobody_knows_are_kept_under_their_own_names() -> None:
    rows = rows_of(RIDE)
    rows[0] += ["Wattage! (new)", "Source", "Flow", "Flow"]
    rows[1] += ["12", "x", "1.5", "calm"]
    read = read_table(csv_of(rows), "a")
    assert only(read, "wattage_new") == 12.0
    assert only(read, "export_source") == "x"
    assert (only(read, "flow"), only(read, "flow_again")) == (1.5, "calm")


# Doubles and units


@pytest.mark.parametrize(
    ("pair", "value"),
    [(("171", "172.0"), 172), (("171", ""), 171), (("", "172.0"), 172), (("", "0.0"), None)],
)
def test_the_second_heart_rate_counts_and_the_first_fills_in(pair: tuple[str, str], value: Any) -> None:
    read = table(RUN, RIDE | {"max_heartrate": pair})
    assert (None if (found := read.columns["max_heartrate"][1]) is pd.NA else found) == value


@pytest.mark.parametrize(
    ("sport", "shown", "metres"),
    [
        ("Ride", "9,44", 9440.0),
        ("Ride", "33.91", 33910.0),
        ("Ride", "1,234.56", 1_234_560.0),
        ("Ride", "1.234,56", 1_234_560.0),
        ("Ride", "1 234,56", 1_234_560.0),
        ("Ride", "1’234.56", 1_234_560.0),
        ("Swim", "1,250", 1250.0),
        ("Swim", "1.700", 1700.0),
        ("Swim", "1\u202f700", 1700.0),
        ("Swim", "750", 750.0),
        ("Sailing", "2.00", 3704.0),
    ],
)
def test_a_displayed_distance_serves_where_there_is_no_raw_one(sport: str, shown: str, metres: float) -> None:
    assert field("distance", (shown, ""), sport_type=sport) == pytest.approx(metres)


def test_displayed_and_raw_distance_are_told_apart_though_somebody_moved_the_columns() -> None:
    assert field("distance", ("30001.25", "30.00")) == 30001.25
    assert field("distance", ("1,500", "1500.0"), sport_type="Swim") == 1500.0


@pytest.mark.parametrize(
    ("pair", "value"),
    [
        (("true", "1.0"), True),
        (("false", "0.0"), False),
        (("FALSE", ""), False),
        (("TRUE", ""), True),
        (("WAHR", ""), True),
        (("FAUX", ""), False),
        (("", "1"), True),
    ],
)
def test_the_two_commutes_are_one(pair: tuple[str, str], value: bool) -> None:
    assert field("commute", pair) is value


def test_what_was_not_recorded_is_absent_and_never_zero() -> None:
    assert field("average_heartrate", "0.0", average_cadence="80") is None
    assert "max_watts" not in table(RIDE).columns
    assert field("total_elevation_gain", "0.0") == 0.0


@pytest.mark.parametrize("cell", ["#error#", "#N/A", "  ", "-"])
def test_error_words_of_spreadsheets_are_blank(cell: str) -> None:
    read = table(RIDE | {"calories": cell}, RUN)
    assert read.columns["calories"].isna().tolist() == [True, False]
    assert not read.problems


def test_a_number_that_is_none_is_absent_and_told_once_a_column() -> None:
    read = table(RIDE | {"calories": "many"}, RUN | {"calories": "lots"}, RUN | {"id": "3"})
    assert read.columns["calories"].isna().tolist() == [True, True, False]
    assert read.problems == ["Calories: 2 values cannot be read, such as 'many'."]


def test_words_in_a_column_beyond_the_apis_are_kept_as_words() -> None:
    read = table(RIDE | {"weather_condition": "Clear"}, RUN | {"weather_condition": "2.0"})
    assert list(read.columns["weather_condition"]) == ["Clear", "2.0"]


# Sports


@pytest.mark.parametrize(
    ("word", "sport"),
    [
        ("Virtual Ride", "VirtualRide"),
        ("E-Bike Ride", "EBikeRide"),
        ("Football (Soccer)", "Soccer"),
        ("Weight Training", "WeightTraining"),
        ("Radfahrt", "Ride"),
        ("Lauf", "Run"),
        ("Spaziergang", "Walk"),
        ("Wanderung", "Hike"),
        ("Hardloopsessie", "Run"),
        ("Fietsrit", "Ride"),
        ("Zwemmen", "Swim"),
        ("Course à pied", "Run"),
        ("Vélo", "Ride"),
        ("Zorbing", "Zorbing"),
    ],
)
def test_sports_have_the_apis_names_and_unknown_ones_their_own(word: str, sport: str) -> None:
    assert field("sport_type", word) == sport


def test_every_sport_that_the_words_lead_to_is_one_of_the_apis() -> None:
    for block in WORDS["languages"].values():
        for sport, words in block["sports"].items():
            assert sport_of(sport) == sport
            assert group_of(sport)
            assert all(sport_of(word) == sport for word in words)


# Rows and files


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_table_that_was_saved_again_is_the_same(end: str, delimiter: str, encoding: str) -> None:
    saved = csv_of(rows_of(RIDE, RUN, language="French"), delimiter=delimiter, end=end)
    read = read_table(saved.decode().encode(encoding), "a")
    expected = table(RIDE, RUN)
    for name in expected.columns:
        assert list(read.columns[name].astype(object)) == list(expected.columns[name].astype(object)), name


def test_a_german_spreadsheet_may_have_saved_it_its_own_way() -> None:
    rows = rows_of(RIDE | {"name": "Über Land", "distance": ("30,00", "30001,25")}, language="German")
    read = read_table(b"sep=;\r\n" + csv_of(rows, delimiter=";").decode().encode("cp1252", "replace"), "a")
    assert (only(read, "distance"), only(read, "name")) == (30001.25, "Über Land")


def test_newlines_quotes_and_commas_in_texts_stay() -> None:
    text = 'a "quoted", text\n\nand = more\r\nlines 😀'
    assert field("description", text) == text
    assert field("name", '=HYPERLINK("x")') == '=HYPERLINK("x")'


def test_rows_that_are_blank_or_repeat_the_header_are_no_activities() -> None:
    rows = rows_of(RIDE, RUN)
    read = read_table(csv_of([rows[0], rows[1], [""] * len(rows[0]), rows[0], rows[2]]), "a")
    assert len(read) == 2


def test_rows_of_other_lengths_are_read_and_the_longer_ones_told() -> None:
    rows = rows_of(RIDE, RUN, RUN | {"id": "3"})
    rows[1].append("stray")
    rows[2] = rows[2][:40]
    read = read_table(csv_of(rows), "a")
    assert list(read.columns["distance"]) == [30001.25, 10002.5, 10002.5]
    assert read.problems == ["1 rows have more cells than the header; the last were left out."]


def test_a_table_that_ends_in_the_middle_of_a_row_says_so() -> None:
    read = read_table(export_csv()[:-200], "activities.csv")
    assert len(read) == 2
    assert "ends in the middle of a row" in read.problems[-1]


def test_the_same_id_twice_is_one_activity_and_told() -> None:
    read = table(RIDE, RIDE | {"name": "", "calories": ""}, RUN)
    assert list(read.columns["name"]) == ["Over the hill", "Round the lake"]
    assert read.problems == ["Activity 17000000001 stands in the export 2 times; the fullest row is kept."]


def test_an_id_that_a_spreadsheet_rounded_is_replaced_and_told() -> None:
    read = table(RIDE | {"id": "1,7E+10"}, RUN)
    again = table(RUN, RIDE | {"id": "1,7E+10"})
    assert read.columns["id"][0] == again.columns["id"][1] < 0
    assert "no usable Activity ID (such as '1,7E+10')" in read.problems[0]
    assert field("id", "17000000001.0") == 17000000001


def test_ids_of_content_are_negative_and_of_at_most_15_digits() -> None:
    made = [stable_id(str(number).encode()) for number in range(1000)]
    assert len(set(made)) == 1000
    assert all(-(10**15) < one < 0 for one in made)
    assert stable_id(b"same") == stable_id(b"same")


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf", b",,,\n"])
def test_an_empty_file_is_refused(data: bytes) -> None:
    with pytest.raises(BadExport, match="is empty"):
        read_table(data, "activities.csv")


def test_both_ways_of_reading_cells_give_the_same_table() -> None:
    rows = rows_of(RIDE, RUN, *(RUN | {"id": str(n), "calories": str(n / 7)} for n in range(3, 50)))
    quick = read_table(csv_of(rows), "a")
    patient = read_table(csv_of([*rows, ["", "", "\0"]]), "a")  # what Arrow is not given
    for name, column in quick.columns.items():
        assert list(column.astype(object)) == list(patient.columns[name].astype(object)), name


def test_all_words_are_spelled_once() -> None:
    for first, second in itertools.combinations(WORDS["months"], 2):
        assert not set(first) & set(second)
