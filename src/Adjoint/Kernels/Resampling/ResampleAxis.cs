using System.Numerics;

namespace Adjoint.Kernels;

/// <summary>How an output of a resampled axis comes from inputs.</summary>
internal enum AxisKind
{
    /// <summary>The input whose cell the output's first edge lies in.</summary>
    Nearest,

    /// <summary>The input whose cell the output's middle lies in.</summary>
    NearestExact,

    /// <summary>Two neighbours, by distance.</summary>
    Linear,

    /// <summary>Four neighbours: Keys' cubic convolution with A = -0.75, as PyTorch has it.</summary>
    Cubic,

    /// <summary>All inputs under a triangle that is as wide as the outputs are apart.</summary>
    WideLinear,

    /// <summary>All inputs under Keys' cubic with A = -0.5 that is as wide as the outputs are apart.</summary>
    WideCubic,

    /// <summary>The axis goes back at its ends.</summary>
    Reflect,

    /// <summary>The ends go on.</summary>
    Replicate,

    /// <summary>The axis begins again.</summary>
    Circular,
}

/// <summary>
/// One axis of a resampled image. Places of outputs among inputs, and weights, are computed in the precision of the elements, as PyTorch does: which
/// input is the nearest may depend on it.
/// </summary>
/// <param name="Kind">How outputs come from inputs.</param>
/// <param name="In">The number of inputs.</param>
/// <param name="Out">The number of outputs.</param>
/// <param name="Step">From one output to the next, in inputs; 0 for In / Out. Of padding: unused.</param>
/// <param name="AlignsCorners">The first and last outputs are the first and last inputs; otherwise the outer edges of their cells agree.</param>
/// <param name="Before">Of padding: how many outputs come before the first input.</param>
internal readonly record struct ResampleAxis(AxisKind Kind, int In, int Out, double Step, bool AlignsCorners, int Before)
{
    /// <summary>Whether each output is one of the inputs.</summary>
    public bool Picks => Kind is AxisKind.Nearest or AxisKind.NearestExact or AxisKind.Reflect or AxisKind.Replicate or AxisKind.Circular;

    /// <summary>The input that each output is.</summary>
    public int[] Picked<T>()
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var picked = new int[Out];
        var step = StepOf<T>();
        for (var i = 0; i < picked.Length; i++)
        {
            picked[i] = Kind switch
            {
                AxisKind.Nearest => Cell(T.CreateTruncating(i) * step),
                AxisKind.NearestExact => Cell((T.CreateTruncating(i) + T.CreateTruncating(0.5)) * step),
                _ => Padded(i),
            };
        }

        return picked;
    }

    /// <summary>What is done along the axis.</summary>
    public AxisMatrix<T> Matrix<T>()
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        List<int> inputs = [];
        List<T> weights = [];
        var starts = new int[Out + 1];
        var picked = Picks ? Picked<T>() : null;
        var step = StepOf<T>();
        for (var i = 0; i < Out; i++)
        {
            if (picked is not null)
            {
                inputs.Add(picked[i]);
                weights.Add(T.One);
            }
            else if (Kind is AxisKind.WideLinear or AxisKind.WideCubic)
            {
                AddWide(T.CreateTruncating(i), step, inputs, weights);
            }
            else
            {
                AddNear(T.CreateTruncating(i), step, inputs, weights);
            }

            starts[i + 1] = inputs.Count;
        }

        return new(In, starts, [.. inputs], [.. weights]);
    }

    private static T Clamp01<T>(T value)
        where T : unmanaged, IFloatingPointIeee754<T> => value > T.Zero ? (value < T.One ? value : T.One) : T.Zero;

    /// <summary>R. Keys, Cubic convolution interpolation for digital image processing (1981), equation 4, at most 1 away.</summary>
    private static T Inner<T>(T x, T a)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        ((((a + T.CreateTruncating(2)) * x) - (a + T.CreateTruncating(3))) * x * x) + T.One;

    /// <summary>The same from 1 to 2 away.</summary>
    private static T Outer<T>(T x, T a)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        ((((a * x) - (T.CreateTruncating(5) * a)) * x + (T.CreateTruncating(8) * a)) * x) - (T.CreateTruncating(4) * a);

    private void AddNear<T>(T i, T step, List<int> inputs, List<T> weights)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var half = T.CreateTruncating(0.5);
        var place = AlignsCorners ? step * i : (step * (i + half)) - half;
        if (Kind == AxisKind.Linear)
        {
            place = place > T.Zero ? place : T.Zero;
            var first = Math.Min(int.CreateSaturating(T.Floor(place)), In - 1);
            var part = Clamp01(place - T.CreateTruncating(first));
            inputs.AddRange([first, Math.Min(first + 1, In - 1)]);
            weights.AddRange([T.One - part, part]);
            return;
        }

        var cell = int.CreateSaturating(T.Floor(place));
        var (t, a) = (place - T.CreateTruncating(cell), T.CreateTruncating(-0.75));
        for (var k = -1; k <= 2; k++)
        {
            inputs.Add((int)Math.Clamp((long)cell + k, 0, In - 1));
        }

        weights.AddRange([Outer(t + T.One, a), Inner(t, a), Inner(T.One - t, a), Outer(T.One - t + T.One, a)]);
    }

    private void AddWide<T>(T i, T step, List<int> inputs, List<T> weights)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var half = T.CreateTruncating(0.5);
        var width = step >= T.One ? step : T.One;
        var support = (Kind == AxisKind.WideLinear ? T.One : T.CreateTruncating(2)) * width;
        var centre = step * (i + half);
        var first = Math.Clamp(int.CreateSaturating(centre - support + half), 0, In - 1);
        var end = Math.Clamp(int.CreateSaturating(centre + support + half), first + 1, In);
        var (begin, total) = (weights.Count, T.Zero);
        for (var j = first; j < end; j++)
        {
            var weight = Filter(T.Abs((T.CreateTruncating(j) - centre + half) / width));
            inputs.Add(j);
            weights.Add(weight);
            total += weight;
        }

        for (var at = begin; at < weights.Count && !T.IsZero(total); at++)
        {
            weights[at] /= total;
        }
    }

    private T Filter<T>(T x)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (Kind == AxisKind.WideLinear)
        {
            return x < T.One ? T.One - x : T.Zero;
        }

        var a = T.CreateTruncating(-0.5);
        return x < T.One ? Inner(x, a) : x < T.CreateTruncating(2) ? Outer(x, a) : T.Zero;
    }

    private T StepOf<T>()
        where T : unmanaged, IFloatingPointIeee754<T> => AlignsCorners
        ? Out > 1 ? T.CreateTruncating(In - 1) / T.CreateTruncating(Out - 1) : T.Zero
        : Step > 0 ? T.CreateTruncating(Step) : T.CreateTruncating(In) / T.CreateTruncating(Out);

    private int Cell<T>(T place)
        where T : unmanaged, IFloatingPointIeee754<T> => Math.Clamp(int.CreateSaturating(T.Floor(place)), 0, In - 1);

    private int Padded(int i)
    {
        var place = (long)i - Before;
        if (Kind == AxisKind.Reflect)
        {
            place = Math.Abs(place);
            return (int)(place < In ? place : (2L * (In - 1)) - place);
        }

        if (Kind == AxisKind.Replicate)
        {
            return (int)Math.Clamp(place, 0, In - 1);
        }

        // What negative padding cuts off does not come back.
        var cut = Math.Max(-Before, 0);
        var rest = In - cut - Math.Max(In + Before - Out, 0);
        return cut + (int)((((long)i - Math.Max(Before, 0)) % rest + rest) % rest);
    }
}
