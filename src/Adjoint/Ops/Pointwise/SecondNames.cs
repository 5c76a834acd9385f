namespace Adjoint;

/// <content>Second names that PyTorch, after NumPy, has for arithmetic and comparisons.</content>
public sealed partial class Tensor
{
    /// <summary>Another name for <see cref="Abs"/> (<c>torch.absolute</c>).</summary>
    public Tensor Absolute() => Abs();

    /// <summary>Another name for <see cref="Neg"/> (<c>torch.negative</c>).</summary>
    public Tensor Negative() => Neg();

    /// <summary>Another name for <see cref="Trunc"/> (<c>torch.fix</c>).</summary>
    public Tensor Fix() => Trunc();

    /// <summary>Another name for <see cref="Clamp"/> (<c>torch.clip</c>).</summary>
    /// <exception cref="TensorException">Neither limit is given.</exception>
    public Tensor Clip(Tensor? min = null, Tensor? max = null) => Clamp(min, max);

    /// <summary>Another name for <see cref="Clamp_"/> (<c>Tensor.clip_</c>).</summary>
    /// <exception cref="TensorException">Neither limit is given.</exception>
    /// <exception cref="AutogradException">The tensor is a leaf that requires grad, or a view of one.</exception>
    public Tensor Clip_(Tensor? min = null, Tensor? max = null) => Clamp_(min, max);

    /// <summary>Another name for <see cref="Sub"/> (<c>torch.subtract</c>).</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor Subtract(Tensor y, double alpha = 1) => Sub(y, alpha);

    /// <summary>Another name for <see cref="Mul"/> (<c>torch.multiply</c>).</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor Multiply(Tensor y) => Mul(y);

    /// <summary>Another name for <see cref="Div"/> (<c>torch.divide</c>).</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor Divide(Tensor y, string? roundingMode = null) => Div(y, roundingMode);

    /// <summary>Another name for <see cref="Div"/> (<c>torch.true_divide</c>).</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor TrueDivide(Tensor y) => Div(y);

    /// <summary>Another name for <see cref="Ne"/> (<c>torch.not_equal</c>).</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor NotEqual(Tensor y) => Ne(y);

    /// <summary>Another name for <see cref="Lt"/> (<c>torch.less</c>).</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor Less(Tensor y) => Lt(y);

    /// <summary>Another name for <see cref="Le"/> (<c>torch.less_equal</c>).</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor LessEqual(Tensor y) => Le(y);

    /// <summary>Another name for <see cref="Gt"/> (<c>torch.greater</c>).</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor Greater(Tensor y) => Gt(y);

    /// <summary>Another name for <see cref="Ge"/> (<c>torch.greater_equal</c>).</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public Tensor GreaterEqual(Tensor y) => Ge(y);
}
