"""The extensions of RFC 6960 4.4, the nonce, and extensions of one's own."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Callable, Iterable
from typing import Any, ClassVar, Self

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID, SignatureAlgorithmOID
from pyasn1.codec.der.decoder import decode
from pyasn1.codec.der.encoder import encode

import ocsp
from ocsp import (
    ArchiveCutoff,
    CRLReference,
    EncodeError,
    ExtendedRevoke,
    PreferredSignatureAlgorithm,
    PreferredSignatureAlgorithms,
    ServiceLocator,
)
from ocsp._der import tlv, write_oid
from ocsp._generated.asn1 import ocsp_2024_88 as rfc9654
from ocsp.extensions import Place

from .messages import MADE
from .pki import KEYS, NOW, SHA256, name, responder

AT = datetime.datetime(2019, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc)
NAIVE = AT.replace(tzinfo=None)
ABROAD = AT.astimezone(datetime.timezone(datetime.timedelta(hours=-7)))
AT_DER = b"\x18\x0f20190102030405Z"
URL, URL_DER = "http://crl.example/1.crl", b"\x16\x18http://crl.example/1.crl"
ISSUER = name("Herausgeber")
ACCESS = x509.AuthorityInformationAccess(
    [
        x509.AccessDescription(
            AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier("http://a.example")
        )
    ]
)
ACCESS_DER = tlv(
    0x30,
    tlv(0x30, bytes.fromhex("06082b06010505073001") + b"\x86\x10http://a.example"),
)
RSA, P256 = "1.2.840.113549.1.1.11", bytes.fromhex("06082a8648ce3d030107")
EC_KEY = x509.ObjectIdentifier("1.2.840.10045.2.1")


def algorithm(oid: str, parameters: bytes = b"") -> bytes:
    """The DER of an AlgorithmIdentifier."""
    return tlv(0x30, tlv(0x06, write_oid(oid, "")) + parameters)


def oid(text: str) -> x509.ObjectIdentifier:
    """An OID."""
    return x509.ObjectIdentifier(text)


# what makes it, its DER, its repr in part
VALUES: dict[str, tuple[Callable[[], Any], bytes, str]] = {
    "cutoff": (lambda: ArchiveCutoff(AT), AT_DER, "archive_cutoff_utc=datetime.datetime(2019"),
    "first cutoff": (
        lambda: ArchiveCutoff(datetime.datetime(1, 1, 1, tzinfo=datetime.timezone.utc)),
        b"\x18\x0f00010101000000Z",
        "<ArchiveCutoff(",
    ),
    "last cutoff": (
        lambda: ArchiveCutoff(
            datetime.datetime(9999, 12, 31, 23, 59, 59, tzinfo=datetime.timezone.utc)
        ),
        b"\x18\x0f99991231235959Z",
        "<ArchiveCutoff(",
    ),
    "CRL of nothing": (CRLReference, b"\x30\x00", "crl_url=None"),
    "CRL's URL": (
        lambda: CRLReference(URL),
        tlv(0x30, tlv(0xA0, URL_DER)),
        "crl_url='http://crl.example/1.crl'",
    ),
    "CRL's empty URL": (
        lambda: CRLReference(""),
        bytes.fromhex("3004a0021600"),
        "crl_url=''",
    ),
    "CRL's number": (
        lambda: CRLReference(crl_number=0),
        bytes.fromhex("3005a103020100"),
        "crl_number=0",
    ),
    "CRL's number of two octets": (
        lambda: CRLReference(crl_number=128),
        bytes.fromhex("3006a10402020080"),
        "crl_number=128",
    ),
    "CRL's time": (
        lambda: CRLReference(crl_time=AT),
        tlv(0x30, tlv(0xA2, AT_DER)),
        "crl_time_utc=datetime.datetime(2019",
    ),
    "CRL of all three": (
        lambda: CRLReference(URL, 7, AT),
        tlv(0x30, tlv(0xA0, URL_DER) + b"\xa1\x03\x02\x01\x07" + tlv(0xA2, AT_DER)),
        "crl_number=7",
    ),
    "service locator": (
        lambda: ServiceLocator(ISSUER, ACCESS),
        tlv(0x30, ISSUER.public_bytes() + ACCESS_DER),
        "<ServiceLocator(issuer=<Name(",
    ),
    "service locator of no name": (
        lambda: ServiceLocator(x509.Name([]), ACCESS),
        tlv(0x30, b"\x30\x00" + ACCESS_DER),
        "<ServiceLocator(",
    ),
    "no algorithms": (lambda: PreferredSignatureAlgorithms([]), b"\x30\x00", "algorithms=()"),
    "algorithm with its usual parameters": (
        lambda: PreferredSignatureAlgorithms([oid(RSA)]),
        tlv(0x30, tlv(0x30, algorithm(RSA, b"\x05\x00"))),
        RSA,
    ),
    "algorithm without parameters": (
        lambda: PreferredSignatureAlgorithms([SignatureAlgorithmOID.ED25519]),
        bytes.fromhex("3009 3007 3005 06032b6570"),
        "1.3.101.112",
    ),
    "algorithm that is not known": (
        lambda: PreferredSignatureAlgorithms([oid("1.2.3")]),
        bytes.fromhex("3008 3006 3004 06022a03"),
        "1.2.3",
    ),
    "algorithms and keys": (
        lambda: PreferredSignatureAlgorithms(
            [
                PreferredSignatureAlgorithm(oid("1.2.3"), b"\x04\x01a", EC_KEY, P256),
                SignatureAlgorithmOID.ED25519,
                PreferredSignatureAlgorithm(oid("1.2.4"), None, oid("1.2.5")),
            ]
        ),
        tlv(
            0x30,
            tlv(0x30, algorithm("1.2.3", b"\x04\x01a") + algorithm(EC_KEY.dotted_string, P256))
            + tlv(0x30, algorithm("1.3.101.112"))
            + tlv(0x30, algorithm("1.2.4") + algorithm("1.2.5")),
        ),
        "algorithms=(PreferredSignatureAlgorithm(",
    ),
    "extended revoke": (ExtendedRevoke, b"\x05\x00", "<ExtendedRevoke()>"),
}
CLASSES: list[Any] = [
    ArchiveCutoff,
    CRLReference,
    ExtendedRevoke,
    PreferredSignatureAlgorithms,
    ServiceLocator,
]
# The same values, made in another way.
SAME: dict[str, list[Callable[[], Any]]] = {
    "cutoff": [
        lambda: ArchiveCutoff(NAIVE),
        lambda: ArchiveCutoff(ABROAD),
        lambda: ArchiveCutoff(archive_cutoff=AT.replace(microsecond=999_999)),
    ],
    "CRL of all three": [
        lambda: CRLReference(crl_time=NAIVE, crl_number=7, crl_url=URL),
        lambda: CRLReference(URL, 7, ABROAD),
    ],
    "service locator": [lambda: ServiceLocator(locator=ACCESS, issuer=ISSUER)],
    "algorithm with its usual parameters": [
        lambda: PreferredSignatureAlgorithms(iter([oid(RSA)])),
        lambda: PreferredSignatureAlgorithms((PreferredSignatureAlgorithm(oid(RSA), b"\x05\x00"),)),
    ],
}


@pytest.mark.parametrize("value", VALUES)
def test_der(value: str) -> None:
    """`public_bytes` is the DER of the value, and `from_public_bytes` reads the value from it."""
    make, der, shown = VALUES[value]
    made = make()
    assert made.public_bytes() == der
    read = type(made).from_public_bytes(der)
    assert type(read) is type(made)
    assert read == made
    assert hash(read) == hash(made)
    assert read.public_bytes() == der
    assert shown in repr(made)
    assert repr(read) == repr(made)
    assert repr(made).startswith(f"<{type(made).__name__}(")


@pytest.mark.parametrize("value", SAME)
def test_made_in_another_way(value: str) -> None:
    """Naive times are UTC, microseconds are left out, parameters have names."""
    make, der, _ = VALUES[value]
    for other in SAME[value]:
        assert other() == make()
        assert hash(other()) == hash(make())
        assert other().public_bytes() == der


def test_equality() -> None:
    """Values are equal that say the same, and to nothing else."""
    made = [make() for make, _, _ in VALUES.values()]
    for index, one in enumerate(made):
        assert [one == other for other in made] == [other == index for other in range(len(made))]
        assert len({one, copy.copy(one), copy.deepcopy(one)}) == 1
        for other in (one.public_bytes(), None, 0, object(), x509.OCSPNonce(b"a")):
            assert one != other
            assert not one == other  # noqa: SIM201  # the other operator
    assert len(set(made)) == len(made)


def test_oids() -> None:
    """The OIDs are those of RFC 6960 4.4, and each class is an extension of cryptography's."""
    arcs = {cls.__name__: cls.oid.dotted_string.rpartition(".") for cls in CLASSES}
    assert {arc[0] for arc in arcs.values()} == {"1.3.6.1.5.5.7.48.1"}
    numbers = {name: arc[2] for name, arc in arcs.items()}
    assert numbers == {
        "CRLReference": "3",
        "ArchiveCutoff": "6",
        "ServiceLocator": "7",
        "PreferredSignatureAlgorithms": "8",
        "ExtendedRevoke": "9",
    }
    assert all(issubclass(cls, x509.ExtensionType) for cls in CLASSES)


def test_attributes() -> None:
    """The attributes are what the value was made of; every time has a naive twin."""
    cutoff, reference = ArchiveCutoff(ABROAD), CRLReference(URL, -1, ABROAD)
    assert (cutoff.archive_cutoff_utc, cutoff.archive_cutoff) == (AT, NAIVE)
    assert cutoff.archive_cutoff_utc.tzinfo is datetime.timezone.utc
    assert (reference.crl_url, reference.crl_number) == (URL, -1)
    assert (reference.crl_time_utc, reference.crl_time) == (AT, NAIVE)
    nothing = CRLReference()
    assert {nothing.crl_url, nothing.crl_number, nothing.crl_time_utc, nothing.crl_time} == {None}
    locator = ServiceLocator(ISSUER, ACCESS)
    assert (locator.issuer, locator.locator) == (ISSUER, ACCESS)


def test_algorithms_are_a_sequence() -> None:
    """Preferred algorithms are counted, indexed and gone through, in their order."""
    algorithms = VALUES["algorithms and keys"][0]()
    assert len(algorithms) == 3
    assert list(algorithms) == [algorithms[0], algorithms[1], algorithms[-1]]
    first = algorithms[0]
    assert isinstance(first, PreferredSignatureAlgorithm)
    assert first == (oid("1.2.3"), b"\x04\x01a", EC_KEY, P256)
    assert algorithms[1] == PreferredSignatureAlgorithm(SignatureAlgorithmOID.ED25519)
    with pytest.raises(IndexError):
        _ = algorithms[3]
    assert len(PreferredSignatureAlgorithms([])) == 0


PUBLIC = {
    "cutoff": ["archive_cutoff", "archive_cutoff_utc"],
    "CRL of all three": ["crl_url", "crl_number", "crl_time", "crl_time_utc"],
    "service locator": ["issuer", "locator"],
}


@pytest.mark.parametrize("value", PUBLIC)
def test_not_changed(value: str) -> None:
    """No attribute can be set or deleted."""
    made = VALUES[value][0]()
    for attribute in PUBLIC[value]:
        with pytest.raises(AttributeError):
            setattr(made, attribute, getattr(made, attribute))
        with pytest.raises(AttributeError):
            delattr(made, attribute)
    algorithms: Any = PreferredSignatureAlgorithms([oid(RSA)])
    with pytest.raises(TypeError):
        algorithms[0] = algorithms[0]
    with pytest.raises(AttributeError):
        algorithms[0].parameters = None


def test_lists_are_copied() -> None:
    """What is done to a list afterwards does not reach the value."""
    listed = [oid(RSA)]
    algorithms = PreferredSignatureAlgorithms(listed)
    listed.append(oid("1.2.3"))
    assert len(algorithms) == 1


# class, parameter, what it is not
_WRONG: list[tuple[Any, str, list[Any]]] = [
    (ArchiveCutoff, "archive_cutoff", ["2019", AT.date(), None, 0]),
    (CRLReference, "crl_url", [b"http://a", 1, []]),
    (CRLReference, "crl_number", ["1", 1.0, b"\x01"]),
    (CRLReference, "crl_time", ["now", AT.date(), 0]),
    (ServiceLocator, "issuer", ["CN=a", None, ISSUER.public_bytes(), x509.DirectoryName(ISSUER)]),
    (ServiceLocator, "locator", [list(ACCESS), None, ACCESS_DER, x509.OCSPNoCheck()]),
    (
        PreferredSignatureAlgorithms,
        "algorithms",
        ["1.2.3", ["1.2.3"], None, oid(RSA), [SHA256], [(oid(RSA), None)], [None]],
    ),
    (ExtendedRevoke, "value", [None]),
]
_OTHERS: dict[Any, dict[str, Any]] = {ServiceLocator: {"issuer": ISSUER, "locator": ACCESS}}
WRONG_TYPES = [
    (cls, _OTHERS.get(cls, {}) | {name: value}) for cls, name, values in _WRONG for value in values
]


@pytest.mark.parametrize("row", WRONG_TYPES, ids=lambda row: f"{row[0].__name__} {row[1]!r:.60}")
def test_wrong_types(row: tuple[Any, dict[str, Any]]) -> None:
    """A parameter of another type is a TypeError."""
    make, parameters = row
    with pytest.raises(TypeError):
        make(**parameters)


@pytest.mark.parametrize(
    "parts",
    [
        ("1.2.3",),
        (oid("1.2.3"), "parameters"),
        (oid("1.2.3"), None, "1.2.3"),
        (oid("1.2.3"), None, EC_KEY, 5),
    ],
)
def test_wrong_types_in_an_algorithm(parts: tuple[Any, ...]) -> None:
    """A part of an algorithm that is of another type is a TypeError, when the value is made."""
    with pytest.raises(TypeError):
        PreferredSignatureAlgorithms([PreferredSignatureAlgorithm(*parts)])


def test_key_parameters_alone() -> None:
    """Parameters of a key whose algorithm is not said cannot be written."""
    algorithm = PreferredSignatureAlgorithm(oid("1.2.3"), None, None, P256)
    with pytest.raises(ValueError, match="key_parameters"):
        PreferredSignatureAlgorithms([algorithm]).public_bytes()


EARLY = datetime.datetime.min.replace(tzinfo=datetime.timezone(datetime.timedelta(hours=1)))
LATE = datetime.datetime.max.replace(tzinfo=datetime.timezone(datetime.timedelta(hours=-1)))
UNWRITABLE: dict[str, tuple[Callable[[], Any], str]] = {
    "cutoff before the year 1": (lambda: ArchiveCutoff(EARLY), "archive_cutoff"),
    "cutoff after the year 9999": (lambda: ArchiveCutoff(LATE), "archive_cutoff"),
    "CRL's time before the year 1": (lambda: CRLReference(crl_time=EARLY), "crl_time"),
    "URL above 7 bits": (lambda: CRLReference("http://müller.example"), "CrlID.crlUrl"),
    "parameters that are no DER": (
        lambda: PreferredSignatureAlgorithms(
            [PreferredSignatureAlgorithm(oid("1.2.3"), b"\x05")]
        ).public_bytes(),
        "AlgorithmIdentifier.parameters",
    ),
    "parameters and more": (
        lambda: PreferredSignatureAlgorithms(
            [PreferredSignatureAlgorithm(oid("1.2.3"), None, EC_KEY, b"\x05\x00\x05\x00")]
        ).public_bytes(),
        "AlgorithmIdentifier.parameters",
    ),
    "parameters of no octets": (
        lambda: PreferredSignatureAlgorithms(
            [PreferredSignatureAlgorithm(oid("1.2.3"), b"")]
        ).public_bytes(),
        "AlgorithmIdentifier.parameters",
    ),
}


@pytest.mark.parametrize("row", UNWRITABLE)
def test_unwritable(row: str) -> None:
    """What cannot be written is an EncodeError that says what it was for."""
    call, path = UNWRITABLE[row]
    with pytest.raises(EncodeError) as raised:
        call()
    assert raised.value.path == path


def test_empty_locator() -> None:
    """A service locator of no descriptions is an EncodeError when it is written."""
    with pytest.raises(EncodeError):
        ServiceLocator(ISSUER, x509.AuthorityInformationAccess([])).public_bytes()


def test_repr_of_large_values() -> None:
    """A value has a repr that is bounded, whatever came in it: text, a number, a list."""
    read = CRLReference.from_public_bytes(
        tlv(0x30, tlv(0xA0, tlv(0x16, b"a" * 60_000)) + tlv(0xA1, tlv(0x02, b"\x01" + bytes(2500))))
    )
    assert read.crl_number == 1 << 20_000
    access = x509.AuthorityInformationAccess([*ACCESS] * 1000)
    values = (read, ServiceLocator(ISSUER, access), PreferredSignatureAlgorithms([oid(RSA)] * 1000))
    for value in values:
        assert len(repr(value)) < 1000


# --- damaged values -----------------------------------------------------------------------

NOT_A_NAME = tlv(0x30, tlv(0x31, tlv(0x30, b"\x06\x03\x55\x04\x03\x03\x02\x00a")))
X400 = tlv(0x30, tlv(0x30, bytes.fromhex("06082b06010505073001") + b"\xa3\x02\x30\x00"))
DAMAGED: dict[str, tuple[Any, list[bytes]]] = {
    "ArchiveCutoff": (
        ArchiveCutoff,
        [
            b"",
            AT_DER[:-1],
            AT_DER + b"\x00",
            b"\x17\x0d190102030405Z",
            b"\x18\x0f20190230030405Z",
            b"\x18\x1120190102030405.5Z",
            b"\x18\x0e20190102030405",
            tlv(0x30, AT_DER),
        ],
    ),
    "CRLReference": (
        CRLReference,
        [
            b"",
            b"\x05\x00",
            b"\x30\x00\x00",
            b"\x30\x80\x00\x00",
            b"\x30\x81\x00",
            tlv(0x30, tlv(0xA0, b"\x16\x01\xff")),
            tlv(0x30, tlv(0xA0, b"\x0c\x01a")),
            tlv(0x30, b"\xa1\x04\x02\x02\x00\x05"),
            tlv(0x30, b"\xa1\x02\x02\x00"),
            tlv(0x30, tlv(0xA2, b"\x17\x0d190102030405Z")),
            tlv(0x30, b"\xa1\x03\x02\x01\x05" + tlv(0xA0, URL_DER)),
            tlv(0x30, b"\xa3\x02\x05\x00"),
            tlv(0x30, b"\x02\x01\x05"),
        ],
    ),
    "ServiceLocator": (
        ServiceLocator,
        [
            b"",
            b"\x30\x00",
            tlv(0x30, ISSUER.public_bytes()),
            tlv(0x30, ISSUER.public_bytes() + b"\x30\x00"),
            tlv(0x30, ACCESS_DER),
            tlv(0x30, ISSUER.public_bytes() + ACCESS_DER + b"\x05\x00"),
            tlv(0x30, NOT_A_NAME + ACCESS_DER),
        ],
    ),
    "PreferredSignatureAlgorithms": (
        PreferredSignatureAlgorithms,
        [
            b"",
            b"\x31\x00",
            b"\x30\x02\x30\x00",
            tlv(0x30, algorithm(RSA)),
            tlv(0x30, tlv(0x30, algorithm(RSA) * 3)),
            tlv(0x30, tlv(0x30, tlv(0x30, b"\x06\x00"))),
            tlv(0x30, tlv(0x30, algorithm(RSA, b"\x05\x81\x00"))),
        ],
    ),
    "ExtendedRevoke": (
        ExtendedRevoke,
        [b"", b"\x05", b"\x05\x00\x00", b"\x05\x81\x00", b"\x05\x01\x00", b"\x30\x00"],
    ),
}
ONE_DAMAGED = [(name, value) for name, (_, values) in DAMAGED.items() for value in values]


@pytest.mark.parametrize("row", ONE_DAMAGED, ids=lambda row: f"{row[0]} {row[1].hex():.40}")
def test_damaged(row: tuple[str, bytes]) -> None:
    """A damaged value is a ValueError; the message that has it says it as it came, and all else."""
    cls, value = DAMAGED[row[0]][0], row[1]
    with pytest.raises(ValueError, match=r".+"):
        cls.from_public_bytes(value)
    place = HOME[cls]
    der = with_extensions(place, [(x509.UnrecognizedExtension(cls.oid, value), False)])
    holder = holder_of(place, der)
    ((extension),) = holder.extensions
    assert extension.value == x509.UnrecognizedExtension(cls.oid, value)
    message = load(place, der)
    assert message.public_bytes(Encoding.DER) == der
    assert message.nonce is None
    assert message.serial_number == 0xC0FFEE


def test_names_that_are_not_held() -> None:
    """A service locator with a general name that cryptography has no class for says so."""
    der = tlv(0x30, ISSUER.public_bytes() + X400)
    with pytest.raises(x509.UnsupportedGeneralNameType):
        ServiceLocator.from_public_bytes(der)


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_cut_off(cls: Any) -> None:
    """A value that is cut off anywhere, or has anything behind it, is a ValueError."""
    ders = [der for make, der, _ in VALUES.values() if type(make()) is cls]
    assert ders
    for der in ders:
        for damaged in (*(der[:end] for end in range(len(der))), der + b"\x00"):
            with pytest.raises(ValueError, match=r".+"):
                cls.from_public_bytes(damaged)


# --- in messages --------------------------------------------------------------------------

HOME: dict[Any, Place] = {
    PreferredSignatureAlgorithms: Place.REQUEST,
    ServiceLocator: Place.SINGLE_REQUEST,
    ExtendedRevoke: Place.RESPONSE,
    ArchiveCutoff: Place.SINGLE_RESPONSE,
    CRLReference: Place.SINGLE_RESPONSE,
}
IN_REQUESTS = (Place.REQUEST, Place.SINGLE_REQUEST)
CERT_ID = ocsp.CertID(hashes.SHA1(), b"n" * 20, b"k" * 20, 0xC0FFEE)
KEY = KEYS["Ed25519"]
Listed = Iterable[tuple[x509.ExtensionType, bool]]


def with_extensions(place: Place, extensions: Listed) -> bytes:
    """A message with these extensions in this place."""
    listed = [x509.Extension(value.oid, critical, value) for value, critical in extensions]
    if place in IN_REQUESTS:
        in_single = listed if place is Place.SINGLE_REQUEST else []
        request = ocsp.OCSPRequestBuilder().add_request(CERT_ID, extensions=in_single)
        for extension in listed if place is Place.REQUEST else []:
            request = request.add_extension(extension.value, extension.critical)
        return request.build().public_bytes(Encoding.DER)
    response = (
        ocsp.OCSPResponseBuilder()
        .add_single_response(
            CERT_ID,
            ocsp.OCSPCertStatus.GOOD,
            NOW,
            extensions=listed if place is Place.SINGLE_RESPONSE else [],
        )
        .responder_id(ocsp.OCSPResponderEncoding.HASH, responder("Ed25519").certificate)
        .produced_at(NOW)
    )
    for extension in listed if place is Place.RESPONSE else []:
        response = response.add_extension(extension.value, extension.critical)
    return response.sign(KEY, None).public_bytes(Encoding.DER)


def load(place: Place, der: bytes) -> Any:
    """The message of this place."""
    in_request = place in IN_REQUESTS
    return (ocsp.load_der_ocsp_request if in_request else ocsp.load_der_ocsp_response)(der)


def holder_of(place: Place, der: bytes) -> Any:
    """What has the extensions of this place."""
    message = load(place, der)
    if place is Place.SINGLE_REQUEST:
        return message.requests[0]
    return next(message.responses) if place is Place.SINGLE_RESPONSE else message


def extensions_of(place: Place, der: bytes) -> x509.Extensions:
    """The extensions in this place."""
    found: x509.Extensions = holder_of(place, der).extensions
    return found


@pytest.mark.parametrize("critical", [False, True])
@pytest.mark.parametrize("place", Place)
@pytest.mark.parametrize("value", VALUES)
def test_in_every_place(value: str, place: Place, critical: bool) -> None:
    """A value has its class where RFC 6960 puts it; elsewhere it is not recognized."""
    make, der, _ = VALUES[value]
    made = make()
    message = with_extensions(place, [(made, critical)])
    (extension,) = extensions_of(place, message)
    assert (extension.oid, extension.critical) == (made.oid, critical)
    if HOME[type(made)] is place:
        assert extension.value == made
        assert extensions_of(place, message).get_extension_for_class(type(made)) == extension
    else:
        assert extension.value == x509.UnrecognizedExtension(made.oid, der)


def test_single_extensions() -> None:
    """`single_extensions` of a response with one single response are those of that one."""
    listed = [(ArchiveCutoff(AT), False), (CRLReference(URL, 7, AT), True)]
    der = with_extensions(Place.SINGLE_RESPONSE, listed)
    response = ocsp.load_der_ocsp_response(der)
    found = [(e.value, e.critical) for e in response.single_extensions]
    assert found == listed
    assert [(e.value, e.critical) for e in next(response.responses).extensions] == listed
    assert list(response.extensions) == []


@pytest.mark.parametrize("place", Place)
def test_order(place: Place) -> None:
    """Extensions are written and read in the order in which they were added."""
    listed = [(make(), False) for make, _, _ in VALUES.values()]
    listed = list({value.oid: (value, critical) for value, critical in listed}.values())
    for order in (listed, listed[::-1]):
        found = extensions_of(place, with_extensions(place, order))
        assert [e.oid for e in found] == [value.oid for value, _ in order]
        assert [e.value.public_bytes() for e in found] == [v.public_bytes() for v, _ in order]


@pytest.mark.parametrize("place", Place)
def test_duplicates(place: Place) -> None:
    """One OID twice is refused by the builders, and when the extensions are asked for."""
    revoke = (ExtendedRevoke(), False)
    with pytest.raises(ValueError, match=r"already been set"):
        with_extensions(place, [revoke, (ArchiveCutoff(AT), False), revoke])
    other = (x509.UnrecognizedExtension(oid("1.3.6.1.5.5.7.48.1.10"), b"\x05\x00"), True)
    der = with_extensions(place, [revoke, other])
    twice = der.replace(
        b"\x2b\x06\x01\x05\x05\x07\x30\x01\x0a", b"\x2b\x06\x01\x05\x05\x07\x30\x01\x09"
    )
    assert twice != der
    holder = holder_of(place, twice)
    with pytest.raises(x509.DuplicateExtension) as raised:
        _ = holder.extensions
    assert raised.value.oid == ExtendedRevoke.oid


# --- pyasn1 -------------------------------------------------------------------------------

PYASN1: dict[Any, Any] = {
    ArchiveCutoff: rfc9654.ArchiveCutoff,
    CRLReference: rfc9654.CrlID,
    ServiceLocator: rfc9654.ServiceLocator,
    PreferredSignatureAlgorithms: rfc9654.PreferredSignatureAlgorithms,
}


@pytest.mark.parametrize("value", [v for v in VALUES if v != "extended revoke"])
def test_as_pyasn1_sees_it(value: str) -> None:
    """The classes of `ocsp.asn1.rfc9654` read the same from the DER, and write the same DER."""
    make, der, _ = VALUES[value]
    made = make()
    read, rest = decode(der, asn1Spec=PYASN1[type(made)]())
    assert rest == b""
    assert said(made) == said_by_pyasn1(read)
    assert bytes(encode(read, omitEmptyOptionals=False)) == der


def said(value: Any) -> Any:
    """What a value says, as plain data."""
    match value:
        case ArchiveCutoff():
            return value.archive_cutoff_utc
        case CRLReference():
            return (value.crl_url, value.crl_number, value.crl_time_utc)
        case ServiceLocator():
            return (value.issuer.public_bytes(), value.locator.public_bytes())
        case PreferredSignatureAlgorithms():
            return [
                (
                    row.signature_algorithm.dotted_string,
                    row.parameters,
                    row.key_algorithm.dotted_string if row.key_algorithm else None,
                    row.key_parameters,
                )
                for row in value
            ]
    raise AssertionError(value)


def said_by_pyasn1(value: Any) -> Any:
    """The same of a value of pyasn1."""

    def octets(part: Any) -> bytes | None:
        return bytes(part) if part.isValue else None

    match value:
        case rfc9654.ArchiveCutoff():
            return value.asDateTime
        case rfc9654.CrlID():
            url, number, time = (value[name] for name in ("crlUrl", "crlNum", "crlTime"))
            return (
                str(url) if url.isValue else None,
                int(number) if number.isValue else None,
                time.asDateTime if time.isValue else None,
            )
        case rfc9654.ServiceLocator():
            return (bytes(encode(value["issuer"])), bytes(encode(value["locator"])))
        case rfc9654.PreferredSignatureAlgorithms():
            rows: list[Any] = []
            for row in value:
                key = row["certIdentifier"]
                rows.append(
                    (
                        str(row["sigIdentifier"]["algorithm"]),
                        octets(row["sigIdentifier"]["parameters"]),
                        str(key["algorithm"]) if key.isValue else None,
                        octets(key["parameters"]) if key.isValue else None,
                    )
                )
            return rows
    raise AssertionError(value)


# --- the nonce ----------------------------------------------------------------------------

NONCE_OID = x509.OCSPNonce.oid
# what is in the extension, and the nonce that it is
NONCES: dict[str, tuple[bytes, bytes]] = {
    "wrapped": (b"\x04\x03abc", b"abc"),
    "wrapped, 1 octet": (b"\x04\x01a", b"a"),
    "wrapped, 127 octets": (b"\x04\x7f" + b"x" * 127, b"x" * 127),
    "wrapped, 128 octets": (b"\x04\x81\x80" + b"x" * 128, b"x" * 128),
    "wrapped, 129 octets": (b"\x04\x81\x81" + b"x" * 129, b"x" * 129),
    "wrapped, 5,000 octets": (b"\x04\x82\x13\x88" + b"x" * 5000, b"x" * 5000),
    "wrapped, empty": (b"\x04\x00", b""),
    "wrapped twice": (b"\x04\x03\x04\x01a", b"\x04\x01a"),
    "raw": (b"abc", b"abc"),
    "raw, empty": (b"", b""),
    "raw, 5,000 octets": (b"x" * 5000, b"x" * 5000),
    "raw, one 04": (b"\x04", b"\x04"),
    "raw, like one that is cut off": (b"\x04\x09abc", b"\x04\x09abc"),
    "raw, like one and more": (b"\x04\x02abc", b"\x04\x02abc"),
    "raw, like one with a long length": (b"\x04\x81\x03abc", b"\x04\x81\x03abc"),
    "raw, like one without an end": (b"\x04\x80abc\x00\x00", b"\x04\x80abc\x00\x00"),
    "raw, like one in parts": (b"\x24\x03\x04\x01a", b"\x24\x03\x04\x01a"),
    "raw, like a number": (b"\x02\x01\x05", b"\x02\x01\x05"),
}


@pytest.mark.parametrize("place", [Place.REQUEST, Place.RESPONSE])
@pytest.mark.parametrize("row", NONCES)
def test_nonces_are_read(row: str, place: Place) -> None:
    """A nonce is read whatever its length, wrapped in an OCTET STRING or raw."""
    value, nonce = NONCES[row]
    der = with_extensions(place, [(x509.UnrecognizedExtension(NONCE_OID, value), True)])
    message = load(place, der)
    assert message.nonce == nonce
    assert type(message.nonce) is bytes
    (extension,) = message.extensions
    assert extension.value == x509.OCSPNonce(nonce)
    assert extension.critical


@pytest.mark.parametrize("place", [Place.SINGLE_REQUEST, Place.SINGLE_RESPONSE])
def test_nonce_in_the_wrong_place(place: Place) -> None:
    """In a single request or response it is no nonce."""
    der = with_extensions(place, [(x509.OCSPNonce(b"abc"), False)])
    assert load(place, der).nonce is None
    (extension,) = extensions_of(place, der)
    assert extension.value == x509.UnrecognizedExtension(NONCE_OID, b"\x04\x03abc")


@pytest.mark.parametrize("place", Place)
def test_nonces_are_built(place: Place) -> None:
    """A nonce that is built is wrapped, and has 1 to 128 octets."""
    for length in (1, 16, 32, 127, 128):
        nonce = bytes(range(length))
        der = with_extensions(place, [(x509.OCSPNonce(nonce), False)])
        assert tlv(0x04, tlv(0x04, nonce)) in der
    for length in (0, 129, 5000):
        with pytest.raises(EncodeError, match=f"got {length}") as raised:
            with_extensions(place, [(x509.OCSPNonce(bytes(length)), False)])
        assert raised.value.path == "Nonce"


def test_no_nonce() -> None:
    """A message without extensions, or without that one, has no nonce."""
    for place in Place:
        for listed in ([], [(ExtendedRevoke(), False)]):
            assert load(place, with_extensions(place, listed)).nonce is None


@pytest.mark.parametrize("case", ["request:nonce twice", "response:nonce twice"])
def test_nonce_twice(case: str) -> None:
    """A nonce that stands twice is an error when it is asked for, even if it is the same."""
    in_request = case.startswith("request")
    loader = ocsp.load_der_ocsp_request if in_request else ocsp.load_der_ocsp_response
    message = loader(MADE[case])
    for attribute in ("nonce", "extensions"):
        with pytest.raises(x509.DuplicateExtension) as raised:
            getattr(message, attribute)
        assert raised.value.oid == NONCE_OID
    assert message.serial_number


def test_other_extensions_do_not_touch_the_nonce() -> None:
    """The nonce is read beside one that is damaged, which stays as it came."""
    damaged = x509.UnrecognizedExtension(PreferredSignatureAlgorithms.oid, b"\xff")
    der = with_extensions(Place.REQUEST, [(damaged, False), (x509.OCSPNonce(b"abc"), False)])
    request = ocsp.load_der_ocsp_request(der)
    assert request.nonce == b"abc"
    assert [extension.value for extension in request.extensions] == [
        damaged,
        x509.OCSPNonce(b"abc"),
    ]


def test_new_nonce() -> None:
    """32 octets, others each time, that can be built."""
    nonces = {ocsp.new_nonce() for _ in range(100)}
    assert len(nonces) == 100
    assert {len(nonce) for nonce in nonces} == {32}
    der = with_extensions(
        Place.REQUEST, [(x509.OCSPNonce(nonce), False) for nonce in [*nonces][:1]]
    )
    assert ocsp.load_der_ocsp_request(der).nonce in nonces


# --- extensions of one's own --------------------------------------------------------------


@ocsp.register_extension
class Stars(x509.ExtensionType):
    """An extension of this test, a number of one octet."""

    oid: ClassVar[x509.ObjectIdentifier] = x509.ObjectIdentifier("1.3.6.1.4.1.99999.77.1")

    def __init__(self, stars: int) -> None:
        self.stars = stars

    def public_bytes(self) -> bytes:
        """The DER of the number."""
        return bytes((2, 1, self.stars))

    @classmethod
    def from_public_bytes(cls, data: bytes) -> Self:
        """The value in this DER."""
        if len(data) != 3 or data[:2] != b"\x02\x01":
            raise ValueError(f"no stars: {data!r}")
        return cls(data[2])


@pytest.mark.parametrize("critical", [False, True])
@pytest.mark.parametrize("place", Place)
def test_registered(place: Place, critical: bool) -> None:
    """A registered class is read and written in every place; a bad value is its own error."""
    der = with_extensions(place, [(Stars(5), critical), (ExtendedRevoke(), False)])
    first, _ = extensions_of(place, der)
    assert isinstance(first.value, Stars)
    assert (first.value.stars, first.critical, first.oid) == (5, critical, Stars.oid)
    assert b"\x04\x03\x02\x01\x05" in der
    bad = with_extensions(place, [(x509.UnrecognizedExtension(Stars.oid, b"\x05\x00"), False)])
    with pytest.raises(ValueError, match="no stars"):
        extensions_of(place, bad)
    assert load(place, bad).serial_number == 0xC0FFEE


def test_registered_after_loading() -> None:
    """A class counts from when it is registered, and for messages that are loaded already."""
    number = oid("1.3.6.1.4.1.99999.77.2")
    der = with_extensions(
        Place.REQUEST, [(x509.UnrecognizedExtension(number, b"\x02\x01\x07"), False)]
    )
    request = ocsp.load_der_ocsp_request(der)
    assert isinstance(request.extensions[0].value, x509.UnrecognizedExtension)
    late: Any = type("Late", (Stars,), {"oid": number})
    assert ocsp.register_extension(late) is late
    value: Any = request.extensions[0].value
    assert type(value) is late
    assert value.stars == 7


def test_registered_again() -> None:
    """The same class may be registered again; another of its OID may not."""
    assert ocsp.register_extension(Stars) is Stars
    other = type("Other", (Stars,), {})
    with pytest.raises(ValueError, match=r"1\.3\.6\.1\.4\.1\.99999\.77\.1 has a class already"):
        ocsp.register_extension(other)


@pytest.mark.parametrize(
    "cls",
    [
        *CLASSES,
        x509.OCSPNonce,
        x509.OCSPAcceptableResponses,
        x509.CRLReason,
        x509.InvalidityDate,
        x509.CertificateIssuer,
        x509.SignedCertificateTimestamps,
    ],
    ids=lambda cls: cls.__name__,
)
def test_what_is_known_stays(cls: Any) -> None:
    """No class is registered for an OID that has one here, not even that one."""
    again = type("Again", (Stars,), {"oid": cls.oid})
    with pytest.raises(ValueError, match=r"has a class already"):
        ocsp.register_extension(again)


class _Plain:
    oid = x509.ObjectIdentifier("1.3.6.1.4.1.99999.77.3")

    @classmethod
    def from_public_bytes(cls, data: bytes) -> Self:
        """Nothing is read."""
        raise AssertionError(data)


NO_EXTENSIONS: dict[str, Any] = {
    "an instance": Stars(1),
    "None": None,
    "text": "1.2.3",
    "an OID": Stars.oid,
    "a function": lambda data: Stars(1),
    "no ExtensionType": _Plain,
    "no OID": type("NoOID", (x509.ExtensionType,), {"from_public_bytes": lambda data: data}),
    "an OID of text": type("TextOID", (Stars,), {"oid": "1.2.3"}),
    "an OID None": type("NoneOID", (Stars,), {"oid": None}),
    "nothing that reads": type(
        "NoReader", (x509.ExtensionType,), {"oid": x509.ObjectIdentifier("1.3.6.1.4.1.99999.77.4")}
    ),
    "text that reads": type("TextReader", (Stars,), {"from_public_bytes": "text"}),
}  # fmt: skip


@pytest.mark.parametrize("row", NO_EXTENSIONS)
def test_not_registered(row: str) -> None:
    """What is no class of an extension is a TypeError."""
    with pytest.raises(TypeError):
        ocsp.register_extension(NO_EXTENSIONS[row])


@pytest.mark.parametrize("place", Place)
def test_written_by_their_class(place: Place) -> None:
    """A class that writes no bytes is a TypeError, one that writes nothing NotImplementedError."""
    number = x509.ObjectIdentifier("1.3.6.1.4.1.99999.77.5")
    text = type("Text", (x509.ExtensionType,), {"oid": number, "public_bytes": lambda self: "text"})
    with pytest.raises(TypeError, match="public_bytes of Text gave no bytes"):
        with_extensions(place, [(text(), False)])
    silent = type("Silent", (x509.ExtensionType,), {"oid": number})
    with pytest.raises(NotImplementedError):
        with_extensions(place, [(silent(), False)])


@pytest.mark.parametrize("place", Place)
def test_not_added(place: Place) -> None:
    """What is no extension, and a `critical` that is no bool, are a TypeError."""
    builders: dict[Place, Callable[[Any, Any], Any]] = {
        Place.REQUEST: ocsp.OCSPRequestBuilder().add_extension,
        Place.RESPONSE: ocsp.OCSPResponseBuilder().add_extension,
        Place.SINGLE_REQUEST: lambda value, critical: ocsp.OCSPRequestBuilder().add_request(
            CERT_ID, extensions=[value]
        ),
        Place.SINGLE_RESPONSE: lambda value, critical: (
            ocsp.OCSPResponseBuilder().add_single_response(
                CERT_ID, ocsp.OCSPCertStatus.GOOD, NOW, extensions=[value]
            )
        ),
    }
    for value in ("x", None, b"\x05\x00", ExtendedRevoke, ExtendedRevoke.oid):
        with pytest.raises(TypeError):
            builders[place](value, False)
    for critical in ("yes", 1, None) if place in {Place.REQUEST, Place.RESPONSE} else ():
        with pytest.raises(TypeError):
            builders[place](ExtendedRevoke(), critical)
