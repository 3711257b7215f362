"""MindSpore's module ``version``: the version that the package has under the name it was imported by."""


def __getattr__(name: str) -> str:
    if name != "__version__":
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    from .. import __version__

    return __version__
