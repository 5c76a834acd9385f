using Adjoint.Families;

namespace Adjoint;

/// <summary>The values in a dtype of whole numbers or truth values, or of these in another, as transforms see it: nothing flows through.</summary>
internal sealed class Conversion(DType dtype) : FamilyOperation
{
    public override string Name => nameof(ToCopy);

    public override IReadOnlyList<KeyValuePair<string, object?>> Attributes => [new("to", dtype)];

    internal override bool IsRecorded => false;

    public override bool Equals(object? obj) => obj is Conversion other && other.Attributes[0].Equals(Attributes[0]);

    public override int GetHashCode() => dtype.GetHashCode();

    internal override TensorType[] Infer(TensorType[] inputs) => [inputs[0].To(dtype)];

    internal override Tensor[] Run(Tensor[] inputs) => [inputs[0].To(dtype)];

    internal override Tensor?[] Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results) => [null];

    internal override Tensor[] Batch(Batch batch, Tensor[] inputs) => [batch.Wrap(batch.Of(inputs[0])!.To(dtype))];
}

/// <summary>The values without history as transforms see it.</summary>
internal sealed class Detachment : FamilyOperation
{
    public override string Name => "Detach";

    internal override bool IsRecorded => false;

    public override bool Equals(object? obj) => obj is Detachment;

    public override int GetHashCode() => typeof(Detachment).GetHashCode();

    internal override TensorType[] Infer(TensorType[] inputs) => [inputs[0]];

    internal override Tensor[] Run(Tensor[] inputs) => [inputs[0].Detach()];

    internal override Tensor?[] Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results) => [null];

    internal override Tensor Transpose(Tensor g, Tensor input, int index) => g;

    internal override Tensor[] Batch(Batch batch, Tensor[] inputs) => [batch.Wrap(batch.Of(inputs[0])!.Detach())];
}
