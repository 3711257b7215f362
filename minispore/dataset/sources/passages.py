"""Passages of the docstrings that data sources share."""

FOLDER = "dataset_dir: path of the folder with the files."
ROWS = """num_samples: int, at most so many rows.  Default: None, for all.
num_parallel_workers: int, threads.  Default: None."""
SHUFFLE = "shuffle: bool, whether in random order.  Default: None, as True unless there is a ``sampler``."
SHUFFLE_TEXT = "shuffle: bool or Shuffle, whether in random order.  Default: Shuffle.GLOBAL."
SAMPLER = "sampler: Sampler, or row numbers, in place of the others.  Default: None."
SHARDS = """num_shards: int, of how many shards this is one.  Default: None.
shard_id: int, which one.  Default: None.
cache: accepted."""
DECRYPT = (
    "decrypt: function of the path of a file that returns the bytes of the image, for encrypted ones.  Default: None."
)
ORDERED = f"{ROWS}\n{SHUFFLE}\n{SAMPLER}\n{SHARDS}"


def raises(value_error: str) -> str:
    """The section "Raises"; ``value_error``: what a ValueError says."""
    return f"""TypeError: an argument of the wrong type.
ValueError: {value_error}.
RuntimeError: when it is read: files are missing or damaged."""


TEXT_FILES = """>>> import os, tempfile
>>> import minispore.dataset as ds
>>> folder = tempfile.mkdtemp()
>>> def write(name, text):
...     path = os.path.join(folder, name)
...     os.makedirs(os.path.dirname(path), exist_ok=True)
...     with open(path, "w") as file:
...         _ = file.write(text)"""
