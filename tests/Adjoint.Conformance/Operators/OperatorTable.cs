using Adjoint.Conformance.Cases;
using Adjoint.Conformance.Values;

namespace Adjoint.Conformance.Operators;

/// <summary>
/// PyTorch's name of each operator and the call that it is here. What is not in the table is not there: an entry is a public operator of the
/// library under another name or with its arguments in another order, never a replacement for a missing one.
/// </summary>
internal sealed class OperatorTable
{
    private readonly Dictionary<string, Func<Call, Outputs>> _operators = [];

    /// <summary>All that the library has.</summary>
    public static OperatorTable All { get; } = new OperatorTable()
        .With(Pointwise.Add)
        .With(Comparisons.Add)
        .With(Reductions.Add)
        .With(Orders.Add)
        .With(Scans.Add)
        .With(Histograms.Add)
        .With(Masked.Add)
        .With(Movement.Add)
        .With(Diagonals.Add)
        .With(Pieces.Add)
        .With(Resampling.Add)
        .With(Creation.Add)
        .With(Contraction.Add)
        .With(LinearAlgebra.Add)
        .With(Spectral.Add)
        .With(Convolutions.Add)
        .With(Pools.Add)
        .With(Norms.Add)
        .With(Indexing.Add)
        .With(Losses.Add)
        .With(Distances.Add)
        .With(Special.Add);

    /// <summary>The names, in order.</summary>
    public IEnumerable<string> Names => _operators.Keys.Order(StringComparer.Ordinal);

    /// <summary>Adds an operator; a name may be given once.</summary>
    public Func<Call, Outputs> this[string name]
    {
        set => _operators.Add(name, value);
    }

    /// <summary>The call for a name.</summary>
    /// <exception cref="MissingException">The library has no such operator.</exception>
    public Func<Call, Outputs> Find(string name) =>
        _operators.TryGetValue(name, out var found) ? found : throw new MissingException($"operator {name}");

    private OperatorTable With(Action<OperatorTable> add)
    {
        add(this);
        return this;
    }
}
