using Adjoint.Ops.Families;

namespace Adjoint;

/// <summary>The input with all its elements replaced: nothing of it flows on.</summary>
internal readonly struct Replaced(string gradName) : ILinear
{
    public string GradName => gradName;

    public Tensor Apply(Tensor x) => x;

    public Tensor Transpose(Tensor g, Layout input) => Tensor.ZerosLike(g);
}

/// <summary>Another tensor's elements in place of the input's; the engine casts the gradient to that tensor's dtype.</summary>
internal readonly struct Assigned : ILinear
{
    public string GradName => "CopyBackwards";

    public Tensor Apply(Tensor x) => x;

    public Tensor Transpose(Tensor g, Layout input) => g;
}

/// <summary>Overwriting a tensor's elements.</summary>
public static class FillMethod
{
    extension(Tensor x)
    {
        /// <summary>Sets all elements to zero, in place.</summary>
        /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view.</exception>
        public Tensor Zero_() => Overwrite(x, 0, "ZeroBackward0");

        /// <summary>Sets all elements to a value, in place.</summary>
        /// <param name="value">A number or a tensor of one element.</param>
        /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view.</exception>
        public Tensor Fill_(Tensor value)
        {
            ArgumentNullException.ThrowIfNull(value);
            return value.Layout.Count == 1
                ? Overwrite(x, value.Reshape(), "FillBackward0")
                : throw new ShapeException(
                    $"fill_ only supports 0-dimension value tensor but got tensor with {value.Rank} dimensions.");
        }

        /// <summary>Copies another tensor's elements into this one, broadcast and converted.</summary>
        /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view.</exception>
        /// <exception cref="ShapeException">The other tensor does not broadcast to this shape.</exception>
        public Tensor Copy_(Tensor source) => Overwrite(x, source, "CopyBackwards");
    }

    private static Tensor Overwrite(Tensor x, Tensor value, string gradName)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(value);
        var expanded = value.Expand(x.Layout.Sizes);
        var recorded = InPlace.Begin(x, x.RequiresGrad || value.RequiresGrad, x.DType, x.Layout);
        Op.CopyInto(ReferenceEquals(expanded.Storage, x.Storage) ? Op.Copy(expanded) : expanded, x);
        if (!recorded)
        {
            InPlace.Changed(x);
            return x;
        }

        var edge = Edge.To(x);
        var result = InPlace.Result(x);
        if (value.RequiresGrad)
        {
            // The new history is that of the value alone.
            _ = new LinearNode<Assigned>(default, Edge.To(expanded), expanded.Layout, result);
        }
        else
        {
            _ = new LinearNode<Replaced>(new Replaced(gradName), edge, x.Layout, result);
        }

        InPlace.End(x, result);
        return x;
    }
}
