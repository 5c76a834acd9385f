namespace Adjoint.Conformance.Values;

/// <summary>What a call returned: tensors, or a plain truth value, in order.</summary>
internal readonly struct Outputs
{
    private Outputs(params object[] items) => Items = items;

    /// <summary>Each a <see cref="Tensor"/> or a <see cref="bool"/>.</summary>
    public IReadOnlyList<object> Items { get; }

    public static implicit operator Outputs(Tensor tensor) => new(tensor);

    public static implicit operator Outputs(Tensor[] tensors) => new((object[])tensors);

    /// <summary>What was not asked for is null, and no output.</summary>
    public static implicit operator Outputs((Tensor First, Tensor? Second, Tensor? Third) some) =>
        new([.. new object?[] { some.First, some.Second, some.Third }.OfType<Tensor>()]);

    public static implicit operator Outputs((Tensor First, Tensor[] Others) some) => new([some.First, .. some.Others]);

    public static implicit operator Outputs((Tensor First, Tensor Second) pair) => new(pair.First, pair.Second);

    public static implicit operator Outputs(bool truth) => new((object)truth);
}
