using System.Reflection;
using Adjoint.Algebra.Functions.Special;
using Adjoint.Families;
using Adjoint.Tape;
using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.Engine;

/// <summary>
/// The names of nodes, as PyTorch prints them: the operator in camel case, <c>Backward</c>, and the number of the entry in PyTorch's table of
/// derivatives (<c>derivatives.yaml</c>).
/// </summary>
public class GradFnNameTests
{
    private static readonly Dictionary<string, (string Name, Func<Tensor, Tensor> Run)> Cases = new()
    {
        // x is a 2 x 3 matrix
        ["x + x"] = ("AddBackward0", x => x + x),
        ["x + 2"] = ("AddBackward0", x => x + 2),
        ["2 + x"] = ("AddBackward0", x => 2 + x),
        ["x.Add(x, 3)"] = ("AddBackward0", x => x.Add(x, 3)),
        ["x - x"] = ("SubBackward0", x => x - x),
        ["x - 1"] = ("SubBackward0", x => x - 1),
        ["x.Sub(x, 3)"] = ("SubBackward0", x => x.Sub(x, 3)),
        ["1 - x"] = ("RsubBackward1", x => 1 - x),
        ["x * x"] = ("MulBackward0", x => x * x),
        ["x * 2"] = ("MulBackward0", x => x * 2),
        ["2 * x"] = ("MulBackward0", x => 2 * x),
        ["x / x"] = ("DivBackward0", x => x / x),
        ["x / 2"] = ("DivBackward0", x => x / 2),
        ["1 / x"] = ("MulBackward0", x => 1 / x), // the reciprocal, times 1
        ["-x"] = ("NegBackward0", x => -x),
        ["x.Pow(2)"] = ("PowBackward0", x => x.Pow(2)),
        ["x.Pow(x)"] = ("PowBackward1", x => x.Pow(x)),
        ["2 to the x"] = ("PowBackward2", x => ((Tensor)2).Pow(x)),
        ["x.Square()"] = ("PowBackward0", x => x.Square()),
        ["x.Abs()"] = ("AbsBackward0", x => x.Abs()),
        ["x.Sign()"] = ("SignBackward0", x => x.Sign()),
        ["x.Floor()"] = ("FloorBackward0", x => x.Floor()),
        ["x.Exp()"] = ("ExpBackward0", x => x.Exp()),
        ["x.Log()"] = ("LogBackward0", x => x.Log()),
        ["x.Sqrt()"] = ("SqrtBackward0", x => x.Sqrt()),
        ["x.Sin()"] = ("SinBackward0", x => x.Sin()),
        ["x.Cos()"] = ("CosBackward0", x => x.Cos()),
        ["x.Tanh()"] = ("TanhBackward0", x => x.Tanh()),
        ["x.Sigmoid()"] = ("SigmoidBackward0", x => x.Sigmoid()),
        ["x.Relu()"] = ("ReluBackward0", x => x.Relu()),
        ["x.Reciprocal()"] = ("ReciprocalBackward0", x => x.Reciprocal()),
        ["x.Softsign()"] = ("DivBackward0", x => x.Softsign()), // PyTorch's is x / (|x| + 1)
        ["x.Maximum(x)"] = ("MaximumBackward0", x => x.Maximum(x)),
        ["x.Minimum(x)"] = ("MinimumBackward0", x => x.Minimum(x)),
        ["x.Clamp(0, 1)"] = ("ClampBackward1", x => x.Clamp(0, 1)),
        ["x.Clamp(0)"] = ("ClampBackward1", x => x.Clamp(0)),
        ["x.Clamp(tensor)"] = ("ClampBackward0", x => x.Clamp(x)),
        ["x.Clamp(max: tensor)"] = ("ClampBackward0", x => x.Clamp(max: x)),
        ["x.Clamp(tensor, tensor)"] = ("ClampBackward0", x => x.Clamp(x, x)),
        ["Where"] = ("WhereBackward0", x => Tensor.Where(x > 0, x, 0)),
        ["x.MaskedFill(mask, 0)"] = ("MaskedFillBackward0", x => x.MaskedFill(x > 0, 0)),
        ["x.MaskedFill(mask, tensor)"] = ("MaskedFillBackward1", x => x.MaskedFill(x > 0, x.Sum())),

        ["x.Lgamma()"] = ("LgammaBackward0", x => x.Lgamma()),
        ["x.Digamma()"] = ("DigammaBackward0", x => x.Digamma()),
        ["x.Polygamma(2)"] = ("PolygammaBackward0", x => x.Polygamma(2)),
        ["x.Mvlgamma(2)"] = ("MvlgammaBackward0", x => x.Mvlgamma(2)),
        ["x.Igamma(x)"] = ("IgammaBackward0", x => x.Igamma(x)),
        ["x.Igammac(x)"] = ("IgammacBackward0", x => x.Igammac(x)),
        ["x.Zeta(x)"] = ("SpecialZetaBackward0", x => x.Zeta(x)),
        ["x.ErfInv()"] = ("ErfinvBackward0", x => x.ErfInv()),
        ["x.Erfcx()"] = ("SpecialErfcxBackward0", x => x.Erfcx()),
        ["x.Ndtri()"] = ("SpecialNdtriBackward0", x => x.Ndtri()),
        ["x.LogNdtr()"] = ("SpecialLogNdtrBackward0", x => x.LogNdtr()),
        ["x.Entr()"] = ("SpecialEntrBackward0", x => x.Entr()),
        ["x.Xlog1py(x)"] = ("SpecialXlog1PyBackward0", x => x.Xlog1py(x)),
        ["x.I0()"] = ("I0Backward0", x => x.I0()),
        ["x.I0e()"] = ("SpecialI0EBackward0", x => x.I0e()),
        ["x.I1()"] = ("SpecialI1Backward0", x => x.I1()),
        ["x.I1e()"] = ("SpecialI1EBackward0", x => x.I1e()),
        ["x.BesselJ(2)"] = ("BesselJBackward0", x => x.BesselJ(2)), // PyTorch has none
        ["a scaled Bessel function"] = ("ScaledBesselIBackward0", x => Op.Map(new MapToConstant<ScaledBesselI>(2), x)), // nor this one
        ["a spherical Bessel function"] = ("SphericalBesselJBackward0", x => Op.Map(new MapToConstant<SphericalBesselJ>(2), x)),
        ["StandardGamma"] = ("StandardGammaBackward0", x => Tensor.StandardGamma(x)),
        ["Poisson"] = ("PoissonBackward0", x => Tensor.Poisson(x.Abs())),
        ["Binomial"] = ("BinomialBackward0", x => Tensor.Binomial(x, x / 7)),
        ["x.Atan2(x)"] = ("Atan2Backward0", x => x.Atan2(x)),
        ["x.CopySign(x)"] = ("CopysignBackward0", x => x.CopySign(x)),
        ["x.Div(x, floor)"] = ("DivBackward2", x => x.Div(x, "floor")),
        ["x.Div(2, trunc)"] = ("DivBackward2", x => x.Div(2, "trunc")),
        ["x.Fmod(2)"] = ("FmodBackward0", x => x.Fmod(2)),
        ["x.Fmod(x)"] = ("FmodBackward1", x => x.Fmod(x)),
        ["x % 2"] = ("RemainderBackward0", x => x % 2),
        ["x % x"] = ("RemainderBackward1", x => x % x),
        ["2 % x"] = ("RemainderBackward1", x => 2 % x),
        ["x.Round(2)"] = ("RoundBackward1", x => x.Round(2)),
        ["x.Sgn()"] = ("SgnBackward0", x => x.Sgn()),
        ["x.Lerp(x, 0.5)"] = ("LerpBackward0", x => x.Lerp(x, 0.5)),
        ["x.Lerp(x, x)"] = ("LerpBackward1", x => x.Lerp(x, x)),
        ["x.XLogY(x)"] = ("XlogyBackward0", x => x.XLogY(x)),
        ["x.LogAddExp(x)"] = ("LogaddexpBackward0", x => x.LogAddExp(x)),
        ["x.LogAddExp2(x)"] = ("Logaddexp2Backward0", x => x.LogAddExp2(x)),
        ["x.NextAfter(x)"] = ("NextafterBackward0", x => x.NextAfter(x)),
        ["x.Tanhshrink()"] = ("SubBackward0", x => x.Tanhshrink()),
        ["x.Prelu(0.5)"] = ("PreluKernelBackward0", x => x.Prelu(0.5)),
        ["x.MaskedFill(mask, 0), strong zeros"] = ("MaskedFillBackward0", x => x.MaskedFill(x > 0, 0, strongZero: true)),

        ["x.LeakyRelu()"] = ("LeakyReluBackward0", x => x.LeakyRelu()),
        ["x.Elu()"] = ("EluBackward0", x => x.Elu()),
        ["x.Selu()"] = ("EluBackward0", x => x.Selu()),
        ["x.Celu()"] = ("EluBackward0", x => x.Celu()),
        ["x.Softplus()"] = ("SoftplusBackward0", x => x.Softplus()),
        ["x.LogSigmoid()"] = ("LogSigmoidBackward0", x => x.LogSigmoid()),
        ["x.Hardtanh()"] = ("HardtanhBackward0", x => x.Hardtanh()),
        ["x.Relu6()"] = ("HardtanhBackward0", x => x.Relu6()),
        ["x.Hardsigmoid()"] = ("HardsigmoidBackward0", x => x.Hardsigmoid()),
        ["x.Hardswish()"] = ("HardswishBackward0", x => x.Hardswish()),
        ["x.Mish()"] = ("MishBackward0", x => x.Mish()),
        ["x.Silu()"] = ("SiluBackward0", x => x.Silu()),

        ["Conv1d"] = ("ConvolutionBackward0", x => x.Unsqueeze(0).Conv1d(Tensor.Ones([1, 2, 2], DType.Float64))),
        ["ConvTranspose1d"] = ("ConvolutionBackward0", x => x.Unsqueeze(0).ConvTranspose1d(Tensor.Ones([2, 1, 2], DType.Float64))),
        ["LayerNorm"] = ("NativeLayerNormBackward0", x => x.LayerNorm([3])),
        ["BatchNorm"] = ("NativeBatchNormBackward0", x => x.BatchNorm(null, null, training: true)),
        ["GroupNorm"] = ("NativeGroupNormBackward0", x => x.GroupNorm(3)),
        ["InstanceNorm"] = ("ViewBackward0", x => x.Unsqueeze(0).InstanceNorm()),
        ["RmsNorm"] = ("MulBackward0", x => x.RmsNorm([3])),
        ["Embedding"] = ("EmbeddingBackward0", x => Tensor.FromArray(new[] { 1L, 0 }).Embedding(x)),
        ["Embedding, padding"] = ("EmbeddingBackward0", x => Tensor.FromArray(new[] { 1L, 0 }).Embedding(x, 0)),
        ["ScaledDotProductAttention"] = ("ScaledDotProductFlashAttentionForCpuBackward0", x =>
        {
            var q = x.Unsqueeze(0).Unsqueeze(0);
            return q.ScaledDotProductAttention(q, q);
        }
        ),
        ["MaxPool1d"] = ("SqueezeBackward1", x => x.MaxPool1d(2)),
        ["MaxPool2d"] = ("MaxPool2DWithIndicesBackward0", x => x.Unsqueeze(0).MaxPool2d(2)),
        ["MaxPool3d"] = ("MaxPool3DWithIndicesBackward0", x => x.Reshape(1, 1, 2, 3).MaxPool3d(1)),
        ["AvgPool2d"] = ("AvgPool2DBackward0", x => x.Unsqueeze(0).AvgPool2d(2)),
        ["AvgPool3d"] = ("AvgPool3DBackward0", x => x.Reshape(1, 1, 2, 3).AvgPool3d(1)),
        ["AdaptiveAvgPool2d"] = ("AdaptiveAvgPool2DBackward0", x => x.Unsqueeze(0).AdaptiveAvgPool2d(2)),
        ["AdaptiveAvgPool2d(1)"] = ("MeanBackward1", x => x.Unsqueeze(0).AdaptiveAvgPool2d(1)),
        ["AdaptiveMaxPool2d"] = ("AdaptiveMaxPool2DBackward0", x => x.Unsqueeze(0).AdaptiveMaxPool2d(2)),
        ["AdaptiveMaxPool3d"] = ("AdaptiveMaxPool3DBackward0", x => x.Reshape(1, 1, 2, 3).AdaptiveMaxPool3d(1)),

        ["x.Sum()"] = ("SumBackward0", x => x.Sum()),
        ["x.Sum(0)"] = ("SumBackward1", x => x.Sum(0)),
        ["x.Sum([0, 1])"] = ("SumBackward1", x => x.Sum([0, 1])),
        ["x.SumToSize(1, 3)"] = ("SumBackward1", x => x.SumToSize(1, 3)),
        ["x.Mean()"] = ("MeanBackward0", x => x.Mean()),
        ["x.Mean(1)"] = ("MeanBackward1", x => x.Mean(1)),
        ["x.Max()"] = ("MaxBackward1", x => x.Max()),
        ["x.Max(1)"] = ("MaxBackward0", x => x.Max(1).Values),
        ["x.Min()"] = ("MinBackward1", x => x.Min()),
        ["x.Min(1)"] = ("MinBackward0", x => x.Min(1).Values),
        ["x.Sum().Max(0)"] = ("MaxBackward0", x => x.Sum().Max(0).Values),
        ["x.Amax()"] = ("AmaxBackward0", x => x.Amax()),
        ["x.Amin([1])"] = ("AminBackward0", x => x.Amin([1])),
        ["x.Norm()"] = ("LinalgVectorNormBackward0", x => x.Norm()),
        ["x.Norm(1)"] = ("LinalgVectorNormBackward0", x => x.Norm(1)),
        ["x.Norm(0)"] = ("LinalgVectorNormBackward0", x => x.Norm(0)),
        ["x.Norm(inf)"] = ("LinalgVectorNormBackward0", x => x.Norm(double.PositiveInfinity)),
        ["x.Norm(-inf)"] = ("LinalgVectorNormBackward0", x => x.Norm(double.NegativeInfinity)),
        ["x.VarMean(1)"] = ("VarMeanBackward0", x => x.VarMean(1).Var),
        ["x.StdMean(1)"] = ("StdMeanBackward0", x => x.StdMean(1).Mean),
        ["x.Unbind()"] = ("UnbindBackward0", x => x.Unbind()[1]),
        ["x.Split(1)"] = ("SplitBackward0", x => x.Split(1)[0]),
        ["x.Split([1, 1])"] = ("SplitWithSizesBackward0", x => x.Split([1, 1])[1]),
        ["x.Chunk(2)"] = ("SplitBackward0", x => x.Chunk(2)[0]),
        ["x.Prod()"] = ("ProdBackward0", x => x.Prod()),
        ["x.Prod(1)"] = ("ProdBackward1", x => x.Prod(1)),
        ["x.Median()"] = ("MedianBackward0", x => x.Median()),
        ["x.Median(1)"] = ("MedianBackward1", x => x.Median(1).Values),
        ["x.NanMedian()"] = ("NanmedianBackward0", x => x.NanMedian()),
        ["x.NanMedian(1)"] = ("NanmedianBackward1", x => x.NanMedian(1).Values),
        ["x.CumMax(1)"] = ("CummaxBackward0", x => x.CumMax(1).Values),
        ["x.CumMin(1)"] = ("CumminBackward0", x => x.CumMin(1).Values),
        ["x.Sort()"] = ("SortBackward0", x => x.Sort().Values),
        ["x.TopK(1)"] = ("TopkBackward0", x => x.TopK(1).Values),
        ["x.CumSum(1)"] = ("CumsumBackward0", x => x.CumSum(1)),
        ["x.CumProd(1)"] = ("CumprodBackward0", x => x.CumProd(1)),
        ["x.LogCumSumExp(1)"] = ("LogcumsumexpBackward0", x => x.LogCumSumExp(1)),
        ["x.LogSumExp(1)"] = ("LogsumexpBackward0", x => x.LogSumExp(1)),
        ["x.Gelu(Tanh)"] = ("GeluBackward0", x => x.Gelu("tanh")),
        ["x.Softmax(1)"] = ("SoftmaxBackward0", x => x.Softmax(1)),
        ["x.LogSoftmax(1)"] = ("LogSoftmaxBackward0", x => x.LogSoftmax(1)),

        ["x[0]"] = ("SelectBackward0", x => x[0]),
        ["x[1, 2]"] = ("SelectBackward0", x => x[1, 2]),
        ["x[0..1]"] = ("SliceBackward0", x => x[0..1]),
        ["x[..]"] = ("SliceBackward0", x => x[..]),
        ["x[1, ..]"] = ("SliceBackward0", x => x[1, ..]),
        ["x[.., 1]"] = ("SelectBackward0", x => x[.., 1]),
        ["x[...]"] = ("AliasBackward0", x => x[TensorIndex.Ellipsis]),
        ["x[None]"] = ("UnsqueezeBackward0", x => x[TensorIndex.NewAxis]),
        ["x[mask]"] = ("IndexBackward0", x => x[x > 0]),
        ["x[indices]"] = ("IndexBackward0", x => x[new[] { 0, 0 }]),
        ["x[index tensor of no dimension]"] = ("SelectBackward0", x => x[Tensor.Scalar(1L)]),
        ["x.Scatter"] = ("ScatterBackward0", x => x.Scatter(1, Zeros(2, 1), x)),
        ["x.Scatter of a number"] = ("ScatterBackward1", x => x.Scatter(1, Zeros(2, 1), 2)),
        ["x.ScatterAdd"] = ("ScatterAddBackward0", x => x.ScatterAdd(1, Zeros(2, 1), x)),
        ["x.ScatterReduce"] = ("ScatterReduceBackward0", x => x.ScatterReduce(1, Zeros(2, 1), x, ScatterReduction.Amax)),
        ["x.IndexAdd"] = ("IndexAddBackward0", x => x.IndexAdd(0, Zeros(1), x[..1])),
        ["x.IndexCopy"] = ("IndexCopyBackward0", x => x.IndexCopy(0, Zeros(1), x[..1])),
        ["x.IndexFill of a number"] = ("IndexFillBackward0", x => x.IndexFill(0, Zeros(1), 2)),
        ["x.IndexFill of a tensor"] = ("IndexFillBackward1", x => x.IndexFill(0, Zeros(1), x.Sum())),
        ["x.IndexReduce"] = ("IndexReduceBackward0", x => x.IndexReduce(0, Zeros(1), x[..1], ScatterReduction.Prod)),
        ["x.IndexSelect"] = ("IndexSelectBackward0", x => x.IndexSelect(0, Zeros(1))),
        ["x.IndexPut"] = ("IndexPutBackward0", x => x.IndexPut([Zeros(1)], x[..1])),
        ["x.Take"] = ("TakeBackward0", x => x.Take(Zeros(1))),
        ["x.Put"] = ("PutBackward0", x => x.Put(Zeros(1), x[0, ..1])),
        ["x.MaskedSelect"] = ("MaskedSelectBackward0", x => x.MaskedSelect(x > 0)),
        ["x.MaskedScatter"] = ("MaskedScatterBackward0", x => x.MaskedScatter(x > 0, x)),
        ["in place: MaskedFill_ of a number"] = ("MaskedFillBackward0", x => x.Clone().MaskedFill_(x > 0, 2)),
        ["in place: MaskedFill_ of a tensor"] = ("MaskedFillBackward1", x => x.Clone().MaskedFill_(x > 0, x.Sum())),
        ["x.Gather"] = ("GatherBackward0", x => x.Gather(1, Tensor.FromArray([0L, 1], 2, 1))),
        ["x.T"] = ("PermuteBackward0", x => x.T),
        ["x.Transpose()"] = ("TBackward0", x => x.Transpose()),
        ["x.Transpose(0, 1)"] = ("TransposeBackward0", x => x.Transpose(0, 1)),
        ["x.Permute(1, 0)"] = ("PermuteBackward0", x => x.Permute(1, 0)),
        ["x.Movedim(0, 1)"] = ("PermuteBackward0", x => x.Movedim(0, 1)),
        ["x.View(6)"] = ("ViewBackward0", x => x.View(6)),
        ["x.Reshape(6)"] = ("ViewBackward0", x => x.Reshape(6)),
        ["x.T.Reshape(6)"] = ("UnsafeViewBackward0", x => x.T.Reshape(6)), // of a clone
        ["x.Flatten()"] = ("ViewBackward0", x => x.Flatten()),
        ["x.Squeeze()"] = ("SqueezeBackward0", x => x.Squeeze()),
        ["x.Squeeze(0)"] = ("SqueezeBackward1", x => x.Squeeze(0)),
        ["x.Unsqueeze(0)"] = ("UnsqueezeBackward0", x => x.Unsqueeze(0)),
        ["x.Expand(2, 2, 3)"] = ("ExpandBackward0", x => x.Expand(2, 2, 3)),
        ["x.Clone()"] = ("CloneBackward0", x => x.Clone()),
        ["x.T.Contiguous()"] = ("CloneBackward0", x => x.T.Contiguous()),
        ["x.To(Float32)"] = ("ToCopyBackward0", x => x.To(DType.Float32)),
        ["Cat"] = ("CatBackward0", x => Tensor.Cat([x, x])),
        ["Stack"] = ("StackBackward0", x => Tensor.Stack([x, x])),

        ["Dot"] = ("DotBackward0", x => Tensor.Dot(x[0], x[1])),
        ["vector @ vector"] = ("DotBackward0", x => x[0].MatMul(x[1])),
        ["matrix @ vector"] = ("MvBackward0", x => x.MatMul(x[0])),
        ["vector @ matrix"] = ("SqueezeBackward4", x => x[0].MatMul(x.T)),
        ["matrix @ matrix"] = ("MmBackward0", x => x.MatMul(x.T)),
        ["Bmm"] = ("BmmBackward0", x => x.Unsqueeze(0).Bmm(x.T.Unsqueeze(0))),
        ["batch @ batch"] = ("UnsafeViewBackward0", x => x.Unsqueeze(0).MatMul(x.T.Unsqueeze(0))),
        ["batch @ matrix"] = ("UnsafeViewBackward0", x => x.Unsqueeze(0).MatMul(x.T)),
        ["batch @ vector"] = ("UnsafeViewBackward0", x => x.Unsqueeze(0).MatMul(x[0])),
        ["NllLoss"] = ("NllLossBackward0", x => x.NllLoss(Tensor.FromArray([0L, 1]))),
        ["CrossEntropy"] = ("NllLossBackward0", x => x.CrossEntropy(Tensor.FromArray([0L, 1]))),
        ["CrossEntropy of images"] = ("NllLoss2DBackward0", x => x.Reshape(1, 2, 1, 3).CrossEntropy(Tensor.Zeros([1, 1, 3], DType.Int64))),
        ["CrossEntropy of probabilities"] = ("DivBackward0", x => x.CrossEntropy(Tensor.Ones([2, 3], DType.Float64))),

        ["x.Addmm(x, y)"] = ("AddmmBackward0", x => x.MatMul(x.T).Addmm(x, x.T)),
        ["Cross"] = ("LinalgCrossBackward0", x => x.Cross(x + 1)),
        ["x.Tril()"] = ("TrilBackward0", x => x.Tril()),
        ["x.Triu()"] = ("TriuBackward0", x => x.Triu()),
        ["x.DiagEmbed()"] = ("DiagEmbedBackward0", x => x.DiagEmbed()),
        ["x.ConstantPadNd([1, 1])"] = ("ConstantPadNdBackward0", x => x.ConstantPadNd([1, 1])),
        ["x.Unfold(1, 2, 1)"] = ("UnfoldBackward0", x => x.Unfold(1, 2, 1)),
        ["x.AffineGrid(size)"] = ("AffineGridGeneratorBackward0", x => x.Unsqueeze(0).AffineGrid([1, 1, 2, 2])),
        ["x.GridSample(grid)"] = ("GridSampler2DBackward0", x => x.Reshape(1, 1, 2, 3).GridSample(Tensor.Zeros([1, 2, 2, 2], DType.Float64))),
        ["x.MaxUnpool2d(positions)"] = ("MaxUnpool2DBackward0", x => x.Unsqueeze(0).MaxUnpool2d(Tensor.Arange(6).Reshape(1, 2, 3), 2)),
        ["Interpolate"] = ("UpsampleNearest1DBackward0", x => x.Unsqueeze(0).Interpolate(6)),
        ["MseLoss"] = ("MseLossBackward0", x => x.MseLoss(x.Detach())),
        ["HuberLoss"] = ("HuberLossBackward0", x => x.HuberLoss(x.Detach())),
        ["SmoothL1Loss"] = ("SmoothL1LossBackward0", x => x.SmoothL1Loss(x.Detach())),
        ["SoftMarginLoss"] = ("SoftMarginLossBackward0", x => x.SoftMarginLoss(x.Detach())),
        ["BinaryCrossEntropy"] = ("BinaryCrossEntropyBackward0", x => x.Sigmoid().BinaryCrossEntropy(x.Detach().Sigmoid())),
        ["BinaryCrossEntropyWithLogits"] =
            ("BinaryCrossEntropyWithLogitsBackward0", x => x.BinaryCrossEntropyWithLogits(x.Detach().Sigmoid())),

        ["Linalg.Det"] = ("LinalgDetBackward0", x => Linalg.Det(Square(x))),
        ["Linalg.Inv"] = ("LinalgInvExBackward0", x => Linalg.Inv(Square(x))),
        ["Linalg.Solve"] = ("LinalgSolveExBackward0", x => Linalg.Solve(Square(x), x)),
        ["Linalg.SolveTriangular"] = ("LinalgSolveTriangularBackward0", x => Linalg.SolveTriangular(Square(x), x, upper: true)),
        ["Linalg.Cholesky"] = ("LinalgCholeskyExBackward0", x => Linalg.Cholesky(Square(x))),
        ["Linalg.Qr"] = ("LinalgQrBackward0", x => Linalg.Qr(x).R),
        ["Linalg.LuFactorEx"] = ("LinalgLuFactorExBackward0", x => Linalg.LuFactorEx(Square(x)).LU),
        ["Linalg.LuUnpack"] = ("LuUnpackBackward0", x => Linalg.LuFactorEx(Square(x)) is var (lu, pivots, _) ? Tensor.LuUnpack(lu, pivots).L : x),
        ["Linalg.LstSq"] = ("LinalgLstsqBackward0", x => Linalg.LstSq(x.T, x.T).Solution),
        ["Linalg.Eigh"] = ("LinalgEighBackward0", x => Linalg.Eigh(Square(x)).Eigenvalues),
        ["Linalg.Svd"] = ("LinalgSvdBackward0", x => Linalg.Svd(x).S),
        ["Linalg.Pinv"] = ("LinalgPinvBackward0", x => Linalg.Pinv(x)),
        ["Linalg.MatrixExp"] = ("LinalgMatrixExpBackward0", x => Linalg.MatrixExp(Square(x))),

        ["in place: Add_"] = ("AddBackward0", x => x.Clone().Add_(x)),
        ["in place: Mul_"] = ("MulBackward0", x => x.Clone().Mul_(x)),
        ["in place: Exp_"] = ("ExpBackward0", x => x.Clone().Exp_()),
        ["in place: Zero_"] = ("ZeroBackward0", x => x.Clone().Zero_()),
        ["in place: Fill_(number)"] = ("FillBackward2", x => x.Clone().Fill_(1)),
        ["in place: Fill_(tensor)"] = ("FillBackward3", x => x.Clone().Fill_(x.Sum())),
        ["in place: Eq_(number)"] = ("EqBackward0", x => x.Clone().Eq_(1)),
        ["in place: Eq_(tensor)"] = ("EqBackward1", x => x.Clone().Eq_(x)),
        ["in place: Ne_(number)"] = ("NeBackward0", x => x.Clone().Ne_(1)),
        ["in place: Ne_(tensor)"] = ("NeBackward1", x => x.Clone().Ne_(x)),
        ["in place: Lt_(number)"] = ("LtBackward0", x => x.Clone().Lt_(1)),
        ["in place: Lt_(tensor)"] = ("LtBackward1", x => x.Clone().Lt_(x)),
        ["in place: Le_(number)"] = ("LeBackward0", x => x.Clone().Le_(1)),
        ["in place: Le_(tensor)"] = ("LeBackward1", x => x.Clone().Le_(x)),
        ["in place: Gt_(number)"] = ("GtBackward0", x => x.Clone().Gt_(1)),
        ["in place: Gt_(tensor)"] = ("GtBackward1", x => x.Clone().Gt_(x)),
        ["in place: Ge_(number)"] = ("GeBackward0", x => x.Clone().Ge_(1)),
        ["in place: Ge_(tensor)"] = ("GeBackward1", x => x.Clone().Ge_(x)),
        ["in place: LogicalAnd_"] = ("LogicalAndBackward0", x => x.Clone().LogicalAnd_(x)),
        ["in place: LogicalOr_"] = ("LogicalOrBackward0", x => x.Clone().LogicalOr_(x)),
        ["in place: LogicalXor_"] = ("LogicalXorBackward0", x => x.Clone().LogicalXor_(x)),
        ["in place: LogicalNot_"] = ("LogicalNotBackward0", x => x.Clone().LogicalNot_()),
        ["in place: Copy_"] = ("CopyBackwards", x => x.Clone().Copy_(x)),
        ["in place: Copy_ of a constant"] = ("CopyBackwards", x => x.Clone().Copy_(x.Detach())),
        ["in place: Uniform_"] = ("UniformBackward0", x => x.Clone().Uniform_()),
        ["in place: Normal_"] = ("NormalBackward0", x => x.Clone().Normal_()),
        ["in place: Bernoulli_"] = ("BernoulliBackward2", x => x.Clone().Bernoulli_()),
        ["in place: Exponential_"] = ("ExponentialBackward0", x => x.Clone().Exponential_()),
        ["in place: Cauchy_"] = ("CauchyBackward0", x => x.Clone().Cauchy_()),
        ["in place: LogNormal_"] = ("LogNormalBackward0", x => x.Clone().LogNormal_()),
        ["in place: Geometric_"] = ("GeometricBackward0", x => x.Clone().Geometric_(0.5)),
        ["in place: Bernoulli_(tensor)"] = ("BernoulliBackward1", x => x.Clone().Bernoulli_(Tensor.Full([3], 0.5))),
        ["in place: a view"] = ("CopySlices", x => Assigned(x.Clone(), y => y[0] = 0)),
        ["in place: a mask"] = ("IndexPutBackward0", x => Assigned(x.Clone(), y => y[y > 0] = 0)),
    };

    /// <summary>A symmetric matrix that is positive definite.</summary>
    private static Tensor Square(Tensor x) => x.MatMul(x.T);

    private static Tensor Zeros(params int[] shape) => Tensor.Zeros(shape, DType.Int64);

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void ANodeHasPyTorchsName(string expression)
    {
        var (name, run) = Cases[expression];
        var y = run(Matrix());
        Assert.Equal(name, y.GradFn?.Name);
        Assert.Equal($"<{name}>", y.GradFn!.ToString());
        Assert.Contains($"grad_fn=<{name}>)", y.ToString(), StringComparison.Ordinal);
    }

    /// <summary>An operator that is added without a case here would keep whatever name its author's struct has.</summary>
    [Fact]
    public void EveryNameOfItsOwnHasACase()
    {
        // An operator without a name of its own has PyTorch's rule for it: the operator's name and Backward0.
        // Nodes of nodes: PyTorch's functions for them have names of their own, which nobody sees but in a picture of a second derivative.
        string[] transposes =
        [
            "AddRows", "ConvolutionWeight", "EmbeddingAdd", "Embed", "Erase", "EraseRows", "PutAlong", "ThroughMemory", "AddFlat",
            "EraseAlong", "TakeLast", "PutLast", "ResampleTranspose", "UnfoldSum",
        ];
        var covered = Cases.Values.Select(c => c.Name).ToHashSet();
        var missing = Laws.Operators.Types
            .Where(type => !type.IsGenericTypeDefinition && typeof(IOperator).IsAssignableFrom(type) && !transposes.Contains(type.Name))
            .SelectMany(Called)
            // A resampling says in how many dimensions it is one, which the instance that is made here does not know; the other is a node's node.
            .Where(op => op.GradName is { Length: > 0 } name and not ("ResampleBackward0" or "DiagonalBackwardBackward0") && !covered.Contains(name))
            .Select(op => $"{op.GetType().Name}: {op.GradName}")
            .ToList();
        Assert.True(missing.Count == 0, string.Join(Environment.NewLine, missing));
    }

    /// <summary>An operator, with whatever it may have been called for.</summary>
    private static IEnumerable<IOperator> Called(Type type)
    {
        var calls = type.GetProperty("Call", BindingFlags.Instance | BindingFlags.NonPublic);
        if (calls is null)
        {
            return [(IOperator)Activator.CreateInstance(type)!];
        }

        return Enum.GetValues(calls.PropertyType).Cast<object>().Select(call =>
        {
            var op = Activator.CreateInstance(type)!;
            calls.SetValue(op, call);
            return (IOperator)op;
        });
    }

    [Fact]
    public void NextFunctionsLeadToTheInputs()
    {
        var x = Leaf(1, 2);
        Tensor constant = [3.0, 4];
        var y = x * constant;
        var z = 2 * Tensor.Dot(y, x);

        // PyTorch: ((<DotBackward0>, 0), (None, 0)), then ((<MulBackward0>, 0), (<AccumulateGrad>, 0)), then ((<AccumulateGrad>, 0), (None, 0)).
        Assert.Equal([("DotBackward0", 0), (null, 0)], Next(z.GradFn!));
        Assert.Equal([("MulBackward0", 0), ("AccumulateGrad", 0)], Next(z.GradFn!.NextFunctions[0].Node!));
        Assert.Same(y.GradFn, z.GradFn!.NextFunctions[0].Node!.NextFunctions[0].Node);
        Assert.Equal([("AccumulateGrad", 0), (null, 0)], Next(y.GradFn!));
        Assert.Empty(y.GradFn!.NextFunctions[0].Node!.NextFunctions);
    }

    /// <summary>Operators to which a plain number, or a condition, is no input in PyTorch's graphs.</summary>
    [Fact]
    public void SomeInputsHaveNoEdge()
    {
        var x = Leaf(1, 2);
        var value = ScalarLeaf(3);
        var mask = Tensor.FromArray([true, false]);
        Assert.Equal([("AccumulateGrad", 0)], Next((1 - x).GradFn!));
        Assert.Equal([("AccumulateGrad", 0)], Next(((Tensor)2.0).Pow(x).GradFn!));
        Assert.Equal([("AccumulateGrad", 0), (null, 0)], Next(x.Pow(Tensor.FromArray([1.0, 2])).GradFn!));
        Assert.Equal([("AccumulateGrad", 0), (null, 0)], Next(Tensor.Where(mask, x, 0).GradFn!));
        Assert.Equal([(null, 0), ("AccumulateGrad", 0)], Next(Tensor.Where(mask, 0, x).GradFn!));
        Assert.Equal([("AccumulateGrad", 0)], Next(x.MaskedFill(mask, 1).GradFn!));
        Assert.Equal(["MulBackward0", "AccumulateGrad"], Next((x * 1).MaskedFill(mask, value).GradFn!).Select(next => next.Name));
    }

    [Fact]
    public void ALeafHasOneAccumulator()
    {
        var x = Leaf(1, 2);
        var first = (x * 2).GradFn!.NextFunctions[0].Node;
        var second = x.Exp().GradFn!.NextFunctions[0].Node;
        Assert.Same(first, second);
        Assert.NotSame(first, Leaf(1, 2).Exp().GradFn!.NextFunctions[0].Node);
    }

    [Fact]
    public void ReshapeOfATransposeGoesThroughACopy()
    {
        var y = Matrix().T.Reshape(6);
        Assert.Equal([("CloneBackward0", 0)], Next(y.GradFn!));
        Assert.Equal([("PermuteBackward0", 0)], Next(y.GradFn!.NextFunctions[0].Node!));
    }

    [Fact]
    public void OneOverXGoesThroughTheReciprocal() =>
        Assert.Equal([("ReciprocalBackward0", 0), (null, 0)], Next((1 / Leaf(1, 2)).GradFn!));

    [Fact]
    public void NodesKnowWhatTheyMade()
    {
        var y = LeafOf([2, 3], 1, 2, 3, 4, 5, 6).Sum(0);
        Shape three = [3];
        Assert.Equal(three, y.GradFn!.OutputShape);
        Assert.Equal(DType.Float64, y.GradFn.OutputDType);
        Assert.Equal(DType.Float32, y.To(DType.Float32).GradFn!.OutputDType);
    }

    [Fact]
    public void LaterNodesHaveLargerNumbers()
    {
        var x = Leaf(1, 2);
        var y = x * 2;
        var z = x * 3;
        Assert.True(z.GradFn!.SequenceNumber > y.GradFn!.SequenceNumber);
    }

    private static Tensor Matrix() => LeafOf([2, 3], 0.5, -1.5, 2.5, -0.25, 1.25, 3.25) * 1;

    private static Tensor Assigned(Tensor y, Action<Tensor> assign)
    {
        assign(y);
        return y;
    }

    private static List<(string? Name, int Index)> Next(Node node) => [.. node.NextFunctions.Select(edge => (edge.Node?.Name, edge.Index))];
}
