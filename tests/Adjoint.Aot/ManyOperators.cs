using Adjoint.Algebra;
using Adjoint.Algebra.Functions;
using Adjoint.Families;

namespace Adjoint.Aot;

/// <summary>
/// Sixteen operators that differ in a number only: eng/check.sh publishes the program with and without them and divides the difference, which is what
/// native code pays for an operator.
/// </summary>
internal static class ManyOperators
{
    /// <summary>How many there are.</summary>
    public const int Count = 16;

    /// <summary>Uses each in every way: a value, its gradient, the gradient's gradient, a push, a batch.</summary>
    public static double Sum(Tensor x)
    {
        Func<Tensor, Tensor>[] all =
        [
            Use<N0>, Use<N1>, Use<N2>, Use<N3>, Use<N4>, Use<N5>, Use<N6>, Use<N7>,
            Use<N8>, Use<N9>, Use<N10>, Use<N11>, Use<N12>, Use<N13>, Use<N14>, Use<N15>,
        ];
        return all.Sum(f => Transform.Grad(t => f(t).Sum())(x).Sum().Item() + Transform.Jvp(f, x, x).Tangent.Sum().Item());
    }

    private static Tensor Use<N>(Tensor x)
        where N : struct, INumber => Op.Map(default(Scaled<N>), x);

    private interface INumber
    {
        static abstract int Value { get; }
    }

    /// <summary>k * tanh(x).</summary>
    private readonly record struct Scaled<N> : IMap
        where N : struct, INumber
    {
        public V F<V>(V x)
            where V : struct, IReal<V> => V.Of(N.Value) * V.Call<Tanh>(x);

        public V D<V>(V x, V y)
            where V : struct, IReal<V> => V.Of(N.Value) - (y * y / V.Of(N.Value));
    }

    private readonly struct N0 : INumber
    {
        public static int Value => 1;
    }

    private readonly struct N1 : INumber
    {
        public static int Value => 2;
    }

    private readonly struct N2 : INumber
    {
        public static int Value => 3;
    }

    private readonly struct N3 : INumber
    {
        public static int Value => 4;
    }

    private readonly struct N4 : INumber
    {
        public static int Value => 5;
    }

    private readonly struct N5 : INumber
    {
        public static int Value => 6;
    }

    private readonly struct N6 : INumber
    {
        public static int Value => 7;
    }

    private readonly struct N7 : INumber
    {
        public static int Value => 8;
    }

    private readonly struct N8 : INumber
    {
        public static int Value => 9;
    }

    private readonly struct N9 : INumber
    {
        public static int Value => 10;
    }

    private readonly struct N10 : INumber
    {
        public static int Value => 11;
    }

    private readonly struct N11 : INumber
    {
        public static int Value => 12;
    }

    private readonly struct N12 : INumber
    {
        public static int Value => 13;
    }

    private readonly struct N13 : INumber
    {
        public static int Value => 14;
    }

    private readonly struct N14 : INumber
    {
        public static int Value => 15;
    }

    private readonly struct N15 : INumber
    {
        public static int Value => 16;
    }
}
