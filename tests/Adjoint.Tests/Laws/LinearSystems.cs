namespace Adjoint.Tests.Laws;

/// <summary>Calls of what solves and factors matrices. Points are far from singular ones, where differences say nothing.</summary>
internal static class LinearSystems
{
    public static IEnumerable<Call> Calls()
    {
        foreach (var (upper, left, unit) in (ReadOnlySpan<(bool, bool, bool)>)[(true, true, false), (false, true, true), (true, false, true), (false, false, false)])
        {
            yield return new(
                $"SolveTriangular({(upper ? "upper" : "lower")}, {(left ? "left" : "right")}{(unit ? ", unit" : string.Empty)})",
                draw => new(
                    x => Linalg.SolveTriangular(Dominant(x[0]), x[1], upper, left, unit), draw.Tensor(3, 3), draw.Tensor(left ? [2, 3, 2] : [2, 2, 3])),
                IsLoose: true);
        }
    }

    /// <summary>A matrix whose diagonal outweighs its rows.</summary>
    private static Tensor Dominant(Tensor x) => x.Tanh() + (4.0 * Tensor.Eye(x.Shape[^1], dtype: DType.Float64));
}
