using Adjoint;
using Adjoint.Algebra;
using Adjoint.Algebra.Functions;
using Adjoint.Families;
using Adjoint.Laws;
using Transforms;

namespace Operators;

/// <summary>x / sqrt(1 + x²): an operator of one input is a formula and its derivative.</summary>
public readonly record struct Squash : IMap
{
    public V F<V>(V x)
        where V : struct, IReal<V> => x / V.Sqrt(V.One + (x * x));

    public V D<V>(V x, V y)
        where V : struct, IReal<V> => V.One / ((V.One + (x * x)) * V.Sqrt(V.One + (x * x)));
}

/// <summary>The hypotenuse of a right triangle; the derivatives read the result.</summary>
public readonly record struct Hypotenuse : IMap2
{
    public static Domain DomainX => Domain.Positive;

    public static Domain DomainY => Domain.Positive;

    public V F<V>(V x, V y)
        where V : struct, IReal<V> => V.Sqrt((x * x) + (y * y));

    public V DX<V>(V x, V y, V z)
        where V : struct, IReal<V> => x / z;

    public V DY<V>(V x, V y, V z)
        where V : struct, IReal<V> => y / z;
}

/// <summary>x eʸ + Scale z, with a parameter.</summary>
/// <param name="Scale">The factor of the third input.</param>
public readonly record struct Growth(double Scale) : IMap3
{
    public V F<V>(V x, V y, V z)
        where V : struct, IReal<V> => (x * V.Call<Exp>(y)) + (V.Of(Scale) * z);

    public V DX<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.Call<Exp>(y);

    public V DY<V>(V x, V y, V z)
        where V : struct, IReal<V> => x * V.Call<Exp>(y);

    public V DZ<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.Of(Scale);
}

/// <summary>Whether two numbers are near each other; nothing flows back.</summary>
/// <param name="Within">How near.</param>
public readonly record struct IsNear(double Within) : ICompare
{
    public V F<V>(V x, V y)
        where V : struct, IRing<V> => V.Less(V.Abs(x - y), V.Of(Within));
}

/// <summary>A running average that overwrites its tensor: a step of an optimiser.</summary>
/// <param name="Keep">How much of the old value stays.</param>
public readonly record struct Average(double Keep) : IUpdate
{
    public V F<V>(V x, V a, V b)
        where V : struct, IReal<V> => (V.Of(Keep) * x) + (V.Of(1 - Keep) * a);
}

/// <summary>The families whose operators are formulas.</summary>
public static class Pointwise
{
    public static void Run(Checks checks)
    {
        Tensor x = [0.75, -0.75];
        checks.Near(0.6, Op.Map(default(Squash), x)[0].Item(), 1e-15, "a map: 3/4 gives 3/5");
        // d/dx (1 + x²)^(-3/2) = -3 x (1 + x²)^(-5/2), at 3/4: -9/4 (4/5)^5.
        var hessian = Transform.Hessian((Tensor a) => Op.Map(default(Squash), a).Sum())(x);
        checks.Near(-9.0 / 4 * Math.Pow(0.8, 5), hessian[0, 0].Item(), 1e-14, "its second derivative");
        checks.Holds("its laws", () => OperatorLaws.CheckMap(default(Squash)));

        checks.Near(5, Op.Map2(default(Hypotenuse), 3.0, 4.0).Item(), 1e-7, "a map of two inputs: 3 and 4 give 5");
        checks.Holds("its laws", () => OperatorLaws.CheckMap2(default(Hypotenuse)));

        var growth = Transform.Trace((Tensor a) => Op.Map3(new Growth(2), a, a, a), x).Graph.ToString();
        checks.That(
            growth.Contains("Growth(%0, %0, %0, scale=2)", StringComparison.Ordinal),
            "a map of three inputs is one instruction of a graph, with its parameter");
        checks.Holds("its laws", () => OperatorLaws.CheckMap3(new Growth(2)));

        checks.That(
            Op.Compare(new IsNear(0.5), x, Tensor.Zeros([2], DType.Float64)).ToArray<bool>() is [false, false]
            && Op.Compare(new IsNear(1), x, Tensor.Zeros([2], DType.Float64)).ToArray<bool>() is [true, true], "a comparison gives truth values");

        Tensor mean = [0.0, 0];
        Op.Update(new Average(0.75), mean, Tensor.Ones([2], DType.Float64));
        checks.That(mean.ToArray<double>() is [0.25, 0.25] && mean.Version == 1, "an update overwrites, and counts as a change");
    }
}
