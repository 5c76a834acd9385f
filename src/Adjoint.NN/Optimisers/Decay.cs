using System.Runtime.CompilerServices;
using Adjoint.Algebra;

namespace Adjoint.NN;

/// <summary>What optimisers do with a gradient first: turn it round to climb, and add what pulls a parameter towards zero.</summary>
internal static class Decay
{
    /// <summary>g, or -g to climb, plus decay * p; nothing of p where nothing decays, whatever it is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Gradient<V>(V g, V p, bool maximize, double decay)
        where V : struct, IReal<V>
    {
        g = maximize ? -g : g;
        return decay == 0 ? g : g + (V.Of(decay) * p);
    }
}
