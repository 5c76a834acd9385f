using Adjoint.Families;

namespace Adjoint;

/// <summary>
/// Values that are joined, with each other and with the elements of a tensor, at positions along a dimension. Gradients are exact: equal
/// extremes share theirs evenly, and the gradient of a factor is the product of the others, whatever of them is zero.
/// </summary>
/// <param name="Dim">The dimension.</param>
/// <param name="Reduction">How they are joined.</param>
/// <param name="IncludeSelf">Whether what was there takes part.</param>
/// <param name="Call">What it was called for.</param>
internal readonly record struct ScatterReduce(int Dim, ScatterReduction Reduction, bool IncludeSelf, AlongCall Call) : IWrite
{
    internal AlongCall Call { get; init; } = Call;

    public bool IsLinear => Reduction is ScatterReduction.Sum or ScatterReduction.Mean;

    public string GradName => Call == AlongCall.IndexReduce ? "IndexReduceBackward0" : "ScatterReduceBackward0";

    public string Called => Call == AlongCall.IndexReduce ? "IndexReduce" : "ScatterReduce";

    public void Write(Tensor table, Tensor positions, Tensor values)
    {
        if (table.DType.IsNarrow)
        {
            var wide = Op.Convert(table, table.DType.Compute);
            Write(wide, positions, Op.Wide(values));
            Op.CopyInto(wide, table);
            return;
        }

        switch (Reduction)
        {
            case ScatterReduction.Amax or ScatterReduction.Amin:
                if (!IncludeSelf)
                {
                    Along.Run(AlongMove.Put, table, positions, Dim, values, Call);
                }

                Along.Run(Reduction == ScatterReduction.Amax ? AlongMove.Max : AlongMove.Min, table, positions, Dim, values, Call);
                return;
            case ScatterReduction.Prod:
                Start(table, positions, 1);
                Along.Run(AlongMove.Prod, table, positions, Dim, values, Call);
                return;
            case ScatterReduction.Mean:
                Start(table, positions, 0);
                Along.Run(AlongMove.Sum, table, positions, Dim, values, Call);
                Divide(table, positions);
                return;
            default:
                Start(table, positions, 0);
                Along.Run(AlongMove.Sum, table, positions, Dim, values, Call);
                return;
        }
    }

    public Tensor PullTable(Tensor g, in Written saved)
    {
        var positions = saved.Positions;
        switch (Reduction)
        {
            case ScatterReduction.Mean:
                g = g / Counts(saved.TableShape, positions, g.DType);
                break;
            case ScatterReduction.Amax or ScatterReduction.Amin:
                var (isSelf, _, count) = Attaining(saved);
                return Tensor.Where(isSelf.Ne(0), g / count, 0);
            case ScatterReduction.Prod when IncludeSelf:
                var ones = Tensor.Ones(saved.TableShape.AsSpan(), saved.Values!.DType);
                return g * Op.Write(this, ones, positions, saved.Values);
        }

        return IncludeSelf ? g : Op.Indexed(new EraseAlong(Dim, Call), g, positions);
    }

    public Tensor PullValues(Tensor g, in Written saved)
    {
        var positions = saved.Positions;
        switch (Reduction)
        {
            case ScatterReduction.Mean:
                return Taken(g / Counts(saved.TableShape, positions, g.DType), positions);
            case ScatterReduction.Amax or ScatterReduction.Amin:
                var (_, isValue, count) = Attaining(saved);
                return Tensor.Where(isValue.Ne(0), Taken(g / count, positions), 0);
            case ScatterReduction.Prod:
                return OtherFactors.Times(g, Dim, positions, saved.Values!, IncludeSelf ? saved.Table : null);
            default:
                return Taken(g, positions);
        }
    }

    public Tensor Batch(Tensor table, Tensor positions, Tensor values) => EraseAlong.Unlined(
        table, Op.Write(this with { Dim = Dim + 1 }, EraseAlong.Lined(table), EraseAlong.Lined(positions), EraseAlong.Lined(values)));

    private Tensor Taken(Tensor x, Tensor positions) => Op.Indexed(new TakeAlong(Dim, KeepDim: true), x, positions);

    /// <summary>What was there takes no part: elements that values meet start anew.</summary>
    private void Start(Tensor table, Tensor positions, double unit)
    {
        if (!IncludeSelf)
        {
            var number = Tensor.Full([], unit, table.DType);
            Along.Run(AlongMove.Put, table, positions, Dim, number.View(number.Layout.Expand(positions.Layout.Sizes)), Call);
        }
    }

    /// <summary>How many numbers are joined in each element, at least one.</summary>
    private Tensor Counts(Shape shape, Tensor positions, DType dtype)
    {
        var start = IncludeSelf ? Tensor.Ones(shape.AsSpan(), dtype) : Tensor.Zeros(shape.AsSpan(), dtype);
        var counts = Op.Write(new ScatterAdd(Dim, AlongCall.ScatterAdd), start, positions, Tensor.Ones(positions.Layout.Sizes, dtype));
        return IncludeSelf ? counts : counts.Maximum(1);
    }

    /// <summary>Divides sums by how many numbers they have; whole numbers are rounded down.</summary>
    private void Divide(Tensor table, Tensor positions)
    {
        var sums = new Tensor(table.Storage, table.Layout, table.DType);
        if (table.DType.IsFloatingPoint)
        {
            Op.CopyInto(sums / Counts(table.Shape, positions, table.DType), table);
            return;
        }

        var (numbers, counts) = (sums.ToArray<long>(), Counts(table.Shape, positions, DType.Int64).ToArray<long>());
        for (var i = 0; i < numbers.Length; i++)
        {
            var (quotient, rest) = Math.DivRem(numbers[i], counts[i]);
            numbers[i] = rest < 0 ? quotient - 1 : quotient;
        }

        var means = Tensor.FromArray(numbers);
        Op.CopyInto(means.View(Layout.Dense(table.Layout.Sizes)), table);
    }

    /// <summary>Which elements of the table and which values are the extreme, as ones and zeros, and how many for each element.</summary>
    private (Tensor Self, Tensor Values, Tensor Count) Attaining(in Written saved)
    {
        var (table, values, result) = (saved.Table!.Detach(), saved.Values!.Detach(), saved.Result!.Detach());
        var self = Attains(table, result);
        self = IncludeSelf ? self : Op.Indexed(new EraseAlong(Dim, Call), self, saved.Positions);
        var ofValues = Attains(values, Taken(result, saved.Positions));
        return (self, ofValues, Op.Write(new ScatterAdd(Dim, AlongCall.ScatterAdd), self, saved.Positions, ofValues));
    }

    private static Tensor Attains(Tensor x, Tensor extreme) => (x.Eq(extreme) | x.Ne(x)).To(x.DType);
}

/// <content>Joining at positions along a dimension.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// A copy where values are joined with each other and with what is there, at positions along one dimension (<c>torch.scatter_reduce</c>).
    /// Equal extremes share their gradient evenly; products are differentiated exactly where factors are zero, to any order.
    /// </summary>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    /// <param name="index">int64 or int32, as many dimensions as this tensor, no larger than it in the others, and no larger than the values.</param>
    /// <param name="src">The values, of this dtype.</param>
    /// <param name="reduce">How they are joined.</param>
    /// <param name="includeSelf">Whether what is there takes part; otherwise it stays only where no value comes.</param>
    /// <exception cref="TensorIndexException">A position or the dimension is out of range.</exception>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="DTypeException">The values have another dtype, or the index is not whole.</exception>
    public Tensor ScatterReduce(int dim, Tensor index, Tensor src, ScatterReduction reduce, bool includeSelf = true)
    {
        var (axis, at, values) = ScatterArguments.Along("scatter()", this, dim, index, src);
        return Op.Write(new ScatterReduce(axis, reduce, includeSelf, AlongCall.ScatterReduce), this, at, values);
    }

    /// <summary><see cref="ScatterReduce"/>, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public Tensor ScatterReduce_(int dim, Tensor index, Tensor src, ScatterReduction reduce, bool includeSelf = true)
    {
        var (axis, at, values) = ScatterArguments.Along("scatter()", this, dim, index, src);
        return Op.WriteInPlace(new ScatterReduce(axis, reduce, includeSelf, AlongCall.ScatterReduce), this, at, values);
    }
}
