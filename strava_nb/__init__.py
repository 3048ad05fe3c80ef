"""Your own Strava activities in a notebook: sign in, pick dates, pull, look, download.

    import strava_nb as snb

    source = snb.open_demo()
    activities = snb.get_activities(source)

The names are listed, with their types, in `__init__.pyi`; each is loaded when it is first used.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
