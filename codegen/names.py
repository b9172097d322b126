"""ASN.1 names to Python names."""

from __future__ import annotations

import builtins
import keyword


def identifier(name: str) -> str:
    """``id-pkix-ocsp`` to ``id_pkix_ocsp``; an underscore after it where Python takes the name."""
    plain = name.replace("-", "_")
    return plain + "_" if keyword.iskeyword(plain) or plain == "self" else plain


def module_name(name: str) -> str:
    """``OCSP-2024-88`` to ``ocsp_2024_88``."""
    return identifier(name).lower()


def class_name(name: str) -> str:
    """A type's name, an underscore after it where it would hide a builtin."""
    plain = identifier(name)
    return plain + "_" if hasattr(builtins, plain) else plain
