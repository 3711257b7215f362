"""Settings of devices that one CPU does without."""


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
