using System.Runtime.CompilerServices;
using Adjoint.Algebra;
using Adjoint.Gate;
using Adjoint.Interpreters;
using Adjoint.Kernels;
using Adjoint.Tape;

namespace Adjoint.Families;

/// <summary>
/// A step that overwrites a tensor by a formula of it and up to two others, in one pass over memory: what optimisers and running averages are made
/// of. It is not recorded and allocates nothing, so it is no operator of functions that are differentiated.
/// </summary>
/// <example>
/// <code>
/// var mean = Tensor.ZerosLike(x);
/// Op.Update(new Average(0.9), mean, x);
///
/// readonly record struct Average(double Keep) : IUpdate
/// {
///     public V F&lt;V>(V x, V a, V b) where V : struct, IReal&lt;V> => (V.Of(Keep) * x) + (V.Of(1 - Keep) * a);
/// }
/// </code>
/// </example>
public interface IUpdate
{
    /// <summary>What diagnostics call the change.</summary>
    static virtual string Name => "an update";

    /// <summary>An element's new value.</summary>
    /// <param name="x">Its old value.</param>
    /// <param name="a">The element of the first other tensor.</param>
    /// <param name="b">The element of the second; <paramref name="x"/> where there is none.</param>
    V F<V>(V x, V a, V b)
        where V : struct, IReal<V>;
}

/// <summary>The formula of an <see cref="IUpdate"/> as a loop body.</summary>
internal readonly struct UpdateBody<U>(U update) : IBody
    where U : struct, IUpdate
{
    public static int Arity => 3;

    public V F<V>(V a, V b, V c, V d)
        where V : struct, IReal<V> => update.F(a, b, c);
}

public static partial class Op
{
    /// <summary>Overwrites a tensor by a formula of it and one or two others, element by element; not recorded.</summary>
    /// <param name="update">The formula.</param>
    /// <param name="x">What is overwritten; real.</param>
    /// <param name="a">A tensor of the same shape and dtype.</param>
    /// <param name="b">Another; null for none.</param>
    /// <returns>The tensor that was overwritten.</returns>
    /// <exception cref="AutogradException">Recording is on and a tensor requires grad, a transform follows one,
    /// or the first may not be changed.</exception>
    /// <exception cref="DTypeException">The dtypes differ, or are not real.</exception>
    /// <exception cref="ShapeException">The shapes differ, or elements of the first share memory.</exception>
    public static unsafe Tensor Update<U>(U update, Tensor x, Tensor a, Tensor? b = null)
        where U : struct, IUpdate
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(a);
        Guard.DTypes(x.DType, a, b);
        if (!x.DType.IsFloatingPoint)
        {
            throw new DTypeException(
                $"an update changes real numbers, and this tensor is {x.DType.TorchName}. Convert it with To(DType.Float32).");
        }

        if (!a.Layout.SameSizes(x.Layout) || (b is not null && !b.Layout.SameSizes(x.Layout)))
        {
            throw new ShapeException(
                $"an update takes tensors of one shape, and these have {Shape.Text(x.Layout.Sizes)}, {Shape.Text(a.Layout.Sizes)}" +
                $"{(b is null ? string.Empty : " and " + Shape.Text(b.Layout.Sizes))}. Use Expand.");
        }

        if (Rewrite.IsNeeded(x, a) || b is { IsStandIn: true })
        {
            ThrowIfRecorded<U>(Recording.IsOn && (x.RequiresGrad || a.RequiresGrad || b is { RequiresGrad: true }));
            return Rewritten(update, x, b is null ? [a] : [a, b]);
        }

        InPlace.ThrowIfTraced(x, a);
        InPlace.ThrowIfTraced(x, b);
        ThrowIfRecorded<U>(InPlace.Begin(x, Recording.IsOn && (x.RequiresGrad || a.RequiresGrad || b is { RequiresGrad: true })));
        InPlace.Writing(x);
        a = Apart(a, x);
        b = b is null ? null : Apart(b, x);
        var body = new UpdateBody<U>(update);
        var job = default(LoopJob<UpdateBody<U>>);
        x.DType.Visit(ref job);
        if (job.Inner == null)
        {
            Run(body, x, x, a, b ?? x, null);
        }
        else
        {
            // Every formula of an optimiser is about as light as this: weighing it would cost more than its first call.
            Lead(job.Inner, Unsafe.AsPointer(ref body), 3, Work.Light, x, x, a, b, null);
        }

        InPlace.Changed(x, U.Name);
        return x;
    }

    // A method of its own, because what a lambda captures is allocated where its method begins.
    private static Tensor Rewritten<U>(U update, Tensor x, Tensor[] others)
        where U : struct, IUpdate => Rewrite.Change(x, others, (old, others) =>
            update.F(new Sym(old), new Sym(others[0]), new Sym(others.Length > 1 ? others[1] : old)).ToTensor(old));

    private static void ThrowIfRecorded<U>(bool isRecorded)
        where U : struct, IUpdate
    {
        if (isRecorded)
        {
            throw new AutogradException(
                $"{U.Name} is not recorded, and a tensor requires grad. Run it inside using (Autograd.NoGrad()) {{ ... }}, " +
                "or write the step in operators.");
        }
    }

    // Other places of the same memory would be read after they were written.
    private static Tensor Apart(Tensor a, Tensor x) =>
        ReferenceEquals(a.Storage, x.Storage) && !ReferenceEquals(a.Layout, x.Layout) ? Copy(a) : a;
}
