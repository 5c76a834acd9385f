namespace Adjoint.GradBench.Modules;

/// <summary>
/// A charged particle flies past two fixed charges, one of which stands at (10, 10 - w): the w that makes it cross the x-axis at the origin
/// (Pearlmutter and Siskind 2008). The force is a gradient (the second letter's mode) inside of the descent's (the first letter's). Euler's method
/// with steps of 0.1, and a line through the axis at the end.
/// </summary>
public static class Particle
{
    private const double Step = 0.1;

    /// <summary>rr, rf, fr, ff.</summary>
    public static Module Module { get; } = new("particle", Saddle.Modes((input, outer, inner) =>
    {
        var start = Tensor.FromArray([input.Number("w")]);
        return () =>
        {
            Tensor Miss(Tensor w) => Fly(w, inner);
            return Descent.ArgMin(Miss, Mode.Gradient(outer, Miss), start)[0];
        };
    }));

    /// <summary>The square of where the particle crosses the axis.</summary>
    private static Tensor Fly(Tensor w, char mode)
    {
        var charges = Tensor.Stack([Tensor.Cat([Tensor.FromArray([10.0]), 10 - w]), Tensor.FromArray([10.0, 0])]);
        var slope = Mode.Gradient(mode, at => (charges - at).Square().Sum(1).Rsqrt().Sum());
        var (x, velocity) = (Tensor.FromArray([0.0, 8]), Tensor.FromArray([0.75, 0]));
        while (true)
        {
            var next = x + (Step * velocity);
            if (next[1].Item() <= 0)
            {
                return (x[0] - (x[1] / velocity[1] * velocity[0])).Square();
            }

            velocity = velocity - (Step * slope(x));
            x = next;
        }
    }
}
