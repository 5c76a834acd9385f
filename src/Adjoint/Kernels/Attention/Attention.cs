using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace Adjoint.Kernels;

/// <summary>Attention for the processor's registers.</summary>
internal static class Attention
{
    /// <summary>The result and the sums, or, back, the gradients.</summary>
    public static void Run<T>(AttentionCall<T> call, bool back)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Run<T, Tile14<T, Vector512<T>, Lanes512<T>>>(call, back);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Run<T, Tile6<T, Vector256<T>, Lanes256<T>>>(call, back);
        }
        else if (AdvSimd.Arm64.IsSupported)
        {
            Run<T, Tile14<T, Vector128<T>, Lanes128<T>>>(call, back);
        }
        else
        {
            Run<T, Tile6<T, Vector128<T>, Lanes128<T>>>(call, back);
        }
    }

    private static void Run<T, TTile>(AttentionCall<T> call, bool back)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TTile : struct, ITile<T>
    {
        if (back)
        {
            AttentionHeads<T, TTile>.Backward(call);
        }
        else
        {
            AttentionHeads<T, TTile>.Forward(call);
        }
    }
}
