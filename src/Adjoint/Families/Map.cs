using Adjoint.Algebra;

namespace Adjoint.Families;

/// <summary>A function as an operator: all that a family needs is in the function's file.</summary>
/// <typeparam name="F">The function.</typeparam>
internal readonly record struct Map<F> : IMap
    where F : struct, IFunction<F>
{
    public static Elements Elements => F.Elements;

    public static string? TruthRefusal => F.TruthRefusal;

    public static Domain Domain => F.Domain;

    public static bool Selects => F.Selects;

    public static string Name => typeof(F).Name;

    public string? GradName => F.NodeName;

    V IMap.F<V>(V x) => V.Call<F>(x);

    public V D<V>(V x, V y)
        where V : struct, IReal<V> => F.D(x, y);

    public V I<V>(V x)
        where V : struct, IRing<V> => F.I(x);
}

/// <summary>A function of two arguments as an operator.</summary>
/// <param name="Number">Which argument is a plain number, which PyTorch records under a name of its own.</param>
/// <typeparam name="F">The function.</typeparam>
internal readonly record struct Map2<F>(PlainNumber Number) : IMap2
    where F : struct, IFunction2<F>
{
    public static Domain DomainX => F.DomainX;

    public static Domain DomainY => F.DomainY;

    public static string Name => typeof(F).Name;

    public int[]? ShownInputs => Number.ShownInputs();

    public string GradName => F.NodeName(Number == PlainNumber.First, Number == PlainNumber.Second);

    internal PlainNumber Number { get; init; } = Number;

    V IMap2.F<V>(V x, V y) => V.Call<F>(x, y);

    public V DX<V>(V x, V y, V z)
        where V : struct, IReal<V> => F.DX(x, y, z);

    public V DY<V>(V x, V y, V z)
        where V : struct, IReal<V> => F.DY(x, y, z);
}

/// <summary>A function of two arguments, of which the second is a plain number, as an operator.</summary>
/// <param name="Y">The number.</param>
/// <typeparam name="F">The function.</typeparam>
internal readonly record struct MapToConstant<F>(double Y) : IMap
    where F : struct, IFunction2<F>
{
    public static Domain Domain => F.DomainX;

    public static string Name => typeof(F).Name;

    public string GradName => F.NodeName(xIsNumber: false, yIsNumber: true);

    V IMap.F<V>(V x) => F.ToConstant(x, Y);

    public V D<V>(V x, V z)
        where V : struct, IReal<V> => F.DToConstant(x, Y, z);
}
