"""Readers of track files, one module a format; `trackfiles.py` beside this folder is their one door."""
