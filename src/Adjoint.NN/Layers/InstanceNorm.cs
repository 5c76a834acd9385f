namespace Adjoint.NN;

/// <summary>Instance norm of inputs of shape [N, C, L] or [C, L] (<c>torch.nn.InstanceNorm1d</c>); see <c>Tensor.InstanceNorm</c>.</summary>
/// <param name="numFeatures">The channels C.</param>
/// <param name="eps">What keeps the divisor from 0.</param>
/// <param name="momentum">The share of a batch in new running statistics; null for none.</param>
/// <param name="affine">Whether there are a weight of ones and a bias of zeros at first.</param>
/// <param name="trackRunningStats">Whether running statistics are kept.</param>
/// <param name="dtype">The dtype of the parameters, and of inputs; float32 if null.</param>
public sealed class InstanceNorm1d(
    int numFeatures,
    double eps = 1e-5,
    double? momentum = 0.1,
    bool affine = false,
    bool trackRunningStats = false,
    DType? dtype = null) : InstanceNormLayer(1, numFeatures, eps, momentum, affine, trackRunningStats, dtype);

/// <summary>Instance norm of inputs of shape [N, C, H, W] or [C, H, W] (<c>torch.nn.InstanceNorm2d</c>); see <c>Tensor.InstanceNorm</c>.</summary>
/// <param name="numFeatures">The channels C.</param>
/// <param name="eps">What keeps the divisor from 0.</param>
/// <param name="momentum">The share of a batch in new running statistics; null for none.</param>
/// <param name="affine">Whether there are a weight of ones and a bias of zeros at first.</param>
/// <param name="trackRunningStats">Whether running statistics are kept.</param>
/// <param name="dtype">The dtype of the parameters, and of inputs; float32 if null.</param>
public sealed class InstanceNorm2d(
    int numFeatures,
    double eps = 1e-5,
    double? momentum = 0.1,
    bool affine = false,
    bool trackRunningStats = false,
    DType? dtype = null) : InstanceNormLayer(2, numFeatures, eps, momentum, affine, trackRunningStats, dtype);

/// <summary>Instance norm of inputs of shape [N, C, D, H, W] or [C, D, H, W] (<c>torch.nn.InstanceNorm3d</c>);
/// see <c>Tensor.InstanceNorm</c>.</summary>
/// <param name="numFeatures">The channels C.</param>
/// <param name="eps">What keeps the divisor from 0.</param>
/// <param name="momentum">The share of a batch in new running statistics; null for none.</param>
/// <param name="affine">Whether there are a weight of ones and a bias of zeros at first.</param>
/// <param name="trackRunningStats">Whether running statistics are kept.</param>
/// <param name="dtype">The dtype of the parameters, and of inputs; float32 if null.</param>
public sealed class InstanceNorm3d(
    int numFeatures,
    double eps = 1e-5,
    double? momentum = 0.1,
    bool affine = false,
    bool trackRunningStats = false,
    DType? dtype = null) : InstanceNormLayer(3, numFeatures, eps, momentum, affine, trackRunningStats, dtype);
