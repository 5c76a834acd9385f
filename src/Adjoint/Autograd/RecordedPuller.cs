using Adjoint.Ops.Families;

namespace Adjoint.Engine;

/// <summary>Reads derivative formulas with tensors, so that gradients are recorded like any other operation.</summary>
internal abstract class RecordedPuller : Puller
{
    public override Tensor Map<O>(O op, Tensor g, Tensor? x, Tensor? y) => Formulas.Map(op, g, x, y);

    public override Tensor Map2<O>(O op, int input, Tensor g, Tensor? x, Tensor? y, Tensor? z) => Formulas.Map2(op, input, g, x, y, z);

    public override Tensor Map3<O>(O op, int input, Tensor g, Tensor? x, Tensor? y, Tensor? z) => Formulas.Map3(op, input, g, x, y, z);

    public override Tensor Reduce<O>(O op, Tensor g, Tensor x, Tensor y, bool[] reduced) => Formulas.Pull(op, g, x, y, reduced);
}
