namespace Adjoint.GradBench.Modules;

/// <summary>
/// A determinant by expansion by minors, all l! products of it. Of the last rows every chain of minors is one element of a tensor, a level of the
/// recursion an operator; the rows above them are C#'s recursion, where each minor is a checkpoint, because what all of them save would be gigabytes.
/// </summary>
public static class Determinant
{
    /// <summary>As many rows are done with tensors: 40,320 chains.</summary>
    private const int Together = 8;

    private static readonly Dictionary<int, Tensor[]> s_columns = [];

    /// <summary>primal, gradient.</summary>
    public static Module Module { get; } = Gradients.Of("det", input =>
    {
        var ell = input.Whole("ell");
        return (input.Vector("A"), a => Expand(a.Reshape(ell, ell)));
    });

    private static Tensor Expand(Tensor a)
    {
        var n = a.Shape[0];
        if (n <= Together)
        {
            return Chains(a);
        }

        var (first, below) = (a[0], a[1..]);
        var sum = Tensor.Zeros([], DType.Float64);
        for (var column = 0; column < n; column++)
        {
            var rest = Tensor.Cat([below[.., ..column], below[.., (column + 1)..]], 1);
            var minor = n - 1 <= Together ? Checkpoint.Run(Chains, rest) : Expand(rest);
            sum = column % 2 == 0 ? sum + (first[column] * minor) : sum - (first[column] * minor);
        }

        return sum;
    }

    /// <summary>From the last row upwards: a minor is the sum of its row's elements times the minors below, with alternating signs.</summary>
    private static Tensor Chains(Tensor a)
    {
        var n = a.Shape[0];
        var columns = Columns(n);
        var minors = a[n - 1][columns[n - 1]].Reshape(-1);
        for (var row = n - 2; row >= 0; row--)
        {
            var signs = Tensor.FromArray([.. Enumerable.Range(0, n - row).Select(j => j % 2 == 0 ? 1.0 : -1.0)]);
            minors = (a[row][columns[row]] * signs * minors.Reshape(-1, n - row)).Sum(1);
        }

        return minors[0];
    }

    /// <summary>For each row the columns that are left, [chains above it, columns].</summary>
    private static Tensor[] Columns(int n)
    {
        if (s_columns.TryGetValue(n, out var known))
        {
            return known;
        }

        var levels = new Tensor[n];
        var chains = new List<long[]> { Enumerable.Range(0, n).Select(column => (long)column).ToArray() };
        for (var row = 0; row < n; row++)
        {
            levels[row] = Tensor.FromArray([.. chains.SelectMany(chain => chain)], chains.Count, n - row);
            chains = [.. chains.SelectMany(chain => chain.Select((_, left) => chain.Where((_, i) => i != left).ToArray()))];
        }

        return s_columns[n] = levels;
    }
}
