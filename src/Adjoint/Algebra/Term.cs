namespace Adjoint.Algebra;

/// <summary>
/// A node of a formula: a symbol and its operands, immutable. A term that a thread made a moment ago is shared instead of made again, so that equal
/// formulas are mostly the same object and comparing them takes one look; where they are not, they are compared branch by branch.
/// </summary>
internal sealed class Term : IEquatable<Term>
{
    public static readonly Term Zero = Of(Symbol.Constant(0));

    private const int RecentCount = 256;

    [ThreadStatic]
    private static Term?[]? t_recent;

    private readonly Term[] _operands;
    private readonly int _hash;

    private Term(Symbol symbol, Term[] operands, int hash)
    {
        Symbol = symbol;
        _operands = operands;
        _hash = hash;
        Weight = symbol.Weight;
        foreach (var operand in operands)
        {
            Weight += operand.Weight;
        }
    }

    public Symbol Symbol { get; }

    /// <summary>What the functions in it cost; a branch counts as often as it is used.</summary>
    public int Weight { get; }

    public static Term Of(Symbol symbol, params ReadOnlySpan<Term> operands)
    {
        var hash = symbol.GetHashCode();
        foreach (var operand in operands)
        {
            hash = (hash * 31) + operand._hash;
        }

        ref var recent = ref (t_recent ??= new Term?[RecentCount])[hash & (RecentCount - 1)];
        if (recent is null || recent._hash != hash || !recent.Symbol.Equals(symbol) || !recent._operands.AsSpan().SequenceEqual(operands))
        {
            recent = new Term(symbol, operands.ToArray(), hash);
        }

        return recent;
    }

    public bool Equals(Term? other) =>
        ReferenceEquals(this, other)
        || (other is not null && Symbol.Equals(other.Symbol) && _operands.AsSpan().SequenceEqual(other._operands));

    public override bool Equals(object? obj) => Equals(obj as Term);

    public override int GetHashCode() => _hash;

    /// <summary>Whether another term is this one or occurs below it.</summary>
    public bool Reads(Term part)
    {
        if (Equals(part))
        {
            return true;
        }

        foreach (var operand in _operands)
        {
            if (operand.Reads(part))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The formula in infix form, with the parentheses it needs.</summary>
    public string Text() => _operands switch
    {
        [] => Symbol.Text,
        [var x] when ReferenceEquals(Symbol, Symbol.Negate) => "-" + Inside(x, Symbol.Strongest),

        // The right side of - and / needs its parentheses at equal strength.
        [var x, var y] when Symbol.Strength < Symbol.Strongest =>
            Inside(x, Symbol.Strength) + " " + Symbol.Text + " " + Inside(y, Symbol.Strength + 1),
        _ => Symbol.Text + "(" + string.Join(", ", _operands.Select(operand => operand.Text())) + ")",
    };

    private static string Inside(Term term, int strength) => term.Symbol.Strength < strength ? "(" + term.Text() + ")" : term.Text();
}
