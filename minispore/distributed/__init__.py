"""Processes that work together: who we are among them, how bytes travel, and how a failure of one ends all.

One process imports no MPI and starts no thread.  The ops that move values are in ``ops/collective.py``.
"""

from .world import WORLD

__all__ = ["WORLD"]
