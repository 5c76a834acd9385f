using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using Adjoint.Algebra;

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
        var job = new Job<T> { Product = product, Geometry = g, A = a, B = b, Bias = bias, Result = result };
        Width.Run<Job<T>, T>(ref job);
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

    /// <summary>A product with the tile that fills the registers.</summary>
    private struct Job<T> : IWidthJob<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public ConvolutionProduct Product;
        public ConvolutionGeometry Geometry;
        public T* A;
        public T* B;
        public T* Bias;
        public T* Result;

        public readonly void Run<R, G>()
            where R : struct
            where G : struct, IRegister<T, R>
        {
            if (G.AreMany)
            {
                ConvolutionKernels.Run<T, ConvolutionTile<T, R, G, Count32>>(Product, Geometry, A, B, Bias, Result);
            }
            else
            {
                ConvolutionKernels.Run<T, ConvolutionTile<T, R, G, Count16>>(Product, Geometry, A, B, Bias, Result);
            }
        }
    }
}
