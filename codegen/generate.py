"""All generated files as ``{path: text}`` in memory; then written, or compared."""

from __future__ import annotations

from collections.abc import Container, Sequence
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

from . import emit_codec, emit_extensions, emit_pyasn1, emit_shapes, prelude
from .bindings import Bindings, BindingsError, load
from .ir import Choice, Component, ListOf, Model, Primitive, Structure, Tagged, Type
from .modules import Folders
from .modules import load as load_modules
from .names import module_name
from .parser import parse
from .pyasn1_expressions import Options
from .resolve import Resolver, resolve
from .source import Note, Source
from .syntax import Module

ROOT = Path(__file__).resolve().parent.parent
SCHEMA = "schema"
OUTPUT = "ocsp/_generated"
_PACKAGES = {
    "": "What `python -m codegen` makes of the modules in schema/.",
    "asn1/": "pyasn1 type classes.",
    "codec/": "Records with straight-line DER decoders and encoders.",
}


def _read(root: Path, path: str) -> str:
    try:
        return (root / path).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise BindingsError(f"{path}: not UTF-8: {error.reason} at byte {error.start}") from None


def mended(bindings: Bindings, name: str, path: str, text: str) -> str:
    """The text of a module with the patches that `bindings.toml` declares.

    Raises:
        BindingsError: what a patch mends is not there, or not once.
    """
    for patch in bindings.patches.get(name, ()):
        if text.count(patch.text) != 1:
            raise BindingsError(
                f"[[patches]] {name}: expected the text once in {path}, "
                f"it is there {text.count(patch.text)} times"
            )
        text = text.replace(patch.text, patch.by)
    return text


def model(root: Path, bindings: Bindings) -> Model:
    """Parse and resolve the modules that `bindings.toml` lists."""
    syntax: list[Module] = []
    for name in bindings.modules:
        path = f"{SCHEMA}/{name}.asn1"
        if not (root / path).is_file():
            raise BindingsError(f"[modules]: there is no {path}")
        found = parse(Source(path, mended(bindings, name, path, _read(root, path))))
        if [module.name for module in found] != [name]:
            names = " and ".join(module.name for module in found)
            raise BindingsError(
                f"[modules]: {path} should hold module {name} alone, it has {names}"
            )
        syntax += found
    return resolve(syntax)


def read_bindings(root: Path) -> Bindings:
    """`schema/bindings.toml` under `root`."""
    path = f"{SCHEMA}/bindings.toml"
    return load(path, _read(root, path))


def _untagged(type_: Type) -> Type:
    while isinstance(type_, Tagged):
        type_ = type_.inner
    return type_


def _components(type_: Type) -> tuple[Component, ...]:
    match _untagged(type_):
        case Structure(components=components) | Choice(alternatives=components):
            return components
    return ()


def check_names(bindings: Bindings, resolved: Model) -> None:
    """A misspelt name in `bindings.toml` would do nothing, silently."""
    types = {
        f"{module.name}.{name}": definition.type
        for module in resolved.modules.values()
        for name, definition in module.types.items()
    }
    known = {*types, *(f"{t}.{c.name}" for t, type_ in types.items() for c in _components(type_))}
    values = {
        name
        for module in resolved.modules.values()
        for name, value in module.values.items()
        if value.kind == "OBJECT IDENTIFIER"
    }
    parts = {
        f"{t}.{c.name}": c.type
        for t, type_ in types.items()
        if not isinstance(_untagged(type_), Choice)
        for c in _components(type_)
    }
    wanted: list[tuple[str, str, Container[str]]] = []
    wanted += [("[asn1.imports]", name, resolved.modules) for name in bindings.imports]
    wanted += [("[codec] opaque", name, types) for name in bindings.opaque]
    wanted += [("[codec] as_der", name, types) for name in bindings.as_der]
    wanted += [("[codec] remembered", name, types) for name in bindings.remembered]
    octets = {name for name, type_ in parts.items() if type_ == Primitive("OCTET STRING")}
    wanted += [("[codec.containing] OCTET STRING", name, octets) for name in bindings.containing]
    wanted += [("[codec.containing]", name, types) for name in bindings.containing.values()]
    for name, restriction in bindings.restrictions.items():
        type_ = parts.get(name) or types.get(name)
        base = resolved.base(type_) if type_ else None
        where = f"[[codec.restrictions]] {name}"
        if type_ is None:
            wanted.append((f"{where}: component", name, parts))
        elif restriction.least is not None:
            lists = {name} if isinstance(base, ListOf) and name in parts else set[str]()
            wanted.append((f"{where}: component that is a list", name, lists))
        elif isinstance(base, Primitive) and base.kind == "OBJECT IDENTIFIER":
            wanted += [(where, value, values) for value in restriction.values]
        else:
            numbers = dict(base.names) if isinstance(base, Primitive) else {}
            wanted += [(f"{where}: named number", value, numbers) for value in restriction.values]
    wanted += [("[codec] verbatim", name, parts) for name in bindings.verbatim]
    wanted += [("[[codec.relaxations]]", name, known) for name in bindings.relaxations]
    for map_ in bindings.maps:
        for module in map_.modules:
            wanted.append((f"[[asn1.maps]] {map_.name}", module, resolved.modules))
            if map_.component:
                component = f"{module}.{map_.component}"
                governor = f"{component.rpartition('.')[0]}.{map_.governor}"
                wanted += [(f"[[asn1.maps]] {map_.name}", n, known) for n in (component, governor)]
    for where, name, names in wanted:
        if name not in names:
            raise BindingsError(f"{where}: there is no '{name}'")


def generate(root: Path) -> dict[str, str]:
    """Path under `root` -> text, for every generated file.

    Raises:
        SchemaError: a schema file cannot be compiled.
        BindingsError: `bindings.toml` is wrong.
        FileNotFoundError: there is no `bindings.toml`.
    """
    bindings = read_bindings(root)
    resolved = model(root, bindings)
    check_names(bindings, resolved)
    files = {
        f"{OUTPUT}/{package}__init__.py": (
            f'# Code generated by codegen, DO NOT EDIT.\n"""{doc}"""\n'
        )
        for package, doc in _PACKAGES.items()
    }
    options = Options(bindings.modules, bindings.imports, bindings.maps)
    classes = emit_pyasn1.emit(resolved, options, bindings.asn1_modules)
    files |= {f"{OUTPUT}/asn1/{name}": text for name, text in classes.items()}
    for name, text in emit_codec.emit(resolved, bindings).items():
        files[f"{OUTPUT}/codec/{module_name(name)}.py"] = text
    table = emit_extensions.emit(resolved, bindings)
    if table is not None:
        files[f"{OUTPUT}/codec/extensions.py"] = table
    shapes = emit_shapes.emit(resolved, bindings)
    if shapes is not None:
        files[f"{OUTPUT}/codec/shapes.py"] = shapes
    return files


def compile_files(
    files: Sequence[Path], import_path: Sequence[Path]
) -> tuple[dict[str, str], list[Note]]:
    """File name -> text for the pyasn1 classes of any modules; and what was passed over.

    Raises:
        SchemaError: a module cannot be compiled; it may be several errors.
        OSError: a file or folder cannot be read.
    """
    folders = Folders([*import_path, *dict.fromkeys(path.parent for path in files)])
    patches = read_bindings(ROOT).patches
    modules, notes = load_modules(files, folders, patches)
    resolver = Resolver(modules)
    resolved = resolver.model()
    wanted = [name for name in resolved.modules if name != prelude.NAME]
    options = Options(standalone=True)
    written = emit_pyasn1.emit(resolved, options, wanted)
    written["__init__.py"] = '"""pyasn1 type classes, made by codegen."""\n'
    return written, [*notes, *resolver.notes]


def _compiled(root: Path) -> list[Path]:
    """The native build in place: files that Python loads before the sources beside them."""
    suffixes = tuple(EXTENSION_SUFFIXES)
    found = [*root.glob("ocsp__mypyc*"), *(root / "ocsp").rglob("*")]
    return sorted(path for path in found if path.name.endswith(suffixes))


def _stale(root: Path, files: dict[str, str]) -> list[str]:
    """Compiled files, where one of them is older than what it is compiled from."""
    compiled = _compiled(root)
    beside = [path.with_name(path.name.partition(".")[0] + ".py") for path in compiled]
    sources = [path for path in (*beside, *(root / path for path in files)) if path.is_file()]
    changed = max((path.stat().st_mtime_ns for path in sources), default=0)
    if all(path.stat().st_mtime_ns >= changed for path in compiled):
        return []
    return [path.relative_to(root).as_posix() for path in compiled]


def _orphans(root: Path, files: dict[str, str]) -> list[str]:
    """Files in the output folder that this run does not make."""
    found = {p for p in (root / OUTPUT).rglob("*") if p.is_file() and "__pycache__" not in p.parts}
    found -= set(_compiled(root))
    return sorted({p.relative_to(root).as_posix() for p in found} - set(files))


def differences(root: Path, files: dict[str, str]) -> list[str]:
    """One line for every file that differs, is missing, is an orphan or a stale compiled one."""
    found = []
    for path, text in sorted(files.items()):
        target = root / path
        if not target.is_file():
            found.append(f"missing: {path}")
        elif target.read_bytes() != text.encode("utf-8"):
            found.append(f"differs: {path}")
    found += [f"orphaned: {path}" for path in _orphans(root, files)]
    return found + [f"stale: {path}" for path in _stale(root, files)]


def write(root: Path, files: dict[str, str]) -> list[str]:
    """Make the output folder hold exactly `files`; returns what had to change."""
    changed = differences(root, files)
    for path, text in files.items():
        target = root / path
        if f"missing: {path}" in changed or f"differs: {path}" in changed:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text.encode("utf-8"))
    # What was compiled of other sources would be loaded in their place.
    stale = [path for path in _stale(root, files) if f"stale: {path}" not in changed]
    changed += [f"stale: {path}" for path in stale]
    for line in changed:
        word, _, path = line.partition(": ")
        if word in {"orphaned", "stale"}:
            (root / path).unlink()
    return changed
