using System.Text.Json;
using Adjoint.Conformance.Values;

namespace Adjoint.Conformance.Cases;

/// <summary>
/// Gradients of determinants of singular matrices. PyTorch 1.13 gives zeros for a matrix whose elimination meets a zero, whatever its rank; the
/// gradient is the matrix of cofactors, and there it is taken from their definition.
/// </summary>
internal static class Minors
{
    /// <summary>What differs, in words; null if nothing does.</summary>
    /// <param name="input">Matrices.</param>
    /// <param name="cotangent">The gradients of their determinants.</param>
    /// <param name="actual">The gradient.</param>
    /// <param name="expected">PyTorch's.</param>
    public static string? Difference(Tensor input, Tensor cotangent, Tensor actual, JsonElement expected)
    {
        var n = input.Shape[input.Rank - 1];
        var (matrices, factors, gradient) = (input.Detach().ToArray<double>(), cotangent.ToArray<double>(), actual.ToArray<double>());
        var size = n * n;
        var wanted = CaseValue.Reals(expected.GetProperty("data"));
        for (var member = 0; member < factors.Length; member++)
        {
            var range = (member * size)..((member + 1) * size);
            if (Array.TrueForAll(wanted[range], value => value == 0))
            {
                var matrix = matrices[range];
                for (var i = 0; i < size; i++)
                {
                    var sign = (((i / n) + (i % n)) & 1) == 0 ? 1 : -1;
                    wanted[range.Start.Value + i] = factors[member] * sign * Determinant(Without(matrix, n, i / n, i % n), n - 1);
                }
            }
        }

        return Comparison.Elements(gradient, wanted, 1e-7, 1e-7);
    }

    private static double Determinant(double[] matrix, int n)
    {
        if (n == 0)
        {
            return 1;
        }

        var sum = 0.0;
        for (var j = 0; j < n; j++)
        {
            sum += ((j & 1) == 0 ? 1 : -1) * matrix[j] * Determinant(Without(matrix, n, 0, j), n - 1);
        }

        return sum;
    }

    private static double[] Without(double[] matrix, int n, int row, int column) =>
        [.. matrix.Where((_, i) => i / n != row && i % n != column)];
}
