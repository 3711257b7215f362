"""Primitives that MindSpore's own tests call: gradients of ops (``_grad_ops``), sparse arrays, pools, pictures, decoders, caches.

``cpu_primitives.json`` holds what MindSpore 2.10 gave for them on a CPU in PYNATIVE mode; ``python cpu_primitives.py`` writes it, run with
MindSpore.  It leaves out those that raise there, where its CPU has no kernel for the arguments.
"""

import importlib
import json
from pathlib import Path

import numpy as np


def cases(ms):
    """{name: function without arguments}."""
    ops, P, f, i, l = ms.ops, ms.ops.operations, ms.float32, ms.int32, ms.int64
    r = np.random.RandomState

    def module(name):
        return importlib.import_module(f"{ms.__name__}.ops.operations.{name}")

    G, I, A, M, NN = (module(n) for n in ("_grad_ops", "_inner_ops", "array_ops", "math_ops", "nn_ops"))
    Im, E, S, IN = (module(n) for n in ("image_ops", "_embedding_cache_ops", "sparse_ops", "inner_ops"))

    def t(*shape, seed=0, dt=np.float32):
        return ms.Tensor(r(seed).randn(*shape).astype(dt))

    def u(*shape, seed=0, dt=np.float32):
        return ms.Tensor(r(seed).rand(*shape).astype(dt))

    def T(values, dtype=None):
        return ms.Tensor(np.array(values), dtype) if dtype else ms.Tensor(np.array(values))

    class Net(ms.nn.Cell):
        def __init__(self, op):
            super().__init__()
            self.op = op

        def construct(self, *args):
            return self.op(*args)

    def run(op, *args):
        return Net(op)(*args)

    c = {}
    # fmt: off
    # ------------------------------------------------ gradients
    x,g=t(2,3),t(2,3,seed=1)
    half=ms.Tensor(np.clip(np.random.RandomState(3).rand(2,3),.1,.9).astype(np.float32))
    for n in "AbsGrad ACosGrad AsinGrad AtanGrad AcoshGrad AsinhGrad InvGrad ReciprocalGrad RsqrtGrad SqrtGrad SigmoidGrad TanhGrad LogSoftmaxGrad".split():
        c[n]=lambda n=n: run(getattr(G,n)(),half,g)
        c[n+"64"]=lambda n=n: run(getattr(G,n)(),half.astype(ms.float64),g.astype(ms.float64))
        c[n+"16"]=lambda n=n: run(getattr(G,n)(),half.astype(ms.float16),g.astype(ms.float16))
    for n in "FastGeLUGrad HSigmoidGrad HSwishGrad ReLU6Grad SoftplusGrad ReluGrad SiLUGrad HShrinkGrad SoftShrinkGrad EluGrad".split():
        c[n]=lambda n=n: run(getattr(G,n)(),g,x)
        c[n+"16"]=lambda n=n: run(getattr(G,n)(),g.astype(ms.float16),x.astype(ms.float16))
    c["GeLUGrad"]=lambda: run(G.GeLUGrad(),g,x,ops.gelu(x))
    c["LogitGrad"]=lambda: run(G.LogitGrad(1e-5),g,half)
    c["MvlgammaGrad"]=lambda: run(G.MvlgammaGrad(2),g,half+3)
    c["IgammaGradA"]=lambda: run(G.IgammaGradA(),T([[.5,1.5],[2.,7.]],ms.float32),T([[.3,2.],[2.5,6.]],ms.float32))
    for n in "MaximumGrad MinimumGrad".split():
        for d in (ms.float32,ms.int32,ms.float16,ms.float64,ms.int64):
            c[f"{n}{d}"]=lambda n=n,d=d: run(getattr(G,n)(),T([[1,2,3],[4,5,6]],d),T([3,2,1],d),T([[1,2,3],[4,5,6]],d))
    c["MaximumGradGrad"]=lambda: run(G.MaximumGradGrad(),x,t(2,3,seed=2),g,t(2,3,seed=4))
    c["MinimumGradGrad"]=lambda: run(G.MinimumGradGrad(),x,t(2,3,seed=2),g,t(2,3,seed=4))
    c["PReLUGrad"]=lambda: run(G.PReLUGrad(),t(2,3,4),t(2,3,4,seed=1),T([.1,.2,.3],ms.float32))
    c["DropoutGrad"]=lambda: run(G.DropoutGrad(0.5),x,T([[1,0,1],[0,1,1]],ms.float32))
    for red in ("mean","sum","none"):
        go=T(1.5,ms.float32) if red!="none" else g
        c["BCEG"+red]=lambda red=red,go=go: run(G.BinaryCrossEntropyGrad(red),half,T([[1,0,1],[0,1,0]],ms.float32),go,half)
        c["KL"+red]=lambda red=red,go=go: run(G.KLDivLossGrad(red),go,x,half)
        c["SL1"+red]=lambda red=red,go=go: run(G.SmoothL1LossGrad(1.0,red),x,half,go)
        gn=T(1.5,ms.float32) if red!="none" else T([1.,2],ms.float32)
        c["NLL"+red]=lambda red=red,gn=gn: run(G.NLLLossGrad(red),x,gn,T([1,2],ms.int32),T([.1,.2,.3],ms.float32),T(.5,ms.float32))
        c["MLM"+red]=lambda red=red,gn=gn: run(G.MultilabelMarginLossGrad(red),gn,x,T([[1,-1,0],[2,0,-1]],ms.int32),T([[0,1,0],[1,0,1]],ms.int32))
        c["MM"+red]=lambda red=red,gn=gn: run(G.MultiMarginLossGrad(1,1.0,red),gn,x,T([1,2],ms.int64),T([.1,.2,.3],ms.float32))
    c["SCE"]=lambda: run(G.SigmoidCrossEntropyWithLogitsGrad(),x,half,g)
    for p in (1.0,2.0,3.0,float("inf")):
        c[f"Pdist{p}"]=lambda p=p: run(G.PdistGrad(p),t(6),t(4,3,seed=1),P.Pdist(p)(t(4,3,seed=1)))
    c["AAP2"]=lambda: run(G.AdaptiveAvgPool2DGrad(),t(1,2,2,2),T([1,2,4,5],ms.int64))
    c["AAP3"]=lambda: run(G.AdaptiveAvgPool3DGrad(),t(1,2,2,2,2),T([1,2,4,5,3],ms.int32))
    for m in ("VALID","SAME"):
        xx=t(1,2,5,5)
        c["AvgPoolGrad"+m]=lambda m=m: run(G.AvgPoolGrad(2,2,m),xx,P.AvgPool(2,2,m)(xx),P.AvgPool(2,2,m)(xx)+1)
        c["MaxPoolGrad"+m]=lambda m=m: run(G.MaxPoolGrad(2,2,m),xx,P.MaxPool(2,2,m)(xx),P.MaxPool(2,2,m)(xx)+1)
        c["MaxPoolGradGrad"+m]=lambda m=m: run(G.MaxPoolGradGrad(2,2,m),xx,P.MaxPool(2,2,m)(xx),t(1,2,5,5,seed=4))
        x5=t(1,2,4,4,4)
        c["MaxPool3DGrad"+m]=lambda m=m: run(G.MaxPool3DGrad((1,1,2,2,2),(1,1,2,2,2),m),x5,P.MaxPool3D(2,2,m)(x5),P.MaxPool3D(2,2,m)(x5)+1)
        c["MaxPool3DGradGrad"+m]=lambda m=m: run(G.MaxPool3DGradGrad((1,1,2,2,2),(1,1,2,2,2),m),x5,P.MaxPool3D(2,2,m)(x5),t(1,2,4,4,4,seed=3))
        c["AvgPool3DGrad"+m]=lambda m=m: run(G.AvgPool3DGrad(2,2,pad_mode=m),(1,2,4,4,4),P.AvgPool3D(2,2,m)(x5)+1)
    c["AMP2"]=lambda: run(G.AdaptiveMaxPool2DGrad(),t(1,1,2,2),t(1,1,3,3,seed=1),T([[[[0,2],[4,8]]]],ms.int64))
    c["AMP3"]=lambda: run(G.AdaptiveMaxPool3DGrad(),t(1,1,1,2,2),t(1,2,3,3,seed=1)[None][0][None],T([[[[[0,2],[4,8]]]]],ms.int32))
    c["MPA2"]=lambda: run(G.MaxPoolGradWithArgmaxV2(2,2),t(1,1,4,4),t(1,1,2,2),T([[[[0,2],[9,11]]]],ms.int64))
    c["MPA3"]=lambda: run(G.MaxPool3DGradWithArgmax((2,2,2),(2,2,2),(0,0,0)),t(1,1,2,2,4),t(1,1,1,1,2),T([[[[[1,14]]]]],ms.int64))
    c["MPGA"]=lambda: run(G.MaxPoolGradGradWithArgmax(2,2),t(1,1,4,4),t(1,1,4,4,seed=1),T([[[[0,2],[9,11]]]],ms.int32))
    c["FMP2"]=lambda: run(G.FractionalMaxPoolGradWithFixedKsize(),t(1,1,4,4),t(1,1,2,2),T([[[[0,2],[9,11]]]],ms.int64))
    c["FMP3"]=lambda: run(G.FractionalMaxPool3DGradWithFixedKsize(),t(1,1,2,2,4),t(1,1,1,1,2),T([[[[[1,14]]]]],ms.int64))
    c["MU2"]=lambda: run(G.MaxUnpool2DGrad(2,2),t(1,1,2,2),t(1,1,4,4),T([[[[0,2],[9,11]]]],ms.int64))
    c["MU3"]=lambda: run(G.MaxUnpool3DGrad(2,2),t(1,1,1,1,2),t(1,1,2,2,4),T([[[[[1,14]]]]],ms.int64))
    xm=t(3,4)
    c["Med"]=lambda: run(G.MedianGrad(False,1,False),t(3),xm,P.Median(False,1)(xm)[0],P.Median(False,1)(xm)[1])
    c["MedG"]=lambda: run(G.MedianGrad(True),T(2.,ms.float32),xm,P.Median(True)(xm)[0],T(1,ms.int64))
    c["BiasAddGrad"]=lambda: run(G.BiasAddGrad(),t(2,3,4,5))
    c["BiasAddGrad2"]=lambda: run(G.BiasAddGrad(),t(2,3))
    mean=xm.mean(1,keep_dims=True)
    var=((xm-mean)**2).mean(1,keep_dims=True)
    c["LNG"]=lambda: run(G.LayerNormGrad(),xm,t(3,4,seed=1),var,mean,t(4,seed=2))
    c["LNGG"]=lambda: run(G.LayerNormGradGrad(),xm,t(3,4,seed=1),var,mean,t(4,seed=2),t(3,4,seed=3),t(4,seed=4),t(4,seed=5))
    x4=t(2,3,2,2)
    for tr in (False,True):
        m_=x4.mean((0,2,3))
        v_=((x4-m_.reshape(1,3,1,1))**2).mean((0,2,3))
        c[f"BNG{tr}"]=lambda tr=tr: run(G.BatchNormGrad(tr,1e-5),t(2,3,2,2,seed=1),x4,t(3,seed=2),m_,v_,v_)
        c[f"BNGG{tr}"]=lambda tr=tr: run(G.BatchNormGradGrad(tr,1e-5),x4,t(2,3,2,2,seed=1),t(3,seed=2),m_,v_,t(2,3,2,2,seed=4),t(3,seed=5),t(3,seed=6))
    c["L2NG"]=lambda: run(G.L2NormalizeGrad(1),x,P.L2Normalize(1)(x),g)
    c["LRNG"]=lambda: run(G.LRNGrad(),t(1,3,2,2),t(1,3,2,2,seed=1),P.LRN()(t(1,3,2,2,seed=1)))
    c["FlattenGrad"]=lambda: run(G.FlattenGrad(),t(2,6),(2,3,2))
    c["GatherD"]=lambda: run(G.GatherDGradV2(),x,1,T([[0,0],[2,1]],ms.int64),t(2,2))
    c["Glu"]=lambda: run(G.GluGrad(1),t(2,2),t(2,4,seed=1))
    c["MSel"]=lambda: run(G.MaskedSelectGrad(),x,T([[True,False,True],[False,True,True]]),t(4))
    c["SliceG"]=lambda: run(G.SliceGrad(),t(1,2),x,(1,1),(1,2))
    c["MPG"]=lambda: run(G.MirrorPadGrad("REFLECT"),t(4,5),T([[1,1],[1,1]],ms.int64))
    c["MPGs"]=lambda: run(G.MirrorPadGrad("SYMMETRIC"),t(4,5),T([[1,1],[1,1]],ms.int64))
    c["SSG"]=lambda: run(G.StridedSliceGrad(),t(1,2),(2,4),(0,0),(1,4),(1,2))
    c["PadV3e"]=lambda: run(G.PadV3Grad("edge",True),t(1,2,5,6),T([1,2,0,1],ms.int64))
    c["PadV3c"]=lambda: run(G.PadV3Grad("circular",True),t(1,2,5,6),T([1,1,1,1],ms.int64))
    c["UniqueG"]=lambda: run(G.UniqueGrad(),(T([1.,2,3],ms.float32),T([0,0,0,0],ms.int32)),(T([1.,2,3],ms.float32),T([0,1,2,1],ms.int32)))
    c["TraceG"]=lambda: run(G.TraceGrad(),T(2.,ms.float32),T([2,3],ms.int64))
    spd=np.array([[4,1.],[1,3]],np.float32)
    c["CholG"]=lambda: run(G.CholeskyGrad(),T(np.linalg.cholesky(spd)),t(2,2))
    c["EinG"]=lambda: run(G.EinsumGrad("ij,jk->ik"),(t(2,3),t(3,4)),t(2,4))
    c["LUG"]=lambda: run(G.LuUnpackGrad(True,True),t(3,3),t(3,4),t(3,4))
    c["LUG2"]=lambda: run(G.LuUnpackGrad(True,True),t(4,3),t(3,3),t(4,3))
    c["C2F"]=lambda: run(G.Conv2DBackpropFilter(4,3,"valid",0,mode=1,stride=(1,1),dilation=(1,1,1,1),group=1),t(1,4,2,2),t(1,3,4,4),(4,3,3,3))
    c["C2Fs"]=lambda: run(G.Conv2DBackpropFilter(4,3,"same",0,mode=1,stride=(2,2),dilation=(1,1,1,1),group=1),t(1,4,2,2),t(1,3,4,4),(4,3,3,3))
    c["Aff"]=lambda: run(G.AffineGridGrad(),t(1,2,2,2),(1,3,2,2))
    for a in (False,True):
        c[f"RB{a}"]=lambda a=a: run(G.ResizeBilinearGrad(a),t(1,2,4,5),t(1,2,2,3))
        c[f"RBc{a}"]=lambda a=a: run(G.ResizeBicubicGrad(a),t(1,2,4,5),t(1,2,2,3))
        c[f"RN{a}"]=lambda a=a: run(G.ResizeNearestNeighborGrad(a),t(1,2,4,5),(2,3))
    c["RL1"]=lambda: run(G.ResizeLinear1DGrad(),t(1,2,5),t(1,2,3))
    c["RL1h"]=lambda: run(G.ResizeLinear1DGrad("half_pixel"),t(1,2,5),t(1,2,3))
    c["UN3"]=lambda: run(G.UpsampleNearest3DGrad(),t(1,1,2,4,4),(1,1,1,2,2),(2,4,4),None)
    c["UT3"]=lambda: run(G.UpsampleTrilinear3DGrad(),t(1,1,2,4,4),(1,1,1,2,2),(2,4,4),None)
    c["ROI"]=lambda: run(G.ROIAlignGrad(2,2,0.5,2),t(1,1,2,2),T([[0,1.,1.,6.,6.]],ms.float32),(1,1,4,4))
    # ------------------------------------------------ sparse arrays
    def csr(dt=f,idx=i): return (T([2,3],idx),T([0,3],idx),T([0,1,3],idx),T([1,0,2],idx),T([3.,4,5],dt))
    def csrb(dt=f,idx=i): return (T([2,2,3],idx),T([0,2,4],idx),T([0,1,2,0,1,2],idx),T([0,1,2,0],idx),T([3.,4,5,6],dt))
    for n,cc in (("2",csr),("3",csrb)):
        c["todense"+n]=lambda cc=cc: run(S.CSRSparseMatrixToDense(),*cc())
        c["tosp"+n]=lambda cc=cc: run(S.CSRSparseMatrixToSparseTensor(),*cc())
        c["nnz"+n]=lambda cc=cc: run(S.SparseMatrixNNZ(),*cc())
        c["tr"+n]=lambda cc=cc: run(S.SparseMatrixTranspose(),*cc())
        c["add"+n]=lambda cc=cc: run(S.SparseMatrixAdd(),*cc(),*cc(),T(1.,f),T(2.,f))
    c["d2csr"]=lambda: run(S.DenseToCSRSparseMatrix(),T([[1.,2,0],[0,0,3]],f),T([[0,0],[0,1],[1,2]],i))
    c["sp2csr"]=lambda: run(S.SparseTensorToCSRSparseMatrix(),T([[0,1],[1,0],[1,2]],i),T([3.,4,5],f),T([2,3],i))
    c["sp2csr64"]=lambda: run(S.SparseTensorToCSRSparseMatrix(),T([[0,0,1],[1,1,0],[1,1,2]],l),T([3.,4,5],ms.float64),T([2,2,3],l))
    c["mm"]=lambda: run(S.SparseMatrixMatMul(),*csr(),t(3,2))
    c["mmt"]=lambda: run(S.SparseMatrixMatMul(transpose_x1=True,transpose_output=True),*csr(),t(2,2))
    for op in ("a-b","b-a","intersection","union"):
        c["dd"+op]=lambda op=op: run(S.DenseToDenseSetOperation(op,True),T([[2,2,0],[2,2,1],[0,2,2]],i),T([[2,2,1],[0,2,0],[0,1,1]],i))
    c["r2s"]=lambda: run(S.RaggedTensorToSparse(l),(T([0,3,3,5,6],l),),T([1,2,3,4,5,6],i))
    c["r2s2"]=lambda: run(S.RaggedTensorToSparse(l),(T([0,2,3],l),T([0,1,3,4],l)),T([1.,2,3,4],f))
    sp1=(T([[0,1],[1,2]],l),T([1.,2],f),T([3,4],l))
    sp2=(T([[0,1],[2,0]],l),T([3.,4],f),T([3,4],l))
    c["sadd"]=lambda: run(S.SparseAdd(),*sp1,*sp2,T(0,f))
    c["saddt"]=lambda: run(S.SparseAdd(),*sp1,*sp2,T(3.,f))
    c["addmm"]=lambda: run(S.SparseAddmm(),T([[0,1],[1,2]],i),T([1.,2],f),T([2,3],i),t(3,2),t(2,2),T([2.],f),T([.5],f))
    c["sspaddmm"]=lambda: run(S.Sspaddmm(),T([[0,1],[0,1]],l),T([1.,2],f),T([3,3],l),T([[0,1],[2,2]],l),T([3.,4],f),T([3,3],l),T([[1.,2,3],[1,3,2],[3,2,1]],f),T(1.,f),T(2.,f))
    c["concat"]=lambda: run(S.SparseConcat(1),(sp1[0],sp2[0]),(sp1[1],sp2[1]),(sp1[2],sp2[2]))
    c["concat0"]=lambda: run(S.SparseConcat(0),(sp1[0],sp2[0]),(sp1[1],sp2[1]),(sp1[2],sp2[2]))
    for b in (False,True):
        for w in ([],[1.,2,3,4]):
            c[f"count{b}{len(w)}"]=lambda b=b,w=w: run(S.SparseCountSparseOutput(b,-1,-1),T([[0,1],[1,2],[2,3],[2,3]],l),T([0,2,1,1],i),T([3,4],l),T(w,f) if w else T([],f))
    c["countm"]=lambda: run(S.SparseCountSparseOutput(False,0,2),T([[0,1],[1,2],[2,3],[2,3]],l),T([0,2,1,1],i),T([3,4],l),T([1.,2,3,4],f))
    for n in ("Add","Mul","Div"):
        c["cw"+n]=lambda n=n: run(getattr(S,"SparseDenseCwise"+n)(),T([[0,1],[1,2]],l),T([1.,2],f),T([2,3],l),t(2,3))
        c["cwb"+n]=lambda n=n: run(getattr(S,"SparseDenseCwise"+n)(),T([[0,1],[1,2]],l),T([1,5],i),T([2,3],l),T([[2,3,4]],i))
    c["fill"]=lambda: run(S.SparseFillEmptyRows(),T([[1,0]],l),T([4],i),T([2,3],l),T(9,i))
    c["fill2"]=lambda: run(S.SparseFillEmptyRows(),T([[0,1],[0,3],[2,0],[3,1]],l),T([1.,2,3,4],f),T([5,6],l),T(9.,f))
    c["fillg"]=lambda: run(G.SparseFillEmptyRowsGrad(),T([0,1,3,4],l),t(6))
    c["reorder"]=lambda: run(S.SparseReorder(),T([[2,1],[0,1]],l),T([1.,2],f),T([3,3],l))
    c["reshape"]=lambda: run(S.SparseReshape(),T([[0,0,0],[0,0,1],[0,1,0],[1,0,0],[1,2,3]],l),T([2,3,6],l),T([9,-1],l))
    sx=t(4,3)
    ix=T([0,1,1],i)
    sg=T([0,0,2],i)
    for n in ("Sum","SqrtN"):
        c["segn"+n]=lambda n=n: run(getattr(S,f"SparseSegment{n}WithNumSegments")(),sx,ix,sg,T(5,i))
        c["segg"+n]=lambda n=n: run(getattr(G,f"SparseSegment{n}Grad")(),t(3,3),ix,sg,T(4,i))
    c["segM"]=lambda: run(M.SparseSegmentMean(),sx,ix,sg)
    c["segMn"]=lambda: run(S.SparseSegmentMeanWithNumSegments(),sx,ix,sg,T(5,i))
    c["segMg"]=lambda: run(G.SparseSegmentMeanGrad(),t(3,3),ix,sg,T(4,i))
    c["slice"]=lambda: run(S.SparseSlice(),T([[0,1],[1,2],[1,3],[2,2]],l),T([1,2,3,4],l),T([3,4],l),T([0,1],l),T([2,3],l))
    c["sliceg"]=lambda: run(G.SparseSliceGrad(),T([1,2],l),T([[0,1],[1,2],[1,3],[2,2]],l),T([0,1],l),T([[0,0],[1,1]],l))
    c["softmax"]=lambda: run(S.SparseSoftmax(),T([[0,0],[0,3],[1,2],[1,5],[2,0],[2,5]],l),T([1.,2,3,4,5,6],ms.float64),T([7,8],l))
    c["max"]=lambda: run(S.SparseSparseMaximum(),*sp1,*sp2)
    c["min"]=lambda: run(S.SparseSparseMinimum(),*sp1,*sp2)
    c["tda"]=lambda: run(S.SparseTensorDenseAdd(),T([[0,0],[0,1]],l),T([1.,1],f),T([3,3],l),t(3,3))
    c["tdm"]=lambda: run(S.SparseTensorDenseMatmul(),T([[0,1],[1,2]],i),T([1.,2],f),(3,4),t(4,2))
    c["tdma"]=lambda: run(S.SparseTensorDenseMatmul(True,True),T([[0,1],[1,2]],i),T([1.,2],f),(3,4),t(2,3))
    c["s2d"]=lambda: run(S.SparseToDenseV2(),T([[0,1],[1,2]],i),T([2,3],i),T([1.,2],f),T(7.,f))
    c["s2d1"]=lambda: run(S.SparseToDenseV2(),T([0,2],i),T([3],i),T([1.,2],f),T(7.,f))
    c["s2dd"]=lambda: run(P.SparseToDense(),T([[0,1],[1,2]],i),T([1.,2],f),(3,4))
    c["coalesce"]=lambda: run(P.Coalesce(),T([[0,0,1],[1,1,2]],l),T([1.,5,4],f),T([3,3],l))
    # ------------------------------------------------ pools, pictures, values
    c["im2col"]=lambda: run(P.Im2Col(ksizes=3,strides=2,dilations=1,pads=1),t(1,2,6,6))
    c["evp"]=lambda: run(P.ExtractVolumePatches([1,1,2,2,2],[1,1,1,1,1],"VALID"),t(1,1,3,3,3))
    c["evps"]=lambda: run(P.ExtractVolumePatches([1,1,2,2,2],[1,1,2,2,2],"SAME"),t(1,1,3,3,3))
    c["defo"]=lambda: run(P.DeformableOffsets((1,1,1,1),(0,0,0,0),(2,2)),t(1,2,3,3),t(1,12,2,2,seed=2))
    c["defog"]=lambda: run(G.DeformableOffsetsGrad((1,1,1,1),(0,0,0,0),(2,2)),t(1,2,4,4),t(1,2,3,3),t(1,12,2,2,seed=2))
    c["fmp2"]=lambda: run(P.FractionalMaxPoolWithFixedKsize((2,2),(3,3)),t(1,2,5,5),u(1,2,2))
    c["fmp3"]=lambda: run(P.FractionalMaxPool3DWithFixedKsize((2,2,2),(2,2,2)),t(1,1,4,4,4),u(1,1,3))
    xi=ms.Tensor(np.arange(1,17).reshape(1,4,4,1).astype(np.float32))
    c["fap"]=lambda: run(P.FractionalAvgPool([1.0,1.5,1.5,1.0]),xi)
    c["fapi"]=lambda: run(P.FractionalAvgPool([1.0,1.5,1.5,1.0]),xi.astype(l))
    c["fmp"]=lambda: run(P.FractionalMaxPool([1.0,1.5,1.5,1.0]),xi)
    c["fapg"]=lambda: run(G.FractionalAvgPoolGrad(),T([1,4,4,1],l),t(1,2,2,1),T([0,2,4],l),T([0,2,4],l))
    c["fapgo"]=lambda: run(G.FractionalAvgPoolGrad(True),T([1,4,4,1],l),t(1,2,2,1),T([0,2,4],l),T([0,2,4],l))
    c["fmpg"]=lambda: run(G.FractionalMaxPoolGrad(),xi,run(P.FractionalMaxPool([1.0,1.5,1.5,1.0]),xi)[0],t(1,2,2,1),T([0,2,4],l),T([0,2,4],l))
    c["mpa"]=lambda: run(P.MaxPoolWithArgmaxV2(2,2),t(1,2,4,4))
    c["mpap"]=lambda: run(P.MaxPoolWithArgmaxV2(3,2,pads=1,argmax_type=i),t(1,2,5,5))
    c["amp3"]=lambda: run(P.AdaptiveMaxPool3D(),t(1,2,3,4,5),T([2,2,2],i))
    for s in ((2,4,4),(3,5,6)):
        c[f"un3{s}"]=lambda s=s: run(P.UpsampleNearest3D(),t(1,1,2,2,3),s,None)
        for a in (False,True):
            c[f"ut3{s}{a}"]=lambda s=s,a=a: run(P.UpsampleTrilinear3D(a),t(1,1,2,2,3),s,None)
    c["un3s"]=lambda: run(P.UpsampleNearest3D(),t(1,1,2,2,3),None,[1.5,2.0,2.5])
    c["ut3s"]=lambda: run(P.UpsampleTrilinear3D(),t(1,1,2,2,3),None,[1.5,2.0,2.5])
    c["un3g"]=lambda: run(G.UpsampleNearest3DGrad(),t(1,1,2,4,4),(1,1,1,2,2),(2,4,4),None)
    c["ut3g"]=lambda: run(G.UpsampleTrilinear3DGrad(),t(1,1,2,4,4),(1,1,1,2,2),(2,4,4),None)
    c["hue"]=lambda: run(P.AdjustHue(),u(2,2,3),T(.2,f))
    c["hue16"]=lambda: run(P.AdjustHue(),u(2,2,3).astype(ms.float16),T(-.2,f))
    c["sat"]=lambda: run(P.AdjustSaturation(),u(2,2,3),T(2.,f))
    c["con"]=lambda: run(Im.AdjustContrastv2(),u(2,2,2,3),T(2.,f))
    for m in ("bilinear","nearest"):
        for pm in ("zeros","border","reflection"):
            for a in (False,True):
                c[f"gs3{m}{pm}{a}"]=lambda m=m,pm=pm,a=a: run(P.GridSampler3D(m,pm,a),t(1,2,3,3,3),ms.Tensor((r(0).rand(1,2,2,2,3)*3-1.5).astype(np.float32)))
    bx=T([[.1,.2,.8,.9]],f)
    c["crb"]=lambda: run(Im.CropAndResizeGradBoxes(),t(1,2,2,1),t(1,4,4,1,seed=1),bx,T([0],i))
    c["cri"]=lambda: run(Im.CropAndResizeGradImage(f),t(1,2,2,1),bx,T([0],i),T([1,4,4,1],i))
    c["crin"]=lambda: run(Im.CropAndResizeGradImage(f,"nearest"),t(1,2,2,1),bx,T([0],i),T([1,4,4,1],i))
    c["tmm"]=lambda: run(P.TridiagonalMatMul(),t(1,3),t(1,3,seed=1),t(1,3,seed=2),t(3,3,seed=4))
    c["tsol"]=lambda: run(M.TridiagonalSolve(),T([[1.,2,0],[5,6,7],[0,1,2]],f),T([[1.],[2],[3]],f))
    c["msl"]=lambda: run(P.MatrixSolveLs(),t(3,2),t(3,1,seed=2),T(0.1,ms.float64))
    c["mslw"]=lambda: run(P.MatrixSolveLs(),t(2,3),t(2,1,seed=2),T(0.1,ms.float64))
    c["mslf"]=lambda: run(P.MatrixSolveLs(False),t(3,2),t(3,1,seed=2),T(0.0,ms.float64))
    c["sae"]=lambda: run(M.SelfAdjointEig(False),T([[2.,1],[1,3]],f))
    c["in"]=lambda: run(NN.InstanceNormV2(),t(2,3,4,4),t(2,3,1,1),t(2,3,1,1,seed=2),t(2,3,1,1,seed=3),u(2,3,1,1))
    c["inf"]=lambda: run(NN.InstanceNormV2(False),t(2,3,4,4),t(2,3,1,1),t(2,3,1,1,seed=2),t(2,3,1,1,seed=3),u(2,3,1,1))
    c["ssce"]=lambda: run(NN.SparseSoftmaxCrossEntropyWithLogitsV2(),t(2,3),T([1,2],i))
    c["padv3"]=lambda: run(P.PadV3(),t(2,3),(1,2,0,1),2.0)
    c["padv3t"]=lambda: run(P.PadV3(),t(1,2,3),T([1,2],l),T(1.,f))
    c["padv3n"]=lambda: run(P.PadV3(paddings_contiguous=False),t(2,3),(1,2,0,1),T(1.,f))
    c["padv3r"]=lambda: run(P.PadV3("reflect"),t(1,3,4),(1,2),None)
    c["padv3e"]=lambda: run(P.PadV3("edge"),t(1,2,3,4),T([1,2,0,1],l),None)
    c["padv3c"]=lambda: run(P.PadV3("circular"),t(1,2,3,4),T([1,2,1,1],l),None)
    c["pc"]=lambda: run(P.ParallelConcat(),(t(1,2),t(1,2,seed=1)))
    c["co"]=lambda: run(A.ConcatOffsetV1(),T(1,i),(T([1,2,3],i),T([1,5,3],i),T([1,4,3],i)))
    c["iia"]=lambda: run(P.InplaceIndexAdd(0),ms.Parameter(t(3,2)),T([0,2],i),t(2,2,seed=1))
    c["range"]=lambda: run(A.RangeV2(),T(0,i),T(10,i),T(4,i))
    c["rangef"]=lambda: run(A.RangeV2(),T(0.,f),T(2.,f),T(.5,f))
    def am():
        ps=[ms.Parameter(T(v,f),name=str(k)) for k,v in enumerate(([[.2,.2],[.2,.2]],[[.1,.2],[.4,.3]],[[.2,.1],[.3,.4]],[[.1,.1],[.1,.1]]))]
        o=run(P.ApplyAdamWithAmsgradV2(),*ps,T(.9,f),T(.999,f),T(.01,f),T(.9,f),T(.999,f),T(1e-8,f),T([[.4,.2],[.2,.3]],f))
        return [*o,*ps]
    c["ams"]=am
    def fc():
        ps=[ms.Parameter(T([[.2,.2],[.2,.2]],ms.float16),name="a"),ms.Parameter(T([[.1,.2],[.4,.3]],f),name="b"),ms.Parameter(T([[.2,.1],[.3,.4]],f),name="c")]
        run(IN.FusedCastAdamWeightDecay(),*ps,T(.1,f),T(.9,f),T(.99,f),T(1e-8,f),T(.01,f),T([[.4,.2],[.2,.3]],ms.float16),T(1.,f))
        return ps
    c["fcawd"]=fc
    c["dbt"]=lambda: run(I.DynamicBroadcastTo(),t(2,1),T([3,2,2],l))
    c["tcs"]=lambda: run(I.TensorCopySlices(),t(5,5),t(2,5,seed=1),(3,0),(5,5),(1,1))
    # ---- values
    c["ctcg"]=lambda: run(P.CTCGreedyDecoder(),u(4,2,3),T([4,3],i))
    c["ctcgn"]=lambda: run(P.CTCGreedyDecoder(False),u(4,2,3),T([4,3],i))
    lp=np.log(np.exp(r(0).randn(5,2,4))/np.exp(r(0).randn(5,2,4)).sum(-1,keepdims=True)).astype(np.float32)
    c["ctc2"]=lambda: run(P.CTCLossV2(),ms.Tensor(lp),T([[1,2],[3,1]],i),T([5,4],i),T([2,1],i))
    def ctcg():
        a=(ms.Tensor(lp),T([[1,2],[3,1]],i),T([5,4],i),T([2,1],i))
        nl,al=run(P.CTCLossV2(),*a)
        return run(NN.CTCLossV2Grad(0),t(2),*a,nl,al)
    c["ctc2g"]=ctcg
    c["nmso"]=lambda: run(P.NonMaxSuppressionWithOverlaps(),u(4,4),u(4),T(3,i),T(.5,f),T(0.,f))
    b=np.array([[0,0,1,1],[0,.1,1,1.1],[0,-.1,1,.9],[0,10,1,11],[0,10.1,1,11.1],[0,100,1,101]],np.float32)
    c["cnms"]=lambda: run(P.CombinedNonMaxSuppression(),T([[[[200,100,150,100]],[[220,120,150,100]],[[190,110,150,100]],[[210,112,150,100]]]],f),T([[[.2,.7,.1],[.1,.8,.1],[.3,.6,.1],[.05,.9,.05]]],f),T(4,i),T(1,i),T(0.,f),T(0.,f))
    bb=u(1,5,1,4)
    for cp in (False,True):
        c[f"cnms{cp}"]=lambda cp=cp: run(P.CombinedNonMaxSuppression(cp,False),bb,u(1,5,2,seed=3),T(3,i),T(4,i),T(.3,f),T(.1,f))
    for ce in (False,True):
        for no in (False,True):
            c[f"glim{ce}{no}"]=lambda ce=ce,no=no: run(Im.ExtractGlimpse(ce,no,False,"zero"),t(1,3,4,1),T([2,2],i),T([[.5,.2]] if no else [[1,1]],f))
            c[f"glimz{ce}{no}"]=lambda ce=ce,no=no: run(Im.ExtractGlimpse(ce,no,False,"zero"),t(2,3,4,1),T([3,3],i),T([[.5,.2],[-.4,1.]] if no else [[1,1],[0,2]],f))
    c["saf"]=lambda: run(E.SubAndFilter(),T([1,3,5,8,9,16],i),10,5)
    c["mu"]=lambda: run(E.MapUniform(),T([0,1,2,3,4,5,6,7],i),4,2)
    c["pas"]=lambda: run(E.PadAndShift(),T([9,13,-1,-1,-1,-1,-1,-1],i),T([0,3,5],i),1)
    c["cab"]=lambda: run(M.CompareAndBitpack(),T([[1,2,3,4,5,6,7,8]],f),T(6,f))
    c["stitch"]=lambda: run(I.DynamicStitch(),[T([6],i),T([4,1],i),T([[5,2],[0,3]],i)],[T([[6,1]],i),T([[41,42],[11,12]],i),T([[[51,52],[21,22]],[[1,2],[31,32]]],i)])
    c["rr"]=lambda: run(P.RaggedRange(l),T([2,5,8],i),T([3,5,12],i),T([1,1,1],i))
    c["beta"]=lambda: run(P.Betainc(),T([.3,1.5,2.],f),T([.5,1.,5.],f),T([.2,.7,.01],f))
    def uc():
        p=ms.Parameter(t(4,2),name="x")
        run(E.UpdateCache(),p,T([0,5,2],i),t(3,2,seed=2),T(4,i))
        return p
    c["uc"]=uc
    class Factored(ms.nn.Cell):
        def __init__(self,op,shape,*norm):
            super().__init__()
            self.op, self.norm = op, norm
            shapes = shape, shape, shape[:-1], shape[:-2]+shape[-1:], shape
            self.kept = ms.ParameterTuple([ms.Parameter(t(*s) if k==0 else ms.Tensor(np.zeros(s),f),name=f"p{k}") for k,s in enumerate(shapes)])

        def construct(self,grad):
            return self.op((1e-30,1e-3),1.0,.9,.8,1e-2,.03,grad,*self.kept,*self.norm)

    def factored(op,shape,*norm):
        net=Factored(op,shape,*norm)
        net(t(*shape,seed=1))
        return list(net.kept)
    c["adafactor"]=lambda: factored(ops.FusedAdaFactor(),(2,3,2))
    c["adafactors"]=lambda: factored(ops.FusedAdaFactor(True,True,True),(2,3,2))
    c["adafactor1"]=lambda: factored(ops.FusedAdaFactor(),(4,))
    c["adafactorn"]=lambda: factored(ops.FusedAdaFactorWithGlobalNorm(),(2,3,2),10.0)
    CS=module("_csr_ops")
    rows=T([0,1,3],i),T([1,0,2],i)
    c["csrmv"]=lambda: run(CS.CSRMV(),*rows,T([3.,4,5],f),(2,3),T([[1.],[2],[3]],f))
    c["csrmm"]=lambda: run(CS.CSRMM(),*rows,T([3.,4,5],f),(2,3),T([[1.,2],[2,3],[3,4]],f))
    c["csrmul"]=lambda: run(CS.CSRMul(),*rows,T([3.,4,5],f),(2,3),T([[1.,2,3],[4,5,6]],f))
    c["csrdiv"]=lambda: run(CS.CSRDiv(),*rows,T([3.,4,5],f),(2,3),T([[1.,2,3],[4,5,6]],f))
    c["csrsum"]=lambda: run(CS.CSRReduceSum(),*rows,T([3.,4,5],f),(2,3),1)
    c["csrgather"]=lambda: run(CS.CSRGather(),*rows,T([[1.,2,3],[4,5,6]],f),(2,3))
    c["coo2csr"]=lambda: run(CS.COO2CSR(),T([0,1,1],i),2)
    c["csr2coo"]=lambda: run(CS.CSR2COO(),rows[0],3)
    # ------------------------------------------------ integers, complex matrices
    numbers=[-8,-3,-2,-1,1,2,3,5,7]
    for d in (ms.int8,i,l):
        for n in ("HSwish","HSigmoid"):
            c[f"{n}{d}"]=lambda n=n,d=d: run(getattr(P,n)(),T(numbers,d))
        c[f"population{d}"]=lambda d=d: run(P.PopulationCount(),T([1,3,7,100],d))
    c["inv"]=lambda: run(P.Inv(),T(numbers,i))
    c["bincount"]=lambda: run(P.Bincount(),T([1,1,0,7],i),T(3,i),T([1,2,3,4],f))
    c["addcdiv"]=lambda: run(P.Addcdiv(),T([1,2],l),T([7,9],l),T([2,2],l),T([1],l))
    c["linspace"]=lambda: P.LinSpace()(T(0.,ms.float64),T(4.,ms.float64),5)
    c["all"]=lambda: run(P.ReduceAll(),T([[1,0]],i),1)
    c["cumprod"]=lambda: run(P.CumProd(True,True),T([[1,2,3]],ms.int8),1)
    matrices=T([[[2+1j,1],[1j,3]],[[1,0],[1,1j]]],ms.complex64)
    right=T([[[1],[2j]]]*2,ms.complex64)

    def parts(x):
        return [[ops.real(v),ops.imag(v)] for v in (x if isinstance(x,tuple) else (x,))]
    c["det"]=lambda: parts(P.MatrixDeterminant()(matrices))
    c["slogdet"]=lambda: parts(P.LogMatrixDeterminant()(matrices))
    c["inverse"]=lambda: parts(P.MatrixInverse()(matrices))
    c["solve"]=lambda: [parts(P.MatrixSolve(adjoint)(matrices,right)) for adjoint in (False,True)]
    # ------------------------------------------------ pictures
    picture,pair,moved=t(1,4,5,2),T([.5,1.7],f),T([.3,-.4],f)
    for n in "lanczos1 lanczos3 lanczos5 gaussian box triangle keyscubic mitchellcubic".split():
        for a in (False,True):
            c[f"moved_{n}{a}"]=lambda n=n,a=a: run(Im.ScaleAndTranslate(n,a),picture,T([3,6],i),pair,moved)
    c["moved_gradient"]=lambda: run(G.ScaleAndTranslateGrad("triangle",True),t(1,3,6,2,seed=1),picture,pair,moved)
    nothing=T([0.],f)
    for m,h in (("nearest",1),("linear",1),("cubic",5)):
        for corners in ("half_pixel","align_corners")[:1+(m!="nearest")]:
            c[f"resized_{m}_{corners}"]=lambda m=m,h=h,k=corners: run(Im.ResizeV2(k,m),t(1,2,h,4),nothing,nothing,T([1,2,h,9],l))
    c["resized_down"]=lambda: run(Im.ResizeV2("half_pixel","cubic"),t(1,1,6,7),nothing,nothing,T([1,1,3,4],l))
    for training in (True,False):
        c[f"in_gradient{training}"]=lambda k=training: run(G.InstanceNormV2Grad(k),t(2,3,4,4),t(2,3,4,4,seed=1),t(2,3,1,1),t(2,3,1,1,seed=2),u(2,3,1,1),*run(NN.InstanceNormV2(k),t(2,3,4,4,seed=1),t(2,3,1,1),t(2,3,1,1),t(2,3,1,1,seed=2),u(2,3,1,1))[1:])
    coo=[ms.COOTensor(T(places,l),T(values,f),(3,4)) for places,values in (([[0,1],[1,2]],[1,2]),([[0,2],[1,2]],[3,4]),([[2,1],[1,2]],[7,5]),([[0,1],[1,2]],[-1,5]))]

    def dense(x):
        return x.indices,x.values,T(list(x.shape))
    for k,thresh in ((1,0.),(1,2.5),(1,6.5),(3,0.),(3,.5)):
        c[f"coo_add{k}{thresh}"]=lambda k=k,thresh=thresh: dense(ops.coo_add(coo[0],coo[k],T(thresh,f)))
    for axis in (0,1,-1):
        c[f"coo_concat{axis}"]=lambda axis=axis: dense(ops.coo_concat((coo[2],coo[1],coo[0]),axis))
    c["padding"]=lambda: (ops.padding(T([[1],[2]],l),3),ops.padding(T([[[1.]]],f)),run(P.Padding(2),T([[1.]],f)))
    # fmt: on
    return c


if __name__ == "__main__":
    import mindspore
    from rare_ops import plain

    mindspore.set_context(mode=mindspore.PYNATIVE_MODE)
    found = {}
    for name, call in cases(mindspore).items():
        try:
            found[name] = plain(call())
        except Exception as error:
            print(name, str(error).partition("\n")[0])
    rounded = json.loads(json.dumps(found), parse_float=lambda x: float(f"{float(x):.6g}"))
    text = json.dumps(rounded, separators=(",", ":")).replace('"],"', '"],\n"').replace(']],"', ']],\n"')
    Path(__file__).with_suffix(".json").write_text(text + "\n")
