namespace Adjoint.NN;

/// <summary>Puts one value around one axis (<c>torch.nn.ConstantPad1d</c>); see <c>Tensor.Pad</c>.</summary>
/// <param name="padding">How many on every side, or left and right; fewer than none cuts off.</param>
/// <param name="value">The value.</param>
public sealed class ConstantPad1d(PerAxis padding, double value) : PadLayer(1, padding, PadMode.Constant, value)
{
    /// <inheritdoc/>
    protected internal override string Settings => $"padding={Padding}, value={ModuleText.Of(Value)}";
}

/// <summary>Puts one value around two axes (<c>torch.nn.ConstantPad2d</c>); see <c>Tensor.Pad</c>.</summary>
/// <param name="padding">How many on every side, or left, right, top and bottom; fewer than none cuts off.</param>
/// <param name="value">The value.</param>
public sealed class ConstantPad2d(PerAxis padding, double value) : PadLayer(2, padding, PadMode.Constant, value)
{
    /// <inheritdoc/>
    protected internal override string Settings => $"padding={Padding}, value={ModuleText.Of(Value)}";
}

/// <summary>Puts one value around three axes (<c>torch.nn.ConstantPad3d</c>); see <c>Tensor.Pad</c>.</summary>
/// <param name="padding">How many on every side, or left, right, top, bottom, front and back; fewer than none cuts off.</param>
/// <param name="value">The value.</param>
public sealed class ConstantPad3d(PerAxis padding, double value) : PadLayer(3, padding, PadMode.Constant, value)
{
    /// <inheritdoc/>
    protected internal override string Settings => $"padding={Padding}, value={ModuleText.Of(Value)}";
}
