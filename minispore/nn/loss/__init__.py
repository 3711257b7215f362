"""Losses."""

from .loss import *  # noqa: F403
