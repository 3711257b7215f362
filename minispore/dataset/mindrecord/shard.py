"""One record file that is being written."""

import contextlib
import json
import os
import sqlite3
from pathlib import Path

from ...core.errors import fail
from .file import PLACES


class Shard:
    """A file being written: a BLOB page and a RAW page in turn, each pair one group of rows."""

    def __init__(self, path: str, header_size: int, page_size: int):
        self.path, self.part = path, f"{path}.part"
        self.header_size, self.page_size = header_size, page_size
        self.file = open(self.part, "wb")
        self.pages: list[dict] = []
        self.index: list[tuple] = []
        self.buffers = bytearray(), bytearray()

    def add(self, blob: bytes, raw: bytes, index: list) -> None:
        framed = [len(part).to_bytes(8, "little") + part for part in (blob, raw)]
        if max(map(len, framed)) > self.page_size:
            raise fail(
                ValueError,
                f"For 'FileWriter', a record is longer than a page of {self.page_size} bytes: set_page_size.",
            )
        if any(len(buffer) + len(part) > self.page_size for buffer, part in zip(self.buffers, framed)):
            self._flush()
        places = []
        for k, (buffer, part) in enumerate(zip(self.buffers, framed)):
            places += [len(self.pages) + k, len(buffer), len(buffer) + len(part)]
            buffer += part
        self.index.append((len(self.index), len(self.pages) // 2, *places, *index))

    def _flush(self) -> None:
        group = len(self.pages) // 2
        first = self.pages[-2]["end_row_id"] if self.pages else 0
        for buffer, kind, rows in zip(self.buffers, ("BLOB_DATA", "RAW_DATA"), ((first, len(self.index)), (0, 0))):
            self.file.seek(self.header_size + len(self.pages) * self.page_size)
            self.file.write(buffer)
            self.pages.append({
                "page_id": len(self.pages), "page_type": kind, "page_type_id": group, "page_size": len(buffer), "shard_id": 0,
                "start_row_id": rows[0], "end_row_id": rows[1], "row_group_ids": [{"id": group, "offset": 0}],
            })  # fmt: skip
            buffer.clear()

    def finish(self, header: dict, index_types: dict) -> None:
        self._flush()
        for page in self.pages:
            page["shard_id"] = header["shard_id"]
        text = json.dumps({**header, "page": self.pages}).encode()
        if len(text) + 8 > self.header_size:
            raise fail(ValueError, f"For 'FileWriter', the header needs {len(text) + 8} bytes: set_header_size.")
        self.file.seek(0)
        self.file.write(len(text).to_bytes(8, "little") + text)
        self.file.close()
        Path(f"{self.part}.db").unlink(missing_ok=True)
        columns = [f"INC_{k} INT, {name}_0 {kind}" for k, (name, kind) in enumerate(index_types.items())]
        with contextlib.closing(sqlite3.connect(f"{self.part}.db")) as database, database:
            places = ", ".join(f"{name} INT NOT NULL" for name in PLACES.split(", "))
            database.execute(f"CREATE TABLE INDEXES (ROW_ID INT NOT NULL PRIMARY KEY, ROW_GROUP_ID INT NOT NULL, "
                             f"{', '.join([places, *columns])})")  # fmt: skip
            database.execute("CREATE TABLE SHARD_NAME (NAME TEXT NOT NULL)")
            database.execute("INSERT INTO SHARD_NAME VALUES (?)", (os.path.basename(self.path),))
            for row in self.index:
                values = [*row[:8], *(v for value in row[8:] for v in (0, value))]
                database.execute(f"INSERT INTO INDEXES VALUES ({', '.join('?' * len(values))})", values)
