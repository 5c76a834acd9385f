namespace Adjoint.Tests.Engine;

/// <summary>Derivatives by central differences in float64: what a derivative means, without any of the library's rules for it.</summary>
internal static class FiniteDifference
{
    private const double Step = 1e-5;

    /// <summary>The gradient of a scalar function against one of its inputs; its error is of the order of 1e-9 for well scaled functions.</summary>
    public static double[] Gradient(Func<Tensor[], Tensor> function, Tensor[] at, int input)
    {
        var shape = at[input].Shape;
        var values = Values.Of(at[input]);
        var gradient = new double[values.Length];
        for (var i = 0; i < gradient.Length; i++)
        {
            gradient[i] = (Shifted(Step) - Shifted(-Step)) / (2 * Step);

            double Shifted(double by)
            {
                var moved = (double[])values.Clone();
                moved[i] += by;
                var inputs = at.Select(x => x.Detach()).ToArray();
                inputs[input] = Tensor.FromArray(moved).Reshape(shape.AsSpan());
                return function(inputs).Item();
            }
        }

        return gradient;
    }
}
