using System.Numerics;
using Adjoint.Algebra;

namespace Adjoint.Kernels;

/// <summary>Norms for the processor's registers.</summary>
internal static unsafe class Normalise
{
    /// <inheritdoc cref="NormaliseRows{T, V, L}.Forward"/>
    public static void Rows<T>(nint rows, nint n, T* x, T* weight, T* bias, T eps, T* y, T* means, T* scales)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var job = new RowsJob<T>(rows, n, x, weight, bias, eps, y, means, scales);
        Width.Run<RowsJob<T>, T>(ref job);
    }

    /// <inheritdoc cref="NormaliseRows{T, V, L}.Backward"/>
    public static void RowsBackward<T>(nint rows, nint n, T* g, T* x, T* weight, T* means, T* scales, T* dx, T* dWeight, T* dBias)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var job = new RowsBackwardJob<T>(rows, n, g, x, weight, means, scales, dx, dWeight, dBias);
        Width.Run<RowsBackwardJob<T>, T>(ref job);
    }

    /// <inheritdoc cref="NormaliseChannels{T, V, L}.Moments"/>
    public static void Moments<T>(nint images, nint channels, nint size, T* x, T* means, T* variances)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var job = new MomentsJob<T>(images, channels, size, x, means, variances);
        Width.Run<MomentsJob<T>, T>(ref job);
    }

    /// <inheritdoc cref="NormaliseChannels{T, V, L}.Forward"/>
    public static void Channels<T>(nint images, nint channels, nint size, T* x, T* means, T* scales, T* weight, T* bias, T* y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var job = new ChannelsJob<T>(images, channels, size, x, means, scales, weight, bias, y);
        Width.Run<ChannelsJob<T>, T>(ref job);
    }

    /// <inheritdoc cref="NormaliseChannels{T, V, L}.Backward"/>
    public static void ChannelsBackward<T>(
        nint images, nint channels, nint size, bool training, T* g, T* x, T* means, T* scales, T* weight, T* dx, T* dWeight, T* dBias)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var job = new ChannelsBackwardJob<T>(images, channels, size, training, g, x, means, scales, weight, dx, dWeight, dBias);
        Width.Run<ChannelsBackwardJob<T>, T>(ref job);
    }

    /// <inheritdoc cref="NormaliseChannels{T, V, L}.ForwardGroups"/>
    public static void Groups<T>(
        nint images, nint channels, nint size, nint groups, T* x, T* weight, T* bias, T eps, T* y, T* means, T* scales)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var job = new GroupsJob<T>(images, channels, size, groups, x, weight, bias, eps, y, means, scales);
        Width.Run<GroupsJob<T>, T>(ref job);
    }

    /// <inheritdoc cref="NormaliseChannels{T, V, L}.BackwardGroups"/>
    public static void GroupsBackward<T>(
        nint images, nint channels, nint size, nint groups, T* g, T* x, T* weight, T* means, T* scales, T* dx, T* dWeight, T* dBias)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var job = new GroupsBackwardJob<T>(images, channels, size, groups, g, x, weight, means, scales, dx, dWeight, dBias);
        Width.Run<GroupsBackwardJob<T>, T>(ref job);
    }

    private readonly struct RowsJob<T>(nint rows, nint n, T* x, T* weight, T* bias, T eps, T* y, T* means, T* scales) : IWidthJob<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<R, G>()
            where R : struct
            where G : struct, IRegister<T, R> => NormaliseRows<T, R, G>.Forward(rows, n, x, weight, bias, eps, y, means, scales);
    }

    private readonly struct RowsBackwardJob<T>(
        nint rows, nint n, T* g, T* x, T* weight, T* means, T* scales, T* dx, T* dWeight, T* dBias) : IWidthJob<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<R, G>()
            where R : struct
            where G : struct, IRegister<T, R> => NormaliseRows<T, R, G>.Backward(rows, n, g, x, weight, means, scales, dx, dWeight, dBias);
    }

    private readonly struct MomentsJob<T>(nint images, nint channels, nint size, T* x, T* means, T* variances) : IWidthJob<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<R, G>()
            where R : struct
            where G : struct, IRegister<T, R> => NormaliseChannels<T, R, G>.Moments(images, channels, size, x, means, variances);
    }

    private readonly struct ChannelsJob<T>(
        nint images, nint channels, nint size, T* x, T* means, T* scales, T* weight, T* bias, T* y) : IWidthJob<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<R, G>()
            where R : struct
            where G : struct, IRegister<T, R> => NormaliseChannels<T, R, G>.Forward(images, channels, size, x, means, scales, weight, bias, y);
    }

    private readonly struct ChannelsBackwardJob<T>(
        nint images, nint channels, nint size, bool training, T* g, T* x, T* means, T* scales, T* weight, T* dx, T* dWeight, T* dBias) : IWidthJob<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<R, G>()
            where R : struct
            where G : struct, IRegister<T, R> => NormaliseChannels<T, R, G>.Backward(
                images, channels, size, training, g, x, means, scales, weight, dx, dWeight, dBias);
    }

    private readonly struct GroupsJob<T>(
        nint images, nint channels, nint size, nint groups, T* x, T* weight, T* bias, T eps, T* y, T* means, T* scales) : IWidthJob<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<R, G>()
            where R : struct
            where G : struct, IRegister<T, R> => NormaliseChannels<T, R, G>.ForwardGroups(
                images, channels, size, groups, x, weight, bias, eps, y, means, scales);
    }

    private readonly struct GroupsBackwardJob<T>(
        nint images, nint channels, nint size, nint groups, T* g, T* x, T* weight, T* means, T* scales, T* dx, T* dWeight, T* dBias) : IWidthJob<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<R, G>()
            where R : struct
            where G : struct, IRegister<T, R> => NormaliseChannels<T, R, G>.BackwardGroups(
                images, channels, size, groups, g, x, weight, means, scales, dx, dWeight, dBias);
    }
}
