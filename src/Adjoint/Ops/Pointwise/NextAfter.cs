using System.Numerics;
using System.Runtime.InteropServices;
using Adjoint.Families;
using Adjoint.Gate;
using Adjoint.Tape;

namespace Adjoint;

/// <summary>
/// The neighbour of each number in its own precision, in the direction of another. As bits without their sign, numbers of a precision are in the
/// order
/// of their magnitudes, so that a neighbour is one more or one less.
/// </summary>
internal readonly record struct NextAfter : IMultiOutput
{
    public string GradName => "NextafterBackward0";

    public TensorType[] Infer(TensorType[] inputs) => [new(Layout.Broadcast(inputs[0].Layout, inputs[1].Layout), inputs[0].DType)];

    public Tensor[] Apply(Tensor[] inputs)
    {
        var sizes = Layout.Broadcast(inputs[0].Layout, inputs[1].Layout).Sizes;
        var result = Op.Copy(inputs[0].Detach().Expand(sizes));
        var from = Op.Contiguous(result.To(DType.Float64));
        var to = Op.Contiguous(inputs[1].Detach().To(DType.Float64).Expand(sizes));
        var job = new Neighbours { Result = result, From = from, To = to };
        result.DType.Visit(ref job);
        GC.KeepAlive(result);
        return [result];
    }

    /// <summary>To first order the neighbour is the number itself.</summary>
    public Tensor?[] Pull(Tensor?[] gradients, Shape[] shapes, Tensor?[] inputs, Tensor?[] results) =>
        [gradients[0]?.SumToSize(shapes[0].ToArray()), null];

    public Tensor?[]? Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results) =>
        [tangents[0]?.Expand(results[0].Shape.ToArray())];

    public Tensor[]? Batch(Tensor[] inputs)
    {
        var rank = Math.Max(inputs[0].Rank, inputs[1].Rank);
        return Op.MultiOutput(this, Array.ConvertAll(inputs, Aligned));

        Tensor Aligned(Tensor x)
        {
            var ones = new int[rank - x.Rank];
            Array.Fill(ones, 1);
            return x.Reshape([x.Shape[0], .. ones, .. x.Shape.ToArray()[1..]]);
        }
    }

    /// <summary>Steps through the bits of a dtype of reals.</summary>
    private struct Neighbours : IDTypeJob
    {
        public Tensor Result;
        public Tensor From;
        public Tensor To;

        readonly void IDTypeJob.Truth()
        {
        }

        readonly void IDTypeJob.Whole<T>()
        {
        }

        readonly void IDTypeJob.Real<S, T, C>()
        {
            var numbers = MemoryMarshal.AsBytes(RandomFill.Span<S>(Result));
            ReadOnlySpan<double> from = RandomFill.Span<double>(From), to = RandomFill.Span<double>(To);
            if (Result.DType.ItemSize == sizeof(short))
            {
                Step(MemoryMarshal.Cast<byte, short>(numbers), from, to);
            }
            else if (Result.DType.ItemSize == sizeof(int))
            {
                Step(MemoryMarshal.Cast<byte, int>(numbers), from, to);
            }
            else
            {
                Step(MemoryMarshal.Cast<byte, long>(numbers), from, to);
            }
        }

        private static void Step<B>(Span<B> bits, ReadOnlySpan<double> from, ReadOnlySpan<double> to)
            where B : unmanaged, IBinaryInteger<B>, IMinMaxValue<B>
        {
            for (var i = 0; i < bits.Length; i++)
            {
                var (x, y) = (from[i], to[i]);
                if (double.IsNaN(x) || double.IsNaN(y))
                {
                    // All bits but the sign: a NaN of every precision.
                    bits[i] = double.IsNaN(x) ? bits[i] : B.MaxValue;
                }
                else if (x == 0 && y != 0)
                {
                    bits[i] = y > 0 ? B.One : B.MinValue + B.One;
                }
                else if (x != y)
                {
                    bits[i] += (x < y) == (x > 0) ? B.One : -B.One;
                }
                else if (x == 0)
                {
                    bits[i] = double.IsNegative(y) ? B.MinValue : B.Zero;
                }
            }
        }
    }
}

/// <content>Neighbours among numbers.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// The number of the same precision next to x in the direction of y, element by element, broadcast (<c>torch.nextafter</c>); y where both are
    /// equal.
    /// To first order it is x, which gets the gradient; PyTorch has none here.
    /// </summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DTypeException">Neither is real.</exception>
    public Tensor NextAfter(Tensor y)
    {
        var dtype = RealOperands.Of<NextAfter>("nextafter_cpu", this, y);
        return Op.MultiOutput(default(NextAfter), To(dtype), y.To(dtype))[0];
    }

    /// <summary>The number next to x in the direction of y, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <exception cref="DTypeException">Neither is real, or this tensor is not.</exception>
    public Tensor NextAfter_(Tensor y)
    {
        InPlace.ThrowUnlessFits(this, RealOperands.Of<NextAfter>("nextafter_cpu", this, y), Layout.Broadcast(Layout, y.Layout));
        return Copy_(NextAfter(y));
    }
}
