"""Real modules, damaged: whatever the text, the compiler reads it or raises its own error."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from codegen import emit_codec, emit_pyasn1
from codegen.bindings import BindingsError
from codegen.generate import mended, read_bindings
from codegen.lexer import tokens
from codegen.parser import parse
from codegen.pyasn1_expressions import Options
from codegen.resolve import resolve
from codegen.source import SchemaError, Source

ROOT = Path(__file__).resolve().parent.parent
TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "schema").glob("*.asn1")}


@cache
def spans(name: str) -> list[tuple[int, int]]:
    """Where each lexical item of a module stands."""
    return [(t.at, t.at + len(t.text)) for t in tokens(Source(name, TEXTS[name]))]


@st.composite
def damaged(draw: st.DrawFn, names: list[str]) -> tuple[str, str]:
    """The name of a module, and its text after one to three changes."""
    name = draw(st.sampled_from(names))
    text = TEXTS[name]
    for _ in range(draw(st.integers(1, 3))):
        (a, b), (c, d) = sorted(draw(st.tuples(*[st.sampled_from(spans(name))] * 2)))
        inserted = draw(st.text("?{}[]().,;:|-'\"/*\x00\u00e90aA \n", max_size=4))
        text = draw(
            st.sampled_from(
                [
                    text[:a],  # cut between items
                    text[: draw(st.integers(0, len(text)))],  # cut anywhere
                    text[:a] + text[b:],  # an item deleted
                    text[:a] + text[c:],  # many deleted
                    text[:a] + text[c:d] + text[b:c] + text[a:b] + text[d:],  # two swapped
                    text[:b] + " " + text[c:d] + " " + text[b:],  # one inserted
                    text[:a] + inserted + text[a:],
                ]
            )
        )
    return name, text


@given(damaged(sorted(TEXTS)))
@settings(max_examples=300, deadline=None)
def test_damaged_text_parses_or_is_refused(case: tuple[str, str]) -> None:
    """Any module of schema/, damaged, is read or ends in a SchemaError, never in another error."""
    name, text = case
    try:
        parse(Source(name, text))
    except SchemaError as error:
        assert 1 <= error.line <= text.count("\n") + 1
        assert error.column >= 1


@given(damaged(list(read_bindings(ROOT).modules)))
@settings(max_examples=100, deadline=None)
def test_damaged_module_compiles_or_is_refused(case: tuple[str, str]) -> None:
    """A generated module, damaged, becomes Python that compiles, or is refused."""
    bindings = read_bindings(ROOT)
    texts = TEXTS | dict([case])
    try:
        modules = [
            module
            for name in bindings.modules
            for module in parse(Source(name, mended(bindings, name, name, texts[name])))
        ]
        model = resolve(modules)
        if set(model.modules) >= set(bindings.modules):
            outputs = list(emit_codec.emit(model, bindings).values())
            options = Options(bindings.modules, bindings.imports, bindings.maps)
            wanted = list(bindings.asn1_modules)
            outputs += emit_pyasn1.emit(model, options, wanted).values()
            for output in outputs:
                compile(output, case[0], "exec")
    except (SchemaError, BindingsError):
        pass
