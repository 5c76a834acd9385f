using Adjoint.Algebra;
using Adjoint.Families;
using Adjoint.Gate;
using Adjoint.Tape;

namespace Adjoint;

/// <summary>x limited to a range of plain numbers; at the limits the gradient passes, as in PyTorch.</summary>
internal readonly record struct ClampNumber(double Min, double Max) : IMap
{
    public static bool Selects => true;

    public static string Name => "Clamp";

    public string GradName => "ClampBackward1";

    public V F<V>(V x)
        where V : struct, IReal<V> => V.Min(V.Max(x, V.Of(Min)), V.Of(Max));

    public V D<V>(V x, V y)
        where V : struct, IReal<V> => V.Select(V.And(Limit.AtMost(V.Of(Min), x), Limit.AtMost(x, V.Of(Max))), V.One, V.Zero);
}

/// <summary>What limits have in common.</summary>
internal static class Limit
{
    /// <summary>The mask where x is not above y; false for NaN, which therefore gets no gradient, as in PyTorch.</summary>
    public static V AtMost<V>(V x, V y)
        where V : struct, IReal<V> => V.Or(V.Less(x, y), V.Equal(x, y));
}

/// <summary>max(x, y) where only the winner gets the gradient, x at a tie.</summary>
internal readonly record struct ClampMin : IMap2
{
    public static Elements Elements => Elements.All;

    public static bool Selects => true;

    public string GradName => "ClampBackward0";

    public V F<V>(V x, V y)
        where V : struct, IReal<V> => V.Max(x, y);

    public V DX<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.Select(Limit.AtMost(y, x), V.One, V.Zero);

    public V DY<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.Select(V.Less(x, y), V.One, V.Zero);

    public V I<V>(V x, V y)
        where V : struct, IRing<V> => V.Max(x, y);
}

/// <summary>min(x, y) where only the winner gets the gradient, x at a tie.</summary>
internal readonly record struct ClampMax : IMap2
{
    public static Elements Elements => Elements.All;

    public static bool Selects => true;

    public string GradName => "ClampBackward0";

    public V F<V>(V x, V y)
        where V : struct, IReal<V> => V.Min(x, y);

    public V DX<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.Select(Limit.AtMost(x, y), V.One, V.Zero);

    public V DY<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.Select(V.Less(y, x), V.One, V.Zero);

    public V I<V>(V x, V y)
        where V : struct, IRing<V> => V.Min(x, y);
}

/// <summary>x limited to the range from y to z, tensors both; z wins where the range is empty.</summary>
internal readonly record struct ClampTensor : IMap3
{
    public static Elements Elements => Elements.All;

    public static bool Selects => true;

    public static string Name => "Clamp";

    public string GradName => "ClampBackward0";

    public V F<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.Min(V.Max(x, y), z);

    public V DX<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.Select(V.And(Limit.AtMost(y, x), Limit.AtMost(x, z)), V.One, V.Zero);

    public V DY<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.Select(V.And(V.Less(y, z), V.Less(x, y)), V.One, V.Zero);

    public V DZ<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.Select(V.Or(V.Less(z, x), V.Less(z, y)), V.One, V.Zero);

    public V I<V>(V x, V y, V z)
        where V : struct, IRing<V> => V.Min(V.Max(x, y), z);
}

/// <content>Limiting to a range, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>Every element limited to [min, max]; numbers or tensors that broadcast. Where min exceeds max the result is max.</summary>
    /// <exception cref="TensorException">Neither limit is given.</exception>
    /// <exception cref="DTypeException">All are truth values, or a plain limit does not fit the dtype of whole numbers.</exception>
    public Tensor Clamp(Tensor? min = null, Tensor? max = null)
    {
        var dtype = LimitedDType(min, max);
        if (dtype is null)
        {
            return Between(this, min, max);
        }

        var input = DType == dtype ? this : To(dtype);
        return dtype.IsFloatingPoint
            ? Op.Map(NumberLimits(min, max), input)
            : Between(input, WholeLimit(min, dtype), WholeLimit(max, dtype));
    }

    /// <summary><see cref="Clamp"/>, in place.</summary>
    /// <exception cref="TensorException">Neither limit is given.</exception>
    /// <exception cref="DTypeException">The result is of a higher category than this tensor, or as for <see cref="Clamp"/>.</exception>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public Tensor Clamp_(Tensor? min = null, Tensor? max = null)
    {
        var dtype = LimitedDType(min, max);
        if (dtype is null)
        {
            return BetweenInPlace(min, max);
        }

        InPlace.ThrowUnlessFits(this, dtype, Layout);
        return dtype.IsFloatingPoint
            ? Op.MapInPlace(NumberLimits(min, max), this)
            : BetweenInPlace(WholeLimit(min, dtype), WholeLimit(max, dtype));
    }

    /// <summary>Every element at least <paramref name="min"/> (<c>torch.clamp_min</c>).</summary>
    /// <param name="min">A number or a tensor that broadcasts.</param>
    /// <exception cref="DTypeException">As for <see cref="Clamp"/>.</exception>
    public Tensor ClampMin(Tensor min)
    {
        Operands.ThrowIfNull<ClampMin>(min);
        return Clamp(min);
    }

    /// <summary><see cref="ClampMin(Tensor)"/>, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public Tensor ClampMin_(Tensor min)
    {
        Operands.ThrowIfNull<ClampMin>(min);
        return Clamp_(min);
    }

    /// <summary>Every element at most <paramref name="max"/> (<c>torch.clamp_max</c>).</summary>
    /// <param name="max">A number or a tensor that broadcasts.</param>
    /// <exception cref="DTypeException">As for <see cref="Clamp"/>.</exception>
    public Tensor ClampMax(Tensor max)
    {
        Operands.ThrowIfNull<ClampMax>(max);
        return Clamp(max: max);
    }

    /// <summary><see cref="ClampMax(Tensor)"/>, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public Tensor ClampMax_(Tensor max)
    {
        Operands.ThrowIfNull<ClampMax>(max);
        return Clamp_(max: max);
    }

    /// <summary>The dtype to compute in where limits are plain numbers; null where one is a tensor.</summary>
    private DType? LimitedDType(Tensor? min, Tensor? max) => min is null && max is null
        ? throw new TensorException("torch.clamp: At least one of 'min' or 'max' must not be None")
        : IsFixedLimit(min) && IsFixedLimit(max) ? Promotion.ResultType(this, min ?? max!, max ?? min!) : null;

    private static ClampNumber NumberLimits(Tensor? min, Tensor? max) =>
        new(min?.Item<double>() ?? double.NegativeInfinity, max?.Item<double>() ?? double.PositiveInfinity);

    private Tensor BetweenInPlace(Tensor? min, Tensor? max) => (min, max) switch
    {
        ({ }, null) => Op.Map2InPlace(default(ClampMin), this, min!),
        (null, { }) => Op.Map2InPlace(default(ClampMax), this, max!),
        _ => Op.Map3InPlace(default(ClampTensor), this, min!, max!),
    };

    private static Tensor Between(Tensor x, Tensor? min, Tensor? max) => (min, max) switch
    {
        ({ }, null) => Op.Map2(default(ClampMin), x, min!),
        (null, { }) => Op.Map2(default(ClampMax), x, max!),
        _ => Op.Map3(default(ClampTensor), x, min!, max!),
    };

    /// <summary>A plain limit of whole numbers, exactly.</summary>
    private static Tensor? WholeLimit(Tensor? limit, DType dtype)
    {
        if (dtype == DType.Bool)
        {
            throw new DTypeException("\"clamp_scalar_cpu\" not implemented for 'Bool'. Convert the tensor first: x.To(DType.Int64).");
        }

        if (limit is null)
        {
            return null;
        }

        NumberRange.ThrowIfBeyond(limit, dtype);
        return Numbers.InDType(limit, dtype);
    }

    /// <summary>Whether a limit is a plain number, or none, that nothing flows into.</summary>
    private static bool IsFixedLimit(Tensor? limit) => limit is null or { IsNumber: true, RequiresGrad: false };
}
