using Adjoint.Families;

namespace Adjoint;

/// <summary>Dimensions of size 1 taken out or put in: a view.</summary>
internal readonly record struct Squeeze(ValueArray<int> Sizes, ValueArray<nint> Strides, SqueezeCall Call) : ILinear
{
    static bool ILinear.IsView => true;

    public string GradName => Call switch
    {
        SqueezeCall.All => "SqueezeBackward0",
        SqueezeCall.One => "SqueezeBackward1",
        _ => "UnsqueezeBackward0",
    };

    public string? Called => Call == SqueezeCall.Unsqueeze ? "Unsqueeze" : null;

    internal SqueezeCall Call { get; init; } = Call;

    public TensorType Infer(TensorType x) => x.With(Sizes);

    public Tensor Apply(Tensor x) => x.View(x.Layout.With(Sizes, Strides));

    public Tensor Transpose(Tensor g, Shape input) => g.Reshape(input.Sizes);

    public Tensor Replay<O>(O op, Tensor x)
        where O : struct, ILinear => x.Reshape(Sizes);

    public Tensor? Batch(Tensor x) => x.Reshape([x.Layout.Sizes[0], .. Sizes.Items]);
}

/// <summary>What a <see cref="Squeeze"/> was called for, which decides its name.</summary>
internal enum SqueezeCall
{
    /// <summary>All dimensions of size 1 go.</summary>
    All,

    /// <summary>One dimension goes.</summary>
    One,

    /// <summary>One dimension comes.</summary>
    Unsqueeze,
}

/// <content>Adding and removing dimensions of size 1.</content>
public sealed partial class Tensor
{
    /// <summary>Without all dimensions of size 1; shares memory.</summary>
    public Tensor Squeeze() => Squeezed(this, d => Layout.Sizes[d] != 1, SqueezeCall.All);

    /// <summary>Without a dimension if its size is 1; shares memory.</summary>
    /// <exception cref="TensorIndexException">The dimension does not exist.</exception>
    public Tensor Squeeze(int dim)
    {
        var axis = Layout.Dim(dim);
        return Squeezed(this, d => d != axis || Layout.Sizes[d] != 1, SqueezeCall.One);
    }

    /// <summary>With a new dimension of size 1; shares memory.</summary>
    /// <param name="dim">Its place; negative counts from behind the last.</param>
    /// <exception cref="TensorIndexException">There is no such place.</exception>
    public Tensor Unsqueeze(int dim)
    {
        var axis = Layout.Dim(dim, Rank + 1);
        var stride = axis < Rank ? Layout.Sizes[axis] * Layout.Strides[axis] : 1;
        int[] sizes = [.. Layout.Sizes[..axis], 1, .. Layout.Sizes[axis..]];
        nint[] strides = [.. Layout.Strides[..axis], stride, .. Layout.Strides[axis..]];
        return Op.Linear(new Squeeze(sizes, strides, SqueezeCall.Unsqueeze), this);
    }

    private static Tensor Squeezed(Tensor x, Func<int, bool> keep, SqueezeCall call)
    {
        var kept = Enumerable.Range(0, x.Rank).Where(keep).ToArray();
        var sizes = Array.ConvertAll(kept, d => x.Layout.Sizes[d]);
        var strides = Array.ConvertAll(kept, d => x.Layout.Strides[d]);
        return Op.Linear(new Squeeze(sizes, strides, call), x);
    }
}
