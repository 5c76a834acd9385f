namespace Adjoint.GradBench.Modules;

/// <summary>A way to differentiate a function of a vector: gradients forward, a direction at a time, or in reverse.</summary>
public static class Mode
{
    /// <summary>The gradient in the mode that a letter names: f or r.</summary>
    public static Func<Tensor, Tensor> Gradient(char mode, Func<Tensor, Tensor> function) =>
        mode == 'r' ? Transform.Grad(function) : x => Forward(function, x);

    private static Tensor Forward(Func<Tensor, Tensor> function, Tensor x)
    {
        var slopes = new Tensor[x.Shape[0]];
        for (var i = 0; i < slopes.Length; i++)
        {
            var direction = new double[slopes.Length];
            direction[i] = 1;
            slopes[i] = Transform.Jvp(function, x, Tensor.FromArray(direction)).Tangent;
        }

        return Tensor.Stack(slopes);
    }
}
