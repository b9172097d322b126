"""What is not DER is refused, with the path and the byte offset; pyasn1 reads most of it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from pyasn1.codec.der.decoder import decode
from pyasn1.error import PyAsn1Error
from pyasn1_modules import rfc5280

from ocsp import DecodeError, EncodeError, _der
from ocsp._der import NULL, BitString, tlv
from ocsp._generated.asn1 import ocsp_2024_88 as rfc9654
from ocsp._generated.codec import ocsp_2024_88 as codec
from ocsp._generated.codec import pkix1explicit88 as explicit
from ocsp._generated.codec import pkix1implicit88 as implicit

from .messages import VECTORS

CODECS = {"codec": codec, "explicit": explicit, "implicit": implicit}
TIME = b"20200102030405Z"


def request(*, version: bytes = b"", requests: bytes = b"", rest: bytes = b"") -> bytes:
    """An OCSPRequest of these parts."""
    return tlv(0x30, tlv(0x30, version + tlv(0x30, requests) + rest))


def crl_id(time: bytes) -> bytes:
    """A CrlID with a crlTime."""
    return tlv(0x30, tlv(0xA2, tlv(0x18, time)))


def extension(critical: bytes) -> bytes:
    """An Extension with this element for `critical`."""
    return tlv(0x30, b"\x06\x01\x2a" + critical + b"\x04\x00")


def attribute(value: bytes) -> bytes:
    """An AttributeTypeAndValue."""
    return tlv(0x30, b"\x06\x03\x55\x04\x03" + value)


LONG = b"\x04\x81\x80" + bytes(128)  # an OCTET STRING that needs the long form
# what it breaks: type, bytes, path, reason, offset, whether pyasn1 reads it
ROWS: dict[str, tuple[str, bytes, str, str, int, bool]] = {
    # lengths (X.690 8.1.3, 10.1)
    "length in more octets": (
        "KeyHash", b"\x04\x81\x01a", "KeyHash", "more octets than it needs", 1, True,
    ),
    "length with a zero": (
        "KeyHash", b"\x04\x82\x00\x80" + bytes(128), "KeyHash", "more octets than", 1, True,
    ),
    "length indefinite": (
        "OCSPRequest", b"\x30\x80" + bytes(4), "OCSPRequest", "indefinite length", 1, False,
    ),
    "length reserved": (
        "KeyHash", b"\x04\xff" + bytes(10), "KeyHash", "expected 127 length octets", 1, False,
    ),
    "length cut off": ("KeyHash", b"\x04", "KeyHash", "length .* is cut off", 0, False),
    "length of length cut off": (
        "KeyHash", b"\x04\x82\x01", "KeyHash", "expected 2 length octets, 1 are left", 1, False,
    ),
    "length over the end": (
        "KeyHash", b"\x04\x05abc", "KeyHash", "expected 5 octets of content, 3 are left", 2, False,
    ),
    "long length over the end": (
        "KeyHash", LONG[:-1], "KeyHash", "expected 128 octets of content, 127", 3, False,
    ),
    "length of gigabytes": (
        "KeyHash", b"\x04\x84\xff\xff\xff\xff", "KeyHash", "expected 4294967295 octets", 6, False,
    ),
    "length over the end of the outer one": (
        "Request", b"\x30\x04\x30\x05\x30\x00", "Request.reqCert", "expected 5 octets", 4, False,
    ),
    # tags
    "nothing": ("KeyHash", b"", "KeyHash", "expected OCTET STRING, got the end", 0, False),
    "another tag": ("KeyHash", b"\x02\x01\x00", "KeyHash", "got tag 0x02", 0, False),
    "OCTET STRING constructed": (
        "KeyHash", b"\x24\x03\x04\x01a", "KeyHash", "expected OCTET STRING, got tag 0x24", 0, True,
    ),
    "SEQUENCE primitive": (
        "OCSPRequest", b"\x10\x00", "OCSPRequest", "expected SEQUENCE, got tag 0x10", 0, False,
    ),
    "no such alternative": (
        "CertStatus", b"\x83\x00", "CertStatus", "expected one of good, revoked, unknown", 0, False,
    ),
    "explicit tag with nothing in it": (
        "CrlID", b"\x30\x02\xa0\x00", "CrlID.crlUrl", "expected IA5String, got the end", 4, False,
    ),
    "explicit tag with more in it": (
        "CrlID", b"\x30\x07\xa1\x05\x02\x01\x05\x05\x00", "CrlID.crlNum", "2 more octets", 7, False,
    ),
    "tag in more octets": (
        "Extension",
        extension(b"\x1f\x01\x00"),
        "Extension.extnValue", "expected OCTET STRING, got tag 0x1f", 5, True,
    ),
    "open type: tag in more octets": (
        "AttributeTypeAndValue", attribute(b"\x1f\x1e\x00"),
        "AttributeTypeAndValue.value", "a tag in more octets than it needs", 7, True,
    ),
    "open type: tag cut off": (
        "AttributeTypeAndValue", attribute(b"\x1f\x81"),
        "AttributeTypeAndValue.value", "a tag cut off", 7, False,
    ),
    "open type: tag 0": (
        "AttributeTypeAndValue", attribute(b"\x00\x00"),
        "AttributeTypeAndValue.value", "tag 0 of the universal class", 7, False,
    ),
    "open type: length in more octets": (
        "AttributeTypeAndValue", attribute(b"\x0c\x81\x01a"),
        "AttributeTypeAndValue.value", "a length in more octets than it needs", 8, True,
    ),
    "open type: nothing": (
        "AttributeTypeAndValue", attribute(b""),
        "AttributeTypeAndValue.value", "expected a value, got the end", 7, False,
    ),
    # leaves
    "BOOLEAN 01": (
        "Extension", extension(b"\x01\x01\x01"), "Extension.critical", "BOOLEAN 00 or ff", 7, True,
    ),
    "BOOLEAN of two octets": (
        "Extension", extension(b"\x01\x02\xff\xff"), "Extension.critical", "BOOLEAN", 7, True,
    ),
    "BOOLEAN without content": (
        "Extension", extension(b"\x01\x00"), "Extension.critical", "BOOLEAN 00 or ff", 7, True,
    ),
    "INTEGER without content": (
        "CertificateSerialNumber", b"\x02\x00",
        "CertificateSerialNumber", "an INTEGER without content", 2, True,
    ),
    "INTEGER with a zero": (
        "CertificateSerialNumber", b"\x02\x02\x00\x7f",
        "CertificateSerialNumber", "an INTEGER in more octets than it needs", 2, True,
    ),
    "INTEGER negative with ff": (
        "CertificateSerialNumber", b"\x02\x02\xff\x80",
        "CertificateSerialNumber", "an INTEGER in more octets than it needs", 2, True,
    ),
    "ENUMERATED outside": (
        "OCSPResponseStatus", b"\x0a\x01\x04",
        "OCSPResponseStatus", r"expected one of successful\(0\), .*\(6\), got 4", 2, True,
    ),
    "ENUMERATED with a zero": (
        "OCSPResponseStatus", b"\x0a\x02\x00\x01",
        "OCSPResponseStatus", "more octets than it needs", 2, True,
    ),
    "ENUMERATED of 20,000 bits": (
        "OCSPResponseStatus", tlv(0x0A, b"\x01" + bytes(2500)),
        "OCSPResponseStatus", "got a number of 20001 bits", 4, True,
    ),
    "NULL with content": (
        "CertStatus", b"\x80\x01\x00", "CertStatus.good", "expected an empty NULL, got 1", 2, False,
    ),
    "BIT STRING without content": (
        "Signature", tlv(0x30, tlv(0x30, b"\x06\x01\x2a") + b"\x03\x00"),
        "Signature.signature", "without its octet of unused bits", 9, False,
    ),
    "BIT STRING, 8 unused bits": (
        "Signature", tlv(0x30, tlv(0x30, b"\x06\x01\x2a") + b"\x03\x02\x08\x00"),
        "Signature.signature", "8 unused bits", 9, False,
    ),
    "BIT STRING, unused bits of nothing": (
        "Signature", tlv(0x30, tlv(0x30, b"\x06\x01\x2a") + b"\x03\x01\x01"),
        "Signature.signature", "1 unused bits in 0 octets", 9, True,
    ),
    "BIT STRING, unused bits not zero": (
        "Signature", tlv(0x30, tlv(0x30, b"\x06\x01\x2a") + b"\x03\x02\x04\x1f"),
        "Signature.signature", "unused bits that are not zero", 10, True,
    ),
    "OID without content": (
        "AttributeType", b"\x06\x00", "AttributeType", "without content", 2, False,
    ),
    "OID cut off": (
        "AttributeType", b"\x06\x02\x2a\x86", "AttributeType", "last arc is cut off", 2, False,
    ),
    "OID arc with a zero": (
        "AttributeType", b"\x06\x03\x2a\x80\x01", "AttributeType", "more octets than", 2, False,
    ),
    "OID too long": (
        "AttributeType", tlv(0x06, b"\x2a" * 64), "AttributeType", "above 63 octets", 2, True,
    ),
    "OID arc too large": (
        "AttributeType", tlv(0x06, b"\x2a" + b"\xff" * 18 + b"\x7f"),
        "AttributeType", "above 128 bits", 2, True,
    ),
    "PrintableString with @": (
        "PrivateDomainName", b"\x13\x01@",
        "PrivateDomainName.printable", "octets that PrintableString does not have", 2, True,
    ),
    "NumericString with a letter": (
        "PrivateDomainName", b"\x12\x01a",
        "PrivateDomainName.numeric", "octets that NumericString does not have", 2, True,
    ),
    "IA5String above 7 bits": (
        "GeneralName", b"\x82\x01\xff", "GeneralName.dNSName", "IA5String does not have", 2, False,
    ),
    "UTF8String damaged": (
        "DirectoryString", b"\x0c\x02\xc3\x28", "DirectoryString.utf8String", "no UTF8String", 2,
        False,
    ),
    "BMPString of an odd length": (
        "DirectoryString", b"\x1e\x03\x00a\x00", "DirectoryString.bmpString", "no BMPString", 4,
        False,
    ),
    "BMPString with surrogates": (
        "DirectoryString", b"\x1e\x04\xd8\x3d\xde\x00", "DirectoryString.bmpString", "surrogates",
        2, True,
    ),
    # times (RFC 5280 4.1.2.5.2)
    **{
        f"time {name}": ("CrlID", crl_id(time), "CrlID.crlTime", reason, 6, True)
        for name, time, reason in [
            ("without seconds", b"202001020304Z", "expected YYYYMMDDHHMMSSZ"),
            ("with a fraction", b"20200102030405.5Z", "expected YYYYMMDDHHMMSSZ"),
            ("with an offset", b"20200102030405+0100", "expected YYYYMMDDHHMMSSZ"),
            ("without Z", b"20200102030405", "expected YYYYMMDDHHMMSSZ"),
            ("with two digits of year", b"200102030405Z", "expected YYYYMMDDHHMMSSZ"),
            ("of month 13", b"20201302030405Z", "is no time"),
            ("of month 0", b"20200002030405Z", "is no time"),
            ("of day 0", b"20200100030405Z", "is no time"),
            ("of April 31", b"20200431030405Z", "is no time"),
            ("of February 30", b"20200230030405Z", "is no time"),
            ("of February 29, 2021", b"20210229030405Z", "is no time"),
            ("of February 29, 1900", b"19000229030405Z", "is no time"),
            ("of minute 60", b"20200102036005Z", "is no time"),
            ("of hour 24", b"20200102240405Z", "is no time"),
            ("of second 60", b"20200102030460Z", "is no time"),
            ("of year 0", b"00000102030405Z", "is no time"),
            ("with spaces", b"2020 102030405Z", "expected YYYYMMDDHHMMSSZ"),
            ("with a sign", b"+0200102030405Z", "expected YYYYMMDDHHMMSSZ"),
            ("empty", b"", "expected YYYYMMDDHHMMSSZ"),
        ]
    },
    "UTCTime": (
        "CrlID", tlv(0x30, tlv(0xA2, tlv(0x17, TIME[2:]))),
        "CrlID.crlTime", "expected GeneralizedTime, got tag 0x17", 4, False,
    ),
    # DEFAULT (X.690 11.5), SET OF (11.6), SIZE, trailing data
    "DEFAULT BOOLEAN": (
        "Extension", extension(b"\x01\x01\x00"), "Extension.critical", "DEFAULT", 5, True,
    ),
    "DEFAULT version of a request": (
        "OCSPRequest", request(version=b"\xa0\x03\x02\x01\x00"),
        "TBSRequest.version", "the DEFAULT value is encoded", 4, True,
    ),
    "SET OF out of order": (
        "RelativeDistinguishedName", tlv(0x31, attribute(b"\x0c\x01b") + attribute(b"\x0c\x01a")),
        "RelativeDistinguishedName", "a SET OF that is not in the order of DER", 12, True,
    ),
    "SIZE of an empty list": (
        "GeneralNames", b"\x30\x00", "GeneralNames", r"SIZE \(1..MAX\), got 0", 2, True,
    ),
    "SIZE of an empty RDN": (
        "Name", b"\x30\x02\x31\x00", "RelativeDistinguishedName", r"SIZE \(1..MAX\)", 4, True,
    ),
    "SIZE of a nonce": (
        "Nonce", tlv(0x04, bytes(129)), "Nonce", r"SIZE \(1..128\), got 129", 3, False,
    ),
    "SIZE of an empty nonce": ("Nonce", b"\x04\x00", "Nonce", r"SIZE \(1..128\)", 2, False),
    "SEQUENCE goes on": (
        "CrlID", b"\x30\x02\x05\x00", "CrlID", "expected the end, got 2 more octets", 2, False,
    ),
    "trailing data": ("KeyHash", b"\x04\x00\x00", "KeyHash", "got 1 more octets", 2, True),
}  # fmt: skip


def of_type(name: str) -> tuple[Callable[[bytes], Any], Any]:
    """The codec's check of a type, and pyasn1's prototype."""
    decoder = next(
        getattr(module, f"accept_{name}")
        for module in CODECS.values()
        if hasattr(module, f"accept_{name}")
    )
    classes = rfc9654 if hasattr(rfc9654, name) else rfc5280
    return decoder, getattr(classes, name)()


@pytest.mark.parametrize("row", ROWS)
def test_refused(row: str) -> None:
    """What breaks a rule of DER is refused by that rule, at its place."""
    name, der, path, reason, offset, _ = ROWS[row]
    decoder, _ = of_type(name)
    with pytest.raises(DecodeError, match=reason) as raised:
        decoder(der)
    assert (raised.value.path, raised.value.offset) == (path, offset)
    assert str(raised.value) == f"{path}: {raised.value.reason} at byte {offset}"


@pytest.mark.parametrize("row", ROWS)
def test_what_pyasn1_reads(row: str) -> None:
    """The table says rightly what pyasn1 reads, which is why it is no judge of DER."""
    name, der, *_, reads = ROWS[row]
    _, prototype = of_type(name)
    try:
        decode(der, asn1Spec=prototype)
    except (PyAsn1Error, ValueError, UnicodeError):
        assert not reads
    else:
        assert reads


def test_every_day_of_the_calendar() -> None:
    """A time is accepted on the days that there are, and read as the time it says."""
    day = datetime.date(1899, 12, 31)
    while day < datetime.date(2001, 1, 2):
        text = f"{day:%Y%m%d}235959Z"
        read = implicit.decode_InvalidityDate(tlv(0x18, text.encode()))
        assert f"{read:%Y%m%d%H%M%S}Z" == text
        day += datetime.timedelta(days=1)


def test_what_is_remembered_is_bounded() -> None:
    """Algorithms and names that are checked do not fill the memory, however many or large."""
    for number in range(1000):
        oid = tlv(0x06, _der.write_oid(f"1.2.{number}", ""))
        explicit.decode_AlgorithmIdentifier(tlv(0x30, oid))
        der = tlv(0x30, tlv(0x31, attribute(tlv(0x0C, str(number).encode()))))
        explicit.accept_Name(der)
        assert der in explicit.known_Name
    assert len(explicit.known_AlgorithmIdentifier) <= 256
    assert len(explicit.known_Name) <= 256
    large = tlv(0x30, tlv(0x31, attribute(tlv(0x0C, bytes(5000)))))
    explicit.accept_Name(large)
    assert large not in explicit.known_Name


# --- relaxations ------------------------------------------------------------------------


def test_relaxations() -> None:
    """An empty list of extensions and a reason outside the enumeration are read, not written."""
    assert explicit.decode_Extensions(b"\x30\x00") == ()
    with pytest.raises(EncodeError, match=r"Extensions: expected SIZE \(1..MAX\), got 0"):
        explicit.encode_Extensions(())
    assert implicit.decode_CRLReason(b"\x0a\x01\x07") == 7
    with pytest.raises(EncodeError, match=r"CRLReason: expected one of .*, got 7"):
        implicit.encode_CRLReason(7)


# --- limits -----------------------------------------------------------------------------


@pytest.mark.parametrize("depth", [100, 100_000])
def test_depth(depth: int) -> None:
    """Elements inside elements, however deep, end in an error: nothing recurses."""
    der = b"\x05\x00"
    for _ in range(min(depth, 3000)):
        der = tlv(0x30, der)
    with pytest.raises(DecodeError):
        codec.decode_OCSPRequest(der)
    with pytest.raises(DecodeError):
        codec.decode_OCSPRequest(b"\x30\x80" * depth)


def test_many() -> None:
    """20,000 requests in one message are read, in order."""
    one = codec.decode_OCSPRequest(VECTORS["req-sha1.der"]).tbsRequest.requestList[0]
    der = tlv(0x30, codec.write_Request(one))
    many = codec.decode_OCSPRequest(request(requests=der * 20_000))
    assert len(many.tbsRequest.requestList) == 20_000


# --- writing ----------------------------------------------------------------------------

NAIVE = datetime.datetime(2020, 1, 2)  # noqa: DTZ001  # refused, which is the point
AWARE = NAIVE.replace(tzinfo=datetime.timezone.utc)
EARLY = datetime.datetime.min.replace(tzinfo=datetime.timezone(datetime.timedelta(hours=1)))
ALGORITHM = explicit.make_AlgorithmIdentifier("1.2.3", None)
# what cannot be written: the call, and its error
UNWRITABLE: dict[str, tuple[Callable[[], bytes], str]] = {
    "naive time": (
        lambda: implicit.encode_InvalidityDate(NAIVE),
        "InvalidityDate: expected an aware time in whole seconds",
    ),
    "time with a fraction": (
        lambda: implicit.encode_InvalidityDate(AWARE.replace(microsecond=1)),
        "InvalidityDate: expected an aware time in whole seconds",
    ),
    "time before the year 1": (
        lambda: implicit.encode_InvalidityDate(EARLY),
        "InvalidityDate: expected a time between the years 1 and 9999",
    ),
    **{
        f"OID {text!r:.30}": (
            lambda text=text: _der.write_oid(text, "AttributeType"),  # type: ignore[misc]  # default
            "AttributeType: expected an OID",
        )
        for text in [
            "", "1", "1.", ".1.2", "1.40", "3.1", "1.2.x", "1.-2", "01.2", "1.2.3 ", "1.²",
            "1.2." + "9" * 60, "1." + "2." * 63 + "2", "2." + "9" * 100_000,
        ]
    },
    "characters outside IA5String": (
        lambda: _der.write_string("IA5String", "ü", "GeneralName.dNSName"),
        "GeneralName.dNSName: expected characters of IA5String",
    ),
    "characters outside PrintableString": (
        lambda: _der.write_string("PrintableString", "@", "PrivateDomainName.printable"),
        "PrivateDomainName.printable: expected characters of PrintableString",
    ),
    "characters outside BMPString": (
        lambda: _der.write_string("BMPString", "\U0001f600", "DirectoryString.bmpString"),
        "DirectoryString.bmpString: expected characters of BMPString",
    ),
    "a lone surrogate": (
        lambda: _der.write_string("UTF8String", "\ud800", "DirectoryString.utf8String"),
        "DirectoryString.utf8String: expected characters of UTF8String",
    ),
    "no alternative": (
        lambda: codec.encode_CertStatus(codec.make_CertStatus()),
        "CertStatus: expected one alternative, got None",
    ),
    "unused bits not zero": (
        lambda: _der.write_bit_string(BitString(b"\x01", 1), "Signature.signature"),
        "Signature.signature: expected unused bits of zero",
    ),
    "8 unused bits": (
        lambda: _der.write_bit_string(BitString(b"\x00", 8), "Signature.signature"),
        "Signature.signature: expected 0 to 7 unused bits",
    ),
    "open type that is no DER": (
        lambda: explicit.encode_AlgorithmIdentifier(
            explicit.make_AlgorithmIdentifier("1.2.3", b"\x05\x01")
        ),
        "AlgorithmIdentifier.parameters: expected the DER of one value",
    ),
    "open type with more behind": (
        lambda: explicit.encode_AlgorithmIdentifier(
            explicit.make_AlgorithmIdentifier("1.2.3", b"\x05\x00\x00")
        ),
        "AlgorithmIdentifier.parameters: expected the DER of one value",
    ),
    "certificate that is no SEQUENCE": (
        lambda: codec.encode_Signature(
            codec.make_Signature(ALGORITHM, BitString(b"", 0), (b"\x04\x00",))
        ),
        "Signature.certs: expected the DER of a SEQUENCE",
    ),
    "status outside the enumeration": (
        lambda: codec.encode_OCSPResponse(codec.make_OCSPResponse(4, None)),
        r"OCSPResponse.responseStatus: expected one of successful\(0\), .*\(6\), got 4",
    ),
    "nonce too long": (
        lambda: codec.encode_Nonce(bytes(129)), r"Nonce: expected SIZE \(1..128\), got 129",
    ),
}  # fmt: skip


@pytest.mark.parametrize("row", UNWRITABLE)
def test_unwritable(row: str) -> None:
    """A value that does not fit its type is not written; the error says which."""
    call, message = UNWRITABLE[row]
    with pytest.raises(EncodeError, match=message):
        call()


def test_defaults_are_left_out() -> None:
    """A component with its DEFAULT value is not written."""
    plain = explicit.make_Extension("1.2.3", False, b"")
    assert explicit.encode_Extension(plain) == bytes.fromhex("3006 06022a03 0400")
    critical = explicit.make_Extension("1.2.3", True, b"")
    assert explicit.encode_Extension(critical) == bytes.fromhex("3009 06022a03 0101ff 0400")


def test_null_has_one_value() -> None:
    """NULL is one object, whatever it was read from."""
    status = codec.decode_CertStatus(b"\x80\x00")
    assert status.good is NULL
    assert repr(_der.NULL) == "NULL"
