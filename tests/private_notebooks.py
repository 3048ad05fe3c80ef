"""Notebooks with something private in them, as they are stored, and whose they are."""

from __future__ import annotations

import base64
import io
import json
from pathlib import Path
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from strava_nb import files
from strava_nb.files import check_notebook
from strava_nb.tables import activities

HEX = "0123456789abcdef0123456789ABCDEF01234567"
HOME = (46.948017, 7.447434)
NAME = "Zoé Müller"
EMAIL, PLACE, WHO = "an e-mail address", "a place near home", "the athlete's name"
ATHLETE, ACTIVITY = "the athlete's id", "an activity's id"


def ride(number: int, start: tuple[float, float] | None = HOME, athlete: int = 7654321) -> dict[str, Any]:
    return {
        "id": 12345678900 + number,
        "name": "Lunch",
        "sport_type": "Ride",
        "start_date": f"2026-01-{number:02}T10:00:00Z",
        "start_latlng": list(start or []),
        "gear_id": "b7766554",
        "athlete": {"id": athlete},
    }


TABLE = activities([ride(1), ride(2), ride(3, (46.95, 7.60))], source="export")
OWN: dict[str, Any] = {"table": TABLE, "names": [NAME]}


def notebook(*cells: dict[str, Any], **metadata: Any) -> dict[str, Any]:
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": list(cells)}


def code(source: Any = "1", *outputs: Any, **more: Any) -> dict[str, Any]:
    own = {"cell_type": "code", "id": "c0ffee", "metadata": {}, "execution_count": None, "source": source}
    return own | {"outputs": list(outputs)} | more


def prose(source: Any, **more: Any) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": "beef", "metadata": {}, "source": source} | more


def shown(mime: str, value: Any, **metadata: Any) -> dict[str, Any]:
    return {"output_type": "display_data", "data": {mime: value}, "metadata": metadata}


def stream(text: Any, name: str = "stdout") -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}


def picture(text: str, kind: str = "PNG") -> str:
    file, image = io.BytesIO(), Image.new("RGB", (2, 2))
    if kind == "PNG":
        words = PngInfo()
        words.add_text("Description", text, zip=True) if text.isascii() else words.add_itxt("Title", text)
        image.save(file, "PNG", pnginfo=words)
    else:
        exif = Image.Exif()
        exif[0x010E] = text.encode()
        image.save(file, kind, exif=exif)
    return base64.b64encode(file.getvalue()).decode()


def widgets(state: dict[str, Any]) -> dict[str, Any]:
    one = {"model_name": "AnyModel", "model_module": "anywidget", "model_module_version": "*", "state": state}
    return {
        "application/vnd.jupyter.widget-state+json": {
            "version_major": 2,
            "version_minor": 0,
            "state": {"d0d0": one},
        }
    }


def kept(content: Any, folder: Path) -> Path:
    path = folder / "x.ipynb"
    path.write_text(json.dumps(content), "utf-8")
    return path


def found(content: Any, folder: Path, **own: Any) -> list[files.notebooks.Finding]:
    return check_notebook(kept(content, folder), **(own or OWN))


def whats(content: Any, folder: Path, **own: Any) -> set[str]:
    return {one.what for one in found(content, folder, **own)}
