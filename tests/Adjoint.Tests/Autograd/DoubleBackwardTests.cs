using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.Engine;

/// <summary>
/// The first and second derivative of every operator, whatever its family, against central differences in float64. The second is that of the dot
/// product of the recorded gradient with a fixed vector; first derivatives are also compared between the recorded and the fused reading of a formula.
/// </summary>
public class DoubleBackwardTests
{
    private static readonly Dictionary<string, (int[][] Shapes, Func<Tensor[], Tensor> Run)> Cases = new()
    {
        // pointwise
        ["Abs"] = ([[2, 3]], x => x[0].Abs()),
        ["Add"] = ([[2, 3], [3]], x => x[0] + x[1]),
        ["Add scaled"] = ([[2, 3], [2, 1]], x => x[0].Add(x[1], 2.5)),
        ["Sub"] = ([[3], [2, 3]], x => x[0] - x[1]),
        ["Rsub"] = ([[2, 3]], x => 2 - x[0]),
        ["Mul"] = ([[2, 3], [2, 1]], x => x[0] * x[1]),
        ["Div"] = ([[2, 3], [3]], x => x[0] / x[1]),
        ["number / x"] = ([[2, 3]], x => 2 / x[0]),
        ["Neg"] = ([[2, 3]], x => -x[0]),
        ["Exp"] = ([[2, 3]], x => x[0].Exp()),
        ["Log"] = ([[2, 3]], x => x[0].Abs().Log()),
        ["Sqrt"] = ([[2, 3]], x => x[0].Abs().Sqrt()),
        ["Square"] = ([[2, 3]], x => x[0].Square()),
        ["Sin"] = ([[2, 3]], x => x[0].Sin()),
        ["Cos"] = ([[2, 3]], x => x[0].Cos()),
        ["Tanh"] = ([[2, 3]], x => x[0].Tanh()),
        ["Sigmoid"] = ([[2, 3]], x => x[0].Sigmoid()),
        ["Relu"] = ([[2, 3]], x => x[0].Relu()),
        ["Reciprocal"] = ([[2, 3]], x => x[0].Reciprocal()),
        ["Softsign"] = ([[2, 3]], x => x[0].Softsign()),
        ["Sign"] = ([[2, 3]], x => x[0].Sign()),
        ["Floor"] = ([[2, 3]], x => x[0].Floor()),
        ["Pow number"] = ([[2, 3]], x => x[0].Abs().Pow(2.5)),
        ["Pow 2"] = ([[2, 3]], x => x[0].Pow(2)),
        ["Pow 3"] = ([[2, 3]], x => x[0].Pow(3)),
        ["Pow"] = ([[2, 3], [3]], x => x[0].Abs().Pow(x[1])),
        ["number Pow"] = ([[2, 3]], x => ((Tensor)3.0).Pow(x[0])),
        ["Maximum"] = ([[2, 3], [3]], x => x[0].Maximum(x[1])),
        ["Minimum"] = ([[2, 3], [3]], x => x[0].Minimum(x[1])),
        ["Clamp numbers"] = ([[2, 3]], x => x[0].Clamp(-0.4, 0.9)),
        ["Clamp min"] = ([[2, 3], [3]], x => x[0].Clamp(x[1])),
        ["Clamp max"] = ([[2, 3], [3]], x => x[0].Clamp(max: x[1])),
        ["Clamp both"] = ([[2, 3], [3], [2, 1]], x => x[0].Clamp(x[1] - 1, x[2] + 1)),
        ["Where"] = ([[2, 3], [3]], x => Tensor.Where(x[0] > 0, x[0] * x[0], x[1] * x[0])),
        ["MaskedFill"] = ([[2, 3], []], x => x[0].MaskedFill(x[0] > 0, x[1])),

        // reductions
        ["Sum"] = ([[2, 3]], x => x[0].Sum()),
        ["Sum 0"] = ([[2, 3]], x => x[0].Sum(0)),
        ["Sum keep"] = ([[2, 3, 2]], x => x[0].Sum([0, 2], keepDim: true)),
        ["SumToSize"] = ([[2, 3]], x => x[0].SumToSize(1, 3)),
        ["Mean"] = ([[2, 3]], x => x[0].Mean()),
        ["Mean 1"] = ([[2, 3]], x => x[0].Mean(1)),
        ["Max"] = ([[2, 3]], x => x[0].Max()),
        ["Max 1"] = ([[2, 3]], x => x[0].Max(1).Values),
        ["Max 0 keep"] = ([[2, 3]], x => x[0].Max(0, keepDim: true).Values),
        ["Min"] = ([[2, 3]], x => x[0].Min()),
        ["Min 0"] = ([[2, 3]], x => x[0].Min(0).Values),
        ["Amax"] = ([[2, 3, 2]], x => x[0].Amax([0, 2])),
        ["Amin keep"] = ([[2, 3]], x => x[0].Amin([1], keepDim: true)),
        ["Norm"] = ([[2, 3]], x => x[0].Norm()),
        ["Norm 2 of rows"] = ([[2, 3]], x => x[0].Norm(2, [1])),
        ["Norm 1"] = ([[2, 3]], x => x[0].Norm(1)),
        ["Norm 3"] = ([[2, 3]], x => x[0].Norm(3, [0])),
        ["Norm 0"] = ([[2, 3]], x => x[0].Norm(0)),
        ["Norm inf"] = ([[2, 3]], x => x[0].Norm(double.PositiveInfinity, [1])),
        ["Norm -inf"] = ([[2, 3]], x => x[0].Norm(double.NegativeInfinity)),
        ["LogSumExp"] = ([[2, 3]], x => x[0].LogSumExp(1)),
        ["LogSumExp all"] = ([[2, 3]], x => x[0].LogSumExp([0, 1], keepDim: true)),
        ["Softmax"] = ([[2, 3]], x => x[0].Softmax(1)),
        ["Softmax 0"] = ([[2, 3]], x => x[0].Softmax(0)),
        ["LogSoftmax"] = ([[2, 3]], x => x[0].LogSoftmax(-1)),

        // movement
        ["Reshape"] = ([[2, 3]], x => x[0].Reshape(3, 2)),
        ["Reshape of a transpose"] = ([[2, 3]], x => x[0].T.Reshape(6)),
        ["Permute"] = ([[2, 3, 2]], x => x[0].Permute(2, 0, 1)),
        ["Transpose"] = ([[2, 3]], x => x[0].Transpose(0, 1)),
        ["Movedim"] = ([[2, 3, 2]], x => x[0].Movedim(0, -1)),
        ["Squeeze"] = ([[2, 1, 3]], x => x[0].Squeeze()),
        ["Unsqueeze"] = ([[2, 3]], x => x[0].Unsqueeze(1)),
        ["Expand"] = ([[2, 1]], x => x[0].Expand(4, 2, 3)),
        ["Flatten"] = ([[2, 3]], x => x[0].Flatten()),
        ["Slice"] = ([[5, 3]], x => x[0].Slice(0, 1, null, 2)),
        ["Narrow"] = ([[2, 3]], x => x[0].Narrow(1, 1, 2)),
        ["Select"] = ([[2, 3]], x => x[0].Select(1, -1)),
        ["Cat"] = ([[2, 3], [1, 3]], x => Tensor.Cat([x[0], x[1], x[0]])),
        ["Stack"] = ([[3], [3]], x => Tensor.Stack([x[0], x[1], x[0]], 1)),
        ["Clone"] = ([[2, 3]], x => x[0].Clone()),
        ["Contiguous"] = ([[2, 3]], x => x[0].T.Contiguous()),

        // indexing
        ["x[1]"] = ([[2, 3]], x => x[0][1]),
        ["x[.., 1..]"] = ([[2, 3]], x => x[0][.., 1..]),
        ["x[^1, None]"] = ([[2, 3]], x => x[0][^1, TensorIndex.NewAxis]),
        ["x[...]"] = ([[2, 3]], x => x[0][TensorIndex.Ellipsis]),
        ["x[rows]"] = ([[3, 2]], x => x[0][new[] { 2, 0, 2, -1 }]),
        ["x[.., columns]"] = ([[2, 3, 2]], x => x[0][.., new[] { 2, 0, 2 }]),
        ["x[rows, columns]"] = ([[3, 3]], x => x[0][new[] { 0, 1, 1 }, new[] { 2, 0, 0 }]),
        ["x[mask]"] = ([[2, 3]], x => x[0][x[0] > 0]),
        ["Gather"] = ([[2, 3]], x => x[0].Gather(1, Tensor.FromArray([2L, 0, 1, 1], 2, 2))),

        // products
        ["Dot"] = ([[3], [3]], x => Tensor.Dot(x[0], x[1])),
        ["Dot with itself"] = ([[3]], x => Tensor.Dot(x[0], x[0])),
        ["Mv"] = ([[2, 3], [3]], x => x[0].Mv(x[1])),
        ["Mm"] = ([[2, 3], [3, 2]], x => x[0].Mm(x[1])),
        ["Mm of views"] = ([[3, 2], [2, 3]], x => x[0].T.Mm(x[1].T)),
        ["Bmm"] = ([[2, 2, 3], [2, 3, 2]], x => x[0].Bmm(x[1])),
        ["MatMul vector matrix"] = ([[3], [3, 2]], x => x[0].MatMul(x[1])),
        ["MatMul batch matrix"] = ([[2, 2, 3], [3, 2]], x => x[0].MatMul(x[1])),
        ["MatMul batch vector"] = ([[2, 2, 3], [3]], x => x[0].MatMul(x[1])),
        ["MatMul vector batch"] = ([[3], [2, 3, 2]], x => x[0].MatMul(x[1])),
        ["MatMul broadcast"] = ([[2, 1, 2, 3], [2, 3, 2]], x => x[0].MatMul(x[1])),

        // losses
        ["NllLoss"] = ([[2, 3]], x => x[0].NllLoss(Tensor.FromArray([2L, 0]))),
        ["CrossEntropy"] = ([[2, 3]], x => x[0].CrossEntropy(Tensor.FromArray([2L, 0]), labelSmoothing: 0.1)),
        ["CrossEntropy weighted"] = (
            [[2, 3]], x => x[0].CrossEntropy(Tensor.FromArray([2L, 0]), Tensor.FromArray([1.0, 2, 3]), reduction: LossReduction.None)),
        ["CrossEntropy probabilities"] = ([[2, 3], [2, 3]], x => x[0].CrossEntropy(x[1].Softmax(1))),

        // in place, on a value that is not a leaf
        ["in place: Add_"] = ([[2, 3], [3]], x => (x[0] * 1).Add_(x[1])),
        ["in place: Mul_"] = ([[2, 3], [3]], x => (x[0] * 1).Mul_(x[1])),
        ["in place: Mul_ itself"] = ([[2, 3]], x => Itself(x[0] * 1)),
        ["in place: Div_"] = ([[2, 3], [3]], x => (x[0] * 1).Div_(x[1])),
        ["in place: Exp_"] = ([[2, 3]], x => (x[0] * 1).Exp_()),
        ["in place: Sin_"] = ([[2, 3]], x => (x[0] * 1).Sin_()),
        ["in place: Copy_"] = ([[2, 3], [3]], x => (x[0] * 1).Copy_(x[1] * x[1])),
        ["in place: Fill_"] = ([[2, 3], []], x => (x[0] * 1).Fill_(x[1] * x[1])),
        ["in place: Zero_"] = ([[2, 3]], x => (x[0] * 1).Zero_() + x[0].Square()),
        ["in place: x[0] = v"] = ([[2, 3], [3]], x => After(x[0] * x[0], y => y[0] = x[1] * x[1])),
        ["in place: x[0] *= v"] = ([[2, 3], [3]], x => After(x[0] * x[0], y => y[0].Mul_(x[1]))),
        ["in place: x[.., 1] = v"] = ([[2, 3], []], x => After(x[0] * x[0], y => y[.., 1] = x[1] * x[1])),
        ["in place: x[mask] = v"] = ([[2, 3], []], x => After(x[0] * x[0], y => y[x[0] > 0] = x[1] * x[1])),
        ["in place: x[rows] = v"] = ([[3, 2], [2]], x => After(x[0] * x[0], y => y[new[] { 2, 0 }] = x[1] * x[1])),
        ["in place: view of a transpose"] = ([[2, 3], [2]], x => After(x[0] * x[0], y => y.T[1].Mul_(x[1]))),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void TheFirstDerivativeIsRight(string name)
    {
        var (shapes, run) = Cases[name];
        var (at, weights) = Draw(shapes, run);
        Tensor Scalar(Tensor[] x) => (run(x) * weights).Sum();
        for (var i = 0; i < at.Length; i++)
        {
            var expected = FiniteDifference.Gradient(Scalar, at, i);
            var fused = Autograd.Grad([Scalar(at)], [at[i]], materializeGrads: true)[0];
            IsClose(fused, expected, 1e-8);
            var recorded = Autograd.Grad([Scalar(at)], [at[i]], createGraph: true, materializeGrads: true)[0];
            IsClose(recorded, Of(fused), 1e-14);
            Assert.Equal(at[i].Shape, recorded!.Shape);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TheSecondDerivativeIsRight(string name)
    {
        var (shapes, run) = Cases[name];
        var (at, weights) = Draw(shapes, run);
        var directions = at.Select((x, i) => Random(x.Shape.ToArray(), 100 + i)).ToArray();

        // The weights are squared on the way, so that linear operators have a second derivative too.
        Tensor Slope(Tensor[] x)
        {
            var inputs = x.Select(input => input.RequiresGrad ? input : input.Detach().RequiresGrad_()).ToArray();
            var y = (run(inputs).Square() * weights).Sum();
            var gradients = Autograd.Grad([y], inputs, createGraph: true, materializeGrads: true);
            return gradients.Select((g, i) => (g! * directions[i]).Sum()).Aggregate((a, b) => a + b);
        }

        for (var i = 0; i < at.Length; i++)
        {
            var expected = FiniteDifference.Gradient(Slope, at, i);
            var slope = Slope(at);
            var actual = slope.RequiresGrad
                ? Autograd.Grad([slope], [at[i]], materializeGrads: true)[0]
                : Tensor.ZerosLike(at[i]);
            IsClose(actual, expected, 1e-7);
        }
    }

    private static Tensor Itself(Tensor x) => x.Mul_(x);

    private static Tensor After(Tensor x, Action<Tensor> change)
    {
        change(x);
        return x;
    }

    /// <summary>Inputs away from 0, whole numbers and each other, where the formulas have their kinks.</summary>
    private static (Tensor[] At, Tensor Weights) Draw(int[][] shapes, Func<Tensor[], Tensor> run)
    {
        var at = shapes.Select((shape, i) => Random(shape, i).RequiresGrad_()).ToArray();
        return (at, Random(run(at).Shape.ToArray(), 50));
    }

    private static Tensor Random(int[] shape, int seed)
    {
        var random = new Random(seed);
        var data = new double[(int)((Shape)shape).Count];
        for (var i = 0; i < data.Length; i++)
        {
            var sign = random.Next(2) == 0 ? -1 : 1;
            data[i] = sign * (random.Next(3) + 0.2 + (0.6 * random.NextDouble()));
        }

        return shape.Length == 0 ? Tensor.Scalar(data[0]) : Tensor.FromArray(data, shape);
    }
}
