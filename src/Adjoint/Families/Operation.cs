using System.Globalization;
using Adjoint.Families;

namespace Adjoint;

/// <summary>
/// An operator, or a custom function, as a value: its name, its parameters, and what it makes of shapes and of tensors.
/// Two operators are equal if they do the same.
/// </summary>
public abstract class Operation
{
    private protected Operation()
    {
    }

    /// <summary>The operator's name, such as <c>MatMul</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The operator's parameters by name, such as the sizes of <c>Expand</c>; none for most.</summary>
    public virtual IReadOnlyList<KeyValuePair<string, object?>> Attributes => [];

    /// <summary>The name with the parameters, such as <c>Sum(dim=1)</c>.</summary>
    public override string ToString() => Attributes.Count == 0 ? Name : $"{Name}({Parameters()})";

    /// <summary>
    /// What the operator is in other operators (PyTorch's decompositions): those of a fused operator's composite, or those of a pointwise operator's
    /// formula. It serves those who translate a graph and know fewer operators than there are. Trace it to see them.
    /// </summary>
    /// <param name="inputs">The inputs, of the shapes and dtypes that it was made for.</param>
    /// <returns>The results; null for an operator that is in no others.</returns>
    public Tensor[]? Decompose(params IReadOnlyList<Tensor> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return Decomposed([.. inputs]);
    }

    /// <summary>What it is in other operators; null for none.</summary>
    internal virtual Tensor[]? Decomposed(Tensor[] inputs) => null;

    /// <summary>Whether it has to run even where nothing needs its results.</summary>
    internal virtual bool HasEffect => false;

    /// <summary>The parameters in words, such as <c>dim=1, keepDim=true</c>.</summary>
    internal string Parameters() => string.Join(", ", Attributes.Select(pair => $"{pair.Key}={Text(pair.Value)}"));

    /// <summary>The shapes and dtypes of the results; no values are needed.</summary>
    /// <exception cref="TensorException">The inputs do not fit.</exception>
    internal abstract TensorType[] Infer(TensorType[] inputs);

    /// <summary>Runs it through the family's gate, so that tapes and transforms which follow these inputs see it.</summary>
    /// <param name="inputs">The inputs, of the shapes and dtypes that it was made for; their strides may differ.</param>
    internal abstract Tensor[] Run(Tensor[] inputs);

    private static string Text(object? value) => value switch
    {
        null => "null",
        bool truth => truth ? "true" : "false",
        Array array => $"[{string.Join(", ", array.Cast<object?>().Select(Text))}]",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty,
    };
}
