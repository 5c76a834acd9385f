using Adjoint.Algebra;

namespace Adjoint.Tests.Laws;

/// <summary>
/// Public methods with arguments, for the operators whose struct alone does not say how it is called, and for methods that choose between
/// operators. Nothing here names an operator: <see cref="CompletenessLaw"/> looks at the graphs that these calls record.
/// </summary>
internal static class Samples
{
    public static IReadOnlyList<Call> Table { get; } =
    [
        .. Movement(),
        .. Reductions(),
        .. Contractions(),
        .. Convolutions.Calls(),
        .. Pools.Calls(),
        .. Norms.Calls(),
        .. Attentions.Calls(),
        .. Elementary.Calls(),
        .. Picking(),
        .. Others(),
        .. Shapes.Calls(),
        .. Resamplings.Calls(),
        .. LossCalls.Calls(),
        .. ContractionCalls.Calls(),
        .. LinearSystems.Calls(),
        .. Scatters.Calls(),
        .. Specials.Calls(),
        .. Orders.Calls(),
        .. Spectra.Calls(),
        .. RecurrentCalls.Calls(),
    ];

    private static IEnumerable<Call> Movement() =>
    [
        One("x.Reshape(4, -1)", [2, 3, 4], x => x.Reshape(4, -1)),
        One("x.Transpose(0, 1).Reshape(-1), a copy", [2, 3, 4], x => x.Transpose(0, 1).Reshape(-1)),
        One("x.View(2, 3, 2, 2)", [2, 3, 4], x => x.View(2, 3, 2, 2)),
        One("x.Flatten(1)", [2, 3, 4], x => x.Flatten(1)),
        One("x.Squeeze()", [1, 3, 1], x => x.Squeeze()),
        One("x.Squeeze(0)", [1, 3, 1], x => x.Squeeze(0)),
        One("x.Unsqueeze(1)", [2, 3], x => x.Unsqueeze(1)),
        new("x.Permute(...)", draw =>
        {
            var shape = draw.Shape(1, 5);
            var order = draw.Order(shape.Length);
            return new(x => x[0].Permute(order), draw.Tensor(shape));
        }),
        One("x.Transpose(0, -1)", [2, 3, 4], x => x.Transpose(0, -1)),
        One("x.Transpose()", [2, 3], x => x.Transpose()),
        One("x.T", [2, 3], x => x.T),
        One("x.Movedim(0, 2)", [2, 3, 4], x => x.Movedim(0, 2)),
        One("x.Expand(4, 2, 3)", [2, 1], x => x.Expand(4, 2, 3), isLoose: true),
        One("x.Expand(-1, 3, -1)", [2, 1, 2], x => x.Expand(-1, 3, -1), isLoose: true),
        One("x.Slice(1, 1, null, 2)", [3, 6], x => x.Slice(1, 1, null, 2)),
        One("x.Narrow(0, 1, 2)", [4, 2], x => x.Narrow(0, 1, 2)),
        One("x.Select(1, -1)", [3, 4], x => x.Select(1, -1)),
        One("x[1.., ^1]", [3, 4], x => x[1.., ^1]),
        One("x[.., new axis]", [3, 4], x => x[TensorIndex.Ellipsis, TensorIndex.NewAxis]),
        One("x[...]", [3, 4], x => x[TensorIndex.Ellipsis]),
        One("x.Clone()", [3, 4], x => x.Clone()),
        One("x.T.Contiguous()", [3, 4], x => x.T.Contiguous()),
        new("x.To(Float32).To(Float64)", draw => new(x => x[0].To(DType.Float32).To(DType.Float64), draw.Tensor(3, 4))
        {
            // Linear, so any step will do; float32 keeps seven digits.
            Step = 0.5,
            Tolerance = 1e-5,
        }),
        new("Cat([x, y, z], 1)", draw => new(x => Tensor.Cat(x, 1), draw.Tensor(2, 1, 3), draw.Tensor(2, 2, 3), draw.Tensor(2, 3, 3))),
        new("Stack([x, y], 1)", draw => new(x => Tensor.Stack(x, 1), draw.Tensor(2, 3), draw.Tensor(2, 3))),
    ];

    private static IEnumerable<Call> Reductions() =>
    [
        One("x.Sum()", [2, 3, 4], x => x.Sum(), isLoose: true),
        One("x.Sum(1, true)", [2, 3, 4], x => x.Sum(1, keepDim: true), isLoose: true),
        new(
            "x.Sum(dims)",
            draw =>
            {
                var shape = draw.Shape(1, 5);
                var dims = draw.Order(shape.Length)[..draw.Number(1, shape.Length)];
                var keepDim = draw.Coin();
                return new(x => x[0].Sum(dims, keepDim), draw.Tensor(shape));
            },
            IsLoose: true),
        One("x.SumToSize(3, 1)", [2, 3, 4], x => x.SumToSize(3, 1), isLoose: true),
        One("x.Mean()", [2, 3, 4], x => x.Mean(), isLoose: true),
        One("x.Mean([0, 2])", [2, 3, 4], x => x.Mean([0, 2]), isLoose: true),
        One("x.Amax([0, 2])", [2, 3, 4], x => x.Amax([0, 2])),
        One("x.Amin([1], true)", [2, 3, 4], x => x.Amin([1], keepDim: true)),
        One("x.Max()", [2, 3, 4], x => x.Max()),
        One("x.Min()", [2, 3, 4], x => x.Min()),
        One("x.Max(1)", [2, 3, 4], x => x.Max(1).Values),
        One("x.Min(0, true)", [2, 3, 4], x => x.Min(0, keepDim: true).Values),
        One("x.Max(0) of a scalar", [], x => x.Max(0).Values),
        One("x.Norm()", [3, 4], x => x.Norm(), isLoose: true),
        One("x.Norm(3, [1])", [3, 4], x => x.Norm(3, [1]), isLoose: true),
        One("x.Norm(1)", [3, 4], new Domain(0.5, 2), x => x.Norm(1), isLoose: true),
        One("x.Norm(infinity)", [3, 4], new Domain(0.5, 2), x => x.Norm(double.PositiveInfinity)),
        One("x.Norm(-infinity)", [3, 4], new Domain(0.5, 2), x => x.Norm(double.NegativeInfinity)),
        One("x.Unbind(1)", [3, 4], x => x.Unbind(1) is var pieces ? (pieces[0] * pieces[2]) + pieces[3].Exp() : x),
        One("x.Split(2, 1)", [3, 5], x => x.Split(2, 1) is var pieces ? (pieces[0] * pieces[1].Sin()) + pieces[2] : x),
        One("x.Split([1, 3], -1)", [3, 4], x => x.Split([1, 3], -1) is var pieces ? pieces[0].Exp() * pieces[1] : x),
        One("x.Sort(0)", [3, 4], x => x.Sort(0).Values.Square()),
        One("x.Sort(descending)", [3, 4], x => x.Sort(descending: true).Values * Tensor.Arange(12.0).To(x.DType).Reshape(3, 4)),
        One("x.TopK(2, 0)", [3, 4], x => x.TopK(2, 0).Values.Square()),
        One("x.TopK(3, largest: false)", [3, 4], x => x.TopK(3, largest: false).Values.Square()),
        One("x.CumSum(1)", [3, 4], x => x.CumSum(1), isLoose: true),
        One("x.CumSum(0) of a scalar", [], x => x.CumSum(0)),
        One("x.CumProd(0)", [3, 2, 2], x => x.CumProd(0), isLoose: true),
        One("x.CumProd(-1)", [2, 4], x => x.CumProd(-1), isLoose: true),
        One("x.LogCumSumExp(0)", [4, 2], x => x.LogCumSumExp(0), isLoose: true),
        new("Recurrence, forward",
            draw => new(x => Recurrence.Run(x[0], x[1], 1, reverse: false), draw.Tensor(2, 3), draw.Tensor(2, 3)),
            IsLoose: true),
        new("Recurrence, backward",
            draw => new(x => Recurrence.Run(x[0], x[1], 0, reverse: true), draw.Tensor(4, 2), draw.Tensor(4, 2)),
            IsLoose: true),
        One("x.Var()", [3, 4], x => x.Var(), isLoose: true),
        One("x.Var([0, 2], 0, true)", [2, 3, 4], x => x.Var([0, 2], correction: 0, keepDim: true), isLoose: true),
        One("x.Std()", [3, 4], x => x.Std(), isLoose: true),
        One("x.Std(1, 0)", [2, 3, 4], x => x.Std(1, correction: 0), isLoose: true),
        One("x.VarMean(-1)", [3, 4], x => x.VarMean(-1) is var (variance, mean) ? variance * mean : x, isLoose: true),
        One("x.StdMean(0)", [3, 4], x => x.StdMean(0) is var (deviation, mean) ? deviation * mean : x, isLoose: true),
        One("x.LogSumExp(1)", [3, 4], x => x.LogSumExp(1), isLoose: true),
        One("x.LogSumExp([0, 2], true)", [2, 3, 4], x => x.LogSumExp([0, 2], keepDim: true), isLoose: true),
        One("x.Softmax(-1)", [3, 4], x => x.Softmax(-1), isLoose: true),
        One("x.LogSoftmax(0)", [3, 4], x => x.LogSoftmax(0), isLoose: true),
    ];

    private static IEnumerable<Call> Contractions() =>
    [
        Two("Dot(x, y)", [5], [5], (x, y) => Tensor.Dot(x, y)),
        Two("VecDot(x, y)", [3, 4], [3, 4], (x, y) => Tensor.VecDot(x, y)),
        Two("VecDot(x, y, 0), broadcast", [2, 3, 1], [3, 4], (x, y) => Tensor.VecDot(x, y, 0)),
        Two("VecDot(x, y, 1), broadcast", [3, 4], [2, 1, 4], (x, y) => Tensor.VecDot(x, y, 1)),
        Two("x.Mv(y)", [3, 4], [4], (x, y) => x.Mv(y)),
        Two("x.Mm(y)", [3, 4], [4, 2], (x, y) => x.Mm(y)),
        Two("x.Bmm(y)", [2, 3, 4], [2, 4, 2], (x, y) => x.Bmm(y)),
        Two("x.Linear(y)", [2, 3], [4, 3], (x, y) => x.Linear(y)),
        Two("x.Linear(y), one output", [2, 3], [3], (x, y) => x.Linear(y)),
        new(
            "x.Linear(y, z)",
            draw => new(x => x[0].Linear(x[1], x[2]), draw.Tensor(2, 2, 3), draw.Tensor(4, 3), draw.Tensor(4)),
            IsLoose: true),
        Two("MatMul: vector, vector", [4], [4], (x, y) => x.MatMul(y)),
        Two("MatMul: vector, matrix", [4], [4, 3], (x, y) => x.MatMul(y)),
        Two("MatMul: matrix, vector", [3, 4], [4], (x, y) => x.MatMul(y)),
        Two("MatMul: matrix, matrix", [3, 4], [4, 3], (x, y) => x.MatMul(y)),
        Two("MatMul: vector, batch", [4], [2, 4, 3], (x, y) => x.MatMul(y)),
        Two("MatMul: batch, vector", [2, 3, 4], [4], (x, y) => x.MatMul(y)),
        Two("MatMul: batch, matrix", [2, 3, 4], [4, 3], (x, y) => x.MatMul(y)),
        Two("MatMul: matrix, batch", [3, 4], [2, 4, 3], (x, y) => x.MatMul(y)),
        Two("MatMul: batches that broadcast", [2, 1, 3, 4], [3, 4, 2], (x, y) => x.MatMul(y)),
    ];

    private static IEnumerable<Call> Picking() =>
    [
        new("x[positions]", draw =>
        {
            var at = draw.Positions(4, 2, 3);
            return new(x => x[0][at], draw.Tensor(4, 2));
        }),
        new("x[.., positions]", draw =>
        {
            var at = draw.Positions(4, 3);
            return new(x => x[0][.., at], draw.Tensor(2, 4, 2));
        }),
        new("x[positions, positions]", draw =>
        {
            var (i, j) = (draw.Positions(3, 4), draw.Positions(4, 4));
            return new(x => x[0][i, j], draw.Tensor(3, 4, 2));
        }),
        new("x[positions, .., positions]", draw =>
        {
            var (i, j) = (draw.Positions(3, 4), draw.Positions(2, 4));
            return new(x => x[0][i, .., j], draw.Tensor(3, 4, 2));
        }),
        new("x[mask]", draw =>
        {
            Tensor mask = [[true, false, true], [false, true, true]];
            return new(x => x[0][mask], draw.Tensor(2, 3, 2));
        }),
        new("x.Gather(1, positions)", draw =>
        {
            var at = draw.Positions(4, 3, 5);
            return new(x => x[0].Gather(1, at), draw.Tensor(3, 4));
        }),
        new("x.Gather of a scalar", draw => new(x => x[0].Gather(0, Tensor.Zeros([], DType.Int64)), draw.Tensor())),
    ];

    private static IEnumerable<Call> Others() =>
    [
        new("Where(mask, x, y)", draw =>
        {
            Tensor mask = [[true], [false]];
            return new(x => Tensor.Where(mask, x[0], x[1]), draw.Tensor(2, 3), draw.Tensor(3));
        }),
        new("x.MaskedFill(mask, y)", draw =>
        {
            Tensor mask = [[true], [false]];
            return new(x => x[0].MaskedFill(mask, x[1]), draw.Tensor(2, 3), draw.Tensor());
        }),
        One("x.Clamp(-1, 1)", [3, 4], Domain.Real with { Kinks = [-1, 1] }, x => x.Clamp(-1, 1)),
        new("x.Clamp(y, z)", draw => new(
            x => x[0].Clamp(x[1], x[2]),
            draw.Tensor([2, 3], Domain.Real, 0, 3),
            draw.Tensor([3], Domain.Real, 1, 3),
            draw.Tensor([2, 1], Domain.Real, 2, 3))),
        new("x.Clamp(max: y)", draw => new(
            x => x[0].Clamp(max: x[1]), draw.Tensor([2, 3], Domain.Real, 0, 2), draw.Tensor([3], Domain.Real, 1, 2))),
        One("2 - x", [3, 4], x => 2 - x),
        One("2 / x", [3, 4], Domain.Positive, x => 2 / x),
        One("2 to the power x", [3, 4], x => ((Tensor)2).Pow(x)),
        One("x.Pow(2.5)", [3, 4], Domain.Positive, x => x.Pow(2.5)),
        new("x.Sub(y, 0.5)", draw => new(x => x[0].Sub(x[1], 0.5), draw.Tensor(2, 3), draw.Tensor(3))),
        new("x.Copy_(y)", draw => new(
            x =>
            {
                var copy = x[0] * 2;
                copy.Copy_(x[1]);
                return copy * x[0];
            },
            draw.Tensor(2, 3),
            draw.Tensor(3))),
        new("x[1..].Mul_(y), a view", draw => new(
            x =>
            {
                var copy = x[0] * 2;
                copy[1..].Mul_(x[1]);
                return copy * x[0];
            },
            draw.Tensor(3, 2),
            draw.Tensor(2))),
        new("x.Mul_(y), then a view taken before", draw => new(
            x =>
            {
                var copy = x[0] * 2;
                var view = copy.T[1];
                copy.Mul_(x[1]);
                return view * x[0].T[0];
            },
            draw.Tensor(4, 3),
            draw.Tensor(3))),
        new("x[positions] = y", draw => new(
            x =>
            {
                var copy = x[0] * 2;
                copy[new[] { 2, 0 }] = x[1];
                return copy * x[0];
            },
            draw.Tensor(3, 2),
            draw.Tensor(2))),
        new("x.Mul_(y), then an expanded view taken before", draw => new(
            x =>
            {
                var copy = x[0] * 2;
                var view = copy.Expand(2, 3, 2);
                copy.Mul_(x[1]);
                return view * x[0];
            },
            draw.Tensor(3, 2),
            draw.Tensor(2))),
        new("constant.Expand(2, 3)[positions] = x", draw => new(
            x =>
            {
                var view = Tensor.Zeros([3], DType.Float64).Expand(2, 3);
                view[new[] { 0 }] = x[0];
                return view * x[0];
            },
            draw.Tensor(3))),
        One("x.Zero_()", [2, 3], x => (x * 2).Zero_() + x),
        One("x.Fill_(2)", [2, 3], x => (x * 2).Fill_(2) * x),
        One("x.Gt_(0)", [2, 3], x => (x * 2).Gt_(0) * x),
        One("x.Tril_()", [3, 3], x => (x * 2).Tril_() * x),
    ];

    private static Call One(string name, int[] shape, Func<Tensor, Tensor> run, bool isLoose = false) =>
        One(name, shape, Domain.Real, run, isLoose);

    private static Call One(string name, int[] shape, Domain domain, Func<Tensor, Tensor> run, bool isLoose = false) =>
        new(name, draw => new(x => run(x[0]), draw.Tensor(shape, domain)), isLoose);

    private static Call Two(string name, int[] left, int[] right, Func<Tensor, Tensor, Tensor> run) =>
        new(name, draw => new(x => run(x[0], x[1]), draw.Tensor(left), draw.Tensor(right)), IsLoose: true);
}
