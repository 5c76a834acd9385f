namespace Adjoint.Algebra;

/// <summary>One truth value: sums are "or" and products "and", as PyTorch's bool tensors have it.</summary>
internal readonly struct Bit(bool value) : IRing<Bit>
{
    public bool Value { get; } = value;

    static Bit IArithmetic<Bit>.Zero => new(false);

    static Bit IArithmetic<Bit>.One => new(true);

    public static Bit operator +(Bit x, Bit y) => new(x.Value | y.Value);

    public static Bit operator -(Bit x, Bit y) => new(x.Value ^ y.Value);

    public static Bit operator *(Bit x, Bit y) => new(x.Value & y.Value);

    public static Bit operator -(Bit x) => x;

    static Bit IArithmetic<Bit>.Of(double value) => new(value != 0);

    static Bit IRing<Bit>.Abs(Bit x) => x;

    static Bit IRing<Bit>.Sign(Bit x) => x;

    static Bit IRing<Bit>.Max(Bit x, Bit y) => new(x.Value | y.Value);

    static Bit IRing<Bit>.Min(Bit x, Bit y) => new(x.Value & y.Value);

    static Bit IRing<Bit>.Less(Bit x, Bit y) => new(!x.Value & y.Value);

    static Bit IArithmetic<Bit>.Equal(Bit x, Bit y) => new(x.Value == y.Value);

    static Bit IArithmetic<Bit>.And(Bit x, Bit y) => new(x.Value & y.Value);

    static Bit IArithmetic<Bit>.Or(Bit x, Bit y) => new(x.Value | y.Value);

    static Bit IArithmetic<Bit>.Not(Bit x) => new(!x.Value);

    static Bit IArithmetic<Bit>.Select(Bit mask, Bit then, Bit otherwise) => mask.Value ? then : otherwise;
}
