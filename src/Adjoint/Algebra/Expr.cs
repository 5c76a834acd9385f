using System.Globalization;

namespace Adjoint.Algebra;

/// <summary>
/// A formula as a tree: what is left when it is read without numbers. From it follow which values the tape must keep, and the printed formula.
/// </summary>
public readonly struct Expr : IReal<Expr>
{
    private readonly Term? _term;

    private Expr(Term term) => _term = term;

    static Expr IRing<Expr>.Zero => Constant(0);

    static Expr IRing<Expr>.One => Constant(1);

    /// <summary>
    /// What the elementary functions in it cost, measured in additions of float32 that come from the second-level cache. Powers to a constant count nothing.
    /// </summary>
    internal int Weight => Root.Weight;

    private Term Root => _term ?? new Term("0", []);

    /// <summary>A named input of a formula.</summary>
    public static Expr Input(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new(new Term(name, []));
    }

    /// <inheritdoc/>
    public static Expr operator +(Expr x, Expr y) => Call("+", x, y);

    /// <inheritdoc/>
    public static Expr operator -(Expr x, Expr y) => Call("-", x, y);

    /// <inheritdoc/>
    public static Expr operator *(Expr x, Expr y) => Call("*", x, y);

    /// <inheritdoc/>
    public static Expr operator /(Expr x, Expr y) => Call("/", x, y);

    /// <inheritdoc/>
    public static Expr operator -(Expr x) => Call("neg", x);

    static Expr IRing<Expr>.Of(double value) => Constant(value);

    static Expr IRing<Expr>.Abs(Expr x) => Call("abs", x);

    static Expr IRing<Expr>.Sign(Expr x) => Call("sign", x);

    static Expr IRing<Expr>.Max(Expr x, Expr y) => Call("max", x, y);

    static Expr IRing<Expr>.Min(Expr x, Expr y) => Call("min", x, y);

    static Expr IRing<Expr>.Less(Expr x, Expr y) => Call("<", x, y);

    static Expr IRing<Expr>.Equal(Expr x, Expr y) => Call("=", x, y);

    static Expr IRing<Expr>.And(Expr x, Expr y) => Call("and", x, y);

    static Expr IRing<Expr>.Or(Expr x, Expr y) => Call("or", x, y);

    static Expr IRing<Expr>.Not(Expr x) => Call("not", x);

    static Expr IRing<Expr>.Select(Expr mask, Expr then, Expr otherwise) => Call("select", mask, then, otherwise);

    static Expr IReal<Expr>.Exp(Expr x) => Call("exp", x);

    static Expr IReal<Expr>.Log(Expr x) => Call("log", x);

    static Expr IReal<Expr>.Sqrt(Expr x) => Call("sqrt", x);

    static Expr IReal<Expr>.Sin(Expr x) => Call("sin", x);

    static Expr IReal<Expr>.Cos(Expr x) => Call("cos", x);

    static Expr IReal<Expr>.Tanh(Expr x) => Call("tanh", x);

    static Expr IReal<Expr>.Erf(Expr x) => Call("erf", x);

    static Expr IReal<Expr>.Pow(Expr x, Expr y) => Call("pow", x, y);

    static Expr IReal<Expr>.Floor(Expr x) => Call("floor", x);

    /// <summary>Whether an input of that name occurs anywhere.</summary>
    public bool Reads(string input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Root.Reads(input);
    }

    /// <summary>The formula in infix form, such as <c>1 - y * y</c>.</summary>
    public override string ToString() => Root.Text();

    private static Expr Constant(double value) => new(new Term(value.ToString("R", CultureInfo.InvariantCulture), []));

    private static Expr Call(string name, params ReadOnlySpan<Expr> arguments)
    {
        var children = new Term[arguments.Length];
        for (var i = 0; i < children.Length; i++)
        {
            children[i] = arguments[i].Root;
        }

        return new(new Term(name, children));
    }

    /// <summary>A node: an input or constant without children, otherwise an operation.</summary>
    private sealed class Term(string name, Term[] children)
    {
        private int Strength => children.Length < 2 ? 9 : name switch
        {
            "+" or "-" => 2,
            "*" or "/" => 3,
            "<" or "=" => 1,
            _ => 9,
        };

        public int Weight
        {
            get
            {
                var weight = name switch
                {
                    "exp" or "sqrt" => 1,
                    "tanh" => 2,
                    "erf" => 3,
                    "log" or "sin" or "cos" => 4,
                    "pow" => children[1].IsConstant ? 0 : 16,
                    _ => 0,
                };
                foreach (var child in children)
                {
                    weight += child.Weight;
                }

                return weight;
            }
        }

        private bool IsConstant => children.Length == 0 && double.TryParse(name, CultureInfo.InvariantCulture, out _);

        public bool Reads(string input)
        {
            if (children.Length == 0)
            {
                return name == input;
            }

            foreach (var child in children)
            {
                if (child.Reads(input))
                {
                    return true;
                }
            }

            return false;
        }

        public string Text()
        {
            if (children.Length == 0)
            {
                return name;
            }

            if (name == "neg")
            {
                return "-" + Inside(children[0], 9);
            }

            if (Strength < 9)
            {
                // The right side of - and / needs its parentheses at equal strength.
                return Inside(children[0], Strength) + " " + name + " " + Inside(children[1], Strength + 1);
            }

            return name + "(" + string.Join(", ", children.Select(child => child.Text())) + ")";
        }

        private static string Inside(Term child, int strength) =>
            child.Strength < strength ? "(" + child.Text() + ")" : child.Text();
    }
}
