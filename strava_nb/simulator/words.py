"""What she calls her activities; a file of its own so that the calendar reads as a calendar."""

from __future__ import annotations

from random import Random

ODD = (
    'Coach said "just one more hill"',
    "Lost $20, found a view worth $200",
    "=SUM(legs)/2",
    "Sunrise over the fog 🌅🏔️",
    "<b>Bold</b> pace & a <script>alert('tired')</script>",
    "  Blanks on both sides  ",
    "Long, slow, wet; still smiling",
    "Out: headwind\nBack: headwind",
    "",
    "@home, +2 °C, no excuses",
    "-5 °C and stubborn",
    "+1 hour, just because",
    "Grüß Gott, Käsespätzle! 🧀",
    "$O_2$ is overrated",
    "O'Brien's \\ shortcut/detour #3",
    "朝ラン — with Yuki",
)
"""Titles as real people write them, hard on tables, plots and spreadsheets."""

_WORDS = {
    "commute": ("To work", "Off to the office", "Commute", "Morning commute"),
    "back": ("Home again", "Back home", "Commute back", "Finally Feierabend"),
    "usual": (
        "The usual loop",
        "Usual loop",
        "Usual loop, evening light",
        "Round the usual",
        "Usual loop in the rain",
    ),
    "reverse": ("Usual loop, the other way round", "Usual loop reversed"),
    "easy": ("Easy run", "Shake-out", "Easy jog with Miriam", "Lunch run", "Just moving", "Evening Run"),
    "intervals": (
        "6 × 800 m",
        "Track legs, no track",
        "Intervals before dinner",
        "8 × 3 min",
        "Hill repeats",
    ),
    "tempo": ("Tempo Tuesday", "Threshold, honest", "20 min steady"),
    "long_run": (
        "Long run",
        "Sunday long run",
        "Long one with a podcast",
        "Slow miles",
        "Long run, all forest",
    ),
    "trail": (
        "Trails behind the quarry",
        "Roots and rocks",
        "Forest trails",
        "Mud, mostly",
        "Up the fire tower",
    ),
    "ride": (
        "Saturday ride",
        "Coffee ride",
        "Over the ridge",
        "Valley and back",
        "Long way to the cake",
        "With the Saturday group",
        "Four passes, small ones",
        "Legs good, wind bad",
    ),
    "evening_ride": ("After-work spin", "Evening ride", "Quick loop before dark", "Feierabendrunde"),
    "gravel": ("Gravel to nowhere", "Forest roads", "Dust and deer", "Gravel, some hike-a-bike"),
    "mtb": ("Flow trail laps", "Mountain bike with Jonas", "Technical and slow"),
    "hike": ("Sunday hike", "Hike to the hut", "Family hike", "Up for the view"),
    "walk": ("Walk with Bruno", "Round the block", "Evening walk", "Dog walk"),
    "swim": ("Early lanes", "Swim", "Drills and 100s", "Technique, allegedly", "Lane 3"),
    "gym": ("Strength", "Gym", "Squats and regrets", "Core & more"),
    "yoga": ("Yoga", "Stretching, mostly", "Yoga with Adriana"),
    "virtual": ("Volcano laps", "Winter base", "Sweet spot 3 × 12", "Virtual group ride", "Pain cave"),
    "trainer": ("Turbo, no screen", "Trainer: legs only", "Easy spin indoors"),
    "treadmill": ("Treadmill", "Treadmill, ice outside"),
    "return": ("Gentle comeback", "Walk-run, no pain", "Physio says yes", "Careful kilometres"),
    "alps": ("To the pass", "Hairpins", "Gavia dreams", "Two climbs and a gelato", "Rest day, allegedly"),
    "cairngorms": ("Bealach and bog", "Scottish summer", "Midges 1, us 0", "Round the loch", "Munro day"),
    "khumbu": (
        "Up slowly, slowly",
        "Acclimatising",
        "To the monastery",
        "Yaks have right of way",
        "Teahouse to teahouse",
    ),
    "rockies": ("Gravel at 2,200 m", "Monarch side roads", "Dust, sage, thin air", "Aspens turning"),
    "snow": ("Skating", "Fresh corduroy", "Klassik loop", "Double-poling day"),
}

NOTES = (
    "", "", "", "", "",
    "Felt good until the last hill.",
    "Tired from work, went anyway.\nGlad I did.",
    'Miriam: "never again". Me: same time next week?',
    "New route, thanks to the wrong turn at km 12.",
    "Cost: 1 gel, $3.50, some dignity.",
)  # fmt: skip
"""What she writes below, most often nothing."""


def title(about: str, chance: Random) -> str:
    """A title for what it was about, now and then an odd one."""
    return chance.choice(ODD) if chance.random() < 0.025 else chance.choice(_WORDS[about])
