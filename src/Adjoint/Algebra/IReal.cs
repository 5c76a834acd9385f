namespace Adjoint.Algebra;

/// <summary>The algebra of real numbers in which operators write their formulas and derivatives, once, for all readers.</summary>
/// <typeparam name="V">The reader.</typeparam>
public interface IReal<V> : IRing<V>, IField<V>
    where V : struct, IReal<V>
{
    /// <summary>The square root.</summary>
    static abstract V Sqrt(V x);

    /// <summary>A function's value, such as <c>V.Call&lt;Tanh&gt;(x)</c> with <see cref="Functions"/>.</summary>
    static abstract V Call<F>(V x)
        where F : struct, IFunction<F>;

    /// <summary>The value of a function of two arguments, such as <c>V.Call&lt;Pow&gt;(x, y)</c>.</summary>
    static abstract V Call<F>(V x, V y)
        where F : struct, IFunction2<F>;

    /// <summary>The same with a constant second argument: numbers take the shortest way, and what keeps formulas keeps the function.</summary>
    static virtual V CallConstant<F>(V x, double y)
        where F : struct, IFunction2<F> => F.ToConstant(x, y);
}
