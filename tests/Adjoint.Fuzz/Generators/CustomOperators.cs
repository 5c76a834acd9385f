using Adjoint.Algebra;
using Adjoint.Families;

namespace Adjoint.Fuzz.Generators;

/// <summary>x² / 2: an operator as a user writes one.</summary>
internal readonly struct HalfSquare : IMap
{
    public V F<V>(V x)
        where V : struct, IReal<V> => V.Of(0.5) * x * x;

    public V D<V>(V x, V y)
        where V : struct, IReal<V> => x;
}

/// <summary>x + 2y.</summary>
internal readonly struct WeightedSum : IMap2
{
    public V F<V>(V x, V y)
        where V : struct, IReal<V> => x + (V.Of(2) * y);

    public V DX<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.One;

    public V DY<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.Of(2);
}

/// <summary>x + z (y - x).</summary>
internal readonly struct Blend : IMap3
{
    public V F<V>(V x, V y, V z)
        where V : struct, IReal<V> => x + (z * (y - x));

    public V DX<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.One - z;

    public V DY<V>(V x, V y, V z)
        where V : struct, IReal<V> => z;

    public V DZ<V>(V x, V y, V z)
        where V : struct, IReal<V> => y - x;
}
