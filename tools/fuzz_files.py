"""Reads damaged files: of each kind that minispore reads, a good one is cut, overwritten, lengthened and spliced at random.

    python tools/fuzz_files.py --number 1000        1000 damaged files; prints each wrong answer
    python tools/fuzz_files.py --only mindrecord    of one kind

Reading may succeed (a changed pixel cannot be seen), or raise a ValueError, RuntimeError or OSError that names the file.  Anything else is
a fault: another exception, a crash, more than 10 seconds.  The files are read in a child process.
"""

import argparse
import gzip
import pickle
import random
import struct
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

from watched import Found, begin_child, report, watch

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
# what a hostile writer puts where a number, a list or a name should be
SPLICES = (
    b"[" * 100_000, b'{"a":' * 20_000, b"9" * 5000, b"null", b"[]", b"{}", b'""', b"-1", b"1e999", b"\xff" * 16, b"\0" * 16,
    b"\xff\xff\xff\x7f", struct.pack("<q", 2**62), struct.pack(">q", 2**62), b"\x80" * 12, b",", b"\n", b'"', b"NaN", b"../x",
)  # fmt: skip


# ---------------------------------------------------------------- the kinds of files
def _checkpoint(ending: str):
    def make() -> str:
        import numpy as np

        import minispore as ms

        data = {"w": ms.Tensor(np.arange(6, dtype=np.float32).reshape(2, 3)), "n": ms.Tensor([1, 2])}
        ms.save_checkpoint(data, f"good.{ending}", append_dict={"note": "text", "epoch": 3})
        return f"good.{ending}"

    def read(path: str) -> None:
        import minispore as ms

        ms.load_checkpoint(path)

    return make, read


def _make_mindrecord() -> str:
    import numpy as np

    from minispore.mindrecord import FileWriter

    writer = FileWriter("good.mindrecord", overwrite=True)
    writer.set_header_size(1 << 14)
    writer.set_page_size(1 << 15)
    writer.add_schema({"label": {"type": "int32"}, "x": {"type": "float32", "shape": [-1]}, "i": {"type": "int64", "shape": [2]},
                       "name": {"type": "string"}, "raw": {"type": "bytes"}})  # fmt: skip
    writer.write_raw_data([
        {"label": k, "x": np.full(3, k, np.float32), "i": np.array([k, -k], np.int64), "name": "n", "raw": b"ab"} for k in range(5)
    ])  # fmt: skip
    writer.commit()
    return "good.mindrecord"


def _read_mindrecord(path: str) -> None:
    import minispore.dataset as ds

    if path.endswith(".db"):
        Path(path.removesuffix(".db")).write_bytes(Path("good.mindrecord").read_bytes())
        path = path.removesuffix(".db")
    else:
        Path(path + ".db").write_bytes(Path("good.mindrecord.db").read_bytes())
    _rows(ds.MindDataset([path], shuffle=False))


def _rows(data) -> None:
    for _ in data.create_tuple_iterator(num_epochs=1, output_numpy=True):
        pass


def _make_csv() -> str:
    Path("good.csv").write_text("a,b,c\n" + "".join(f'{k},{k / 2},"x, y"\n' for k in range(9)))
    return "good.csv"


def _read_csv(path: str) -> None:
    import minispore.dataset as ds

    _rows(ds.CSVDataset(path, column_defaults=[0, 0.0, ""], shuffle=False))


def _make_lines() -> str:
    Path("good.txt").write_text("".join(f"first{k}\nsecond \N{GREEK SMALL LETTER ALPHA}{k}\n" for k in range(4)))
    return "good.txt"


def _read_lines(path: str) -> None:
    import minispore.dataset as ds

    _rows(ds.TextFileDataset(path, shuffle=False))
    ds.text.Vocab.from_file(path)


def _idx(zipped: bool):
    def make() -> str:
        content = struct.pack(">4I", 2051, 4, 28, 28) + bytes(range(256)) * 12 + bytes(64)
        name = "good-images.gz" if zipped else "good-images"
        Path(name).write_bytes(gzip.compress(content, mtime=0) if zipped else content)
        return name

    def read(path: str) -> None:
        import minispore.dataset as ds

        folder = Path("mnist")
        folder.mkdir(exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
        (folder / ("train-images-idx3-ubyte" + (".gz" if zipped else ""))).write_bytes(Path(path).read_bytes())
        (folder / "train-labels-idx1-ubyte").write_bytes(struct.pack(">2I", 2049, 4) + bytes(4))
        _rows(ds.MnistDataset("mnist", usage="train", shuffle=False))

    return make, read


def _make_cifar() -> str:
    import numpy as np

    content = {b"data": np.arange(2 * 3072).astype(np.uint8).reshape(2, 3072), b"labels": [1, 2]}
    Path("good.pickle").write_bytes(pickle.dumps(content, protocol=2))
    return "good.pickle"


def _read_cifar(path: str) -> None:
    import minispore.dataset as ds

    Path("cifar").mkdir(exist_ok=True)
    Path("cifar/test_batch").write_bytes(Path(path).read_bytes())
    _rows(ds.Cifar10Dataset("cifar", usage="test", shuffle=False))


def _image(kind: str):
    def make() -> str:
        import numpy as np
        from PIL import Image

        pixels = np.random.default_rng(0).integers(0, 255, (9, 7, 3)).astype(np.uint8)
        Image.fromarray(pixels).save(f"good.{kind}")
        return f"good.{kind}"

    def read(path: str) -> None:
        import numpy as np

        import minispore.dataset as ds

        ds.vision.Decode()(np.fromfile(path, np.uint8))
        folder = Path("images/one")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"x.{kind}").write_bytes(Path(path).read_bytes())
        for old in folder.iterdir():
            if old.name != f"x.{kind}":
                old.unlink()
        _rows(ds.ImageFolderDataset("images", decode=True, shuffle=False))

    return make, read


def _make_onnx() -> str:
    import numpy as np

    import minispore as ms

    ms.export(ms.nn.Dense(3, 2), ms.Tensor(np.ones((1, 3), np.float32)), file_name="good", file_format="MINDIR")
    return "good.mindir"


def _read_onnx(path: str) -> None:
    import minispore as ms

    ms.load(path)


KINDS: dict[str, tuple[Callable[[], str], Callable[[str], None]]] = {
    "safetensors": _checkpoint("safetensors"), "ckpt": _checkpoint("ckpt"), "mindrecord": (_make_mindrecord, _read_mindrecord),
    "index of a mindrecord": (lambda: _make_mindrecord() + ".db", _read_mindrecord), "csv": (_make_csv, _read_csv),
    "lines": (_make_lines, _read_lines), "idx": _idx(False), "idx, gzip": _idx(True), "cifar, pickle": (_make_cifar, _read_cifar),
    "png": _image("png"), "jpg": _image("jpg"), "gif": _image("gif"), "bmp": _image("bmp"), "mindir": (_make_onnx, _read_onnx),
}  # fmt: skip


# ---------------------------------------------------------------- damage
def damaged(content: bytes, rng: random.Random) -> tuple[bytes, str]:
    """(the content with one to three changes, what they are)."""
    said = []
    for _ in range(rng.choice((1, 1, 2, 3))):
        # headers are short and matter most: half of the changes are near the start
        at = min(rng.randrange(len(content) + 1), rng.choice((len(content), 200)))
        how = rng.choice(("cut", "flip", "byte", "splice", "insert", "remove", "repeat"))
        piece = rng.choice(SPLICES)
        if how == "cut":
            content = content[:at]
        elif how in ("flip", "byte"):
            new = content[at] ^ (1 << rng.randrange(8)) if how == "flip" and at < len(content) else rng.randrange(256)
            content = content[:at] + bytes([new]) + content[at + 1 :]
        elif how in ("splice", "insert"):
            content = content[:at] + piece + content[at + (len(piece) if how == "splice" else 0) :]
        else:
            length = rng.choice((1, 4, 8, 40))
            content = content[:at] + (content[at:][:length] * 2 if how == "repeat" else b"") + content[at + length :]
        said.append(f"{how} at {at}" + (f": {piece[:12]!r}" if how in ("splice", "insert") else ""))
    return content, ", ".join(said)


def fault_of(read: Callable[[str], None], path: str) -> str | None:
    """What is wrong with the way reading ends; None for an answer that is allowed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            read(path)
    except (ValueError, RuntimeError, OSError) as error:
        if isinstance(error, (RecursionError, UnicodeError)):
            return f"{type(error).__name__}: {error!s:.100}"
        return (
            None
            if str(error).startswith(("For '", "In '", "The "))
            else f"not of the API: {type(error).__name__}: {error!s:.150}"
        )
    except MemoryError as error:
        return f"MemoryError: {error}"
    except Exception as error:
        return f"{type(error).__name__}: {error!s:.150}"
    return None


def serve(number: int, seed: int, only: str, skip: int) -> None:
    """The child: makes good files, damages and reads them."""
    say = begin_child()
    kinds = {name: kind for name, kind in KINDS.items() if only in name}
    good = {name: Path(make()).resolve() for name, (make, _) in kinds.items()}
    for k in range(skip, number):
        rng = random.Random(f"{seed} {k}")
        name = list(kinds)[k % len(kinds)]
        content, said = damaged(good[name].read_bytes(), rng)
        path = f"bad{''.join(good[name].suffixes)}"
        Path(path).write_bytes(content)
        say(number=k + 1, name=name, call=f" number {k}: {said}")
        fault = fault_of(kinds[name][1], path)
        if fault is not None:
            say(fault=fault)
    say(done=number)


def fuzz(number: int, seed: int = 0, only: str = "") -> tuple[int, list[Found]]:
    """(how many files were read, the faults found)."""
    return watch(__file__, ["--number", str(number), "--seed", str(seed), "--only", only])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--number", type=int, default=1000, help="how many damaged files")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="kinds that contain this")
    parser.add_argument("--serve", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve is not None:
        serve(given.number, given.seed, given.only, given.serve)
    else:
        report(*fuzz(given.number, given.seed, given.only), given.seed)


if __name__ == "__main__":
    main()
