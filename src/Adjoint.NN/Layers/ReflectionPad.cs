namespace Adjoint.NN;

/// <summary>Puts the elements from the edge backwards around one axis (<c>torch.nn.ReflectionPad1d</c>); see <c>Tensor.Pad</c>.</summary>
/// <param name="padding">How many on every side, or left and right; fewer than none cuts off.</param>
public sealed class ReflectionPad1d(PerAxis padding) : PadLayer(1, padding, PadMode.Reflect);

/// <summary>Puts the elements from the edge backwards around two axes (<c>torch.nn.ReflectionPad2d</c>); see <c>Tensor.Pad</c>.</summary>
/// <param name="padding">How many on every side, or left, right, top and bottom; fewer than none cuts off.</param>
public sealed class ReflectionPad2d(PerAxis padding) : PadLayer(2, padding, PadMode.Reflect);

/// <summary>Puts the elements from the edge backwards around three axes (<c>torch.nn.ReflectionPad3d</c>); see <c>Tensor.Pad</c>.</summary>
/// <param name="padding">How many on every side, or left, right, top, bottom, front and back; fewer than none cuts off.</param>
public sealed class ReflectionPad3d(PerAxis padding) : PadLayer(3, padding, PadMode.Reflect);
