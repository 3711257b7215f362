"""Trains a small network by mindcv's trainer, optimizers, losses, schedules and callbacks, unchanged, and compares with the real MindSpore.

``python tools/check_mindcv_training.py [--graph] [name ...]``: each program of ``PROGRAMS`` is run, and its numbers are compared with
recorded ones.  mindcv is found as in check_mindcv.py.  ``--record`` writes tests/records/mindcv_training.json, on the real MindSpore.
"""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

import check_mindcv
import numpy as np

RECORDS = check_mindcv.RECORDS.with_name("mindcv_training.json")
CLASSES = 5


def network(ms):
    """A convolution with batch normalisation, and a head."""
    nn = ms.nn
    net = nn.SequentialCell(
        nn.Conv2d(3, 8, 3, 2, pad_mode="pad", padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dense(8, CLASSES)
    )  # fmt: skip
    for k, p in enumerate(net.get_parameters()):
        noise = np.random.default_rng(k).standard_normal(p.shape).astype(np.float32)
        p.set_data(ms.Tensor(noise / 2 if len(p.shape) > 1 else p.asnumpy() + 0.1 * np.abs(noise)))
    return net


def batches(ms, steps=4, one_hot=False, size=4):
    """A data set of images and labels."""
    draw = np.random.default_rng(0)
    images = draw.standard_normal((steps * size, 3, 8, 8)).astype(np.float32)
    labels = (np.arange(steps * size) % CLASSES).astype(np.int32)
    if one_hot:
        labels = np.eye(CLASSES, dtype=np.float32)[labels]
    return ms.dataset.NumpySlicesDataset({"image": images, "label": labels}, shuffle=False).batch(size)


def trained(ms, opt="momentum", schedule="cosine_decay", loss="CE", lr=0.02, optimizer=(), smoothing=0.0, **trainer):
    """The losses of four steps, and the sums of the sizes of weights, of moving statistics and of averages after them."""
    from mindcv.loss import create_loss
    from mindcv.optim import create_optimizer
    from mindcv.scheduler import create_scheduler
    from mindcv.utils.trainer_factory import create_trainer

    net, seen = network(ms), []
    rates = create_scheduler(
        2, schedule, lr=lr, min_lr=1e-3, warmup_epochs=0, decay_epochs=2, num_epochs=2, milestones=[1], decay_rate=0.5
    )
    scale = trainer.get("loss_scale", 1.0)
    made = create_optimizer(
        net.trainable_params(), opt=opt, lr=rates, weight_decay=0.01, **{"loss_scale": scale, **dict(optimizer)}
    )
    settings = {"amp_level": "O0", "amp_cast_list": None, "loss_scale_type": "fixed", **trainer}

    class Losses(ms.Callback):
        def step_end(self, run_context):
            found = run_context.original_args().net_outputs
            seen.append(float(np.mean((found[0] if isinstance(found, tuple) else found).asnumpy())))

    criterion = create_loss(loss, label_smoothing=smoothing)
    metrics = {"top1": ms.nn.Top1CategoricalAccuracy()} if loss == "CE" else None
    model = create_trainer(net, criterion, made, metrics, **settings)
    data = batches(ms, one_hot=loss in ("BCE", "asl_multi_label"))
    model.train(1, data, callbacks=[Losses()], dataset_sink_mode=False)
    sizes = {p.name: float(np.abs(p.asnumpy()).sum()) for p in model.train_network.get_parameters()}
    weights = sum(v for name, v in sizes.items() if name in {p.name for p in net.trainable_params()})
    statistics = sum(v for name, v in sizes.items() if "moving" in name and not name.startswith("ema"))
    averages = sum(v for name, v in sizes.items() if name.startswith("ema"))
    return [*seen, weights, statistics, averages]


def callbacks(ms):
    """StateMonitor: it validates, writes the log and the best checkpoints, whose weights are then validated and asked for a class."""
    from mindcv.loss import create_loss
    from mindcv.optim import create_optimizer
    from mindcv.utils import StateMonitor
    from mindcv.utils.trainer_factory import create_trainer, get_metrics

    net, made = network(ms), []
    loss = create_loss("CE")
    steps = create_optimizer(net.trainable_params(), opt="adamw", lr=0.01, weight_decay=0.05)
    metrics = get_metrics(CLASSES)
    model = create_trainer(net, loss, steps, metrics, "O0", None, "fixed")
    data = batches(ms)
    with tempfile.TemporaryDirectory() as folder:
        watcher = StateMonitor(
            model, model_name="small", dataset_sink_mode=False, dataset_val=data, metric_name=list(metrics),
            ckpt_save_dir=folder, summary_dir=folder, ckpt_save_policy="top_k", ckpt_keep_max=2, log_interval=2,
        )  # fmt: skip
        model.train(3, data, callbacks=[watcher], dataset_sink_mode=False)
        made += [float(line.split()[1]) for line in Path(folder, "result.log").read_text().splitlines()[1:4]]
        files = sorted(name for name in os.listdir(folder) if name.endswith(".ckpt"))
        fresh = network(ms)
        ms.load_param_into_net(fresh, ms.load_checkpoint(os.path.join(folder, "small_best.ckpt")))
        made += [len(files), *ms.Model(fresh, loss, metrics=metrics).eval(data, dataset_sink_mode=False).values()]
        image = ms.Tensor(next(iter(batches(ms)))[0].asnumpy())
        made += ms.ops.softmax(fresh.set_train(False)(image)).asnumpy().max(1).tolist()
    return [float(x) for x in made]


def schedules(ms):
    """The rates of all schedules of mindcv."""
    from mindcv.scheduler import create_scheduler

    made = []
    for name in (
        "cosine_decay", "one_cycle", "cyclic", "exponential_decay", "polynomial_decay", "step_decay", "multi_step_decay", "constant",
    ):  # fmt: skip
        made += create_scheduler(
            3, name, lr=0.1, min_lr=0.001, warmup_epochs=0 if "cyc" in name else 1, warmup_factor=0.1, decay_epochs=3, decay_rate=0.7, milestones=[2, 3], num_epochs=4
        )  # fmt: skip
    return [float(x) for x in made]


def augmented(ms):
    """Shapes and ranges of what the augmentations give, whose random numbers are each framework's own: mixing, AutoAugment and such."""
    from mindcv.data import create_dataset, create_loader, create_transforms
    from PIL import Image

    made, draw = [], np.random.default_rng(0)
    with tempfile.TemporaryDirectory() as folder:
        for kind in "ab":
            os.makedirs(f"{folder}/train/{kind}")
            for k in range(4):
                Image.fromarray(draw.integers(0, 255, (40, 48, 3)).astype(np.uint8)).save(
                    f"{folder}/train/{kind}/{k}.png"
                )
        for augment in (None, "randaug-m7-mstd0.5", "autoaug", "trivialaugwide", "augmix"):
            images = create_dataset(root=folder, split="train", shuffle=True, num_parallel_workers=1)
            steps = create_transforms(
                "imagenet",
                is_training=True,
                image_resize=32,
                auto_augment=augment,
                hflip=0.5,
                color_jitter=0.4,
                re_prob=0.25,
            )
            mixed = create_loader(
                images, 4, drop_remainder=True, is_training=True, mixup=0.8, cutmix=1.0, cutmix_prob=1.0, num_classes=2, transform=steps,
                num_parallel_workers=1,
            )  # fmt: skip
            for image, label in mixed.create_tuple_iterator(num_epochs=1):
                good = np.isfinite(image.asnumpy()).all() and np.allclose(label.asnumpy().sum(-1), 1, atol=1e-3)
                made += [*map(int, image.shape), *map(int, label.shape), int(good)]
    return made


PROGRAMS = {
    **{f"optimizer_{opt}": {"opt": opt} for opt in ("sgd", "momentum", "adam", "adamw", "lion", "nadam", "adan", "rmsprop", "adagrad", "lamb")},
    **{f"schedule_{name}": {"schedule": name} for name in ("step_decay", "one_cycle", "polynomial_decay", "constant")},
    **{f"loss_{name}": {"loss": name} for name in ("BCE", "asl_single_label", "asl_multi_label")},
    "smoothed_labels": {"smoothing": 0.1},
    "averages_of_weights": {"ema": True, "ema_decay": 0.9},
    "clipped_gradients": {"clip_grad": True, "clip_value": 0.1},
    "sums_of_gradients": {"gradient_accumulation_steps": 2, "ema": True, "clip_grad": True, "opt": "adamw"},
    "half_precision": {"amp_level": "O2", "loss_scale": 1024.0, "drop_overflow_update": False},
    "half_precision_averaged": {"amp_level": "O2", "loss_scale": 64.0, "ema": True, "clip_grad": True},
    "half_precision_of_layers": {"amp_level": "O1", "amp_cast_list": "[nn.Conv2d]", "loss_scale": 8.0},
    "callbacks": callbacks,
    "schedules": schedules,
    "augmented": augmented,
}  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--graph", action="store_true", help="GRAPH mode")
    parser.add_argument("names", nargs="*")
    given = parser.parse_args()
    ms, _ = check_mindcv.prepare(given.record)
    ms.set_context(mode=ms.GRAPH_MODE if given.graph else ms.PYNATIVE_MODE)
    records = json.loads(RECORDS.read_text()) if RECORDS.exists() else {}
    wrong = 0
    for name in given.names or PROGRAMS:
        program = PROGRAMS[name]
        try:
            found = program(ms) if callable(program) else trained(ms, **program)
        except Exception as error:
            if os.environ.get("RAISE"):
                raise
            found = f"{type(error).__name__}: {error}"[:200]
        if given.record:
            records[name] = found if isinstance(found, list) else found.partition(":")[0]
            RECORDS.write_text(json.dumps(records, indent=0) + "\n")
        wanted, loose = records.get(name), "half" in name
        if isinstance(wanted, str):  # mindcv's code raises there
            good = isinstance(found, list) or found.startswith(wanted)
        else:
            good = isinstance(found, list) and wanted is not None and len(found) == len(wanted)
            good = good and np.allclose(found, wanted, rtol=1e-2 if loose else 1e-3, atol=1e-3 if loose else 1e-5)
        wrong += not good
        print(f"{'equal  ' if good else 'DIFFERS'} {name}: {found}, recorded {wanted}"[:1200], flush=True)
    print(f"{wrong} differ")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
