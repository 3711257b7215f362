"""Samplers."""

from ..samplers import *  # noqa: F403
