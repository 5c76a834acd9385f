using Adjoint.Algebra;

namespace Adjoint.Tests.Laws;

/// <summary>
/// A number with a bound on the error that a formula's rounded evaluation may have, in unit roundoffs: the reader from which a test learns how
/// exact a formula can be, so that no operator needs a tolerance of its own. Running error analysis: N. Higham, Accuracy and Stability of
/// Numerical Algorithms, 2nd ed., section 3.3.
/// </summary>
/// <param name="value">The exact value, as far as float64 gives it.</param>
/// <param name="error">The bound: the computed value differs by at most this many unit roundoffs u.</param>
internal readonly struct Rounded(double value, double error = 0) : IReal<Rounded>
{
    public double Value { get; } = value;

    public double Error { get; } = error;

    static Rounded IArithmetic<Rounded>.Zero => new(0);

    static Rounded IArithmetic<Rounded>.One => new(1);

    public static Rounded operator +(Rounded x, Rounded y) => Basic(x.Value + y.Value, x.Error + y.Error);

    public static Rounded operator -(Rounded x, Rounded y) => Basic(x.Value - y.Value, x.Error + y.Error);

    public static Rounded operator *(Rounded x, Rounded y) =>
        Basic(x.Value * y.Value, Times(y.Value, x.Error) + Times(x.Value, y.Error));

    public static Rounded operator /(Rounded x, Rounded y)
    {
        var quotient = x.Value / y.Value;
        return Basic(quotient, Times(1 / y.Value, x.Error) + Times(quotient / y.Value, y.Error));
    }

    public static Rounded operator -(Rounded x) => new(-x.Value, x.Error);

    // A constant without an exact float32 form is rounded once.
    static Rounded IArithmetic<Rounded>.Of(double value) => new(value, (float)value == value || double.IsNaN(value) ? 0 : Math.Abs(value));

    static Rounded IRing<Rounded>.Abs(Rounded x) => new(Math.Abs(x.Value), x.Error);

    static Rounded IRing<Rounded>.Sign(Rounded x) => new(x.Value > 0 ? 1 : x.Value < 0 ? -1 : x.Value * 0);

    static Rounded IRing<Rounded>.Max(Rounded x, Rounded y) => new(Math.Max(x.Value, y.Value), Math.Max(x.Error, y.Error));

    static Rounded IRing<Rounded>.Min(Rounded x, Rounded y) => new(Math.Min(x.Value, y.Value), Math.Max(x.Error, y.Error));

    static Rounded IRing<Rounded>.Less(Rounded x, Rounded y) => Mask(x.Value < y.Value);

    static Rounded IArithmetic<Rounded>.Equal(Rounded x, Rounded y) => Mask(x.Value == y.Value);

    static Rounded IArithmetic<Rounded>.And(Rounded x, Rounded y) => Mask(x.Value != 0 && y.Value != 0);

    static Rounded IArithmetic<Rounded>.Or(Rounded x, Rounded y) => Mask(x.Value != 0 || y.Value != 0);

    static Rounded IArithmetic<Rounded>.Not(Rounded x) => Mask(x.Value == 0);

    static Rounded IArithmetic<Rounded>.Select(Rounded mask, Rounded then, Rounded otherwise) => mask.Value != 0 ? then : otherwise;

    static Rounded IReal<Rounded>.Sqrt(Rounded x)
    {
        var y = Math.Sqrt(x.Value);
        return Basic(y, Times(0.5 / y, x.Error));
    }

    static Rounded IReal<Rounded>.Call<F>(Rounded x)
    {
        var y = F.Value(x.Value);
        return Function(y, F.Error(x.Value), Times(F.D(new One<double>(x.Value), new One<double>(y)).Value, x.Error));
    }

    static Rounded IReal<Rounded>.Call<F>(Rounded x, Rounded y)
    {
        var z = F.Value(x.Value, y.Value);
        One<double> left = new(x.Value), right = new(y.Value), value = new(z);
        return Function(
            z, F.Error(x.Value, y.Value), Times(F.DX(left, right, value).Value, x.Error) + Times(F.DY(left, right, value).Value, y.Error));
    }

    private static Rounded Mask(bool holds) => new(holds ? 1 : 0);

    /// <summary>One correctly rounded operation.</summary>
    private static Rounded Basic(double value, double error) => new(value, error + Math.Abs(value));

    private static Rounded Function(double value, double own, double error) => new(value, error + own);

    /// <summary>How an error passes through a slope; no error passes through any.</summary>
    private static double Times(double slope, double error) => error == 0 ? 0 : Math.Abs(slope) * error;
}
