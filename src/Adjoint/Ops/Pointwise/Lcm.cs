using Adjoint.Algebra;
using Adjoint.Algebra.Functions;
using Adjoint.Families;

namespace Adjoint;

/// <summary>The least common multiple of two whole numbers.</summary>
internal readonly record struct Lcm : ICompare
{
    public static string WholeName => "lcm_cpu";

    public static bool RefusesTruth => true;

    public V F<V>(V x, V y)
        where V : struct, IRing<V> => V.Abs(V.Whole<WholeQuotient>(x, V.Whole<WholeGcd>(x, y)) * y);
}

/// <content>The least common multiple of whole numbers.</content>
public sealed partial class Tensor
{
    /// <summary>The least common multiple of whole numbers, element by element, broadcast; not negative, and 0 with 0.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DTypeException">Either is real, or both are truth values.</exception>
    public Tensor Lcm(Tensor y) => Op.Compare(default(Lcm), this, y);

    /// <summary>The least common multiple of whole numbers, in place.</summary>
    /// <exception cref="ShapeException">The result has another shape than this tensor.</exception>
    /// <exception cref="DTypeException">Either is real, or both are truth values.</exception>
    public Tensor Lcm_(Tensor y) => Op.CompareInPlace(default(Lcm), this, y);
}
