using Adjoint.Algebra;

namespace Adjoint.Kernels;

/// <summary>How a reduction combines elements: a neutral value, what to do to each element first, and an associative step.</summary>
public interface IFold
{
    /// <summary>The neutral value, which a reduction of nothing gives.</summary>
    V Unit<V>()
        where V : struct, IRing<V>;

    /// <summary>What is done to each element before they are combined.</summary>
    V Lift<V>(V x)
        where V : struct, IReal<V>;

    /// <summary>Combines two values; associative and commutative, as elements are taken in any order.</summary>
    V Combine<V>(V a, V b)
        where V : struct, IRing<V>;
}

/// <summary>A reduction of up to four arrays at once: what it makes of an element of each, and how it combines those values.</summary>
internal interface IFoldMap
{
    static abstract int Arity { get; }

    V Unit<V>()
        where V : struct, IRing<V>;

    V Read<V>(V a, V b, V c, V d)
        where V : struct, IReal<V>;

    V Combine<V>(V a, V b)
        where V : struct, IRing<V>;
}

/// <summary>A fold of one array.</summary>
internal readonly struct FoldOfOne<F>(F fold) : IFoldMap
    where F : struct, IFold
{
    public static int Arity => 1;

    public V Unit<V>()
        where V : struct, IRing<V> => fold.Unit<V>();

    public V Read<V>(V a, V b, V c, V d)
        where V : struct, IReal<V> => fold.Lift(a);

    public V Combine<V>(V a, V b)
        where V : struct, IRing<V> => fold.Combine(a, b);
}

/// <summary>The sum of a formula of several arrays, whose values are never written to memory.</summary>
internal readonly struct SumOf<B>(B body) : IFoldMap
    where B : struct, IBody
{
    public static int Arity => B.Arity;

    public V Unit<V>()
        where V : struct, IRing<V> => V.Zero;

    public V Read<V>(V a, V b, V c, V d)
        where V : struct, IReal<V> => body.F(a, b, c, d);

    public V Combine<V>(V a, V b)
        where V : struct, IRing<V> => a + b;
}
