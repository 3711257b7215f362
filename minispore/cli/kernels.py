"""``minispore cache``: the compiled kernels on disk."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from ..graph import cache
from .console import console, size


def _files() -> list[tuple[Path, int, str]]:
    """(path, bytes, compiler) of each entry."""
    folder = cache.directory()
    found = []
    for path in sorted(folder.glob("*/*.o")) if folder else ():
        try:
            meta = cache.header_of(cache.read_trusted(path).partition(b"\n")[0])
            compiler = meta.get("compiler", "not noted") if meta else "damaged (compiled anew when needed)"
            found.append((path, path.stat().st_size, str(compiler)))
        except FileNotFoundError:  # another process has removed it
            continue
        except OSError as error:
            found.append((path, 0, f"not used: {error}"))
    return found


def info() -> int:
    """Prints where kernels are kept, how many there are, and what compiled them."""
    folder, out = cache.directory(), console()
    if folder is None:
        out.print("The cache is switched off: MINISPORE_CACHE_DIR is empty. Each process compiles what it needs.")
        return 0
    files = _files()
    out.print(f"directory  {folder}", soft_wrap=True)
    out.print(f"entries    {len(files)}")
    out.print(f"size       {size(sum(n for _, n, _ in files))} (at most {size(cache.SIZE_BOUND)})")
    counts: Counter = Counter()
    sizes: Counter = Counter()
    for _, n, compiler in files:
        counts[compiler] += 1
        sizes[compiler] += n
    for compiler, count in counts.most_common():
        out.print(f"  {compiler}: {count} entries, {size(sizes[compiler])}", soft_wrap=True)
    return 0


def clear() -> int:
    """Removes all entries and says how many there were."""
    folder, out = cache.directory(), console()
    before = _files()
    try:
        cache.clear()
    except OSError as error:
        console(None).print(f"[red]error:[/] cannot clear {folder}: {error}", soft_wrap=True)
        return 1
    out.print(f"removed {len(before)} entries, {size(sum(n for _, n, _ in before))}, from {folder}", soft_wrap=True)
    return 0
