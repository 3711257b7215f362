"""Runs the models of mindcv unchanged and compares them with the real MindSpore.

``python tools/check_mindcv.py [--models] [--families] [--forward] [--training] [name ...]``: with ``--models`` every model of mindcv is made, and names,
shapes and types of its Parameters are compared with recorded ones; with ``--families`` the smallest model of each family runs
forward, and two steps of training are compared by their losses; with ``--forward`` every model runs on one image of its size; with
``--training`` what mindcv's ``train.py`` does is done with a folder of images.  Without any, the first two.  mindcv is installed where
the environment has it, or in the folder that MINDCV names (``pip install --target folder --no-deps mindcv==0.3.0 tqdm pyyaml``).

``--record`` writes tests/records/mindcv.json; it runs on the real MindSpore, with this folder's Python out of the way.
"""

import argparse
import hashlib
import importlib
import inspect
import json
import os
import sys
import time
import types
import zlib
from pathlib import Path

import numpy as np

RECORDS = Path(__file__).resolve().parent.parent / "tests" / "records" / "mindcv.json"


def prepare(real: bool):
    """mindspore and mindcv, with initial weights that cost nothing."""
    if os.environ.get("MINDCV"):
        sys.path.insert(0, os.environ["MINDCV"])
    if not real:
        import minispore

        minispore.install_as_mindspore()
    mindspore, mindcv = importlib.import_module("mindspore"), importlib.import_module("mindcv")

    # two faults of mindcv's own: models whose settings it lacks; initial values that MindSpore 2.10 wants made before they are reshaped
    mae, rexnet = (importlib.import_module(f"mindcv.models.{n}") for n in ("mae", "rexnet"))
    for size in "blh":
        mae.default_cfgs.setdefault(f"mae_{size}_16_224_pretrain", {})
    initializer = rexnet.init.initializer
    rexnet.init = types.SimpleNamespace(**vars(rexnet.init))
    rexnet.init.initializer = lambda *given: initializer(*given).init_data()

    def subclasses(kind):
        for below in kind.__subclasses__():
            yield below
            yield from subclasses(below)

    initializers = importlib.import_module("mindspore.common.initializer")
    for kind in subclasses(initializers.Initializer):
        if kind.__name__ not in ("Zero", "One", "Constant"):
            kind._initialize = lambda self, arr: arr.fill(0)
    return mindspore, mindcv


def described(net) -> tuple[str, int]:
    """A short hash of the names, shapes, types and flags of all Parameters, and how many numbers they hold."""
    lines, total = [], 0
    for p in net.get_parameters():
        lines.append(f"{p.name} {list(p.shape)} {str(p.dtype).rpartition('.')[2]} {bool(p.requires_grad)}")
        total += int(np.prod(p.shape))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16], total


def fill(mindspore, net, gain: float = 1.0) -> None:
    """Weights that are a function of their names: small and random for matrices, near their start for the rest."""
    for name, p in net.parameters_and_names():
        if "Float" not in str(p.dtype) or ("relative" in name and "index" in name):
            continue
        draw = np.random.default_rng(zlib.crc32(name.encode()))
        noise = draw.standard_normal(p.shape).astype(np.float32)
        if len(p.shape) > 1:
            value = gain * noise / max(np.sqrt(np.prod(p.shape[1:])), 1)
        else:
            value = p.asnumpy() * (1 + 0.1 * np.abs(noise))
        p.set_data(mindspore.Tensor(value.astype(np.float32), p.dtype))


def losses(mindspore, net, size: int) -> list[float]:
    """The loss of two steps of SGD on two images; without dropout, whose random numbers differ.  Where the first loss is large the
    rate is small, as the second is to be a number."""
    nn, draw = mindspore.nn, np.random.default_rng(0)
    x = mindspore.Tensor(draw.standard_normal((2, 3, size, size)).astype(np.float32))
    y = mindspore.Tensor(np.array([1, 3], np.int32))
    entropy = nn.CrossEntropyLoss()

    def loss(x, y):
        found = net(x)
        return entropy(found[0] if isinstance(found, (list, tuple)) else found, y)

    net.set_train(False)
    weights = net.trainable_params()
    step = mindspore.value_and_grad(loss, None, weights)
    made = []
    for k in range(2):
        value, gradients = step(x, y)
        made.append(float(value.asnumpy()))
        if not k:
            optimizer = nn.SGD(weights, learning_rate=0.01 / max(1.0, made[0] / 20) ** 2)
        optimizer(gradients)
    return made


def input_size(net) -> int:
    """The side of the images that a model is made for, by its settings."""
    size = (getattr(net, "default_cfg", None) or {}).get("input_size") or (3, 224, 224)
    return int(size[-1])


# those whose own call of ops.pad MindSpore 2.10 refuses
RAISE_THERE_TOO = {"halonet_50t", *(f"volo_d{k}" for k in range(1, 6))}
# whose own call of ops.ResizeBilinear MindSpore 2.10 has no more
WITHOUT_OP_THERE = {"pvt_tiny"}
# whose smallest model takes images of any size: small ones, as MindSpore is slow
SMALL_IMAGES = {
    **dict.fromkeys(("repvgg_a0", "resnest14", "resnet18", "seresnet18", "skresnet18", "xception"), 64),
    **dict.fromkeys(("resnetv2_50", "res2net50", "rexnet_09"), 64),
    **dict.fromkeys(("inception_v3", "inception_v4"), 96),
}
OTHER_SIZES = (160, 192, 256, 384, 448)  # of models whose settings in mindcv name 224 all the same


def family(mindcv, name: str) -> str:
    """The module of mindcv that a model is from."""
    registry = importlib.import_module("mindcv.models.registry")
    return registry.model_entrypoint(name).__module__.rpartition(".")[2]


def made(mindcv, name: str):
    """The model; None where mindcv's own code raises."""
    try:
        return mindcv.create_model(name)
    except KeyError:
        return None


def models(mindcv, names: list[str], records: dict, record: bool) -> int:
    """Makes models; returns how many differ.  Those that the real MindSpore could not make are only made."""
    wrong = 0
    for name in names:
        net = made(mindcv, name)
        found = None if net is None else list(described(net))
        if record:
            records["models"][name] = found
        elif found != records["models"].get(name) and (name not in records["models"] or records["models"][name]):
            wrong += 1
            print(f"{name}: the Parameters differ, or it cannot be made")
    print(f"{len(names)} models, {wrong} differ")
    return wrong


# small weights where with large ones a change of the input by 1e-6 changes the loss or the gradient by 3 %
GAINS = {"xcit": 0.3, "visformer": 0.3}


# models of which MindSpore takes minutes for one step: the same code with fewer blocks and smaller images; (side of the images, what the
# class is made with instead)
SMALLER = {
    "BiT_resnet50": (64, "BiT_ResNet", {"layers": [1, 1, 1, 1]}),
    "xcit_tiny_12_p16_224": (64, "XCiT", {"img_size": 64, "depth": 2}),
    "cmt_tiny": (64, "CMT", {"img_size": 64, "depths": [1, 1, 1, 1]}),
    "swinv2_tiny_window8": (64, "SwinTransformerV2", {"image_size": 64, "depths": [2, 2, 1, 1]}),
    "swin_tiny": (56, "SwinTransformer", {"image_size": 56, "depths": [2, 2], "num_heads": [3, 6]}),
    "dpn92": (64, "DPN", {"k_sec": (1, 2, 2, 1)}),
    "repmlp_t224": (64, "RepMLPNet", {"num_blocks": (1, 1, 1, 1), "hs": (16, 8, 4, 2), "ws": (16, 8, 4, 2)}),
    "mae_b_16_224_finetune": (32, "VisionTransformer", {"image_size": 32, "depth": 2}),
    "vit_b_16_224": (32, "VisionTransformer", {"image_size": 32, "depth": 2}),
    "hrnet_w32": (
        64,
        "HRNet",
        {
            "stage_cfg": {
                f"stage{k}": {
                    "num_modules": 1,
                    "num_branches": k,
                    "block": "BOTTLENECK" if k == 1 else "BASIC",
                    "num_blocks": [1] * k,
                    "num_channels": [64] if k == 1 else [32 * 2**j for j in range(k)],
                }
                for k in range(1, 5)
            }
        },
    ),
}


def smaller(mindcv, name: str):
    """The model, made by mindcv's own function with the arguments of ``SMALLER``."""
    _, kind, changed = SMALLER[name]
    registry = importlib.import_module("mindcv.models.registry")
    module = sys.modules[registry.model_entrypoint(name).__module__]
    whole = getattr(module, kind)
    begin = whole.__init__

    def with_changes(*args, **kwargs):
        given = inspect.signature(begin).bind(*args, **kwargs)
        given.arguments.update(changed)
        begin(*given.args, **given.kwargs)

    whole.__init__ = with_changes
    try:
        return mindcv.create_model(name)
    finally:
        whole.__init__ = begin


def families(mindspore, mindcv, names: list[str], records: dict, record: bool) -> int:
    """Trains the smallest model of each family; returns how many differ."""
    smallest: dict[str, tuple[int, str]] = {}
    for name, found in records["models"].items():
        if found and (not names or name in names):
            kind = family(mindcv, name)
            smallest[kind] = min(smallest.get(kind, (1 << 60, "")), (found[1], name))
    wrong = 0
    for kind, (_, name) in sorted(smallest.items(), key=lambda item: item[1]):
        if name in RAISE_THERE_TOO | WITHOUT_OP_THERE or (record and name in records["losses"]):
            continue
        begin = time.perf_counter()
        net = smaller(mindcv, name) if name in SMALLER else mindcv.create_model(name)
        fill(mindspore, net, GAINS.get(kind, 1.0))
        fixed = SMALLER.get(name, (SMALL_IMAGES.get(name),))[0]
        for size in (fixed,) if fixed else (input_size(net), *OTHER_SIZES):
            try:
                found = losses(mindspore, net, size)
                break
            except Exception as error:  # mindcv's models refuse images of another size
                found = f"{type(error).__name__}: {str(error)[:300]}"
        took = time.perf_counter() - begin
        if record:
            records["losses"][name] = found
            RECORDS.write_text(json.dumps(records, indent=0))
            print(kind, name, found, f"{took:.1f} s", flush=True)
            continue
        wanted = records["losses"].get(name)
        good = isinstance(wanted, list) and isinstance(found, list) and np.allclose(found, wanted, rtol=2e-3, atol=1e-4)
        wrong += not good
        print(f"{'equal ' if good else 'DIFFERS'} {kind} {name}: {found}, recorded {wanted}, {took:.1f} s", flush=True)
    print(f"{len(smallest)} families, {wrong} differ")
    return wrong


def forward(mindspore, mindcv, names: list[str], records: dict) -> int:
    """Runs models that MindSpore can run on one image of their size; returns how many raise or give results that are not finite."""
    wrong, image = 0, np.random.default_rng(0)
    names = [name for name in names if records["models"].get(name) and name not in RAISE_THERE_TOO]
    hidden = mindspore.Tensor(
        (np.arange(196) % 4 > 0).astype(np.float32)[None]
    )  # the patches that a model has to make up
    for name in names:
        begin = time.perf_counter()
        net = mindcv.create_model(name).set_train(False)
        fill(mindspore, net)
        problem = None
        for size in (input_size(net), *OTHER_SIZES):
            try:
                x = mindspore.Tensor(image.standard_normal((1, 3, size, size)).astype(np.float32))
                found = net(x, *([hidden] if name.endswith("_pretrain") else []))
            except Exception as error:  # mindcv's models refuse images of another size
                problem = f"{type(error).__name__}: {str(error)[:300]}"
                continue
            found = (found[0] if isinstance(found, (list, tuple)) else found).asnumpy()
            problem = (
                None
                if np.isfinite(found).all() and found.shape[:1] in ((), (1,))
                else f"shape {found.shape}, not all finite"
            )
            break
        wrong += problem is not None
        print(f"{name}: {problem or 'finite'}, {time.perf_counter() - begin:.1f} s", flush=True)
    print(f"{len(names)} models run forward, {wrong} do not")
    return wrong


def train(mindspore, mindcv) -> list[float]:
    """mindcv's ``train.py`` in short: a folder of images, its transforms, loader, loss, schedule, optimizer, callbacks, Model."""
    import tempfile

    from PIL import Image

    data, loss_module, optim, scheduler = (
        importlib.import_module(f"mindcv.{n}") for n in ("data", "loss", "optim", "scheduler")
    )
    draw, seen = np.random.default_rng(0), []

    class Losses(mindspore.Callback):
        def step_end(self, run_context):
            seen.append(float(np.mean(run_context.original_args().net_outputs.asnumpy())))

    with tempfile.TemporaryDirectory() as folder:
        for kind in "ab":
            os.makedirs(f"{folder}/train/{kind}")
            for k in range(4):
                pixels = draw.integers(0, 128, (40, 48, 3)) + (100 if kind == "b" else 0)
                Image.fromarray(pixels.astype(np.uint8)).save(f"{folder}/train/{kind}/{k}.png")
        images = data.create_dataset(root=folder, split="train", shuffle=False, num_parallel_workers=1)
        transforms = data.create_transforms("imagenet", is_training=False, image_resize=64, interpolation="bilinear")
        loader = data.create_loader(
            images,
            batch_size=4,
            drop_remainder=True,
            is_training=False,
            num_classes=2,
            transform=transforms,
            num_parallel_workers=1,
        )
        net = mindcv.create_model("resnet18", num_classes=2)
        fill(mindspore, net)
        rates = scheduler.create_scheduler(
            loader.get_dataset_size(),
            "cosine_decay",
            lr=5e-4,
            min_lr=1e-5,
            num_epochs=3,
            decay_epochs=3,
            warmup_epochs=0,
        )
        optimizer = optim.create_optimizer(
            net.trainable_params(), opt="momentum", lr=rates, weight_decay=1e-4, loss_scale=8.0
        )
        loss = loss_module.create_loss("CE", label_smoothing=0.1)
        manager = mindspore.FixedLossScaleManager(8.0, drop_overflow_update=False)
        metrics = {"top1": mindspore.nn.Top1CategoricalAccuracy()}
        model = mindspore.Model(net, loss, optimizer, metrics=metrics, amp_level="O0", loss_scale_manager=manager)
        model.train(3, loader, callbacks=[Losses()], dataset_sink_mode=False)
        return [*seen, float(model.eval(loader, dataset_sink_mode=False)["top1"])]


def training(mindspore, mindcv, records: dict, record: bool) -> int:
    """Trains on a folder of images; 1 where the losses and the accuracy differ from the recorded ones."""
    found = train(mindspore, mindcv)
    if record:
        records["training"] = found
        RECORDS.write_text(json.dumps(records, indent=0))
    good = np.allclose(found, records["training"], rtol=5e-3)
    print(f"{'equal ' if good else 'DIFFERS'} training: {found}, recorded {records['training']}")
    return int(not good)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    for flag in ("models", "families", "forward", "training", "record"):
        parser.add_argument(f"--{flag}", action="store_true")
    parser.add_argument("--graph", action="store_true", help="GRAPH mode")
    parser.add_argument("names", nargs="*")
    given = parser.parse_args()
    mindspore, mindcv = prepare(given.record)
    mindspore.set_context(mode=mindspore.GRAPH_MODE if given.graph else mindspore.PYNATIVE_MODE)
    records = json.loads(RECORDS.read_text()) if RECORDS.exists() else {"models": {}, "losses": {}}
    both, wrong = not (given.models or given.families or given.forward or given.training), 0
    if given.training:
        wrong += training(mindspore, mindcv, records, given.record)
    if given.forward:
        wrong += forward(mindspore, mindcv, given.names or mindcv.list_models(), records)
    if given.models or both:
        wrong += models(mindcv, given.names or mindcv.list_models(), records, given.record)
        if given.record:
            RECORDS.write_text(json.dumps(records, indent=0))
    if given.families or both:
        wrong += families(mindspore, mindcv, given.names, records, given.record)
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
