"""A third reader, asn1crypto, finds in the messages what we find."""

from __future__ import annotations

from typing import Any

import pytest
from asn1crypto import ocsp as asn1crypto

import ocsp

from .messages import CASES, is_request


def readable(case: str) -> Any:
    """The message, or None where it does not load."""
    load = ocsp.load_der_ocsp_request if is_request(case) else ocsp.load_der_ocsp_response
    try:
        return load(CASES[case])
    except ocsp.DecodeError:
        return None


def of_cert_id(value: Any) -> tuple[Any, ...]:
    """Our view of which certificate is meant."""
    return (value.issuer_name_hash, value.issuer_key_hash, value.serial_number)


def of_their_cert_id(value: Any) -> tuple[Any, ...]:
    """The same, of asn1crypto."""
    return tuple(value[n].native for n in ("issuer_name_hash", "issuer_key_hash", "serial_number"))


REQUESTS = [case for case in CASES if is_request(case) and readable(case)]
RESPONSES = [case for case in CASES if not is_request(case) and readable(case)]


@pytest.mark.parametrize("case", REQUESTS)
def test_request(case: str) -> None:
    """The questions and the OIDs of the extensions are the same to both."""
    ours = readable(case)
    tbs = asn1crypto.OCSPRequest.load(CASES[case], strict=True)["tbs_request"]
    theirs = [of_their_cert_id(item["req_cert"]) for item in tbs["request_list"]]
    assert [of_cert_id(single) for single in ours.requests] == theirs


@pytest.mark.parametrize("case", RESPONSES)
def test_response(case: str) -> None:
    """Status, times, responder, singles and signature are the same to both."""
    ours = readable(case)
    theirs = asn1crypto.OCSPResponse.load(CASES[case], strict=True)
    name = ours.response_status.name.lower()
    assert theirs["response_status"].native == {"sig_required": "sign_required"}.get(name, name)
    if name != "successful":
        return
    basic = theirs["response_bytes"]["response"].parsed
    tbs = basic["tbs_response_data"]
    assert ours.tbs_response_bytes == tbs.dump()
    assert ours.signature == basic["signature"].native
    assert ours.signature_algorithm_oid.dotted_string == (
        basic["signature_algorithm"]["algorithm"].dotted
    )
    assert ours.produced_at_utc == tbs["produced_at"].native
    if ours.responder_key_hash is not None:
        assert ours.responder_key_hash == tbs["responder_id"].native
    singles = list(ours.responses)
    assert len(singles) == len(tbs["responses"])
    for single, item in zip(singles, tbs["responses"], strict=True):
        assert of_cert_id(single) == of_their_cert_id(item["cert_id"])
        assert single.certificate_status.name.lower() == item["cert_status"].name
        assert single.this_update_utc == item["this_update"].native
        assert single.next_update_utc == item["next_update"].native
        if single.certificate_status is ocsp.OCSPCertStatus.REVOKED:
            assert (
                single.revocation_time_utc == item["cert_status"].chosen["revocation_time"].native
            )


def test_most_cases_are_compared() -> None:
    """All but a few messages load."""
    assert len(REQUESTS) > 20
    assert len(RESPONSES) > 40
