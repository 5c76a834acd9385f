namespace Adjoint.Algebra;

/// <summary>
/// A formula as a tree with shared branches: what is left when it is read without numbers. From it follow which values the tape must keep, what a
/// loop costs, and the printed formula. Equal formulas are equal values.
/// </summary>
public readonly struct Expr : IReal<Expr>, IEquatable<Expr>
{
    private readonly Term? _term;

    private Expr(Term term) => _term = term;

    static Expr IArithmetic<Expr>.Zero => Constant(0);

    static Expr IArithmetic<Expr>.One => Constant(1);

    /// <summary>
    /// What the elementary functions in it cost, measured in additions of float32 that come from the second-level cache.
    /// Powers to a constant count nothing.
    /// </summary>
    internal int Weight => Root.Weight;

    private Term Root => _term ?? Term.Zero;

    /// <summary>A named input of a formula.</summary>
    public static Expr Input(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new(Term.Of(Symbol.Input(name)));
    }

    /// <inheritdoc/>
    public static Expr operator +(Expr x, Expr y) => Apply(Symbol.Add, x, y);

    /// <inheritdoc/>
    public static Expr operator -(Expr x, Expr y) => Apply(Symbol.Subtract, x, y);

    /// <inheritdoc/>
    public static Expr operator *(Expr x, Expr y) => Apply(Symbol.Multiply, x, y);

    /// <inheritdoc/>
    public static Expr operator /(Expr x, Expr y) => Apply(Symbol.Divide, x, y);

    /// <inheritdoc/>
    public static Expr operator -(Expr x) => Apply(Symbol.Negate, x);

    /// <summary>Whether both are the same formula.</summary>
    public static bool operator ==(Expr x, Expr y) => x.Equals(y);

    /// <summary>Whether the formulas differ.</summary>
    public static bool operator !=(Expr x, Expr y) => !x.Equals(y);

    static Expr IArithmetic<Expr>.Of(double value) => Constant(value);

    static Expr IRing<Expr>.Abs(Expr x) => Apply(Symbol.Abs, x);

    static Expr IRing<Expr>.Sign(Expr x) => Apply(Symbol.Sign, x);

    static Expr IRing<Expr>.Max(Expr x, Expr y) => Apply(Symbol.Max, x, y);

    static Expr IRing<Expr>.Min(Expr x, Expr y) => Apply(Symbol.Min, x, y);

    static Expr IRing<Expr>.Less(Expr x, Expr y) => Apply(Symbol.Less, x, y);

    static Expr IArithmetic<Expr>.Equal(Expr x, Expr y) => Apply(Symbol.Equal, x, y);

    static Expr IArithmetic<Expr>.And(Expr x, Expr y) => Apply(Symbol.And, x, y);

    static Expr IArithmetic<Expr>.Or(Expr x, Expr y) => Apply(Symbol.Or, x, y);

    static Expr IArithmetic<Expr>.Not(Expr x) => Apply(Symbol.Not, x);

    static Expr IArithmetic<Expr>.Select(Expr mask, Expr then, Expr otherwise) => Apply(Symbol.Select, mask, then, otherwise);

    static Expr IReal<Expr>.Sqrt(Expr x) => Apply(Symbol.Sqrt, x);

    static Expr IReal<Expr>.Call<F>(Expr x) => Apply(Symbol.Of<F>.One, x);

    static Expr IReal<Expr>.Call<F>(Expr x, Expr y) =>
        Apply(y.Root.Symbol.IsConstant ? Symbol.Of2<F>.WithConstant : Symbol.Of2<F>.One, x, y);

    static Expr IReal<Expr>.CallConstant<F>(Expr x, double y) => Apply(Symbol.Of2<F>.WithConstant, x, Constant(y));

    /// <summary>Whether another formula, mostly an input, occurs anywhere in this one.</summary>
    public bool Reads(Expr part) => Root.Reads(part.Root);

    /// <summary>Whether the formula is this number.</summary>
    public bool Is(double value) => Equals(Constant(value));

    /// <inheritdoc/>
    public bool Equals(Expr other) => Root.Equals(other.Root);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Expr other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Root.GetHashCode();

    /// <summary>The formula in infix form, such as <c>1 - y * y</c>.</summary>
    public override string ToString() => Root.Text();

    private static Expr Constant(double value) => new(Term.Of(Symbol.Constant(value)));

    private static Expr Apply(Symbol symbol, Expr x) => new(Term.Of(symbol, x.Root));

    private static Expr Apply(Symbol symbol, Expr x, Expr y) => new(Term.Of(symbol, x.Root, y.Root));

    private static Expr Apply(Symbol symbol, Expr x, Expr y, Expr z) => new(Term.Of(symbol, x.Root, y.Root, z.Root));
}
