"""Kernels as plain Python (``MINISPORE_JIT=0``): slow, but a debugger stops in them and errors name their lines.

The same source that is compiled is run by Python, the runtime's loop over the table too, on the same memory: a pointer
is an address and an element type.  Each kernel is written to ``python/`` in the cache directory, and run from there:
a ``breakpoint()`` or ``print`` put into such a file is kept.
"""

import ctypes
import linecache
import math
import time
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np

from ..core import numeric
from ..core.dtype import bfloat16
from ..core.kernel import ENTRY, KernelSource
from ..core.philox import philox_uint32_numpy
from ..distributed import native
from . import blas, cache as disk

_kernels: dict[int, Callable] = {}  # number in place of an address -> function(args, lo, hi)
_numbers: dict[str, int] = {}  # digest -> that number

C_TYPES: dict[str, Any] = {
    "int8": ctypes.c_int8, "int16": ctypes.c_int16, "int32": ctypes.c_int32, "int64": ctypes.c_int64,
    "uint8": ctypes.c_uint8, "uint16": ctypes.c_uint16, "uint32": ctypes.c_uint32, "uint64": ctypes.c_uint64,
    "float32": ctypes.c_float, "float64": ctypes.c_double, "complex64": ctypes.c_float * 2, "complex128": ctypes.c_double * 2,
}  # fmt: skip
STORAGE = {"bool": "uint8", "float16": "uint16", "bfloat16": "uint16"}  # others are stored as they are


def caster(name: str):
    """``float32(x)`` and its kind: C's conversion, which wraps or saturates where NumPy's scalars raise."""
    dtype = np.dtype(name)

    def cast(x):
        try:
            return dtype.type(x)
        except (OverflowError, ValueError):
            return np.asarray(x).astype(dtype)[()]

    cast.__name__ = name
    return cast


CASTS = {name: caster(name) for name in C_TYPES}


class Pointer:
    """``T *``: an address; elements are read as NumPy scalars (of the argument table, as Python ints)."""

    __slots__ = ("address", "c_type", "cast", "is_complex", "room", "scalar", "size")
    room: Any  # keeps the memory of a local array alive

    def __init__(self, address: int, name: str, plain: bool = False):
        self.address, self.c_type = address, C_TYPES[name]
        self.size = ctypes.sizeof(self.c_type)
        self.scalar: Any = int if plain else np.dtype(name).type
        self.cast: Any = int if plain else CASTS[name]
        self.is_complex = name.startswith("complex")

    def __getitem__(self, i):
        there = self.c_type.from_address(self.address + int(i) * self.size)
        return self.scalar(complex(*there) if self.is_complex else there.value)

    def __setitem__(self, i, value) -> None:
        there = self.c_type.from_address(self.address + int(i) * self.size)
        if self.is_complex:
            there[:] = value.real, value.imag
            return
        if type(value) is not self.scalar:
            value = self.cast(value)
        there.value = value if self.scalar is int else value.item()

    def __repr__(self) -> str:
        return f"<pointer to {self[0]!r}, ... at {self.address:#x}>"


def _local(name: str):
    """Room for elements that lives as long as the pointer."""

    def local(count: int) -> Pointer:
        room = (C_TYPES[STORAGE.get(name, name)] * count)()
        pointer = Pointer(ctypes.addressof(room), STORAGE.get(name, name))
        pointer.room = room
        return pointer

    return local


def shift(pointer: Pointer, count) -> Pointer:
    made = Pointer.__new__(Pointer)
    made.c_type, made.size, made.is_complex = pointer.c_type, pointer.size, pointer.is_complex
    made.scalar, made.cast = pointer.scalar, pointer.cast
    made.address = pointer.address + int(count) * pointer.size
    return made


def _typed(name: str):
    return lambda args, slot: Pointer(int(args[slot]), STORAGE.get(name, name))


def _matrix(p: Pointer, transposed: bool, rows: int, columns: int, leading: int) -> np.ndarray:
    """A row-major matrix with ``leading`` elements a row, as ``rows`` x ``columns``."""
    if transposed:
        rows, columns = columns, rows
    count = max((rows - 1) * leading + columns, 0)
    flat = np.ctypeslib.as_array((p.c_type * count).from_address(p.address))
    seen = np.lib.stride_tricks.as_strided(flat, (rows, columns), (leading * p.size, p.size))
    return seen.T if transposed else seen


def gemm(order, trans_a, trans_b, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc) -> None:
    """``C = alpha op(A) op(B) + beta C``, row-major."""
    x, y = _matrix(a, trans_a == 112, m, k, lda), _matrix(b, trans_b == 112, k, n, ldb)
    out = _matrix(c, False, m, n, ldc)
    out[...] = alpha * (x @ y) + (beta * out if beta != 0 else 0)


def syrk(order, half, trans, n, k, alpha, a, lda, beta, c, ldc) -> None:
    """``C = alpha op(A) op(A).T + beta C`` from the diagonal to the right, row-major."""
    x, out = _matrix(a, trans == 112, n, k, lda), _matrix(c, False, n, n, ldc)
    right = np.triu_indices(n)
    out[right] = (alpha * (x @ x.T) + (beta * out if beta != 0 else 0))[right]


def trsm(order, side, half, trans, unit, n, m, alpha, a, lda, b, ldb) -> None:
    """``B = alpha inverse(A) B`` for a triangle A, row-major."""
    whole, x = _matrix(a, False, n, n, lda), _matrix(b, False, n, m, ldb)
    part = np.array(np.triu(whole) if half == 121 else np.tril(whole))
    if unit == 132:
        np.fill_diagonal(part, 1)
    x[...] = alpha * np.linalg.solve(part, x)


def _lapack(name: str):
    return lambda *args: blas.lapack(name, *(ctypes.c_void_p(a.address) if isinstance(a, Pointer) else a for a in args))


TILE_LANES, TILE_ROWS = 16, 8


def _tile(vectors: int, placed: bool):
    def tile(a, rows_at, a_at, b, b_at, count, out, out_row, rows, add) -> None:
        """As in tiles.py."""
        n = vectors * TILE_LANES
        columns = range(int(count))
        right = np.array([_matrix(shift(b, b_at[k]), False, 1, n, n)[0] for k in columns])
        for m in range(int(rows)):
            row = _matrix(shift(out, out_row[m] if placed else m * out_row), False, 1, n, n)[0]
            left = shift(a, rows_at[m])
            sums = np.array([left[a_at[k]] for k in columns]) @ right
            row[...] = row + sums if add else sums

    return tile


def _panel_tile(vectors: int):
    def tile(a, a_term, b, b_term, count, out, out_row, rows, columns, spare, add) -> None:
        """As in tiles.py."""
        left, right = _matrix(a, True, rows, count, a_term), _matrix(b, False, count, columns, b_term)
        target, sums = _matrix(out, False, rows, columns, out_row), left @ right
        target[...] = target + sums if add else sums

    return tile


def _tile_transpose(source, source_row, target, target_row) -> None:
    n = TILE_LANES
    _matrix(target, False, n, n, target_row)[...] = _matrix(source, False, n, n, source_row).T.copy()


def _any_nonzero(p, row, rows, flipped) -> int:
    """As in zero_tiles.py."""
    seen = _matrix(p, False, int(rows), 16, int(row))
    return int((seen != flipped).any())


def _any_not_finite(p, row, rows) -> int:
    return int(not np.isfinite(_matrix(p, False, int(rows), 16, int(row))).all())


LANE_ROWS, SHORT_LANE_ROWS = 9, 7


def _vector(p: Pointer, position) -> np.ndarray:
    return _matrix(shift(p, position * TILE_LANES), False, 1, TILE_LANES, TILE_LANES)[0]


def _lane_tile(a, rows_at, a_at, b, b_at, count, out, outs_at, rows, add) -> None:
    """As in lane_tiles.py."""
    for m in range(int(rows)):
        total, left = _vector(out, outs_at[m]), shift(a, rows_at[m] * TILE_LANES)
        sums = sum(_vector(left, a_at[k]) * _vector(b, b_at[k]) for k in range(int(count)))
        total[...] = total + sums if add else sums


def _lane_turn(source, source_row, target, at) -> None:
    for j in range(TILE_LANES):
        _vector(target, at[j])[...] = [source[i * source_row + j] for i in range(TILE_LANES)]


def _complex(p: Pointer, im) -> np.ndarray:
    return _vector(p, 0) + 1j * _vector(shift(p, im), 0)


def _put_complex(value, p: Pointer, im) -> None:
    _vector(p, 0)[...], _vector(shift(p, im), 0)[...] = value.real, value.imag


def _fourier_step(count: int, turns: bool):
    def step(source, source_step, target, target_step, im, factors) -> None:
        """As in fourier_tiles.py; with the imaginary part first the same transform, of exchanged parts."""
        for j, value in enumerate(
            np.fft.fft([_complex(shift(source, k * source_step), im) for k in range(count)], axis=0)
        ):
            if turns and j > 0:
                value = value * (factors[2 * j - 2] + 1j * factors[2 * j - 1])
            _put_complex(value, shift(target, j * target_step), im)

    return step


def _fourier_mirror(x, y, to_x, to_y, im, factor, scale) -> None:
    """As in fourier_tiles.py."""
    one, other = _complex(x, im), _complex(y, im).conj()
    even, odd = (one + other) * scale, (one - other) * (factor[0] + 1j * factor[1]) * scale
    _put_complex(even + odd, to_x, im)
    _put_complex((even - odd).conj(), to_y, im)


def _window(x, height, width, row, column, step, rows, columns, stride, most, u, v) -> np.ndarray:
    """What element (u, v) of a window sees of a plane from ``rows`` x ``columns`` places, as in plane_tiles.py."""
    seen = np.zeros((rows, min(columns, most, TILE_LANES)), x.c_type)
    for r in range(rows):
        for i in range(seen.shape[1]):
            at, across = row + stride * r + u, column + stride * i + v * step
            if 0 <= at < height and 0 <= across < width:
                seen[r, i] = x[at * width + across]
    return seen


def _plane_sums(x, height, width, row, column, step, columns, zeros, weights, weight_step, out, rows, pitch, spare, ahead, tall,
                broad, stride, most) -> None:  # fmt: skip
    sees = lambda u, v: _window(x, height, width, row, column, step, rows, columns, stride, most, u, v)
    made = sum(sees(u, v) * weights[(u * broad + v) * weight_step] for u in range(tall) for v in range(broad))
    _matrix(out, False, made.shape[0], made.shape[1], pitch)[...] = made


def _plane_products(
    x, height, width, row, column, step, columns, zeros, g, rows, pitch, sums, ahead, g_ahead, tall, broad, stride, most
) -> None:
    for t in range(tall * broad):
        seen = _window(x, height, width, row, column, step, rows, columns, stride, most, *divmod(t, broad))
        lanes = _matrix(shift(sums, t * min(most, TILE_LANES)), False, 1, seen.shape[1], 1)
        lanes += (_matrix(g, False, seen.shape[0], seen.shape[1], pitch) * seen).sum(0)


def _plane_spread(g, g_height, g_width, row, column, zeros, weights, out, height, columns, pitch, top, spare, ahead, rows, tall, broad,
                  odd, most) -> None:  # fmt: skip
    columns = min(columns, 2 * min(most, TILE_LANES))
    made = _matrix(out, False, height, columns, pitch)
    for y in range(height):
        for x in range(columns):
            made[y, x] = sum(
                weights[u * broad + v] * g[(y + top - u) // 2 * g_width + (x + odd - v) // 2 + column]
                for u in range((y + top) % 2, tall, 2)
                for v in range((x + odd) % 2, broad, 2)
                if 0 <= (y + top - u) // 2 < g_height and 0 <= (x + odd - v) // 2 + column < g_width
            )


def _tile_inside(source, target, i, first, end) -> None:
    for k in range(int(i), int(i) + TILE_LANES):
        target[k] = source[k] if first <= k < end else 0


def _tile_inside_evens(source, target, i, first, end) -> None:
    for k in range(int(i), int(i) + TILE_LANES):
        target[k] = source[2 * k] if first <= k < end else 0


def _scan_row(source, target, vectors, start, product, reverse):
    """As in scans.py."""
    total, count = start, int(vectors) * TILE_LANES
    for i in reversed(range(count)) if reverse else range(count):
        total = total * source[i] if product else total + source[i]
        target[i] = total
    return total


def _scan_extreme(source, out, places, start, largest) -> None:
    """As in scans.py."""
    for k in range(int(start), int(start) + TILE_LANES):
        v, kept = source[k], k > 0
        if kept:
            best = out[k - 1]
            kept = best != best or (v < best if largest else v > best)
        out[k], places[k] = (best, places[k - 1]) if kept else (v, k)


def _bfloat16_bits(value) -> int:
    bits = int(np.float32(value).view(np.uint32))
    if math.isnan(value):
        return 0x7FC0
    return (bits + 0x7FFF + (bits >> 16 & 1) >> 16) & 0xFFFF


def _from_bfloat16(bits) -> np.float32:
    return np.uint32(int(bits) << 16).view(np.float32)


PAIR_COLUMNS = 32


def _pair_tile(left, right, pairs, sums, begun, complete, out, out_row, rows, columns, high) -> None:
    """As in pair_tiles.py."""
    kept = _matrix(sums, False, high, PAIR_COLUMNS, PAIR_COLUMNS)[:rows, :columns]
    factors = [_matrix(p, False, pairs, n, n)[:, :m] for p, n, m in
               ((left, high, rows), (right, PAIR_COLUMNS, columns))]  # fmt: skip
    total = kept.copy() if begun else np.zeros_like(kept)
    for part in (lambda p: p << np.uint32(16), lambda p: p & np.uint32(0xFFFF0000)):
        a, b = (part(p).view(np.float32) for p in factors)
        total += a.T @ b
    if not complete:
        kept[...] = total
        return
    target = _matrix(out, False, rows, columns, out_row)
    target[...] = total if out.c_type is ctypes.c_float else total.astype(bfloat16.np).view(np.uint16)


def _pair_tile_at(left, right, places, pairs, sums, *more) -> None:
    panel = _local("uint32")(max(1, int(pairs)) * PAIR_COLUMNS)
    for p in range(pairs):
        for i in range(PAIR_COLUMNS):
            panel[p * PAIR_COLUMNS + i] = right[places[p] + i]
    _pair_tile(left, panel, pairs, sums, *more)


def _bits(source, i) -> int:
    return int(source[i]) if source.c_type is ctypes.c_uint16 else _bfloat16_bits(source[i])


def _pair(source, first, second, terms) -> int:
    """Two numbers; 0 in place of those beyond the last term."""
    return sum(_bits(source, i) << 16 * k for k, i in enumerate((first, second)) if k < terms)


def _pairs_across(source, source_row, rows, terms, target, pitch) -> None:
    for p in range(16):
        for i in range(16):
            at = min(i, rows - 1) * source_row + 2 * p
            target[p * pitch + i] = _pair(source, at, at + 1, terms - 2 * p)


def _pairs_down(source, source_term, rows, terms, target) -> None:
    for i in range(16):
        target[i] = _pair(source, i, source_term + i, terms) if i < rows else 0


def _pairs_down_evens(source, source_term, rows, terms, target) -> None:
    for i in range(16):
        target[i] = _pair(source, 2 * i, source_term + 2 * i, terms) if i < rows else 0


def _atomic_add(pointer, index, value):
    old = pointer[index]
    pointer[index] = old + value
    return old


def _atomic_swap(pointer, index, expected, new) -> bool:
    if pointer[index] != expected:
        return False
    pointer[index] = new
    return True


def _realloc(pointer, size) -> Pointer:
    grow = ctypes.CDLL(None).realloc
    grow.restype, grow.argtypes = ctypes.c_void_p, [ctypes.c_void_p, ctypes.c_size_t]
    return Pointer(grow(pointer.address or None, int(size)) or 0, "int64", plain=True)


def _call_kernel(address, args, lo, hi) -> None:
    function = _kernels.get(int(address))
    if function is not None:
        function(args, lo, hi)
    else:  # a function of Python
        ENTRY(int(address))(0, 0, args.address, lo, hi)


def _element(function, name: str):
    """A function of arrays as one of scalars of a type."""
    cast, wide = CASTS[name], np.complex128 if name.startswith("complex") else np.float64
    return lambda *x: cast(function(*[wide(v) for v in x]))


def _any_type(function):
    """A function of arrays as one of scalars that keeps their type."""
    return lambda *x: np.asarray(function(*x))[()]


@cache
def namespace() -> dict:
    """The global names of kernel source: those of graph/intrinsics.py and graph/vector_math/."""
    names: dict = dict(CASTS)
    for name in ("bool", "float16", "bfloat16", *C_TYPES):
        names[f"{name}_pointer"] = _typed(name)
        names[f"local_{name}"] = _local(name)
    names["local_like"] = lambda pointer, count: _local(np.dtype(pointer.scalar).name)(count)
    for name in numeric.NAMES:
        for dtype in ("float32", "float64", "complex64", "complex128"):
            names[f"{name}_{dtype}"] = names[f"far_{name}_{dtype}"] = _element(numeric.NAMES[name], dtype)
    for real, whole in (("float32", "complex64"), ("float64", "complex128")):
        names |= {
            f"complex_{real}": lambda x, y: complex(x, y),
            f"real_{whole}": lambda x: x.real,
            f"imag_{whole}": lambda x: x.imag,
        }
    for name in ("maximum", "minimum", "isnan", "isinf", "sqrt", "fabs", "floordiv", "floormod", "fmod", "sign", "logical_not",
                 "shift_left", "shift_right", "invert"):  # fmt: skip
        names[name] = _any_type(numeric.NAMES[name])
    names |= {f"near_{name}": names[name] for name in ("floormod", "fmod")}
    sign = names["sign"]
    names |= {
        "sign": lambda x: x if isinstance(x, (bool, np.bool_)) else sign(x),  # NumPy has none of bools
        "greater_of": max, "lesser_of": min, "nan_where": lambda bad, x: type(x)(math.nan) if bad and isinstance(x, (float, np.floating)) else x,
        "integer_power": _any_type(numeric.NAMES["pow"]), "where": lambda c, x, y: x if c else y, "inf": math.inf, "shift": shift, "row_of": shift, "together": range, "written_out": range, "masked": range, "device": lambda f: f,
        "address_of": lambda p: p.address, "pointer_from": lambda a: Pointer(int(a), "int64", plain=True),
        "load_float16": lambda p, i: np.float32(np.uint16(p[i]).view(np.float16)),
        "store_float16": lambda p, i, v: p.__setitem__(i, np.float16(v).view(np.uint16)),
        "load_bfloat16": lambda p, i: _from_bfloat16(p[i]),
        "store_bfloat16": lambda p, i, v: p.__setitem__(i, _bfloat16_bits(v)),
        "keep_bfloat16": lambda p, i, v: p.__setitem__(i, int(np.float32(v).view(np.uint32)) >> 16),
        "round_float16": lambda v: np.float32(np.float16(v)),
        **{f"{name}_bfloat16": lambda v: _from_bfloat16(_bfloat16_bits(v)) for name in ("round", "cast")},
        "philox_uint32": lambda i, seed, counter: philox_uint32_numpy(np.asarray([i]), seed, counter)[0],
        "cblas_sgemm": gemm, "cblas_dgemm": gemm, "cblas_ssyrk": syrk, "cblas_dsyrk": syrk, "cblas_strsm": trsm, "cblas_dtrsm": trsm,
        **{f"lapack_{t}{name}": _lapack(t + name) for name in blas.FACTORISATIONS for t in "sd"}, **{f"tile{n}": _tile(n, False) for n in (1, 2, 3)},
        **{f"placed{n}": _tile(n, True) for n in (1, 2, 3)}, "short_tile3": _tile(3, False), "short_placed3": _tile(3, True),
        **{f"panel_tile{n}": _panel_tile(n) for n in (1, 2, 3)}, "panel_tile3_ahead": lambda *args: _panel_tile(3)(*args[:-2]),
        "tile_lanes": lambda p: TILE_LANES, "tile_rows": lambda: TILE_ROWS,
        "scan_lanes": lambda p: TILE_LANES, "scan_row": _scan_row, "scan_extreme": _scan_extreme, "tile_transpose": _tile_transpose,
        "plane_sums": _plane_sums, "plane_products": _plane_products, "plane_spread": _plane_spread, "plane_lanes": lambda x, most: min(most, TILE_LANES),
        "any_nonzero": _any_nonzero, "any_not_finite": _any_not_finite,
        "lane_tile": _lane_tile, "short_lane_tile": _lane_tile, "lane_turn": lambda *args: _lane_turn(*args[:-1]), "lane_rows": lambda: LANE_ROWS,
        "short_lane_rows": lambda: SHORT_LANE_ROWS,
        **{f"fourier_step{n}": _fourier_step(n, False) for n in range(2, 9)},
        **{f"fourier_turn{n}": _fourier_step(n, True) for n in range(2, 9)}, "fourier_mirror": _fourier_mirror,
        "pair_tile": _pair_tile, "pair_tile_at": _pair_tile_at, "pairs_across": _pairs_across, "pairs_down": _pairs_down,
        "pairs_down_evens": _pairs_down_evens,
        "tile_inside": _tile_inside, "tile_inside_evens": _tile_inside_evens, "call_kernel": _call_kernel, "realloc": _realloc,
        "atomic_load": lambda p, i: p[i], "atomic_store": Pointer.__setitem__, "atomic_add": _atomic_add,
        "atomic_swap": _atomic_swap, "usleep": lambda us: time.sleep(int(us) * 1e-6),
        **{f"mpi_{name}": partial(native.call, name) for name in native.FUNCTIONS},
    }  # fmt: skip
    for name in (
        "wide_vectors",
        "relax",
        "sched_yield",
        "float_control",
        "set_float_control",
        "pthread_mutex_lock",
        "pthread_mutex_unlock",
        "pthread_cond_wait",
        "pthread_cond_broadcast",
    ):
        names[name] = lambda *args: 0
    return names


def path_of(source: KernelSource) -> Path | None:
    """The file from which a kernel runs; None when the cache on disk is switched off."""
    folder = disk.directory()
    return None if folder is None else folder / "python" / f"{source.name}-{source.digest[:12]}.py"


def _text(source: KernelSource) -> tuple[str, str]:
    """(file name, text) of a kernel: its file if there is one, which the user may have changed."""
    path = path_of(source)
    if path is not None:
        try:
            disk.make_folder(path.parent.parent)
            disk.make_folder(path.parent)
            if not path.exists():
                path.write_text(source.text, encoding="utf-8")
                path.chmod(0o600)
            return str(path), disk.read_trusted(path).decode()
        except (OSError, UnicodeDecodeError) as error:
            disk.warn_once(path.parent, error)
    name = f"<kernel {source.name} {source.digest[:12]}>"
    linecache.cache[name] = (len(source.text), None, source.text.splitlines(keepends=True), name)
    return name, source.text


def address_of(source: KernelSource) -> int:
    """A number that the table holds in place of the kernel's address."""
    number = _numbers.get(source.digest)
    if number is None:
        number = _numbers[source.digest] = len(_numbers) + 1
        _kernels[number] = _function(source, {})
    return number


def _function(source: KernelSource, names: dict):
    file, text = _text(source)
    scope = {**namespace(), "__name__": "minispore_kernel", "__file__": file, **names}
    exec(compile(text, file, "exec"), scope)
    return scope[source.name]


def entry(source: KernelSource, **names):
    """The kernel with the signature of machine code, ``f(ret, exc, address of args, lo, hi)``; ``names`` replace those that
    it calls."""
    function = _function(source, names) if names else _kernels[address_of(source)]

    def launch(ret, exc, args, lo, hi):
        with np.errstate(all="ignore"):
            function(Pointer(args, "int64", plain=True), lo, hi)

    return launch
