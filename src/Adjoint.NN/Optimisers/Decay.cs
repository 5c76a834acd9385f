using Adjoint.Algebra;

namespace Adjoint.NN;

/// <summary>How parameters are pulled towards zero: through their gradients.</summary>
internal static class Decay
{
    /// <summary>g + decay * p, and just g where nothing decays, whatever p is.</summary>
    public static V Decayed<V>(V g, V p, double decay)
        where V : struct, IReal<V> => decay == 0 ? g : g + (V.Of(decay) * p);
}
