using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Adjoint.Algebra;

/// <summary>
/// What stands at a node of a formula: an input, a number, an operation of the algebra or a function. Operations and functions are one object each,
/// so that they are told apart by what they are and not by their names.
/// </summary>
internal sealed class Symbol : IEquatable<Symbol>
{
    public static readonly Symbol Add = new("+", strength: 2);
    public static readonly Symbol Subtract = new("-", strength: 2);
    public static readonly Symbol Multiply = new("*", strength: 3);
    public static readonly Symbol Divide = new("/", strength: 3);
    public static readonly Symbol Less = new("<", strength: 1);
    public static readonly Symbol Equal = new("=", strength: 1);
    public static readonly Symbol Negate = new("-");
    public static readonly Symbol Abs = new("abs");
    public static readonly Symbol Sign = new("sign");
    public static readonly Symbol Max = new("max");
    public static readonly Symbol Min = new("min");
    public static readonly Symbol And = new("and");
    public static readonly Symbol Or = new("or");
    public static readonly Symbol Not = new("not");
    public static readonly Symbol Select = new("select");
    public static readonly Symbol Sqrt = new("sqrt", weight: 1);

    /// <summary>The strength of what needs no parentheses.</summary>
    public const int Strongest = 9;

    private readonly Kind _kind;
    private readonly double _number;

    private Symbol(string text, int weight = 0, int strength = Strongest, Kind kind = Kind.Operation, double number = 0)
    {
        Text = text;
        Weight = weight;
        Strength = strength;
        _kind = kind;
        _number = number;
    }

    private enum Kind : byte
    {
        Operation,
        Input,
        Constant,
    }

    /// <summary>The name, the sign between two operands, or the number.</summary>
    public string Text { get; }

    /// <summary>What it costs by itself; see <see cref="Expr.Weight"/>.</summary>
    public int Weight { get; }

    /// <summary>How strongly a sign binds its operands.</summary>
    public int Strength { get; }

    public bool IsConstant => _kind == Kind.Constant;

    public static Symbol Input(string name) => new(name, kind: Kind.Input);

    public static Symbol Constant(double value) =>
        new(value.ToString("R", CultureInfo.InvariantCulture), kind: Kind.Constant, number: value);

    public bool Equals([NotNullWhen(true)] Symbol? other) => ReferenceEquals(this, other) || (_kind, other?._kind) switch
    {
        (Kind.Input, Kind.Input) => Text == other!.Text,
        (Kind.Constant, Kind.Constant) => _number.Equals(other!._number) && double.IsNegative(_number) == double.IsNegative(other._number),
        _ => false,
    };

    public override bool Equals(object? obj) => Equals(obj as Symbol);

    public override int GetHashCode() => _kind == Kind.Operation
        ? System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this)
        : Text.GetHashCode(StringComparison.Ordinal);

    /// <summary>The symbol of a function.</summary>
    public static class Of<F>
        where F : struct, IFunction<F>
    {
        public static readonly Symbol One = new(F.Name, F.Weight);
    }

    /// <summary>The symbols of a function of two arguments.</summary>
    public static class Of2<F>
        where F : struct, IFunction2<F>
    {
        public static readonly Symbol One = new(F.Name, F.Weight);

        /// <summary>Of a constant second argument.</summary>
        public static readonly Symbol WithConstant = new(F.Name, F.WeightOfConstant);
    }
}
