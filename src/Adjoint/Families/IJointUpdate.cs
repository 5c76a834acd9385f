using System.Runtime.CompilerServices;
using Adjoint.Algebra;
using Adjoint.Gate;
using Adjoint.Kernels;
using Adjoint.Tape;

namespace Adjoint.Families;

/// <summary>
/// A step that overwrites a tensor, and up to three others that remember something of it, by formulas of them and of one tensor that is only read:
/// all in
/// one pass over memory. It is what a step of an optimiser is, and like <see cref="IUpdate"/> it is not recorded and allocates nothing.
/// </summary>
/// <example>
/// <code>
/// var velocity = Tensor.ZerosLike(x);
/// Op.JointUpdate(new Heavy(0.1, 0.9), Tensor.OnesLike(x), x, velocity);
///
/// readonly record struct Heavy(double Rate, double Keep) : IJointUpdate
/// {
///     public static int States => 1;
///
///     public void F&lt;V>(V g, ref V x, ref V a, ref V b, ref V c) where V : struct, IReal&lt;V>
///     {
///         a = (V.Of(Keep) * a) + g;
///         x = x - (V.Of(Rate) * a);
///     }
/// }
/// </code>
/// </example>
public interface IJointUpdate
{
    /// <summary>What diagnostics call the change.</summary>
    static virtual string Name => "an update";

    /// <summary>How many tensors are overwritten besides the first: 0 to 3.</summary>
    static abstract int States { get; }

    /// <summary>Overwrites an element of each.</summary>
    /// <param name="g">The element that is only read.</param>
    /// <param name="x">The element of the tensor.</param>
    /// <param name="a">The element of the first other; of no meaning where there is none, as the next two.</param>
    /// <param name="b">The element of the second other.</param>
    /// <param name="c">The element of the third other.</param>
    void F<V>(V g, ref V x, ref V a, ref V b, ref V c)
        where V : struct, IReal<V>;
}

public static partial class Op
{
    /// <summary>Overwrites a tensor and what remembers something of it by formulas, element by element; not recorded.</summary>
    /// <param name="update">The formulas.</param>
    /// <param name="gradient">What is only read, of the same shape and dtype.</param>
    /// <param name="x">What is overwritten; real.</param>
    /// <param name="a">What else is overwritten, where the update has that many states.</param>
    /// <param name="b">The second of these.</param>
    /// <param name="c">The third of these.</param>
    /// <exception cref="AutogradException">Recording is on and a tensor requires grad, a transform follows one, or one may not be
    /// changed.</exception>
    /// <exception cref="DTypeException">The dtypes differ, or are not real.</exception>
    /// <exception cref="ShapeException">The shapes differ, or elements of a tensor that is overwritten share memory.</exception>
    public static void JointUpdate<U>(U update, Tensor gradient, Tensor x, Tensor? a = null, Tensor? b = null, Tensor? c = null)
        where U : struct, IJointUpdate
    {
        ArgumentNullException.ThrowIfNull(gradient);
        ArgumentNullException.ThrowIfNull(x);
        a = U.States > 0 ? a ?? throw new ArgumentNullException(nameof(a)) : x;
        b = U.States > 1 ? b ?? throw new ArgumentNullException(nameof(b)) : x;
        c = U.States > 2 ? c ?? throw new ArgumentNullException(nameof(c)) : x;
        if (!x.DType.IsFloatingPoint)
        {
            throw new DTypeException(
                $"an update changes real numbers, and this tensor is {x.DType.TorchName}. Convert it with To(DType.Float32).");
        }

        InPlace.ThrowIfTraced(x, gradient);
        Guard.DTypes(x.DType, gradient, a);
        Guard.DTypes(x.DType, b, c);
        ThrowUnlessAlike(x, gradient);
        BeginUpdate<U>(x, x, gradient);
        if (U.States > 0)
        {
            BeginUpdate<U>(a, x, gradient);
        }

        if (U.States > 1)
        {
            BeginUpdate<U>(b, x, gradient);
        }

        if (U.States > 2)
        {
            BeginUpdate<U>(c, x, gradient);
        }

        if (!x.DType.IsNarrow && x.Layout.IsDense && IsFlat(a, x.Layout) && IsFlat(b, x.Layout) && IsFlat(c, x.Layout)
            && IsFlat(gradient, x.Layout))
        {
            UpdateFlat(update, gradient, x, a, b, c);
        }
        else
        {
            UpdateCopies(update, gradient, x, a, b, c);
        }

        InPlace.Changed(x, U.Name);
        if (U.States > 0)
        {
            InPlace.Changed(a, U.Name);
        }

        if (U.States > 1)
        {
            InPlace.Changed(b, U.Name);
        }

        if (U.States > 2)
        {
            InPlace.Changed(c, U.Name);
        }
    }

    private static void BeginUpdate<U>(Tensor changed, Tensor x, Tensor gradient)
        where U : struct, IJointUpdate
    {
        InPlace.ThrowIfTraced(changed);
        ThrowUnlessAlike(x, changed);
        if (InPlace.Begin(changed, Recording.IsOn && (changed.RequiresGrad || gradient.RequiresGrad)))
        {
            throw new AutogradException(
                $"{U.Name} is not recorded, and a tensor requires grad. Run it inside using (Autograd.NoGrad()) {{ ... }}, " +
                "or write the step in operators.");
        }

        InPlace.Writing(changed);
    }

    private static void ThrowUnlessAlike(Tensor x, Tensor other)
    {
        if (!ReferenceEquals(x, other) && !other.Layout.SameSizes(x.Layout))
        {
            throw new ShapeException(
                $"an update takes tensors of one shape, and these have {Shape.Text(x.Layout.Sizes)} and {Shape.Text(other.Layout.Sizes)}. " +
                $"Use Expand.");
        }
    }

    /// <summary>Elements with gaps between them, or stored in fewer bits than they are computed with: copied, changed, and copied back.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void UpdateCopies<U>(U update, Tensor gradient, Tensor x, Tensor a, Tensor b, Tensor c)
        where U : struct, IJointUpdate
    {
        var (wideX, wideGradient) = (Dense(x), Dense(gradient));
        var wideA = U.States > 0 ? Dense(a) : wideX;
        var wideB = U.States > 1 ? Dense(b) : wideX;
        var wideC = U.States > 2 ? Dense(c) : wideX;
        UpdateFlat(update, wideGradient, wideX, wideA, wideB, wideC);
        CopyInto(wideX, x);
        if (U.States > 0)
        {
            CopyInto(wideA, a);
        }

        if (U.States > 1)
        {
            CopyInto(wideB, b);
        }

        if (U.States > 2)
        {
            CopyInto(wideC, c);
        }

        static Tensor Dense(Tensor from)
        {
            var to = Fresh(from.Layout, from.DType.Compute);
            CopyInto(from, to);
            return to;
        }
    }

    private static unsafe void UpdateFlat<U>(U update, Tensor gradient, Tensor x, Tensor a, Tensor b, Tensor c)
        where U : struct, IJointUpdate
    {
        var layout = x.Layout;
        if (layout.Count == 0)
        {
            return;
        }

        var job = default(JointUpdateJob<U>);
        x.DType.Visit(ref job);
        fixed (byte* px = &x.Memory.Origin,
            pg = &gradient.Memory.Origin,
            pa = &a.Memory.Origin,
            pb = &b.Memory.Origin,
            pc = &c.Memory.Origin)
        {
            FlatFrame frame;
            frame.P0 = First(px, x, layout, out frame.S0);
            frame.P1 = First(pg, gradient, layout, out frame.S1);
            frame.P2 = First(pa, a, layout, out frame.S2);
            frame.P3 = First(pb, b, layout, out frame.S3);
            frame.P4 = First(pc, c, layout, out frame.S4);
            frame.S0 = 1;
            if (layout.Count < Work.FewestElements)
            {
                job.Inner(Unsafe.AsPointer(ref update), &frame.P0, &frame.S0, layout.Count);
            }
            else
            {
                // Quotients and roots weigh more than the memory that they are about, so threads share the loop early.
                Large(job.Inner, Unsafe.AsPointer(ref update), Work.Single, &frame, Walk.MaxOperands, x, gradient, a, b, c);
            }
        }

        GC.KeepAlive(x);
        GC.KeepAlive(gradient);
        GC.KeepAlive(a);
        GC.KeepAlive(b);
        GC.KeepAlive(c);
    }
}

/// <summary>Finds the loop of an <see cref="IJointUpdate"/>.</summary>
internal unsafe struct JointUpdateJob<U> : IDTypeJob
    where U : struct, IJointUpdate
{
    public delegate*<void*, byte**, nint*, nint, void> Inner;

    static RareWhole IDTypeJob.Rare => RareWhole.LeftUndone;

    void IDTypeJob.Truth() => throw DType.Bool.NotImplemented(U.Name);

    void IDTypeJob.Whole<T>() => throw DType.Of<T>().NotImplemented(U.Name);

    void IDTypeJob.Real<S, T, C>() => Inner = typeof(S) == typeof(T) ? JointUpdateLoop.Real<U, T>() : null;
}
