"""Exports of gigabytes that are written in a moment: what nobody may read is a hole in the file."""

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
