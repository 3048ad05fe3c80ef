"""The dates of activities.csv in the forms of many languages."""

from __future__ import annotations

import pandas as pd
import pytest
from exports import RIDE, RUN
from reading_exports import field, table

from strava_nb.sources.export_words import month_of


@pytest.mark.parametrize(
    "text",
    [
        "May 13, 2026, 9:54:42 AM",
        "May 13, 2026, 9:54:42\u202fAM",
        "May 13, 2026, 9:54:42 a.m.",
        "13 May 2026, 09:54:42",
        "13.05.2026, 09:54:42",
        "13.05.2026 09:54:42",
        "13 mei 2026, 09:54:42",
        "13 mei. 2026 09:54:42",
        "13 mai 2026, 09:54:42",
        "13 mai 2026 à 09:54:42",
        "13 may 2026, 9:54:42",
        "13 de mayo de 2026, 9:54:42",
        "13 de mai. de 2026, 09:54:42",
        "13 mag 2026, 09:54:42",
        "2026-05-13 09:54:42",
        "2026-05-13T09:54:42Z",
        "2026-05-13 09:54:42 UTC",
        "2026/05/13 9:54:42",
        "2026年5月13日 9:54:42",
        "13/05/2026 09:54:42",
        "5/13/2026 9:54:42 AM",
        "13. Mai 2026, 09:54:42",
    ],
)
def test_a_date_is_read_in_the_forms_of_many_languages(text: str) -> None:
    assert field("start_date", text) == pd.Timestamp("2026-05-13T09:54:42Z")


MONTHS = {
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "en long": "January February March April May June July August September October November December",
    "de": "Jan. Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez.",
    "nl": "jan feb mrt apr mei jun jul aug sep okt nov dec",
    "nl dot": "jan. feb. mrt. apr. mei. jun. jul. aug. sep. okt. nov. dec.",
    "nl long": "januari februari maart april mei juni juli augustus september oktober november december",
    "fr": "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
    "es": "ene feb mar abr may jun jul ago sept oct nov dic",
    "it": "gen feb mar apr mag giu lug ago set ott nov dic",
    "pt": "jan. fev. mar. abr. mai. jun. jul. ago. set. out. nov. dez.",
}


@pytest.mark.parametrize("language", MONTHS)
def test_every_month_is_known_by_its_names(language: str) -> None:
    names = MONTHS[language].split()
    assert [month_of(name.rstrip(".")) for name in names] == list(range(1, 13))
    read = table(
        *(RIDE | {"id": str(n), "start_date": f"3 {m} 2024, 10:00:00"} for n, m in enumerate(names, 1))
    )
    assert [one.month for one in read.columns["start_date"]] == list(range(1, 13))


def test_midnight_and_noon_are_where_the_clock_has_them() -> None:
    assert field("start_date", "May 13, 2026, 12:00:01 AM") == pd.Timestamp("2026-05-13T00:00:01Z")
    assert field("start_date", "May 13, 2026, 12:00:01 PM") == pd.Timestamp("2026-05-13T12:00:01Z")


def test_day_and_month_are_told_apart_by_the_whole_column() -> None:
    def months(*texts: str) -> list[int]:
        rows = [RIDE | {"id": str(n), "start_date": text} for n, text in enumerate(texts, 1)]
        return [one.month for one in table(*rows).columns["start_date"]]

    assert months("5/6/2026 9:00:00", "5/20/2026 9:00:00") == [5, 5]
    assert months("5/6/2026 9:00:00", "20/6/2026 9:00:00") == [6, 6]
    assert months("5/6/2026 9:00:00 AM", "6/6/2026 9:00:00 PM") == [5, 6]
    assert months("5/6/2026 9:00:00") == [6]


@pytest.mark.parametrize(
    "text", ["yesterday", "May 33, 2026, 9:00:00 AM", "13 May 2026, 25:00:00", "13 May 0026"]
)
def test_a_date_that_is_none_is_absent_and_told(text: str) -> None:
    read = table(RIDE | {"start_date": text}, RUN)
    assert read.columns["start_date"].isna().tolist() == [True, False]
    assert read.problems == [f"Activity Date: 1 values cannot be read, such as {text!r}."]
