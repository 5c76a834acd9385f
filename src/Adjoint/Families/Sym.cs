using Adjoint.Algebra;
using Adjoint.Gate;

namespace Adjoint.Families;

/// <summary>
/// A tensor, or a plain number, in a struct: the reader that turns a derivative formula into recorded tensor operators, so that it can be
/// differentiated again to any order. Numbers are combined with numbers without making tensors.
/// </summary>
internal readonly struct Sym : IReal<Sym>
{
    private readonly Tensor? _tensor;
    private readonly double _number;

    public Sym(Tensor? tensor)
    {
        // A plain number stays one: two of them would meet in the default dtype and lose half of a float64's digits.
        if (tensor is { IsNumber: true, RequiresGrad: false })
        {
            _number = tensor.Item<double>();
        }
        else
        {
            _tensor = tensor;
        }
    }

    private Sym(double number) => _number = number;

    static Sym IArithmetic<Sym>.Zero => new(0.0);

    static Sym IArithmetic<Sym>.One => new(1.0);

    private Tensor Value => _tensor ?? _number;

    public static Sym operator +(Sym x, Sym y) => x._tensor is null && y._tensor is null
        ? new(x._number + y._number)
        : x.Is(0) ? y : y.Is(0) ? x : new(x.Value + y.Value);

    public static Sym operator -(Sym x, Sym y) => x._tensor is null && y._tensor is null
        ? new(x._number - y._number)
        : y.Is(0) ? x : new(x.Value - y.Value);

    public static Sym operator *(Sym x, Sym y) => x._tensor is null && y._tensor is null
        ? new(x._number * y._number)
        : x.Is(1) ? y : y.Is(1) ? x : new(x.Value * y.Value);

    public static Sym operator /(Sym x, Sym y) => x._tensor is null && y._tensor is null
        ? new(x._number / y._number)
        : y.Is(1) ? x : new(x.Value / y.Value);

    public static Sym operator -(Sym x) => x._tensor is null ? new(-x._number) : new(-x.Value);

    static Sym IArithmetic<Sym>.Of(double value) => new(value);

    static Sym IRing<Sym>.Abs(Sym x) => new(x.Value.Abs());

    static Sym IRing<Sym>.Sign(Sym x) => new(x.Value.Sign());

    static Sym IRing<Sym>.Max(Sym x, Sym y) => new(x.Beside(y).Maximum(y.Beside(x)));

    static Sym IRing<Sym>.Min(Sym x, Sym y) => new(x.Beside(y).Minimum(y.Beside(x)));

    static Sym IRing<Sym>.Less(Sym x, Sym y) => x._tensor is null && y._tensor is null
        ? Truth(x._number < y._number)
        : new(x.Beside(y) < y.Beside(x));

    static Sym IArithmetic<Sym>.Equal(Sym x, Sym y) => x._tensor is null && y._tensor is null
        ? Truth(x._number == y._number)
        : new(x.Beside(y).Eq(y.Beside(x)));

    static Sym IArithmetic<Sym>.And(Sym x, Sym y) => x._tensor is null
        ? x.Is(0) ? x : y
        : y._tensor is null ? y.Is(0) ? y : x : new(x.Value & y.Value);

    static Sym IArithmetic<Sym>.Or(Sym x, Sym y) => x._tensor is null
        ? x.Is(0) ? y : x
        : y._tensor is null ? y.Is(0) ? x : y : new(x.Value | y.Value);

    static Sym IArithmetic<Sym>.Not(Sym x) => x._tensor is null ? Truth(x.Is(0)) : new(!x.Value);

    // A choice between numbers by a number stays a number, with all its digits.
    static Sym IArithmetic<Sym>.Select(Sym mask, Sym then, Sym otherwise) => mask._tensor is null
        ? mask.Is(0) ? otherwise : then
        : new(Tensor.Where(mask.Value, then.Beside(otherwise), otherwise.Beside(then)));

    static Sym IReal<Sym>.Sqrt(Sym x) => x._tensor is null ? new(Math.Sqrt(x._number)) : new(x._tensor.Sqrt());

    static Sym IReal<Sym>.Call<F>(Sym x) => x._tensor is null ? new(F.Value(x._number)) : new(Op.Map(default(Map<F>), x._tensor));

    static Sym IReal<Sym>.Call<F>(Sym x, Sym y) => (x._tensor, y._tensor) switch
    {
        (null, null) => new(F.Value(x._number, y._number)),
        ({ } left, null) => new(Op.Map(new MapToConstant<F>(y._number), left)),
        _ => new(Op.Map2(new Map2<F>(PlainNumbers.OfFirst(x.Value)), x.Value, y.Value)),
    };

    static Sym IReal<Sym>.CallConstant<F>(Sym x, double y) =>
        x._tensor is null ? new(F.Value(x._number, y)) : new(Op.Map(new MapToConstant<F>(y), x._tensor));

    /// <summary>The result as a tensor; a plain number takes the shape and dtype of <paramref name="like"/>.</summary>
    public Tensor ToTensor(Tensor like)
    {
        if (_tensor is null)
        {
            return Tensor.FullLike(like, _number);
        }

        return _tensor.DType == like.DType ? _tensor : _tensor.To(like.DType);
    }

    /// <summary>The result as a tensor; a plain number takes a type.</summary>
    internal Tensor ToTensor(TensorType type) => _tensor is null ? Tensor.Full(type.Shape.AsSpan(), Tensor.Scalar(_number), type.DType)
        : _tensor.DType == type.DType ? _tensor
        : _tensor.To(type.DType);

    /// <summary>The operand of an operator whose other operand may be a plain number too, without loss of digits.</summary>
    private Tensor Beside(Sym other) =>
        _tensor is not null || other._tensor is not null || (float)_number == _number ? Value : Tensor.Scalar(_number);

    private static Sym Truth(bool holds) => new(holds ? 1.0 : 0.0);

    private bool Is(double number) => _tensor is null && _number == number;
}
