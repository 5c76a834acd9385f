using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace Adjoint.Kernels;

/// <summary>Which of the three products of a convolution.</summary>
internal enum ConvolutionProduct
{
    /// <summary>y from x and the weights.</summary>
    Output,

    /// <summary>x from y and the weights.</summary>
    Input,

    /// <summary>The weights from x and y.</summary>
    Weights,
}

/// <summary>
/// The three products of a convolution for the processor's registers. Start reading with <see cref="ConvolutionPass{T, TTile}"/>.
/// </summary>
internal static unsafe class ConvolutionKernels
{
    /// <summary>Writes one of x, weights and y from the other two; the bias goes to the result where it is not null. All dense.</summary>
    public static void Run<T>(ConvolutionProduct product, ConvolutionGeometry g, T* a, T* b, T* bias, T* result)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Run<T, ConvolutionTile<T, Vector512<T>, Lanes512<T>, Count32>>(product, g, a, b, bias, result);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Run<T, ConvolutionTile<T, Vector256<T>, Lanes256<T>, Count16>>(product, g, a, b, bias, result);
        }
        else if (AdvSimd.Arm64.IsSupported)
        {
            Run<T, ConvolutionTile<T, Vector128<T>, Lanes128<T>, Count32>>(product, g, a, b, bias, result);
        }
        else
        {
            Run<T, ConvolutionTile<T, Vector128<T>, Lanes128<T>, Count16>>(product, g, a, b, bias, result);
        }
    }

    /// <summary>The same with a register tile of the caller's choice.</summary>
    internal static void Run<T, TTile>(ConvolutionProduct product, ConvolutionGeometry g, T* a, T* b, T* bias, T* result)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TTile : struct, IConvolutionTile<T>
    {
        switch (product)
        {
            case ConvolutionProduct.Output:
                ConvolutionPass<T, TTile>.Forward(g, a, b, bias, result);
                break;
            case ConvolutionProduct.Input:
                ConvolutionPass<T, TTile>.Input(g, a, b, bias, result);
                break;
            case ConvolutionProduct.Weights:
                ConvolutionWeights<T, TTile>.Run(g, a, b, result);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(product));
        }
    }
}
