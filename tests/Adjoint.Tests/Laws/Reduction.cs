using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint.Tests.Laws;

/// <summary>One instance of a reduction.</summary>
internal abstract class Reduction(Instance instance)
{
    public string Name => instance.Name;

    public abstract Elements Elements { get; }

    public abstract bool SharesTies { get; }

    /// <summary>Where inputs may be drawn, the instance's own kinks included.</summary>
    public Domain Domain => OperatorDomain with { Kinks = [.. OperatorDomain.Kinks ?? [], .. instance.Kinks] };

    protected abstract Domain OperatorDomain { get; }

    /// <summary>The result for some elements, one after the other.</summary>
    public abstract V F<V>(ReadOnlySpan<V> x)
        where V : struct, IReal<V>;

    public abstract V D<V>(V x, V y)
        where V : struct, IReal<V>;

    public abstract Tensor Run(Tensor x, bool[] reduced, bool keepDim);

    public override string ToString() => Name;
}

/// <summary>An <see cref="IReduce"/>.</summary>
internal sealed class ReduceCase<O>(Instance instance) : Reduction(instance)
    where O : struct, IReduce
{
    private readonly O _op = (O)instance.Operator;

    public override Elements Elements => O.Elements;

    public override bool SharesTies => O.SharesTies;

    protected override Domain OperatorDomain => O.Domain;

    public override V F<V>(ReadOnlySpan<V> x)
    {
        var combined = _op.Unit<V>();
        foreach (var element in x)
        {
            combined = _op.Combine(combined, _op.Lift(element));
        }

        return O.Finishes ? _op.Finish(combined) : combined;
    }

    public override V D<V>(V x, V y) => _op.D(x, y);

    public override Tensor Run(Tensor x, bool[] reduced, bool keepDim) => Op.Reduce(_op, x, reduced, keepDim);
}

/// <summary>One instance of a comparison.</summary>
internal abstract class Comparison(Instance instance)
{
    public string Name => instance.Name;

    /// <summary>Whether the result is a number of the inputs' dtype, and reals are refused.</summary>
    public abstract bool IsWhole { get; }

    /// <summary>Whether the second must not be 0.</summary>
    public abstract bool Divides { get; }

    /// <summary>The mask, as a number that is 0 where it does not hold.</summary>
    public abstract V F<V>(V x, V y)
        where V : struct, IRing<V>;

    public abstract Tensor Run(Tensor x, Tensor y);

    public override string ToString() => Name;
}

/// <summary>An <see cref="ICompare"/>.</summary>
internal sealed class CompareCase<O>(Instance instance) : Comparison(instance)
    where O : struct, ICompare
{
    private readonly O _op = (O)instance.Operator;

    public override bool IsWhole => O.WholeName is not null;

    public override bool Divides => O.Divides;

    public override V F<V>(V x, V y) => _op.F(x, y);

    public override Tensor Run(Tensor x, Tensor y) => Op.Compare(_op, x, y);
}
