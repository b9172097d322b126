"""ASN.1 names to Python names."""

from __future__ import annotations

import builtins
import keyword


def identifier(name: str) -> str:
    """``id-pkix-ocsp`` to ``id_pkix_ocsp``; an underscore after it where Python takes the name."""
    plain = name.replace("-", "_")
    return plain + "_" if keyword.iskeyword(plain) or plain == "self" else plain


# Python's own modules, and pyasn1, that a file of the same name would hide, or be hidden by.
_MODULES = frozenset(
    """
    abc array ast base64 bdb binascii bisect builtins calendar cmd code codecs collections copy
    csv ctypes datetime decimal difflib dis email enum errno fractions functools gc getopt glob
    graphlib grp hashlib heapq hmac html http inspect io ipaddress itertools json keyword locale
    logging mailbox marshal math mmap numbers operator os parser pickle platform profile pyasn1
    pyasn1_modules queue random re resource sched secrets select selectors shelve signal site
    socket sqlite3 ssl stat statistics string struct subprocess symbol sys syslog test textwrap
    threading time timeit token trace types typing uuid warnings wave weakref xml zipfile zlib
    """.split()  # noqa: SIM905  # a word list reads as one
)


def module_name(name: str) -> str:
    """``OCSP-2024-88`` to ``ocsp_2024_88``; an underscore after it where Python has the name."""
    plain = identifier(name.lower())
    return plain + "_" if plain in _MODULES else plain


def class_name(name: str) -> str:
    """A type's name, an underscore after it where it would hide a builtin."""
    plain = identifier(name)
    return plain + "_" if hasattr(builtins, plain) else plain
