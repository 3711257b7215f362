"""LLVM's part of a compilation: text of LLVM IR -> optimised module -> object code.

It imports nothing but llvmlite: the processes that help to compile (compile_process.py) run this file alone, and so are ready
after some hundredths of a second.
"""

import os
import pickle
import signal
import sys
from functools import cache

import llvmlite.binding as llvm


@cache
def target():
    """LLVM's description of this processor, made once."""
    # Loops over many arrays are vectorised too: each pair of them of which one is written takes a comparison before the loop,
    # and so does each element of a row that is written out.
    for kind in ("memory", "scev"):
        llvm.set_option("minispore", f"--vectorize-{kind}-check-threshold=1000")
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    found = llvm.Target.from_default_triple()
    features = llvm.get_host_cpu_features().flatten()
    if (
        found.name.startswith("x86") and llvm.llvm_version_info[0] >= 18
    ):  # gather instructions take longer than loads of each element
        features += ",+prefer-no-gather"
    return found.create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=features, opt=3,
        reloc="static" if found.name.startswith("x86") else "default", codemodel="jitdefault", jit=True,
    )  # fmt: skip


def optimised(text: str):
    """The module of LLVM IR after all passes."""
    machine = target()
    module = llvm.parse_assembly(text)
    module.triple, module.data_layout = llvm.get_process_triple(), str(machine.target_data)
    module.verify()
    options = llvm.create_pipeline_tuning_options(speed_level=3)
    options.loop_vectorization, options.slp_vectorization = True, False
    passes = llvm.create_pass_builder(machine, options)
    passes.getModulePassManager().run(module, passes)
    return module


def object_code(text: str) -> bytes:
    return target().emit_object(optimised(text))


def serve() -> None:
    """A helping process: answers "ready", then the object code of each text that it is sent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that started this one
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what is printed must not mix with the answers
    target()
    answer = b"ready"
    while True:
        pickle.dump(answer, out)
        out.flush()
        try:
            text = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        answer = object_code(text)


if __name__ == "__main__":
    serve()
