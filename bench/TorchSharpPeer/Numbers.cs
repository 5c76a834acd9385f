using Adjoint;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace TorchSharpPeer;

/// <summary>Elements between arrays and TorchSharp's tensors.</summary>
internal static class Numbers
{
    public static double[] Of(Tensor x)
    {
        using var scope = NewDisposeScope();
        return x.detach().to(float64).contiguous().data<double>().ToArray();
    }

    /// <summary>A tensor with a row's elements in a row's element type.</summary>
    public static Tensor Tensor(double[] values, DType dtype, params int[] sizes)
    {
        using var wide = tensor(values, Array.ConvertAll(sizes, size => (long)size));
        return dtype == DType.Float32 ? wide.to(float32) : wide.clone();
    }
}
