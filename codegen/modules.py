"""Files to modules: those that are given, and those that are found on an import path."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from . import prelude
from . import syntax as s
from .bindings import Patch
from .parser import parse
from .source import Note, SchemaError, Source, all_of

_SUFFIXES = {".asn1", ".asn", ".asn1p", ".mib", ".txt"}
_DEFINITIONS = re.compile(r"\bDEFINITIONS\b")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_MAX_HEADER = 5000  # characters before DEFINITIONS: a name and an OID
_NUMBER = re.compile(r"\(\s*(\d+)\s*\)|(?<![\w-])(\d+)(?![\w-])")
_COMMENT = re.compile(r"--.*?(?:--|$)", re.MULTILINE)


def read(path: Path) -> Source:
    """A schema file: UTF-8 or, as older ones are, Latin-1.

    Raises:
        OSError: it cannot be read.
    """
    data = path.read_bytes()
    # The path stands in messages, and in what is written: one line of UTF-8.
    shown = "".join(str(path).encode("utf-8", "replace").decode("utf-8").splitlines())
    try:
        return Source(shown, data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return Source(shown, data.decode("latin-1"))


class Folders:
    """What modules there are on an import path; a file is read when one of its is wanted."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self._by_name: dict[str, Path] = {}
        self._by_oid: dict[tuple[str, ...], Path] = {}
        for folder in folders:
            for path in sorted(folder.iterdir()):
                if path.suffix.lower() in _SUFFIXES and path.is_file():
                    self._index(path)

    def _index(self, path: Path) -> None:
        text = _COMMENT.sub("", path.read_bytes().decode("utf-8", "replace"))
        for definitions in _DEFINITIONS.finditer(text):
            start = max(0, definitions.start() - _MAX_HEADER)
            header = text[start : definitions.start()].rstrip()
            if header.endswith('"'):  # an OID-IRI
                header = header[:-1].rpartition('"')[0].rstrip()
            oid = ""
            if header.endswith("}"):
                header, _, oid = header.rpartition("{")
            words = header.split()
            if words and _NAME.fullmatch(words[-1]):
                self._by_name.setdefault(words[-1], path)
            if words and oid:
                self._by_oid.setdefault(_numbers(oid), path)

    def find(self, wanted: s.Import) -> Path | None:
        """The file of the module that is imported: by its name, or else by its OID."""
        found = self._by_name.get(wanted.module)
        if found is None and isinstance(wanted.oid, s.Braces) and wanted.oid.tokens:
            last = wanted.oid.tokens[-1]
            text = wanted.oid.source.text[wanted.oid.at : last.at + len(last.text)]
            found = self._by_oid.get(_numbers(_COMMENT.sub("", text)))
        return found


def _numbers(oid: str) -> tuple[str, ...]:
    """The numbers in the text of an OID, which tell it from most others."""
    return tuple(one or other for one, other in _NUMBER.findall(oid))


def mended(source: Source, patches: Mapping[str, Sequence[Patch]]) -> tuple[Source, list[Note]]:
    """A file with the faults mended that `patches` know of its modules, and a note for each."""
    notes: list[Note] = []
    for name, changes in patches.items():
        if re.search(rf"^\s*{re.escape(name)}(?![\w-])", source.text, re.MULTILINE):
            for patch in changes:
                if source.text.count(patch.text) == 1:
                    at = source.text.index(patch.text)
                    notes.append(Note(source, at, f"mended: {patch.reason}"))
                    source = Source(source.path, source.text.replace(patch.text, patch.by))
    return source, notes


def load(
    files: Sequence[Path], folders: Folders, patches: Mapping[str, Sequence[Patch]]
) -> tuple[list[s.Module], list[Note]]:
    """The modules of `files`, and all that they import and that is found; and what was mended.

    Raises:
        SchemaError: a file is not ASN.1; it may be several errors.
        OSError: a file cannot be read.
    """
    modules: list[s.Module] = []
    errors: list[SchemaError] = []
    notes: list[Note] = []
    done: set[str] = set()
    coming = list(files)
    while coming:
        path = coming.pop(0)
        real = os.path.realpath(path)  # which, unlike Path.resolve, takes links in a circle
        if real in done:
            continue
        done.add(real)
        try:
            source, mends = mended(read(path), patches)
            found = parse(source)
            notes += mends
        except SchemaError as error:
            errors.append(error)
            continue
        modules += found
        names = {prelude.NAME, *(module.name for module in modules)}
        for module in found:
            for imported in module.imports:
                if imported.module not in names:
                    beside = folders.find(imported)
                    if beside is not None:
                        coming.append(beside)
    if errors:
        raise all_of(errors)
    return modules, notes
