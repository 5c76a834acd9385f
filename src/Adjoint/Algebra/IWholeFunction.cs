using System.Numerics;

namespace Adjoint.Algebra;

/// <summary>A function of two whole numbers, in one file, for readers of whole numbers; see <see cref="IRing{V}.Whole{F}"/>.</summary>
public interface IWholeFunction
{
    /// <summary>The value, which wraps around; a value for every pair of numbers, also where mathematics has none.</summary>
    static abstract T Of<T>(T x, T y)
        where T : IBinaryInteger<T>;
}
