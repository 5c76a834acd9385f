using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using Adjoint.Algebra;

namespace Adjoint.Kernels;

/// <summary>Attention for the processor's registers.</summary>
internal static class Attention
{
    /// <summary>The result and the sums, or, back, the gradients.</summary>
    public static void Run<T>(AttentionCall<T> call, bool back)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var job = new Job<T> { Call = call, IsBack = back };
        GemmTiles.Run<Job<T>, T>(ref job);
    }

    private struct Job<T> : ITileJob<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public AttentionCall<T> Call;
        public bool IsBack;

        public readonly void Run<TTile>()
            where TTile : struct, ITile<T>
        {
            if (IsBack)
            {
                AttentionHeads<T, TTile>.Backward(Call);
            }
            else
            {
                AttentionHeads<T, TTile>.Forward(Call);
            }
        }
    }
}
