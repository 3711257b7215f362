"""The programs here are read by type checkers; tests/test_types.py runs what is to be run."""

collect_ignore_glob = ["*.py"]
