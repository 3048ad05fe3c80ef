"""The doors: where records come from. One protocol (`source.py`), one module a door."""
