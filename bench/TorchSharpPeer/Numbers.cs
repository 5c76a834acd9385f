using static TorchSharp.torch;

namespace TorchSharpPeer;

/// <summary>Elements of TorchSharp's tensors as numbers to compare.</summary>
internal static class Numbers
{
    public static double[] Of(Tensor x)
    {
        using var scope = NewDisposeScope();
        return x.detach().to(float64).contiguous().data<double>().ToArray();
    }
}
