namespace Adjoint.GradBench.Modules;

/// <summary>log(sum(exp(x))), written as its elements: the maximum, and the sum of what is left of it.</summary>
public static class LogSumExp
{
    /// <summary>primal, gradient.</summary>
    public static Module Module { get; } = Gradients.Of("lse", input => (input.Vector("x"), Value));

    private static Tensor Value(Tensor x)
    {
        var most = x.Max();
        return (x - most).Exp().Sum().Log() + most;
    }
}
