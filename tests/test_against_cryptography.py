"""Every vector, and messages made of them, through cryptography and through us.

Same value of every attribute, or an exception of the same class. Where we differ on purpose
there is a row with its reason in divergences.toml; a row that no longer holds fails.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp as theirs

import ocsp as ours

from .messages import CASES, VECTORS, divergences, is_request

# The naive attributes of theirs warn; that ours do not is in test_objects.py.
pytestmark = pytest.mark.filterwarnings("ignore:Properties that return a na:Warning")


@dataclass(frozen=True)
class Raised:
    """An attribute that raises."""

    exception: BaseException

    def matches(self, other: object) -> bool:
        """Whether a handler for the other's exception would catch this one too."""
        return isinstance(other, Raised) and isinstance(self.exception, type(other.exception))


def plain(value: Any) -> Any:
    """A value as something that compares by content."""
    if isinstance(value, hashes.HashAlgorithm):
        return ("hash", value.name)
    if isinstance(value, x509.Extensions):
        return [(e.oid, e.critical, type(e.value), plain(e.value)) for e in value]
    if isinstance(value, x509.SignedCertificateTimestamps):
        names = ("version", "log_id", "timestamp", "signature", "extension_bytes", "entry_type")
        return [{name: getattr(sct, name) for name in names} for sct in value]
    if type(value).__name__ == "OCSPSingleResponse":
        return attributes(value, theirs.OCSPSingleResponse)
    if isinstance(value, Iterator):
        return [plain(item) for item in value]
    return value


def attribute(message: Any, name: str) -> Any:
    """The value of an attribute, or what it raises."""
    try:
        if name == "public_bytes":
            return message.public_bytes(serialization.Encoding.DER)
        return plain(getattr(message, name))
    except Exception as error:
        return Raised(error)


def attributes(message: Any, documented: type) -> dict[str, Any]:
    """Every attribute that cryptography's class has."""
    names = [name for name in dir(documented) if not name.startswith("_")]
    return {name: attribute(message, name) for name in names}


def read(module: ModuleType, case: str) -> dict[str, Any]:
    """Everything that a module says about a message."""
    request = is_request(case)
    load = module.load_der_ocsp_request if request else module.load_der_ocsp_response
    try:
        message = load(CASES[case])
    except Exception as error:
        return {"load": Raised(error)}
    return attributes(message, theirs.OCSPRequest if request else theirs.OCSPResponse)


def outcome(value: Any) -> str:
    """A value as a row of divergences.toml names it."""
    return type(value.exception).__name__ if isinstance(value, Raised) else "value"


def same(our: Any, their: Any) -> bool:
    """Whether two outcomes are the same for a caller."""
    if isinstance(their, Raised):
        return isinstance(our, Raised) and our.matches(their)
    if isinstance(their, list) and their and isinstance(their[0], dict):
        return isinstance(our, list) and len(our) == len(their) and all(map(same, our, their))
    if isinstance(their, dict):
        return isinstance(our, dict) and all(same(our[name], their[name]) for name in their)
    return bool(our == their)


def differences(case: str) -> dict[tuple[str, str], tuple[str, str]]:
    """(case, attribute) -> what cryptography does, what we do, wherever they differ."""
    our, their = read(ours, case), read(theirs, case)
    if "load" in their and "load" not in our:
        return {(case, "load"): (outcome(their["load"]), "value")}
    if "load" in our:
        load = their.get("load")
        if load is not None and same(our["load"], load):
            return {}
        return {(case, "load"): ("value" if load is None else outcome(load), outcome(our["load"]))}
    return {
        (case, name): (outcome(their[name]), outcome(our[name]))
        for name in their
        if not same(our[name], their[name])
    }


ROWS = {
    (case, name): (row["cryptography"], row["ours"])
    for row in divergences("divergence")
    for case in row["cases"]
    for name in row["attributes"]
}


@pytest.mark.parametrize("case", CASES)
def test_same_as_cryptography(case: str) -> None:
    """A message reads the same, but for the rows of divergences.toml, all of which hold."""
    expected = {key: row for key, row in ROWS.items() if key[0] == case}
    assert differences(case) == expected


def test_values_of_rows() -> None:
    """Where a row allows a value of ours, it says which; or what alone differs from theirs."""
    for row in divergences("divergence"):
        if row["ours"] != "value" or row["attributes"] == ["load"]:
            continue
        for case in row["cases"]:
            (name,) = row["attributes"]
            our = read(ours, case)[name]
            if "value" in row:
                assert row["value"] == (our[1] if our else "None")
            elif "class" in row:
                ((oid, critical, class_, extension),) = our
                assert class_.__name__ == row["class"]
                unrecognized = x509.UnrecognizedExtension(oid, extension.public_bytes())
                their = read(theirs, case)[name]
                assert their == [(oid, critical, type(unrecognized), unrecognized)]
            else:
                their = read(theirs, case)[name]
                for items in zip(parts(our), parts(their), strict=True):
                    differing = {key for key in items[0] if not same(items[0][key], items[1][key])}
                    assert differing == set(row["except"])


def parts(value: Any) -> list[dict[str, Any]]:
    """The singles, or the SCTs in the extensions, of a value."""
    return [part for item in value for part in (item[3] if isinstance(item, tuple) else [item])]


def test_every_row_has_its_case() -> None:
    """A row for a message that is not there is stale."""
    assert {case for case, _ in ROWS} <= set(CASES)


def test_every_vector_is_there() -> None:
    """The vectors are found: 28 of them, in cryptography-vectors 50."""
    assert len(VECTORS) >= 25
    assert sum(map(is_request, VECTORS)) >= 10


def test_most_cases_load() -> None:
    """Two modules that refuse everything would agree too: all but a few cases load."""
    refused = {case for case in CASES if "load" in read(ours, case)}
    assert refused == {
        "req-invalid-version.der",
        "request:none",
        "request:version of 20,000 bits",
        "resp-invalid-version.der",
        "resp-response-type-unknown-oid.der",
        "resp-successful-no-response-bytes.der",
        "resp-unknown-response-status.der",
        "request:requestor name above 7 bits",
        "request:signature empty",
        "response:responder name of an empty RDN",
        "response:time of year 0",
        "response:try later, with junk",
        "response:version of 20,000 bits",
    }
