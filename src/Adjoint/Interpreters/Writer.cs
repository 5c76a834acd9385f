using Adjoint.Families;

namespace Adjoint.Interpreters;

/// <summary>A transform that writes operators down.</summary>
internal abstract class Writer : Interpreter
{
    /// <summary>What a stand-in of this transform holds, computed if need be; anything else is itself.</summary>
    public Tensor ValueOf(Tensor x) => IsOwn(x) ? x.Tracer!.Value : x;

    /// <summary>Whether a tensor is a stand-in of this transform.</summary>
    public bool IsOwn(Tensor x) => ReferenceEquals(x.Tracer?.Owner, this);

    public override Tensor[] Apply(CustomCall call, Tensor[] inputs) => call.Write(this, inputs);

    /// <summary>Writes an operator down that has run.</summary>
    /// <param name="operation">The operator.</param>
    /// <param name="inputs">What it read.</param>
    /// <param name="values">What it gave.</param>
    /// <returns>Stand-ins for that.</returns>
    public abstract Tensor[] Write(Operation operation, Tensor[] inputs, Tensor[] values);
}
