using Adjoint.Algebra;
using Adjoint.Algebra.Functions;
using Adjoint.Families;

namespace Adjoint;

/// <summary>The greatest common divisor of two whole numbers.</summary>
internal readonly record struct Gcd : ICompare
{
    public static string WholeName => "gcd_cpu";

    public static bool RefusesTruth => true;

    public V F<V>(V x, V y)
        where V : struct, IRing<V> => V.Whole<WholeGcd>(x, y);
}

/// <content>The greatest common divisor of whole numbers.</content>
public sealed partial class Tensor
{
    /// <summary>The greatest common divisor of whole numbers, element by element, broadcast; not negative, and 0 with 0 and 0.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DTypeException">Either is real, or both are truth values.</exception>
    public Tensor Gcd(Tensor y) => Op.Compare(default(Gcd), this, y);

    /// <summary>The greatest common divisor of whole numbers, in place.</summary>
    /// <exception cref="ShapeException">The result has another shape than this tensor.</exception>
    /// <exception cref="DTypeException">Either is real, or both are truth values.</exception>
    public Tensor Gcd_(Tensor y) => Op.CompareInPlace(default(Gcd), this, y);
}
