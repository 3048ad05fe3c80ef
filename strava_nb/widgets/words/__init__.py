"""Every sentence that the widgets say, in one place, so that it can be said in another language.

A room for each thing that speaks: `panel.py` (whose activities), `export_card.py` (the card on it),
`pickers.py` (what is chosen and pressed in a notebook), `page.py` (all of it on one page), and what they
share, `everywhere.py`. Wherever a sentence stands, widgets know it as `words.NAME`.

`PANEL`, `DATES`, `ACTIVITIES`, `DOWNLOAD` and the like are shown as they stand. The others are chosen by
what is the case; `{…}` is filled with `str.format`. The sentences of errors belong to the errors.
"""

from .everywhere import *
from .export_card import *
from .page import *
from .panel import *
from .pickers import *
