"""MindSpore's module ``utils``: exchange of arrays by DLPack, and checks of devices, which find nothing on one CPU."""

from ..core import checks
from ..core.dlpack import from_dlpack, to_dlpack
from .accepted import ExitByRequest


def comm_exec_order_check(action) -> None:
    """Accepted and without effect: one process has one order of communication.

    Args:
        action: "start" or "end".

    Raises:
        ValueError: another value.
    """
    checks.one_of("comm_exec_order_check", ("start", "end"), action=action)


def set_comm_ops_inplace(value) -> None:
    """Accepted and without effect: whether communication writes into its argument, as it does here.

    Args:
        value: bool.

    Raises:
        TypeError: it is no bool.
    """
    checks.boolean("set_comm_ops_inplace", value=value)


def sdc_detect_start() -> None:
    """Accepted and without effect: a search for faults of a device."""


def sdc_detect_stop() -> None:
    """Accepted and without effect: the end of that search."""


def get_sdc_detect_result() -> bool:
    """Whether faults of a device were found: False."""
    return False


__all__ = [
    "ExitByRequest", "comm_exec_order_check", "from_dlpack", "get_sdc_detect_result", "sdc_detect_start", "sdc_detect_stop", "to_dlpack",
]  # fmt: skip
