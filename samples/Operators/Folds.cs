using Adjoint;
using Adjoint.Algebra;
using Adjoint.Families;
using Adjoint.Laws;
using Transforms;

namespace Operators;

/// <summary>The Euclidean length: how elements are lifted, combined and finished, and the derivative of the result.</summary>
public readonly record struct Length : IReduce
{
    public static bool Finishes => true;

    public static Domain Domain => Domain.Positive;

    public V Unit<V>()
        where V : struct, IRing<V> => V.Zero;

    public V Lift<V>(V x)
        where V : struct, IReal<V> => x * x;

    public V Combine<V>(V a, V b)
        where V : struct, IRing<V> => a + b;

    public V Finish<V>(V combined)
        where V : struct, IReal<V> => V.Sqrt(combined);

    public V D<V>(V x, V y)
        where V : struct, IReal<V> => x / y;
}

/// <summary>A sum that forgets: each result is a part of the one before it and the element.</summary>
/// <param name="Keep">The part.</param>
public readonly record struct FadingSum(double Keep) : IScan
{
    public V Unit<V>()
        where V : struct, IRing<V> => V.Zero;

    public V Combine<V>(V state, V x)
        where V : struct, IReal<V> => (V.Of(Keep) * state) + x;

    public V DState<V>(V state, V x, V y)
        where V : struct, IReal<V> => V.Of(Keep);

    public V DX<V>(V state, V x, V y)
        where V : struct, IReal<V> => V.One;
}

/// <summary>The families that go over dimensions.</summary>
public static class Folds
{
    public static void Run(Checks checks)
    {
        Tensor x = [[3.0, 4], [5, 12]];
        checks.That(Op.Reduce(default(Length), x, [1]).ToArray<double>() is [5, 13], "a reduction: the lengths of (3, 4) and (5, 12)");
        checks.Near(0.6, Transform.Grad((Tensor a) => Op.Reduce(default(Length), a))(x[0])[0].Item(), 1e-15, "its gradient is the unit vector");
        checks.Holds("its laws", () => OperatorLaws.CheckReduce(default(Length)));

        Tensor ones = [1.0, 1, 1];
        checks.That(Op.Scan(new FadingSum(0.5), ones, 0).ToArray<double>() is [1, 1.5, 1.75], "a scan: 1, 1 + 1/2, 1 + 1/2 + 1/4");
        checks.That(
            Transform.Grad((Tensor a) => Op.Scan(new FadingSum(0.5), a, 0)[2])(ones).ToArray<double>() is [0.25, 0.5, 1],
            "the gradient of the last result");
        checks.Holds("its laws", () => OperatorLaws.CheckScan(new FadingSum(0.5)));
    }
}
