using System.Runtime.CompilerServices;
using Adjoint.Algebra;
using Adjoint.Families;
using Adjoint.Gate;
using Adjoint.Kernels;
using Adjoint.Tape;

namespace Adjoint.NN;

/// <summary>An element's new value from its old one and up to two others, written once for all vector widths.</summary>
internal interface IUpdate : IBody
{
    static int IBody.Arity => 3;
}

/// <summary>
/// One pass over memory that overwrites a tensor by an <see cref="IUpdate"/>: nothing is recorded, nothing allocated.
/// </summary>
internal static class Pass
{
    /// <summary>x = F(x, a, b), element by element; all of one shape and dtype.</summary>
    public static unsafe void Over<B>(B update, Tensor x, Tensor a, Tensor? b = null)
        where B : struct, IUpdate
    {
        Guard.DTypes(x.DType, a, b);
        if (!x.DType.IsFloatingPoint)
        {
            throw new DTypeException(
                $"an optimizer changes real numbers, and this parameter is {x.DType.TorchName}. Convert it with To(DType.Float32).");
        }

        InPlace.Writing(x);
        var job = default(LoopJob<B>);
        x.DType.Visit(ref job);
        if (job.Inner == null)
        {
            Op.Run(update, x, x, a, b, null);
            InPlace.Changed(x, "Optimizer.Step");
            return;
        }

        Op.Lead(job.Inner, Unsafe.AsPointer(ref update), 3, Work.Light, x, x, a, b, null);
        InPlace.Changed(x, "Optimizer.Step");
    }

    /// <summary>g + decay * p, and just g where nothing decays, whatever p is.</summary>
    public static V Decayed<V>(V g, V p, double decay)
        where V : struct, IReal<V> => decay == 0 ? g : g + (V.Of(decay) * p);
}
