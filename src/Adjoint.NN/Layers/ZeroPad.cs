namespace Adjoint.NN;

/// <summary>Puts zeros around one axis (<c>torch.nn.ZeroPad1d</c>); see <c>Tensor.Pad</c>.</summary>
/// <param name="padding">How many on every side, or left and right; fewer than none cuts off.</param>
public sealed class ZeroPad1d(PerAxis padding) : PadLayer(1, padding, PadMode.Constant);

/// <summary>Puts zeros around two axes (<c>torch.nn.ZeroPad2d</c>); see <c>Tensor.Pad</c>.</summary>
/// <param name="padding">How many on every side, or left, right, top and bottom; fewer than none cuts off.</param>
public sealed class ZeroPad2d(PerAxis padding) : PadLayer(2, padding, PadMode.Constant);

/// <summary>Puts zeros around three axes (<c>torch.nn.ZeroPad3d</c>); see <c>Tensor.Pad</c>.</summary>
/// <param name="padding">How many on every side, or left, right, top, bottom, front and back; fewer than none cuts off.</param>
public sealed class ZeroPad3d(PerAxis padding) : PadLayer(3, padding, PadMode.Constant);
