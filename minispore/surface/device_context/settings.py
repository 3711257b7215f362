"""What modules of devices that one CPU does without have in common."""

from ...core.errors import fail


def absent(module: str, message: str) -> dict:
    """``device_count`` and ``is_available`` of a device that is not there.

    Args:
        module: str, the path of the module they are in.
        message: str, what the error of ``device_count`` says.

    Returns:
        dict from name to function.

    >>> absent("device_context.gpu", "no such device")["is_available"]()
    False
    """

    def device_count() -> int:
        raise fail(RuntimeError, f"{message}: minispore runs on the CPU. is_available() says whether there is one.")

    def is_available() -> bool:
        return False

    device_count.__doc__ = f"""The number of such devices.

    Returns:
        int, where there is one.

    Raises:
        RuntimeError: always.

    >>> import minispore as ms
    >>> ms.{module}.device_count()  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    RuntimeError: {message}: minispore runs on the CPU. is_available() says whether there is one...
    """
    is_available.__doc__ = f"""Whether there is such a device.

    Returns:
        False.

    >>> import minispore as ms
    >>> ms.{module}.is_available()
    False
    """
    made = {"device_count": device_count, "is_available": is_available}
    for name, function in made.items():
        function.__qualname__ = name
    return made


def accepted(module: str, *names: str) -> dict:
    """Functions that take any arguments and do nothing.

    Args:
        module: str, the path of the module they are in.
        *names: str, their names.

    Returns:
        dict from name to function.

    >>> accepted("device_context.gpu", "conv_fprop_algo")["conv_fprop_algo"]("performance")
    """

    def made(name):
        def setting(*args, **kwargs) -> None:
            pass

        setting.__name__ = setting.__qualname__ = name
        setting.__doc__ = f"""Accepted and without effect on one CPU.

        Args:
            *args: ignored.
            **kwargs: ignored.

        >>> import minispore as ms
        >>> ms.{module}.{name}()
        """
        return setting

    return {name: made(name) for name in names}
