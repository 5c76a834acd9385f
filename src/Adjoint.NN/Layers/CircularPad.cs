namespace Adjoint.NN;

/// <summary>Puts the elements from the other edge on around one axis (<c>torch.nn.CircularPad1d</c>); see <c>Tensor.Pad</c>.</summary>
/// <param name="padding">How many on every side, or left and right; fewer than none cuts off.</param>
public sealed class CircularPad1d(PerAxis padding) : PadLayer(1, padding, PadMode.Circular);

/// <summary>Puts the elements from the other edge on around two axes (<c>torch.nn.CircularPad2d</c>); see <c>Tensor.Pad</c>.</summary>
/// <param name="padding">How many on every side, or left, right, top and bottom; fewer than none cuts off.</param>
public sealed class CircularPad2d(PerAxis padding) : PadLayer(2, padding, PadMode.Circular);

/// <summary>Puts the elements from the other edge on around three axes (<c>torch.nn.CircularPad3d</c>); see <c>Tensor.Pad</c>.</summary>
/// <param name="padding">How many on every side, or left, right, top, bottom, front and back; fewer than none cuts off.</param>
public sealed class CircularPad3d(PerAxis padding) : PadLayer(3, padding, PadMode.Circular);
