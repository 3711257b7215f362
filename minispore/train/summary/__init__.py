"""Summaries for TensorBoard."""

from .summary_record import SummaryRecord

__all__ = ["SummaryRecord"]
