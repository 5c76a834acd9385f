using Adjoint;

namespace Finance;

/// <summary>Means over paths with their standard errors, from batches of paths that are evaluated one by one.</summary>
/// <param name="Mean">The mean of each number.</param>
/// <param name="Error">Its standard error.</param>
public sealed record Estimate(Tensor Mean, Tensor Error)
{
    private const int Batches = 50;

    /// <summary>Evaluates each batch of paths.</summary>
    /// <param name="normals">Normal numbers, a path in each column; each path has a twin with the opposite numbers.</param>
    /// <param name="evaluate">Gives the numbers of a batch as a vector.</param>
    public static Estimate Of(Tensor normals, Func<Tensor, Tensor> evaluate)
    {
        var all = Tensor.Stack([.. normals.Chunk(Batches, 1).Select(part => evaluate(Tensor.Cat([part, -part], 1)))]);
        return new(all.Mean(0), all.Std(0) / Math.Sqrt(all.Shape[0]));
    }

    /// <summary>How many standard errors the worst number is off by.</summary>
    public double Off(Tensor expected) => ((Mean - expected).Abs() / Error).Max().Item();
}
