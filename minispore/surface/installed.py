"""MindSpore as an installed distribution, as far as libraries ask for it: a name and a version."""

from importlib.metadata import Distribution
from pathlib import Path

from .paths import THEIRS, VERSION


class MindSpore(Distribution):
    """What ``importlib.metadata`` finds by the name "mindspore"."""

    def read_text(self, filename):
        """The text of the file METADATA; None for others."""
        return f"Metadata-Version: 2.1\nName: {THEIRS}\nVersion: {VERSION}\n" if filename == "METADATA" else None

    def locate_file(self, path):
        """A path in the folder of the package."""
        return Path(__file__).parent.parent / path
