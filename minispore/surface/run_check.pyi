# Written by tools/stubs from minispore.surface.run_check: python tools/stubs.  Not to be edited.
# mypy: ignore-errors

__all__ = ['run_check']

def run_check() -> None: ...
