# Written by tools/stubs from minispore.dataset.sources.schema: python tools/stubs.  Not to be edited.
# mypy: ignore-errors
from collections.abc import Sequence
from minispore.dataset.remembered import Remembered
from typing import Any

__all__ = ['Schema']

class Schema(Remembered):
    def __init__(self, schema_file: str | None = None) -> None: ...
    def add_column(self, name: str, de_type: Any, shape: Sequence[int] | None = None) -> None: ...
    def from_json(self, json_obj: dict[Any, Any]) -> None: ...
    def parse_columns(self, columns: Any) -> None: ...
    def to_json(self) -> str: ...
    columns: Any
    dataset_type: Any
    num_rows: Any
