"""Exports of gigabytes, and of more files than a zip could count, that are written in a moment."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path


def write_export(path: Path, files: Iterable[tuple[str, bytes]], *, hole: int) -> Path:
    """Write a zip of these files behind a private film of `hole` bytes."""
    with _begun_with("media/film.mp4", path, hole) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return path


def write_crowded(path: Path, files: Iterable[tuple[str, bytes]], *, more: int) -> Path:
    """Write a zip of these files and of `more` empty ones, which stand in its directory alone."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files:
            archive.writestr(name, data)
        for number in range(more):
            entry = zipfile.ZipInfo(f"media/{number}.jpg")
            entry.CRC = entry.header_offset = 0
            archive.filelist.append(entry)
    return path


@contextmanager
def _begun_with(name: str, path: Path, size: int) -> Iterator[zipfile.ZipFile]:
    with zipfile.ZipFile(path, "w") as archive:
        entry = zipfile.ZipInfo(name)
        entry.file_size = entry.compress_size = size
        entry.CRC = entry.header_offset = 0
        file = archive.fp
        assert file is not None
        file.write(entry.FileHeader(zip64=True))
        archive.start_dir = file.seek(size, 1)  # a hole, where the file system has them
        archive.filelist.append(entry)
        archive.NameToInfo[name] = entry
        yield archive
