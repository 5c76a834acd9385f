using System.Numerics;
using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>How the elements of a segment combine.</summary>
internal enum SegmentFold
{
    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>The largest; NaN wins.</summary>
    Max,

    /// <summary>The smallest; NaN wins.</summary>
    Min,

    /// <summary>Their product.</summary>
    Prod,
}

/// <summary>Reduces segments of the middle one of three dimensions without gaps.</summary>
internal static unsafe class Segments
{
    /// <summary>Reduces.</summary>
    /// <param name="x">The elements.</param>
    /// <param name="offsets">For each outer position where the segments begin and where the last one ends; in order and within the dimension.</param>
    /// <param name="y">Takes the results.</param>
    /// <param name="sizes">The three dimensions, and how many segments each has.</param>
    /// <param name="fold">How elements combine.</param>
    /// <param name="initial">What they combine with; null for the neutral value.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<T>(
        T* x, long* offsets, T* y, (nint Outer, nint Length, nint Inner, nint Count) sizes, SegmentFold fold, double? initial)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var unit = T.CreateTruncating(initial ?? fold switch
        {
            SegmentFold.Max => double.NegativeInfinity,
            SegmentFold.Min => double.PositiveInfinity,
            SegmentFold.Prod => 1,
            _ => 0,
        });
        for (nint outer = 0; outer < sizes.Outer; outer++)
        {
            for (nint segment = 0; segment < sizes.Count; segment++)
            {
                var bounds = offsets + (outer * (sizes.Count + 1)) + segment;
                for (nint inner = 0; inner < sizes.Inner; inner++)
                {
                    var state = unit;
                    for (var i = (nint)bounds[0]; i < bounds[1]; i++)
                    {
                        var element = x[(((outer * sizes.Length) + i) * sizes.Inner) + inner];
                        state = fold switch
                        {
                            SegmentFold.Max => T.Max(state, element),
                            SegmentFold.Min => T.Min(state, element),
                            SegmentFold.Prod => state * element,
                            _ => state + element,
                        };
                    }

                    if (fold == SegmentFold.Mean && (bounds[1] > bounds[0] || initial is null))
                    {
                        state /= T.CreateTruncating(bounds[1] - bounds[0]);
                    }

                    y[(((outer * sizes.Count) + segment) * sizes.Inner) + inner] = state;
                }
            }
        }
    }
}
