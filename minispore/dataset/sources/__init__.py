"""Datasets that are sources of rows."""
