"""Calls of MindSpore's own tests with their values, types and classes of errors: recurrent and update primitives, types that primitives
refuse, sparse tensors in compiled control flow, functions at the edges of their arguments.

``outcomes.json`` holds what MindSpore 2.10 gave for them on a CPU in PYNATIVE mode; ``python outcomes.py`` writes it, run with MindSpore.
"""

import importlib
import json
from pathlib import Path

import numpy as np

REFUSED = {  # primitives by the types that are tried on them
    "bool": "Ceil Neg ReLU6 Square Floor Sqrt Rsqrt Sigmoid Tanh ReLU Mish Softsign GeLU Erfinv Lgamma Trunc",
    "int32": "ReLU6 Elu Mish SeLU Softsign HShrink SoftShrink GeLU CeLU Rint Digamma BesselJ0 LogSoftmax Softmax CheckNumerics Logit",
    "uint8": "ReLU6 Elu Softplus BesselI0 MatrixDeterminant Cholesky",
    "complex64": "Floor Ceil ReLU ReLU6 Sign Trunc Rint Softmax LogSoftmax Cummax",
}


def cases(ms):
    """{name: function without arguments}."""
    ops, P, f, i, l = ms.ops, ms.ops.operations, ms.float32, ms.int32, ms.int64

    def module(name):
        return importlib.import_module(f"{ms.__name__}.{name}")

    def t(*shape, seed=0, dt=np.float32):
        return ms.Tensor(np.random.RandomState(seed).randn(*shape).astype(dt))

    def u(*shape, seed=0):
        return ms.Tensor(np.random.RandomState(seed).uniform(0.2, 0.9, shape).astype(np.float32))

    def T(values, dtype=None):
        return ms.Tensor(np.array(values), dtype) if dtype else ms.Tensor(np.array(values))

    def weights(*tensors):
        return [ms.Parameter(x, name=f"w{k}") for k, x in enumerate(tensors)]

    c = {}
    # fmt: off
    G, NN, I, A, AG = (module(f"ops.operations.{n}") for n in ("_grad_ops", "nn_ops", "_inner_ops", "array_ops", "_rl_inner_ops"))

    def lstm(two, bias, gradient):
        d = 2 if two else 1
        x, h, cell, w = t(4,2,3), t(d,2,2), t(d,2,2,seed=1), t(d*(40+8*bias),1,1,seed=2)
        settings = (3, 2, 1, bias, two, 0.0)
        y, last_h, last_c, kept, _ = P.LSTM(*settings)(x,h,cell,w)
        if not gradient:
            return y, last_h, last_c
        return G.LSTMGrad(*settings)(x,h,cell,w,y,last_h,last_c,t(4,2,2*d,seed=3),t(d,2,2,seed=4),t(d,2,2,seed=5),kept)
    for two in (False,True):
        for bias in (False,True):
            for gradient in (False,True):
                c[f"lstm{two}{bias}{gradient}"]=lambda a=(two,bias,gradient): lstm(*a)
    c["gru"]=lambda: AG.GRUV2(3,2,1,True,False,0.0)(t(4,2,3),t(1,2,2),t(42,1,1),T([4,4],i))[:2]

    def updated(op, parameters, *inputs):
        made = weights(*parameters)
        op(*made, *inputs)
        return list(made)
    rows, at = t(2,2,seed=3), T([0,2],i)
    c["sparse_rms"]=lambda: updated(NN.SparseApplyCenteredRMSProp(),(t(3,2),u(3,2)*0,u(3,2)+1,u(3,2)),T(.1,f),T(.9,f),T(.9,f),T(1e-3,f),rows,at)
    c["sparse_momentum"]=lambda: updated(NN.SparseApplyMomentum(),(t(3,2),t(3,2,seed=1)),T(.1,f),rows,at,T(.9,f))
    c["sparse_proximal"]=lambda: updated(NN.SparseApplyProximalGradientDescent(),(t(3,2),),T(.1,f),T(.1,f),T(.2,f),rows,at)
    c["sparse_dual"]=lambda: updated(NN.SparseApplyAdagradDA(),(t(3,2),t(3,2,seed=1),u(3,2)),rows,at,T(.1,f),T(.1,f),T(.2,f),T(3,l))
    c["adam_step"]=lambda: NN.AdamNoUpdateParam()(*weights(t(3,2),u(3,2)),T(.9,f),T(.99,f),T(.1,f),T(.9,f),T(.99,f),T(1e-8,f),t(3,2,seed=2))
    c["conv3d_input"]=lambda: NN.Conv3DBackpropInput(2,(2,2,2))(t(2,3,2,2,2),t(1,2,2,2,2),(1,3,3,3,3))
    c["clip_norm"]=lambda: I.ClipByNorm()(t(3),T(1.,f))
    c["tile_size"]=lambda: I.TileSize()((2,1),(2,3),2)
    c["add_axis"]=lambda: A.ScatterAddWithAxis(0)(t(3,3),T([[0,1,2]],i),t(1,3))
    c["resize_gradient"]=lambda: G.ResizeV2Grad("half_pixel","linear")(t(1,1,1,4),T([0.],f),T([1.],f),T([1,1,1,3],l))
    c["next_after"]=lambda: ops.grad(lambda a,b: P.NextAfter()(a,b),(0,1))(T([1.,2.],f),T([2.,1.],f))
    # ------------------------------------------------ types
    for kind, names in REFUSED.items():
        x = T(np.ones((3,3)),getattr(ms,kind if kind!="bool" else "bool_"))
        for n in names.split():
            c[f"{n} {kind}"]=lambda n=n,x=x: getattr(P,n)(*([0] if n=="Cummax" else []))(x)
    for n in "Abs Exp Log Erf Reciprocal Sigmoid ReLU Tanh Flatten Sqrt Neg".split():
        c[f"{n} number"]=lambda n=n: getattr(P,n)()(5.0)
    # ------------------------------------------------ functions
    x, k = T([[0,1,2],[3,4,5]],f), T([[-2,-1,0],[1,2,3]],i)
    z = T([1+2j],ms.complex64)
    c["reduce0"]=lambda: (ops.reduce_max(x,0),ops.reduce_min(x,0),ops.reduce_mean(x,0))
    c["outer"]=lambda: ops.outer(x,x[0])
    c["take"]=lambda: (k.take(T([-1,7,2])),x.take(T([-1,1]),axis=1))
    c["permute"]=lambda: x.permute()
    c["cumsum8"]=lambda: (k.astype(ms.int8).cumsum(0),(k>0).cumsum(1))
    c["integers"]=lambda: (ops.hardtanh(k),ops.hardsigmoid(k),ops.hardswish(k),ops.tanhshrink(k),ops.lgamma(T([3,4],i)))
    c["with_numbers"]=lambda: (ops.lcm(k,4),ops.fmax(k,0),ops.nansum(k))
    c["bmm"]=lambda: ops.bmm(x,x.T)
    c["complex"]=lambda: [[ops.real(v),ops.imag(v)] for v in (ops.vecdot(z,T([1+1j],ms.complex64)),)]
    U, S = module("scipy.utils"), module("scipy.ops")
    c["normalized"]=lambda: (U._safe_normalize(T([3.,4],f)),U._nd_transpose(t(2,3,1)))
    lower = T([[2.,0,0],[1,3,0],[4,5,6]],f)
    for turn in "NTC":
        c[f"triangle{turn}"]=lambda turn=turn: S.SolveTriangular(True,turn=="C",turn)(lower,T([1.,2,3],f))
    c["lu"]=lambda: S.LU()(T([[1.,2],[3,4]],f))
    # ------------------------------------------------ sparse tensors
    CSR, COO = ms.CSRTensor, ms.COOTensor

    def parts(x):
        return [*x.to_tuple()[:-1], list(x.shape)]

    def csr(): return CSR(T([0,1,4,6],i),T([3,0,1,2,1,3],i),T(np.arange(6)-3.5,f),(3,4))
    def coo(places=i): return COO(T([[0,1],[1,2]],places),T([-1,2],f),(3,4))
    def other(): return COO(T([[0,2],[1,2],[2,3]],l),T([3,-2,1],f),(3,4))
    dense, column = t(3,4), t(3,1)
    c["coo_sums"]=lambda: (coo()+dense,dense+coo(),coo()-dense,dense-coo())
    c["coo_coo"]=lambda: (parts(coo(l)+other()),parts(coo(l)-other()),parts(coo(l).add(other(),T(.5,f))))
    c["coo_products"]=lambda: (parts(coo()*dense),parts(coo()/(dense+9)))
    c["csr_sums"]=lambda: (parts(csr()+csr()),parts(csr()-csr()),parts(csr().add(csr(),T(1.,f),T(2.,f))))
    c["csr_products"]=lambda: (parts(csr()*dense),parts(dense*csr()),parts(csr()/(dense+9)),parts(csr()*column))
    c["coalesce"]=lambda: parts(COO(T([[0,1],[0,1],[1,2]],l),T([1,5,4],f),(3,3)).coalesce())
    c["nothing"]=lambda: parts(COO(T([],i),T([],f),(3,4)))
    many = T(np.arange(24).reshape(4,2,3)+1,f)

    def batch(): return CSR(T([0,1,1,2,2],i),T([0,1],i),T([[2,1,3],[2,1,3]],f),(4,2,3))
    c["batch"]=lambda: (ops.csr_reduce_sum(batch(),1),(batch()*many).values,(batch()/many).values)
    c["gather"]=lambda: module("ops.operations._csr_ops").CSRGather()(T([0,1,1,2,2],i),T([0,1],i),many,(4,2,3))
    c["coo_twice"]=lambda: coo()*coo()
    c["coo_number"]=lambda: COO(T([[0,1]],i),T([1,2],f),(3,4))
    both = ops.GradOperation(get_all=True)

    def field(a, b): return COO(a,b,(3,4)).indices
    def values(a, b): return COO(a,b,(3,4)).abs().values
    def scaled(a, b, v, d): return (CSR(a,b,v,(3,4))*d).values
    def kind(a, b): return COO(a,b,(3,4)).dtype
    def looped(a, b, v, n):
        x = CSR(a,b,v,(3,4))
        while n < 3:
            x = CSR(x.indptr,x.indices,x.values*2,x.shape)
            n = n + 1
        return x.values
    def chosen(a, b, n):
        x = COO(a,b,(3,4))
        if n > 1:
            x = COO(x.indices,x.values*2,x.shape)
        else:
            x = COO(x.indices,x.values+2,x.shape)
        return x.values
    def found(x): return x.to_csr().values
    place = coo().to_tuple()[:2]
    c["of_places"]=lambda: both(field)(*place)
    c["of_values"]=lambda: both(values)(*place)
    c["of_kind"]=lambda: both(kind)(*place)
    c["of_products"]=lambda: both(scaled)(*csr().to_tuple()[:3],column)
    c["of_found"]=lambda: both(found)(T([[2,0,-1],[0,0,1]],f))
    c["looped"]=lambda: ms.jit(looped)(*csr().to_tuple()[:3],T(0,i))
    c["chosen"]=lambda: (ms.jit(chosen)(*place,T(0,i)),ms.jit(chosen)(*place,T(2,i)))
    # fmt: on
    return c


def outcome(call, plain):
    """The values of a call, or the class of its error."""
    try:
        return plain(call())
    except Exception as error:
        return {"error": type(error).__name__}


if __name__ == "__main__":
    import mindspore
    from rare_ops import plain

    mindspore.set_context(mode=mindspore.PYNATIVE_MODE)
    found = {name: outcome(call, plain) for name, call in cases(mindspore).items()}
    print({name: x["error"] for name, x in found.items() if isinstance(x, dict)})
    rounded = json.loads(json.dumps(found), parse_float=lambda x: float(f"{float(x):.6g}"))
    lines = ",\n".join(f"{json.dumps(k)}:{json.dumps(v, separators=(',', ':'))}" for k, v in rounded.items())
    Path(__file__).with_suffix(".json").write_text("{" + lines + "}\n")
