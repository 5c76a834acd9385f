using System.Numerics;
using System.Runtime.Intrinsics;

namespace Adjoint.Kernels;

/// <summary>Norms for the processor's registers.</summary>
internal static unsafe class Normalise
{
    /// <inheritdoc cref="NormaliseRows{T, V, L}.Forward"/>
    public static void Rows<T>(nint rows, nint n, T* x, T* weight, T* bias, T eps, T* y, T* means, T* scales)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (Vector512.IsHardwareAccelerated)
        {
            NormaliseRows<T, Vector512<T>, Lanes512<T>>.Forward(rows, n, x, weight, bias, eps, y, means, scales);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            NormaliseRows<T, Vector256<T>, Lanes256<T>>.Forward(rows, n, x, weight, bias, eps, y, means, scales);
        }
        else
        {
            NormaliseRows<T, Vector128<T>, Lanes128<T>>.Forward(rows, n, x, weight, bias, eps, y, means, scales);
        }
    }

    /// <inheritdoc cref="NormaliseRows{T, V, L}.Backward"/>
    public static void RowsBackward<T>(nint rows, nint n, T* g, T* x, T* weight, T* means, T* scales, T* dx, T* dWeight, T* dBias)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (Vector512.IsHardwareAccelerated)
        {
            NormaliseRows<T, Vector512<T>, Lanes512<T>>.Backward(rows, n, g, x, weight, means, scales, dx, dWeight, dBias);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            NormaliseRows<T, Vector256<T>, Lanes256<T>>.Backward(rows, n, g, x, weight, means, scales, dx, dWeight, dBias);
        }
        else
        {
            NormaliseRows<T, Vector128<T>, Lanes128<T>>.Backward(rows, n, g, x, weight, means, scales, dx, dWeight, dBias);
        }
    }

    /// <inheritdoc cref="NormaliseChannels{T, V, L}.Moments"/>
    public static void Moments<T>(nint images, nint channels, nint size, T* x, T* means, T* variances)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (Vector512.IsHardwareAccelerated)
        {
            NormaliseChannels<T, Vector512<T>, Lanes512<T>>.Moments(images, channels, size, x, means, variances);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            NormaliseChannels<T, Vector256<T>, Lanes256<T>>.Moments(images, channels, size, x, means, variances);
        }
        else
        {
            NormaliseChannels<T, Vector128<T>, Lanes128<T>>.Moments(images, channels, size, x, means, variances);
        }
    }

    /// <inheritdoc cref="NormaliseChannels{T, V, L}.Forward"/>
    public static void Channels<T>(nint images, nint channels, nint size, T* x, T* means, T* scales, T* weight, T* bias, T* y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (Vector512.IsHardwareAccelerated)
        {
            NormaliseChannels<T, Vector512<T>, Lanes512<T>>.Forward(images, channels, size, x, means, scales, weight, bias, y);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            NormaliseChannels<T, Vector256<T>, Lanes256<T>>.Forward(images, channels, size, x, means, scales, weight, bias, y);
        }
        else
        {
            NormaliseChannels<T, Vector128<T>, Lanes128<T>>.Forward(images, channels, size, x, means, scales, weight, bias, y);
        }
    }

    /// <inheritdoc cref="NormaliseChannels{T, V, L}.Backward"/>
    public static void ChannelsBackward<T>(
        nint images, nint channels, nint size, bool training, T* g, T* x, T* means, T* scales, T* weight, T* dx, T* dWeight, T* dBias)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (Vector512.IsHardwareAccelerated)
        {
            NormaliseChannels<T, Vector512<T>, Lanes512<T>>.Backward(
                images, channels, size, training, g, x, means, scales, weight, dx, dWeight, dBias);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            NormaliseChannels<T, Vector256<T>, Lanes256<T>>.Backward(
                images, channels, size, training, g, x, means, scales, weight, dx, dWeight, dBias);
        }
        else
        {
            NormaliseChannels<T, Vector128<T>, Lanes128<T>>.Backward(
                images, channels, size, training, g, x, means, scales, weight, dx, dWeight, dBias);
        }
    }

    /// <inheritdoc cref="NormaliseChannels{T, V, L}.ForwardGroups"/>
    public static void Groups<T>(
        nint images, nint channels, nint size, nint groups, T* x, T* weight, T* bias, T eps, T* y, T* means, T* scales)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (Vector512.IsHardwareAccelerated)
        {
            NormaliseChannels<T, Vector512<T>, Lanes512<T>>.ForwardGroups(images, channels, size, groups, x, weight, bias, eps, y, means, scales);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            NormaliseChannels<T, Vector256<T>, Lanes256<T>>.ForwardGroups(images, channels, size, groups, x, weight, bias, eps, y, means, scales);
        }
        else
        {
            NormaliseChannels<T, Vector128<T>, Lanes128<T>>.ForwardGroups(images, channels, size, groups, x, weight, bias, eps, y, means, scales);
        }
    }

    /// <inheritdoc cref="NormaliseChannels{T, V, L}.BackwardGroups"/>
    public static void GroupsBackward<T>(
        nint images, nint channels, nint size, nint groups, T* g, T* x, T* weight, T* means, T* scales, T* dx, T* dWeight, T* dBias)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (Vector512.IsHardwareAccelerated)
        {
            NormaliseChannels<T, Vector512<T>, Lanes512<T>>.BackwardGroups(
                images, channels, size, groups, g, x, weight, means, scales, dx, dWeight, dBias);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            NormaliseChannels<T, Vector256<T>, Lanes256<T>>.BackwardGroups(
                images, channels, size, groups, g, x, weight, means, scales, dx, dWeight, dBias);
        }
        else
        {
            NormaliseChannels<T, Vector128<T>, Lanes128<T>>.BackwardGroups(
                images, channels, size, groups, g, x, weight, means, scales, dx, dWeight, dBias);
        }
    }
}
