"""Each example runs in a short form, with equal losses in both modes."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

EXAMPLES = sorted((Path(__file__).parent.parent / "examples").glob("[0-9]*.py"))
NEEDED = {  # further packages
    "02_lenet_digits": ["sklearn", "matplotlib", "tqdm"],
    "13_resnet_cifar": ["sklearn"],
    "15_vae": ["sklearn", "matplotlib"],
    "16_dcgan": ["sklearn", "matplotlib"],
    "18_transfer_learning": ["sklearn"],
    "23_optuna_search": ["optuna"],
}
SLOW = {
    "02_lenet_digits", "04_char_gpt", "07_optimizers_race", "13_resnet_cifar", "14_lstm_text", "15_vae", "16_dcgan", "17_gpt_fit",
    "18_transfer_learning", "19_rnn_by_scan",
}  # fmt: skip
CHAOTIC = {  # how many first losses agree: the digits are pictures of equal 4 x 4 blocks, so a last bit decides which of two equals a max pool takes
    "02_lenet_digits": 16,
}
PICTURES = {
    "02_lenet_digits": {"lenet_curve.png", "lenet_predictions.png"},
    "15_vae": {"vae.png"},
    "16_dcgan": {"dcgan.png"},
}


@pytest.mark.parametrize(
    "path", [pytest.param(p, marks=pytest.mark.slow if p.stem in SLOW else (), id=p.stem) for p in EXAMPLES]
)
def test_example(path, tmp_path, capsys):
    for needed in NEEDED.get(path.stem, []):
        pytest.importorskip(needed)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    out = ["--out", str(tmp_path)] if path.stem in PICTURES else []
    losses = {mode: module.main(["--mode", mode, "--short", *out]) for mode in ("graph", "pynative")}
    assert np.isfinite(losses["graph"]).all() and len(losses["graph"]) > 1
    steps = CHAOTIC.get(path.stem)
    np.testing.assert_allclose(losses["graph"][:steps], losses["pynative"][:steps], rtol=1e-5)
    if steps:
        np.testing.assert_allclose(*(np.mean(losses[mode][-steps:]) for mode in losses), rtol=0.1)
    if out:
        assert {p.name for p in tmp_path.glob("*.png")} == PICTURES[path.stem]
