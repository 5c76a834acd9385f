using System.Numerics;
using System.Runtime.CompilerServices;

namespace Adjoint.Kernels;

/// <summary>How a grid sampler reads between elements.</summary>
internal enum GridKind
{
    /// <summary>The nearest element; halves go to the even one.</summary>
    Nearest,

    /// <summary>Two neighbours by distance.</summary>
    Linear,

    /// <summary>Keys' cubic convolution of four neighbours with A = -0.75.</summary>
    Cubic,
}

/// <summary>What a grid sampler reads beyond the image.</summary>
internal enum GridEdge
{
    /// <summary>Zeros.</summary>
    Zeros,

    /// <summary>The nearest element of the image.</summary>
    Border,

    /// <summary>The image backwards.</summary>
    Reflection,
}

/// <summary>
/// Where one axis of a grid leads: the elements that a coordinate reads, their weights, and how these change with the coordinate. PyTorch's rules,
/// its derivatives at edges among them.
/// </summary>
/// <param name="Kind">How it reads between elements.</param>
/// <param name="Edge">What it reads beyond the image.</param>
/// <param name="AlignsCorners">-1 and 1 are the middles of the first and last elements, and not their outer edges.</param>
/// <param name="Size">The size of the axis.</param>
/// <param name="Stride">From one element to the next.</param>
internal readonly unsafe record struct GridAxis(GridKind Kind, GridEdge Edge, bool AlignsCorners, int Size, nint Stride)
{
    /// <summary>The most elements that a coordinate reads.</summary>
    public const int Most = 4;

    /// <summary>How many elements a coordinate reads.</summary>
    public int Count => Kind switch
    {
        GridKind.Nearest => 1,
        GridKind.Linear => 2,
        _ => Most,
    };

    /// <summary>Finds the elements for a coordinate.</summary>
    /// <param name="coordinate">From -1 to 1 inside of the image.</param>
    /// <param name="offsets">Gets where they are; -1 for one that does not exist.</param>
    /// <param name="weights">Gets their weights.</param>
    /// <param name="slopes">Gets the derivatives of the weights by the coordinate.</param>
    public void Find<T>(T coordinate, nint* offsets, T* weights, T* slopes)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (size, half) = (T.CreateTruncating(Size), T.CreateTruncating(0.5));
        var place = AlignsCorners ? (coordinate + T.One) * half * (size - T.One) : (((coordinate + T.One) * size) - T.One) * half;
        var scale = (AlignsCorners ? size - T.One : size) * half;

        // The edge is that of the place, or for the cubic that of each element.
        if (Kind != GridKind.Cubic)
        {
            place = Inside(place, ref scale);
        }

        // What no image holds, and what is no number, lies outside of all.
        if (!(T.Abs(place) < T.CreateTruncating(1 << 30)))
        {
            place = T.CreateTruncating(-100);
        }

        if (Kind == GridKind.Nearest)
        {
            Set(int.CreateTruncating(T.Round(place, MidpointRounding.ToEven)), out offsets[0]);
            (weights[0], slopes[0]) = (T.One, T.Zero);
            return;
        }

        var floor = T.Floor(place);
        var (first, t) = (int.CreateTruncating(floor), place - floor);
        if (Kind == GridKind.Linear)
        {
            Set(first, out offsets[0]);
            Set(first + 1, out offsets[1]);
            (weights[0], weights[1], slopes[0], slopes[1]) = (T.One - t, t, -scale, scale);
            return;
        }

        for (var k = 0; k < Most; k++)
        {
            var none = T.One;
            var at = first - 1 + k;
            Set(Edge == GridEdge.Zeros ? at : int.CreateTruncating(Inside(T.CreateTruncating(at), ref none)), out offsets[k]);
        }

        var rest = T.One - t;
        (weights[0], weights[1], weights[2], weights[3]) = (Outer(t + T.One), Inner(t), Inner(rest), Outer(rest + T.One));
        slopes[0] = OuterSlope(t + T.One) * scale;
        slopes[1] = InnerSlope(t) * scale;
        slopes[2] = -InnerSlope(rest) * scale;
        slopes[3] = -OuterSlope(rest + T.One) * scale;
    }

    private static T A<T>(double factor)
        where T : unmanaged, IFloatingPointIeee754<T> => T.CreateTruncating(-0.75 * factor);

    private static T Inner<T>(T x)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        (((T.CreateTruncating(1.25) * x) - T.CreateTruncating(2.25)) * x * x) + T.One;

    private static T InnerSlope<T>(T x)
        where T : unmanaged, IFloatingPointIeee754<T> => ((T.CreateTruncating(3.75) * x) - T.CreateTruncating(4.5)) * x;

    private static T Outer<T>(T x)
        where T : unmanaged, IFloatingPointIeee754<T> => ((((A<T>(1) * x) - A<T>(5)) * x + A<T>(8)) * x) - A<T>(4);

    private static T OuterSlope<T>(T x)
        where T : unmanaged, IFloatingPointIeee754<T> => (((A<T>(3) * x) - A<T>(10)) * x) + A<T>(8);

    private void Set(int element, out nint offset) => offset = (uint)element < (uint)Size ? element * Stride : -1;

    /// <summary>A place brought into the image, and how fast it moves there.</summary>
    private T Inside<T>(T place, ref T scale)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (Edge == GridEdge.Zeros)
        {
            return place;
        }

        if (Edge == GridEdge.Reflection)
        {
            place = Reflected(place, ref scale);
        }

        var last = T.CreateTruncating(Size - 1);
        if (place <= T.Zero || !(place < last))
        {
            scale = T.Zero;
            return place > T.Zero ? last : T.Zero;
        }

        return place;
    }

    private T Reflected<T>(T place, ref T scale)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var low = AlignsCorners ? T.Zero : T.CreateTruncating(-0.5);
        var span = T.CreateTruncating(AlignsCorners ? Size - 1 : Size);
        if (T.IsZero(span))
        {
            scale = T.Zero;
            return T.Zero;
        }

        var distance = place - low;
        if (distance < T.Zero)
        {
            (distance, scale) = (-distance, -scale);
        }

        var turns = T.Floor(distance / span);
        var extra = distance % span;
        if (T.IsEvenInteger(turns))
        {
            return extra + low;
        }

        scale = -scale;
        return span - extra + low;
    }
}
