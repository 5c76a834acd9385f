using Adjoint.Algebra;

namespace Adjoint.Kernels;

/// <summary>How much a loop does for each element, and from which length on threads share it;
/// docs/design/when-work-is-divided.md has the figures.</summary>
internal static class Work
{
    /// <summary>Sums and products of reals: such a loop waits for memory.</summary>
    public const int Light = 1;

    /// <summary>Loops that take elements one by one: whole numbers, truth values, casts.</summary>
    public const int Single = 2;

    /// <summary>No loop is shared below, whatever it does, so the formulas of small operators are never weighed.</summary>
    public const nint FewestElements = 1024;

    /// <summary>About five microseconds of the lightest work in float32.</summary>
    private const nint LightElements = 64 * 1024;

    /// <summary>From this many elements on two threads are clearly faster than one.</summary>
    public static nint SharedFrom(int weight, int itemSize)
    {
        var size = itemSize <= 4 ? 1 : weight == Light ? 2 : 3;
        return Math.Max(LightElements / (weight * size), FewestElements);
    }
}

/// <summary>The weight of a loop's formula.</summary>
internal static class Work<B>
    where B : struct, IBody
{
    /// <summary>A number as exponent is not known here and mostly small, so it counts as a product.</summary>
    public static readonly int Weight =
        Work.Light + default(B).F(Expr.Input("a"), Expr.Input("b"), Expr.Input("c"), Expr.Input("d")).Weight;
}
