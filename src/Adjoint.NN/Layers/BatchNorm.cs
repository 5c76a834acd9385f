namespace Adjoint.NN;

/// <summary>Batch norm of inputs of shape [N, C] or [N, C, L] (<c>torch.nn.BatchNorm1d</c>); see <c>Tensor.BatchNorm</c>.</summary>
/// <param name="numFeatures">The channels C.</param>
/// <param name="eps">What keeps the divisor from 0.</param>
/// <param name="momentum">The share of a batch in new running statistics; null for the plain mean over all batches.</param>
/// <param name="affine">Whether there are a weight of ones and a bias of zeros at first.</param>
/// <param name="trackRunningStats">Whether running statistics are kept.</param>
/// <param name="dtype">The dtype of the parameters, and of inputs; float32 if null.</param>
public sealed class BatchNorm1d(
    int numFeatures,
    double eps = 1e-5,
    double? momentum = 0.1,
    bool affine = true,
    bool trackRunningStats = true,
    DType? dtype = null) : BatchNormLayer(numFeatures, eps, momentum, affine, trackRunningStats, dtype, [2, 3]);

/// <summary>Batch norm of inputs of shape [N, C, H, W] (<c>torch.nn.BatchNorm2d</c>); see <c>Tensor.BatchNorm</c>.</summary>
/// <param name="numFeatures">The channels C.</param>
/// <param name="eps">What keeps the divisor from 0.</param>
/// <param name="momentum">The share of a batch in new running statistics; null for the plain mean over all batches.</param>
/// <param name="affine">Whether there are a weight of ones and a bias of zeros at first.</param>
/// <param name="trackRunningStats">Whether running statistics are kept.</param>
/// <param name="dtype">The dtype of the parameters, and of inputs; float32 if null.</param>
public sealed class BatchNorm2d(
    int numFeatures,
    double eps = 1e-5,
    double? momentum = 0.1,
    bool affine = true,
    bool trackRunningStats = true,
    DType? dtype = null) : BatchNormLayer(numFeatures, eps, momentum, affine, trackRunningStats, dtype, [4]);

/// <summary>Batch norm of inputs of shape [N, C, D, H, W] (<c>torch.nn.BatchNorm3d</c>); see <c>Tensor.BatchNorm</c>.</summary>
/// <param name="numFeatures">The channels C.</param>
/// <param name="eps">What keeps the divisor from 0.</param>
/// <param name="momentum">The share of a batch in new running statistics; null for the plain mean over all batches.</param>
/// <param name="affine">Whether there are a weight of ones and a bias of zeros at first.</param>
/// <param name="trackRunningStats">Whether running statistics are kept.</param>
/// <param name="dtype">The dtype of the parameters, and of inputs; float32 if null.</param>
public sealed class BatchNorm3d(
    int numFeatures,
    double eps = 1e-5,
    double? momentum = 0.1,
    bool affine = true,
    bool trackRunningStats = true,
    DType? dtype = null) : BatchNormLayer(numFeatures, eps, momentum, affine, trackRunningStats, dtype, [5]);
