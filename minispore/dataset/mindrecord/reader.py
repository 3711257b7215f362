"""``FileReader``: the records of files, one after the other."""

from ...core.errors import fail
from .errors import ERRORS
from .file import check_reading, opened, values_of


class FileReader:
    """The records of a file, or of a list of files, one dict after the other.

    Args:
        file_name: path, or a list of them.
        num_consumer: accepted.
        columns: list of the columns wanted.  Default: None, for all.
        operator: accepted.

    Raises:
        ParamValueError: another type of argument.
        RuntimeError: a file does not exist, or is damaged.

    >>> import tempfile
    >>> from minispore.mindrecord import FileReader, FileWriter
    >>> path = tempfile.mkdtemp() + "/a.mindrecord"
    >>> writer = FileWriter(path)
    >>> _ = writer.add_schema({"label": {"type": "int32"}})
    >>> _ = writer.write_raw_data([{"label": 3}])
    >>> _ = writer.commit()
    >>> [int(row["label"]) for row in FileReader(path).get_next()]
    [3]
    """

    def __init__(self, file_name, num_consumer=4, columns=None, operator=None):
        check_reading("FileReader", file_name, num_consumer)
        if columns is not None and not isinstance(columns, list):
            raise fail(ERRORS["ParamTypeError"], f"For 'FileReader', 'columns' must be a list, but got {columns!r}.")
        self._files = opened("FileReader", file_name)
        unknown = sorted(set(columns or ()) - set(self._files[0].schema))
        if unknown:
            raise fail(
                RuntimeError, f"For 'FileReader', there are no columns {unknown}, but {self._files[0].columns()}."
            )
        self._columns = columns
        self._left = self._records()

    def _records(self):
        for file in self._files:
            for number in range(len(file)):
                row = values_of(file.schema, file.read(number))
                yield {name: row[name] for name in self._columns or row}

    def get_next(self):
        """The records that are left: none after the last one, or after ``close``.

        Yields:
            dict {column: str, int, float, bytes or array}.
        """
        while (row := next(self._left, None)) is not None:
            yield row

    def schema(self) -> dict:
        """The columns, as ``FileWriter.add_schema`` took them.

        Returns:
            dict.
        """
        return self._files[0].schema

    def len(self) -> int:
        """The number of records.

        Returns:
            int.
        """
        return sum(len(file) for file in self._files)

    def close(self) -> None:
        """Ends the reading."""
        self._left = iter(())
