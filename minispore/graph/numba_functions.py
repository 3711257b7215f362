"""Functions that users have compiled with numba, as kernels; no other module of the compiler needs numba."""

from .interrupts import interrupts_wait


@interrupts_wait()
def native_function(function, types, outputs):
    """A C function for the table that calls a user's numba function of arrays.

    ``types``, ``outputs``: (shape, dtype) of the arrays, whose addresses are the arguments.  It runs without the GIL.
    """
    import numba

    n = len(types)
    lines = ["def entry(ret, exc, args, lo, hi):"]
    for k, (shape, dtype) in enumerate([*types, *outputs]):
        lines.append(f"    x{k} = carray(void(args[{k}]), {tuple(shape)!r}, {dtype.np.name})")
    lines.append(f"    found = function({', '.join(f'x{k}' for k in range(n))})")
    if len(outputs) == 1:
        lines.append(f"    x{n}[...] = found")
    else:
        lines += [f"    x{n + k}[...] = found[{k}]" for k in range(len(outputs))]
    lines.append("    return int32(0)")

    @numba.extending.intrinsic
    def void(typingctx, address):
        def codegen(context, builder, signature, values):
            return builder.inttoptr(values[0], context.get_value_type(numba.types.voidptr))

        return numba.types.voidptr(numba.types.int64), codegen

    scope = {"function": function, "carray": numba.carray, "void": void, "int32": numba.int32}
    scope.update({dtype.np.name: dtype.np.type for _, dtype in [*types, *outputs]})
    exec("\n".join(lines), scope)
    signature = numba.int32(
        numba.types.voidptr, numba.types.voidptr, numba.types.CPointer(numba.int64), numba.int64, numba.int64
    )
    return numba.cfunc(signature)(scope["entry"])
