using Adjoint.Graphs;
using Adjoint.Transforms;

namespace Adjoint;

/// <content>Tensors without values.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// A tensor of a shape and dtype without values or memory (PyTorch's <c>device='meta'</c>): operators give the shapes and dtypes of their
    /// results. An example for <c>Transform.Trace</c> and <c>Transform.EvalShape</c>.
    /// </summary>
    /// <param name="shape">The sizes, however many elements that would be.</param>
    /// <param name="dtype">The dtype; float32 if null.</param>
    /// <exception cref="ShapeException">A size is negative.</exception>
    public static Tensor Meta(ReadOnlySpan<int> shape, DType? dtype = null) =>
        MetaInterpreter.Wrap(new TensorType(Shape.Create(shape), dtype ?? DType.DefaultReal));
}
