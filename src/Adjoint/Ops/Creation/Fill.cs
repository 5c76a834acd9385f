using Adjoint.Families;
using Adjoint.Gate;
using Adjoint.Interpreters;
using Adjoint.Tape;

namespace Adjoint;

/// <summary>A tensor with all its elements replaced by another's: nothing of the old ones flows on.</summary>
internal readonly record struct Replaced(OverwriteCall Call) : IJoin
{
    public string GradName => NodeName(Call);

    public string? Called => Method(Call)[..^1];

    internal OverwriteCall Call { get; init; } = Call;

    /// <summary>The method that overwrites.</summary>
    public static string Method(OverwriteCall call) => call switch
    {
        OverwriteCall.Zero => "Zero_",
        OverwriteCall.FillNumber or OverwriteCall.FillTensor => "Fill_",
        OverwriteCall.IndexPut => "IndexPut_",
        OverwriteCall.Bernoulli => "Bernoulli_",
        OverwriteCall.Exponential => "Exponential_",
        OverwriteCall.Uniform => "Uniform_",
        OverwriteCall.Normal => "Normal_",
        OverwriteCall.Cauchy => "Cauchy_",
        OverwriteCall.LogNormal => "LogNormal_",
        OverwriteCall.Geometric => "Geometric_",
        OverwriteCall.BernoulliTensor => "Bernoulli_",
        _ => "Copy_",
    };

    /// <summary>PyTorch's name for the derivative of what overwrites.</summary>
    public static string NodeName(OverwriteCall call) => call switch
    {
        OverwriteCall.Zero => "ZeroBackward0",
        OverwriteCall.FillNumber => "FillBackward2",
        OverwriteCall.FillTensor => "FillBackward3",
        OverwriteCall.IndexPut => "IndexPutBackward0",
        OverwriteCall.Bernoulli => "BernoulliBackward2",
        OverwriteCall.Exponential => "ExponentialBackward0",
        OverwriteCall.Uniform => "UniformBackward0",
        OverwriteCall.Normal => "NormalBackward0",
        OverwriteCall.Cauchy => "CauchyBackward0",
        OverwriteCall.LogNormal => "LogNormalBackward0",
        OverwriteCall.Geometric => "GeometricBackward0",
        OverwriteCall.BernoulliTensor => "BernoulliBackward1",
        _ => "CopyBackwards",
    };

    public TensorType Infer(TensorType[] inputs) => inputs[1];

    public Tensor Apply(Tensor[] inputs) => inputs[1];

    // The engine sums and casts the gradient to the shape and dtype of the value.
    public Tensor Transpose(Tensor g, Shape[] inputs, int index) => index == 0 ? Tensor.ZerosLike(g) : g;
}

/// <summary>What overwrites elements in place, which decides the name of its derivative.</summary>
internal enum OverwriteCall
{
    /// <summary>Another tensor.</summary>
    Copy,

    /// <summary>Zeros.</summary>
    Zero,

    /// <summary>A number.</summary>
    FillNumber,

    /// <summary>A tensor without dimensions.</summary>
    FillTensor,

    /// <summary>A value at the places that an index picks.</summary>
    IndexPut,

    /// <summary>Random zeros and ones.</summary>
    Bernoulli,

    /// <summary>Random numbers of an exponential distribution.</summary>
    Exponential,

    /// <summary>Random numbers of a uniform distribution.</summary>
    Uniform,

    /// <summary>Random numbers of a normal distribution.</summary>
    Normal,

    /// <summary>Random numbers of a Cauchy distribution.</summary>
    Cauchy,

    /// <summary>Random numbers whose logarithms are normal.</summary>
    LogNormal,

    /// <summary>Random numbers of a geometric distribution.</summary>
    Geometric,

    /// <summary>Random zeros and ones, with a probability for each.</summary>
    BernoulliTensor,
}

/// <content>Overwriting a tensor's elements.</content>
public sealed partial class Tensor
{
    /// <summary>Sets all elements to zero, in place.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view.</exception>
    public Tensor Zero_() => Overwrite(this, 0, OverwriteCall.Zero);

    /// <summary>Sets all elements to a value, in place; whole numbers cut its fraction off.</summary>
    /// <param name="value">A number or a tensor without dimensions.</param>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view.</exception>
    /// <exception cref="DTypeException">The value does not fit this tensor's dtype.</exception>
    public Tensor Fill_(Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.Rank != 0)
        {
            throw new ShapeException(
                $"fill_ only supports 0-dimension value tensor but got tensor with {value.Rank} dimensions. Use Copy_(value), which broadcasts.");
        }

        if (!value.IsStandIn)
        {
            NumberRange.ThrowIfBeyond(value, DType);
        }

        return Overwrite(this, value, value.IsNumber ? OverwriteCall.FillNumber : OverwriteCall.FillTensor);
    }

    /// <summary>Copies another tensor's elements into this one, broadcast and converted.</summary>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view.</exception>
    /// <exception cref="ShapeException">The other tensor does not broadcast to this shape.</exception>
    public Tensor Copy_(Tensor source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Overwrite(this, source, OverwriteCall.Copy);
    }

    private static Tensor Rewritten(Tensor x, Tensor value, bool mayRepeat) => Rewrite.Change(
        x, [value], (_, others) => others[0].To(x.DType).Expand(x.Layout.Sizes).Clone(), mayRepeat);

    private static Tensor Overwrite(Tensor x, Tensor value, OverwriteCall call)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(value);
        if (Rewrite.IsNeeded(x, value))
        {
            // A copy: the value may be changed in place later, and so may the tensor.
            InPlace.ThrowUnlessFits(x, x.DType, Layout.Broadcast(x.Layout, value.Layout));
            return Rewritten(x, value, mayRepeat: call != OverwriteCall.Copy);
        }

        InPlace.ThrowIfTraced(x, value);
        var flows = x.RequiresGrad || (value.RequiresGrad && x.DType.IsFloatingPoint);

        // With one value for all, or every place's own, it does not matter which of several places is written last.
        var isSame = ReferenceEquals(x, value);
        var recorded = InPlace.Begin(x, flows, mayRepeat: isSame || call != OverwriteCall.Copy);
        InPlace.ThrowUnlessFits(x, x.DType, Layout.Broadcast(x.Layout, value.Layout));
        InPlace.Writing(x);
        if (recorded && x.Layout.Overlaps)
        {
            RepeatedWrite.Fill(x, value, call);
            return x;
        }

        if (!isSame)
        {
            var target = x.Layout.Repeats ? x.View(x.Layout.Once()) : x;
            var expanded = value.View(value.Layout.Expand(target.Layout.Sizes));
            Op.CopyInto(ReferenceEquals(value.Storage, x.Storage) ? Op.Copy(expanded) : expanded, target);
        }

        if (!recorded)
        {
            InPlace.Changed(x, Replaced.Method(call));
            return x;
        }

        // Nothing flows to the old values, and those of a view's base lose the view's part anyway.
        var edge = x.Base is null ? Edge.To(x) : default;
        Edge[] edges = value.IsNumber && !value.RequiresGrad ? [edge] : [edge, Edge.To(value)];
        var result = InPlace.Result(x, Replaced.Method(call));
        _ = new JoinNode<Replaced>(new Replaced(call), edges, [x.Layout, value.Layout], result, x, value);
        InPlace.End(x, result);
        return x;
    }
}
