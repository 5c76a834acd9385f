using Adjoint.Ops.Families;

namespace Adjoint;

/// <summary>The values in a dtype of whole numbers or truth values, or of these in another, as transforms see it: nothing flows through.</summary>
internal sealed class Conversion(DType dtype) : Operation
{
    public override string Name => nameof(ToCopy);

    public override bool IsRecorded => false;

    public override Tensor[] Run(Tensor[] inputs) => [inputs[0].To(dtype)];

    public override void Record(Edge[] edges, Tensor[] inputs, Tensor[] results)
    {
    }

    public override Tensor?[] Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results) => [null];

    public override Tensor[] Batch(Batch batch, Tensor[] inputs) => [batch.Wrap(batch.Of(inputs[0])!.To(dtype))];
}

/// <summary>The values without history as transforms see it.</summary>
internal sealed class Detachment : Operation
{
    public override string Name => "Detach";

    public override bool IsRecorded => false;

    public override Tensor[] Run(Tensor[] inputs) => [inputs[0].Detach()];

    public override void Record(Edge[] edges, Tensor[] inputs, Tensor[] results)
    {
    }

    public override Tensor?[] Push(Tensor[] inputs, Tensor?[] tangents, Tensor[] results) => [null];

    public override Tensor[] Batch(Batch batch, Tensor[] inputs) => [batch.Wrap(batch.Of(inputs[0])!.Detach())];
}
