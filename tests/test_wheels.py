"""How the package is built: native, pure, and what happens where it cannot be compiled.

A script stands for the C compiler, for what is tested is what becomes of its failures; that real
compiled code works is for ``make test-native``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from .test_native import GROUP

pytest.importorskip("mypyc", reason="mypyc is not installed with the oldest dependencies")

ROOT = Path(__file__).resolve().parent.parent
# Writes what a compiler would; fails on the C file of one module of the group.
COMPILER = """#!{python}
import pathlib, sys
if "{fails_on}" in " ".join(sys.argv):
    sys.exit("no space left, say")
pathlib.Path(sys.argv[sys.argv.index("-o") + 1]).write_bytes(b"")
"""


def wheel(
    tmp_path: Path,
    build: str,
    compiler: str | Path,
    python: str | Path = sys.executable,
    **environment: str,
) -> tuple[int, str, list[str]]:
    """Build a wheel: the exit code, what was said, and the files in it."""
    source, out = tmp_path / "source", tmp_path / "wheels"
    left_out = shutil.ignore_patterns("__pycache__", "*.so", "*.pyd")
    shutil.copytree(ROOT / "ocsp", source / "ocsp", ignore=left_out)
    for name in ("setup.py", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    command = ["-m", "pip", "wheel", "-v", "--no-deps", "--no-build-isolation", "-w", out, source]
    result = subprocess.run(
        [python, *map(str, command)],
        env=os.environ | environment | {"OCSP_BUILD": build, "CC": str(compiler)},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=300,
    )  # fmt: skip
    wheels = list(out.glob("*.whl"))
    names: list[str] = []
    if wheels:
        (path,) = wheels
        names = [path.name, *zipfile.ZipFile(path).namelist()]
    return result.returncode, result.stdout, names


@pytest.fixture
def compiler(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A C compiler that works, or fails half way."""
    path = tmp_path / "cc"
    path.write_text(COMPILER.format(python=sys.executable, fails_on=request.param))
    path.chmod(0o755)
    return path


WORKS, FAILS = "nothing.else", "pkix1implicit88.c"


def compiled(names: list[str]) -> list[str]:
    """The compiled files of a wheel."""
    return [name for name in names if name.endswith((".so", ".pyd"))]


@pytest.mark.parametrize("compiler", [WORKS], indirect=True)
@pytest.mark.parametrize("build", ["native", "auto"])
def test_native_wheel(tmp_path: Path, build: str, compiler: Path) -> None:
    """Where there is a compiler, the wheel has the whole group, and is for this platform."""
    code, _, names = wheel(tmp_path, build, compiler)
    assert code == 0
    assert len(compiled(names)) == len(GROUP) + 1  # and the group's own file
    assert not names[0].endswith("-none-any.whl")


@pytest.mark.parametrize("compiler", [WORKS], indirect=True)
def test_native_wheel_where_cryptography_is_not(tmp_path: Path, compiler: Path) -> None:
    """An installer builds with what the build requires, and nothing else: not with cryptography."""
    packages = tmp_path / "packages"
    packages.mkdir()
    for path in Path(sysconfig.get_path("purelib")).iterdir():
        if not path.name.startswith(("cryptography", "ocsp", "__editable__", "pyasn1")):
            (packages / path.name).symlink_to(path)
    venv.create(tmp_path / "venv")
    python = tmp_path / "venv/bin/python"
    code, said, names = wheel(tmp_path, "native", compiler, python, PYTHONPATH=str(packages))
    assert code == 0, said
    assert len(compiled(names)) == len(GROUP) + 1


@pytest.mark.parametrize("compiler", [FAILS], indirect=True)
def test_half_a_build_is_none(tmp_path: Path, compiler: Path) -> None:
    """Where a part does not compile, the wheel is the pure one, with nothing of the group."""
    code, said, names = wheel(tmp_path, "auto", compiler)
    assert code == 0
    assert "a pure Python build, for the native one failed" in said
    assert compiled(names) == []
    assert names[0].endswith("-py3-none-any.whl")


def test_without_a_compiler(tmp_path: Path) -> None:
    """Where there is no compiler, the same command gives the pure wheel."""
    code, said, names = wheel(tmp_path, "auto", tmp_path / "none")
    assert code == 0
    assert "a pure Python build, for the native one failed" in said
    assert compiled(names) == []
    assert names[0].endswith("-py3-none-any.whl")


@pytest.mark.parametrize("compiler", [FAILS], indirect=True)
def test_native_fails_hard(tmp_path: Path, compiler: Path) -> None:
    """Where the native build is asked for and fails, there is no wheel."""
    code, said, names = wheel(tmp_path, "native", compiler)
    assert code != 0
    assert "pkix1implicit88" in said
    assert names == []


@pytest.mark.parametrize("compiler", [WORKS], indirect=True)
def test_pure_wheel(tmp_path: Path, compiler: Path) -> None:
    """Where the pure build is asked for, nothing is compiled, though it could be."""
    code, _, names = wheel(tmp_path, "pure", compiler)
    assert code == 0
    assert compiled(names) == []
    assert names[0].endswith("-py3-none-any.whl")
    assert {"ocsp/py.typed", "ocsp/_der.py", "ocsp/_generated/codec/ocsp_2024_88.py"} <= set(names)
    assert not [name for name in names if name.startswith(("codegen", "tests", "schema"))]


@pytest.mark.parametrize("build", ["pure", "auto"])
def test_in_place(tmp_path: Path, build: str) -> None:
    """A build in place that is not native leaves nothing compiled of an earlier one."""
    shutil.copytree(ROOT / "ocsp", tmp_path / "ocsp", ignore=shutil.ignore_patterns("*.so"))
    shutil.copy(ROOT / "setup.py", tmp_path)
    old = [tmp_path / "ocsp/_der.so", tmp_path / "ocsp/_generated/codec/ocsp_2024_88.so"]
    for path in (*old, tmp_path / "ocsp__mypyc.so"):
        path.write_bytes(b"")
    subprocess.run(
        [sys.executable, "setup.py", "-q", "build_ext", "--inplace"],
        cwd=tmp_path, env=os.environ | {"OCSP_BUILD": build, "CC": str(tmp_path / "none")},
        capture_output=True, check=True, timeout=300,
    )  # fmt: skip
    assert list(tmp_path.rglob("*.so")) == []


def test_unknown_build(tmp_path: Path) -> None:
    """Another value of OCSP_BUILD is refused, and said."""
    code, said, names = wheel(tmp_path, "fast", "cc")
    assert (code != 0, names) == (True, [])
    assert "OCSP_BUILD: expected auto, native or pure, got 'fast'" in said
