namespace Adjoint.Algebra;

/// <summary>A function of two real numbers, in one file; see <see cref="IFunction{F}"/>.</summary>
/// <typeparam name="F">The function itself.</typeparam>
public interface IFunction2<F>
    where F : struct, IFunction2<F>
{
    /// <summary>The name in formulas, such as <c>pow</c>.</summary>
    static abstract string Name { get; }

    /// <summary>What an element costs in a loop, measured in additions of float32 that come from the second-level cache.</summary>
    static virtual int Weight => 16;

    /// <summary>The same where the second argument is a constant, which may allow a shorter way.</summary>
    static virtual int WeightOfConstant => F.Weight;

    /// <summary>Where tests may draw the first argument.</summary>
    static virtual Domain DomainX => Domain.Real;

    /// <summary>Where tests may draw the second argument.</summary>
    static virtual Domain DomainY => Domain.Real;

    /// <summary>PyTorch's name of the derivative's node, which may depend on whether an argument is a plain number.</summary>
    static virtual string NodeName(bool xIsNumber, bool yIsNumber) => typeof(F).Name + "Backward0";

    /// <summary>The value, with the special values of C's function where it has that.</summary>
    static abstract double Value(double x, double y);

    /// <summary>How far lanes may be off from the value, in unit roundoffs; see <see cref="IFunction{F}.Error"/>.</summary>
    static virtual double Error(double x, double y) => 4 * Math.Abs(F.Value(x, y));

    /// <summary>The derivative dz/dx, from the arguments x and y and the value z.</summary>
    static abstract V DX<V>(V x, V y, V z)
        where V : struct, IReal<V>;

    /// <summary>The derivative dz/dy, from the arguments x and y and the value z.</summary>
    static abstract V DY<V>(V x, V y, V z)
        where V : struct, IReal<V>;

    /// <summary>The function with a constant second argument, which may allow a shorter way.</summary>
    static virtual V ToConstant<V>(V x, double y)
        where V : struct, IReal<V> => V.Call<F>(x, V.Of(y));

    /// <summary>The derivative of <see cref="ToConstant"/>.</summary>
    static virtual V DToConstant<V>(V x, double y, V z)
        where V : struct, IReal<V> => F.DX(x, V.Of(y), z);

    /// <summary>The values of float32 lanes.</summary>
    internal static virtual L Single<L, T>(L x, L y)
        where L : struct, ILane<L, T>
        where T : unmanaged => Lanes.Each<F, L, T>(x, y);

    /// <summary>The values of float64 lanes.</summary>
    internal static virtual L Double<L, T>(L x, L y)
        where L : struct, ILane<L, T>
        where T : unmanaged => Lanes.Each<F, L, T>(x, y);
}
