namespace Adjoint.NN;

/// <summary>Puts the elements at the edge around one axis (<c>torch.nn.ReplicationPad1d</c>); see <c>Tensor.Pad</c>.</summary>
/// <param name="padding">How many on every side, or left and right; fewer than none cuts off.</param>
public sealed class ReplicationPad1d(PerAxis padding) : PadLayer(1, padding, PadMode.Replicate);

/// <summary>Puts the elements at the edge around two axes (<c>torch.nn.ReplicationPad2d</c>); see <c>Tensor.Pad</c>.</summary>
/// <param name="padding">How many on every side, or left, right, top and bottom; fewer than none cuts off.</param>
public sealed class ReplicationPad2d(PerAxis padding) : PadLayer(2, padding, PadMode.Replicate);

/// <summary>Puts the elements at the edge around three axes (<c>torch.nn.ReplicationPad3d</c>); see <c>Tensor.Pad</c>.</summary>
/// <param name="padding">How many on every side, or left, right, top, bottom, front and back; fewer than none cuts off.</param>
public sealed class ReplicationPad3d(PerAxis padding) : PadLayer(3, padding, PadMode.Replicate);
