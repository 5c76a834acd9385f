using System.Runtime.CompilerServices;
using Adjoint.Algebra;
using Adjoint.Kernels;

namespace Adjoint.Ops.Families;

/// <summary>A pointwise operator of two inputs that gives truth values, so that nothing flows back: comparisons and logic.</summary>
internal interface ICompare
{
    /// <summary>The mask.</summary>
    V F<V>(V x, V y)
        where V : struct, IRing<V>;
}

/// <summary>The mask of an <see cref="ICompare"/> as a loop body.</summary>
internal readonly struct CompareBody<O>(O op) : IBody
    where O : struct, ICompare
{
    public static int Arity => 2;

    public V F<V>(V a, V b, V c, V d)
        where V : struct, IReal<V> => op.F(a, b);

    public V I<V>(V a, V b, V c, V d)
        where V : struct, IRing<V> => op.F(a, b);
}

public static partial class Op
{
    /// <summary>Compares two inputs that broadcast and promote.</summary>
    internal static unsafe Tensor Compare<O>(O op, Tensor x, Tensor y)
        where O : struct, ICompare
    {
        Operands.ThrowIfNull<O>(x);
        Operands.ThrowIfNull<O>(y);
        var dtype = Promotion.ResultType(x, y);
        if (x.IsStandIn || y.IsStandIn)
        {
            return Traced.Compare(op, x, y);
        }

        var (a, b) = (Convert(x, dtype), Convert(y, dtype));
        var result = Fresh(Layout.Broadcast(a.Layout, b.Layout), DType.Bool);
        var body = new CompareBody<O>(op);
        var inner = dtype switch
        {
            DType.Float32 => Loop.RealMask<CompareBody<O>, float>(),
            DType.Float64 => Loop.RealMask<CompareBody<O>, double>(),
            DType.Int64 => Loop.WholeMask<CompareBody<O>, long>(),
            DType.Int32 => Loop.WholeMask<CompareBody<O>, int>(),
            _ => Loop.WholeMask<CompareBody<O>, byte>(),
        };
        Lead(inner, Unsafe.AsPointer(ref body), 2, Work.Single, result, a, b, null, null);
        if (Observation.IsOn)
        {
            Observation.Unrecorded(typeof(O), result, x, y);
        }

        return result;
    }
}
