using Adjoint.Algebra;
using Adjoint.Families;
using Adjoint.Gate;

namespace Adjoint;

/// <summary>y where x is not zero, z elsewhere; what is not chosen gets no gradient, not even NaN.
/// Filling by a mask is the same under another name.</summary>
/// <param name="Call">What it was called for.</param>
internal readonly record struct Where(WhereCall Call) : IMap3
{
    public int[]? ShownInputs => Call switch
    {
        WhereCall.Where or WhereCall.Strong => [1, 2],
        WhereCall.FillNumber or WhereCall.StrongFillNumber => [2],
        _ => [2, 1],
    };

    public string? GradName => Call switch
    {
        WhereCall.Where or WhereCall.Strong => null,
        WhereCall.FillNumber or WhereCall.StrongFillNumber => "MaskedFillBackward0",
        _ => "MaskedFillBackward1",
    };

    public string? Called => Call is WhereCall.Where or WhereCall.Strong ? null : "MaskedFill";

    /// <summary>What is not chosen passes no gradient on, whatever made it.</summary>
    internal bool IsStrong => Call is WhereCall.Strong or WhereCall.StrongFillNumber or WhereCall.StrongFillTensor;

    internal WhereCall Call { get; init; } = Call;

    public static Elements Elements => Elements.All;

    public static bool Selects => true;

    public V F<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.Select(V.Equal(x, V.Zero), z, y);

    public V DX<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.Zero;

    public V DY<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.Select(V.Equal(x, V.Zero), V.Zero, V.One);

    public V DZ<V>(V x, V y, V z)
        where V : struct, IReal<V> => V.Select(V.Equal(x, V.Zero), V.One, V.Zero);

    public V I<V>(V x, V y, V z)
        where V : struct, IRing<V> => V.Select(V.Equal(x, V.Zero), z, y);
}

/// <summary>What a <see cref="Where"/> was called for, which decides its name, and whether the zeros of its gradients are strong.</summary>
internal enum WhereCall
{
    /// <summary>A choice between two tensors.</summary>
    Where,

    /// <summary>A mask filled with a number.</summary>
    FillNumber,

    /// <summary>A mask filled with a tensor.</summary>
    FillTensor,

    /// <summary>A choice with strong zeros.</summary>
    Strong,

    /// <summary>A mask filled with a number, with strong zeros.</summary>
    StrongFillNumber,

    /// <summary>A mask filled with a tensor, with strong zeros.</summary>
    StrongFillTensor,
}

/// <content>Choosing between two tensors, element by element.</content>
public sealed partial class Tensor
{
    /// <summary>Elements of <paramref name="x"/> where the condition holds and of <paramref name="y"/> elsewhere; all three broadcast.</summary>
    /// <param name="condition">A bool tensor.</param>
    /// <param name="x">Taken where it holds.</param>
    /// <param name="y">Taken elsewhere.</param>
    /// <exception cref="DTypeException">The condition is not a bool tensor, or a plain number does not fit the other's dtype.</exception>
    public static Tensor Where(Tensor condition, Tensor x, Tensor y) => Where(condition, x, y, strongZero: false);

    /// <summary>Elements of <paramref name="x"/> where the condition holds and of <paramref name="y"/> elsewhere; all three broadcast.</summary>
    /// <param name="condition">A bool tensor.</param>
    /// <param name="x">Taken where it holds.</param>
    /// <param name="y">Taken elsewhere.</param>
    /// <param name="strongZero">
    /// What is not taken has no gradient at all. Without it that gradient is 0, as in PyTorch, and 0 times the infinite slope of what computed
    /// the branch is NaN: with it <c>Where(x > 0, x.Log(), 0, strongZero: true)</c> has the gradient 0 at 0. It holds through pointwise
    /// operators and those that move elements, to every order, until the gradient of another use is added.
    /// </param>
    /// <exception cref="DTypeException">The condition is not a bool tensor, or a plain number does not fit the other's dtype.</exception>
    public static Tensor Where(Tensor condition, Tensor x, Tensor y, bool strongZero)
    {
        Operands.ThrowIfNull<Where>(condition);
        Operands.ThrowIfNull<Where>(x);
        Operands.ThrowIfNull<Where>(y);
        var dtype = Promotion.ResultType(x, y);
        NumberRange.ThrowIfNumberBeyond(x, dtype);
        NumberRange.ThrowIfNumberBeyond(y, dtype);
        return condition.DType == DType.Bool || condition.DType == DType.UInt8
            ? Op.Map3(new Where(strongZero ? WhereCall.Strong : WhereCall.Where), condition.DType == DType.Bool ? condition : condition.Ne(0), x, y)
            : throw new DTypeException(
                $"where expected condition to be a boolean tensor, but got a tensor with dtype {condition.DType.ScalarName}. " +
                "Compare first, for example Tensor.Where(c != 0, x, y).");
    }

    /// <summary>
    /// This tensor, in its dtype, with <paramref name="value"/> where the mask holds. The tensor and the mask broadcast; whole numbers cut the
    /// value's fraction off.
    /// </summary>
    /// <param name="mask">A bool tensor.</param>
    /// <param name="value">A number or a tensor without dimensions.</param>
    /// <exception cref="DTypeException">The mask is not a bool tensor, or the value does not fit the tensor's dtype.</exception>
    /// <exception cref="ShapeException">The value has dimensions, or the shapes do not broadcast.</exception>
    public Tensor MaskedFill(Tensor mask, Tensor value) => MaskedFill(mask, value, strongZero: false);

    /// <summary>This tensor, in its dtype, with <paramref name="value"/> where the mask holds.</summary>
    /// <param name="mask">A bool tensor.</param>
    /// <param name="value">A number or a tensor without dimensions.</param>
    /// <param name="strongZero">What is filled has no gradient at all, not even NaN from what computed it; see
    /// <see cref="Where(Tensor, Tensor, Tensor, bool)"/>.</param>
    /// <exception cref="DTypeException">The mask is not a bool tensor, or the value does not fit the tensor's dtype.</exception>
    /// <exception cref="ShapeException">The value has dimensions, or the shapes do not broadcast.</exception>
    public Tensor MaskedFill(Tensor mask, Tensor value, bool strongZero)
    {
        ArgumentNullException.ThrowIfNull(mask);
        ArgumentNullException.ThrowIfNull(value);
        if (mask.DType != DType.Bool)
        {
            throw new DTypeException(
                $"masked_fill_ only supports boolean masks, but got mask with dtype {mask.DType.CppName}. Compare first, for " +
                "example x.MaskedFill(mask != 0, value).");
        }

        if (value.Rank != 0)
        {
            throw new ShapeException(
                $"masked_fill_ only supports a 0-dimensional value tensor, but got tensor with {value.Rank} dimension(s). Use " +
                "Tensor.Where(mask, value, x) to choose among several values.");
        }

        if (!value.IsStandIn)
        {
            NumberRange.ThrowIfBeyond(value, DType);
        }

        var fill = value.DType == DType ? value : value.IsNumber ? Numbers.InDType(value, DType) : value.To(DType);
        var call = (value.IsNumber, strongZero) switch
        {
            (true, false) => WhereCall.FillNumber,
            (false, false) => WhereCall.FillTensor,
            (true, true) => WhereCall.StrongFillNumber,
            _ => WhereCall.StrongFillTensor,
        };
        return Op.Map3(new Where(call), mask, fill, this);
    }
}
