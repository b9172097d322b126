"""OCSP for Python, generated from the ASN.1 modules of the RFCs."""
