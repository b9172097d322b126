"""A coverage-guided fuzzer for the loaders: see fuzz/README.md."""
