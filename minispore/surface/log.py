"""MindSpore's module ``log``: the logger "minispore" of Python's ``logging``.

As in MindSpore the environment variable GLOG_v sets its level: 0 debug, 1 info, 2 warning (the default), 3 error, 4 critical.
"""

import functools
import logging
import os

_LEVELS = {"0": logging.DEBUG, "1": logging.INFO, "2": logging.WARNING, "3": logging.ERROR, "4": logging.CRITICAL}
_logger = logging.getLogger("minispore")
_logger.setLevel(_LEVELS.get(os.environ.get("GLOG_v", "2"), logging.WARNING))

debug, info, warning, error, critical = _logger.debug, _logger.info, _logger.warning, _logger.error, _logger.critical
exception = _logger.exception


def get_level() -> str:
    """The level as a value of GLOG_v: "0" (debug) to "4" (critical).

    Returns:
        str.

    >>> get_level()
    '2'
    """
    return next(name for name, level in _LEVELS.items() if _logger.level <= level)


def _get_logger() -> logging.Logger:
    return _logger


def get_log_config() -> dict:
    """The settings of the logger: its level, and that it writes to the terminal.

    Returns:
        dict.

    >>> get_log_config()
    {'GLOG_v': '2', 'GLOG_logtostderr': '1'}
    """
    return {"GLOG_v": get_level(), "GLOG_logtostderr": "1"}


class _LogActionOnce:
    """A decorator: within the function ``logger`` warns only at the first call of all functions with this key.

    Args:
        logger: the logger.
        key: str, by which calls are counted.
        no_warning: bool, whether the first call is silent too.  Default: False.
    """

    is_logged: dict = {}

    def __init__(self, logger, key, no_warning=False):
        self.logger, self.key, self.no_warning = logger, key, no_warning

    def __call__(self, func):
        @functools.wraps(func)
        def wrapper(*args, **kwargs):
            before, silent = self.logger.warning, self.no_warning or self.key in self.is_logged
            self.is_logged[self.key] = True
            if silent:
                self.logger.warning = lambda *args: None
            try:
                return func(*args, **kwargs)
            finally:
                self.logger.warning = before

        return wrapper


__all__ = ["critical", "debug", "error", "exception", "get_level", "get_log_config", "info", "warning"]
