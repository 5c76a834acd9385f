using System.Runtime.CompilerServices;
using Adjoint.Algebra;
using Adjoint.Gate;
using Adjoint.Interpreters;
using Adjoint.Kernels;
using Adjoint.Tape;
using Adjoint.Watching;

namespace Adjoint.Families;

/// <summary>
/// A pointwise operator of two inputs that nothing flows back through: comparisons and logic, which give truth values, and operators of whole
/// numbers, which give numbers of the inputs' dtype.
/// </summary>
/// <example>
/// <code>
/// var mask = Op.Compare(new IsNear(0.1), x, x + 0.05);
///
/// readonly record struct IsNear(double Within) : ICompare
/// {
///     public V F&lt;V>(V x, V y) where V : struct, IRing&lt;V> => V.Less(V.Abs(x - y), V.Of(Within));
/// }
/// </code>
/// </example>
public interface ICompare : IOperator
{
    /// <summary>Only whether a number is zero matters.</summary>
    internal static virtual bool IsLogic => false;

    /// <summary>PyTorch's name of an operator of whole numbers, under which it refuses reals; null where the result is truth values.</summary>
    internal static virtual string? WholeName => null;

    /// <summary>An operator of whole numbers does not take truth values.</summary>
    internal static virtual bool RefusesTruth => false;

    /// <summary>An operator of whole numbers divides by the second, which must not be 0.</summary>
    internal static virtual bool Divides => false;

    /// <summary>Whether it looks at the order of numbers, which uint64 has no loops for.</summary>
    internal static virtual bool IsOrder => true;

    /// <summary>The mask, or the number.</summary>
    V F<V>(V x, V y)
        where V : struct, IRing<V>;
}

/// <summary>The mask of an <see cref="ICompare"/> as a loop body.</summary>
internal readonly struct CompareBody<O>(O op) : IBody
    where O : struct, ICompare
{
    public static int Arity => 2;

    public static Elements Elements => Elements.All;

    public V F<V>(V a, V b, V c, V d)
        where V : struct, IReal<V> => op.F(a, b);

    public V I<V>(V a, V b, V c, V d)
        where V : struct, IRing<V> => op.F(a, b);
}

/// <summary>An <see cref="ICompare"/> as transforms see it.</summary>
internal sealed class CompareOperation<O>(O op) : Operation<O>(op)
    where O : struct, ICompare
{
    internal override bool IsRecorded => false;

    internal override TensorType[] Infer(TensorType[] inputs) =>
        [new(Layout.Broadcast(inputs[0].Layout, inputs[1].Layout), O.WholeName is null ? DType.Bool : Promotion.ResultType(inputs))];

    internal override Tensor[] Run(Tensor[] inputs) => [Op.Compare(Operator, inputs[0], inputs[1])];

    internal override Tensor?[] Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results) => [null];

    internal override Tensor[] Batch(Batch batch, Tensor[] inputs)
    {
        var aligned = batch.Align(inputs);
        return [batch.Wrap(Op.Compare(Operator, aligned[0], aligned[1]))];
    }
}

public static partial class Op
{
    /// <summary>
    /// Compares two inputs that broadcast and promote; a plain number beside whole numbers is compared as what it is. Or computes with whole
    /// numbers.
    /// </summary>
    /// <exception cref="DTypeException">An operator of whole numbers meets reals.</exception>
    public static Tensor Compare<O>(O op, Tensor x, Tensor y)
        where O : struct, ICompare
    {
        Operands.ThrowIfNull<O>(x);
        Operands.ThrowIfNull<O>(y);
        var dtype = Promotion.ResultType(x, y);
        if (O.WholeName is not null)
        {
            ThrowIfReal<O>(dtype, x, y);
        }
        else if (OneNumber.IsBeside(x, y))
        {
            return OneNumber.InDType(op, y, x.DType, isLeft: false, out var outcome) is { } number ? Compare(op, x, number) : Constant(x, outcome);
        }
        else if (OneNumber.IsBeside(y, x))
        {
            return OneNumber.InDType(op, x, y.DType, isLeft: true, out var outcome) is { } number ? Compare(op, number, y) : Constant(y, outcome);
        }

        if (x.IsStandIn || y.IsStandIn)
        {
            return Traced.Apply(new CompareOperation<O>(op), x, y);
        }

        var (a, b) = (Convert(x, dtype), Convert(y, dtype));
        var result = Fresh(Layout.Broadcast(a.Layout, b.Layout), O.WholeName is null ? DType.Bool : dtype);
        if (O.WholeName is null)
        {
            RunMask(op, dtype, result, a, b);
        }
        else
        {
            ThrowIfZero<O>(b, result.Layout);
            Run(new CompareBody<O>(op), result, a, b, null, null);
        }

        if (Observation.IsOn)
        {
            Observation.Unrecorded(typeof(O), result, x, y);
        }

        return result;
    }

    /// <summary>Applies an operator of whole numbers in place of the first input.</summary>
    /// <exception cref="DTypeException">The inputs are real, or the second has a higher category than the first.</exception>
    internal static Tensor CompareInPlace<O>(O op, Tensor x, Tensor y)
        where O : struct, ICompare
    {
        Operands.ThrowIfNull<O>(x);
        Operands.ThrowIfNull<O>(y);
        var dtype = Promotion.ResultType(x, y);
        ThrowIfReal<O>(dtype, x, y);
        if (Rewrite.IsNeeded(x, y))
        {
            return Rewrite.Apply(new CompareOperation<O>(op), x, y);
        }

        InPlace.ThrowIfTraced(x, y);
        _ = InPlace.Begin(x, requiresGrad: false, dtype, Layout.Broadcast(x.Layout, y.Layout));
        var (left, right) = (Convert(x, dtype), Convert(y, dtype));

        // Overlapping views would be read after they were written.
        if (ReferenceEquals(right.Storage, x.Storage) && !right.Layout.Equals(x.Layout))
        {
            right = Copy(right);
        }

        ThrowIfZero<O>(right, x.Layout);
        var target = x.DType == dtype ? x : left;
        Run(new CompareBody<O>(op), target, left, right, null, null);
        if (!ReferenceEquals(target, x))
        {
            CopyInto(target, x);
        }

        InPlace.Changed(x, typeof(O));
        return x;
    }

    private static Tensor Constant(Tensor x, bool outcome) => outcome ? Compare(default(Always), x, x) : Compare(default(Never), x, x);

    private static void ThrowIfReal<O>(DType dtype, Tensor x, Tensor y)
        where O : struct, ICompare
    {
        if (dtype.IsFloatingPoint)
        {
            // Shapes that do not broadcast are refused first, as in PyTorch.
            _ = Layout.Broadcast(x.Layout, y.Layout);
            throw new DTypeException(
                $"\"{O.WholeName}\" not implemented for '{dtype.ScalarName}'. Bits belong to whole numbers and truth values: compare first, as in " +
                "x > 0, use LogicalAnd, LogicalOr or LogicalXor, or convert with To(DType.Int64).");
        }

        if (O.RefusesTruth && dtype == DType.Bool)
        {
            _ = Layout.Broadcast(x.Layout, y.Layout);
            throw new DTypeException($"\"{O.WholeName}\" not implemented for 'Bool'. Convert one of the tensors with To(DType.Int64).");
        }
    }

    private static void ThrowIfZero<O>(Tensor divisor, Layout result)
        where O : struct, ICompare
    {
        if (O.Divides && result.Count > 0 && divisor.Eq(0).Any().IsTrue())
        {
            throw new TensorException(
                "ZeroDivisionError: whole numbers have no quotient by 0. Convert one of the tensors to reals: x.To(DType.Float32).");
        }
    }

    private static unsafe void RunMask<O>(O op, DType dtype, Tensor result, Tensor a, Tensor b)
        where O : struct, ICompare
    {
        if (dtype.IsNarrow)
        {
            RunMask(op, dtype.Compute, result, Wide(a), Wide(b));
            return;
        }

        if (dtype == DType.UInt64 && !O.IsOrder)
        {
            // The same bits are equal in int64 too.
            RunMask(op, DType.Int64, result, Convert(a, DType.Int64), Convert(b, DType.Int64));
            return;
        }

        Guard.DTypes(dtype, a, b);
        var body = new CompareBody<O>(op);
        var job = default(MaskJob<CompareBody<O>>);
        dtype.Visit(ref job);
        Lead(job.Inner, Unsafe.AsPointer(ref body), 2, Work.Single, result, a, b, null, null);
    }

    /// <summary>Finds the loop that stores the mask a formula gives; truth values are compared as bytes.</summary>
    private unsafe struct MaskJob<B> : IDTypeJob
        where B : struct, IBody
    {
        public delegate*<void*, byte**, nint*, nint, void> Inner;

        void IDTypeJob.Truth() => Inner = Loop.WholeMask<B, byte>();

        void IDTypeJob.Whole<T>() => Inner = Loop.WholeMask<B, T>();

        void IDTypeJob.Real<S, T, C>() => Inner = Loop.RealMask<B, T>();
    }
}
