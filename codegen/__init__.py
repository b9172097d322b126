"""The ASN.1 compiler of this project: a development tool, never imported by `ocsp`."""
