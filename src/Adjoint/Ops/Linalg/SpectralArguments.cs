using System.Globalization;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>What eigenvalues and singular values share: options, failures, and which of them count as zero.</summary>
internal static class SpectralArguments
{
    /// <summary>Which triangle is read.</summary>
    public static bool IsUpper(string uplo) => uplo switch
    {
        "U" or "u" => true,
        "L" or "l" => false,
        _ => throw new ArgumentException($"Expected UPLO argument to be 'L' or 'U', but got {uplo ?? "null"}.", nameof(uplo)),
    };

    /// <summary>Why an iteration gave nothing.</summary>
    public static string Failure(int info) => info == SymmetricEigen.NotFinite
        ? "The algorithm failed to converge because the input matrix contained non-finite values."
        : string.Create(
            CultureInfo.InvariantCulture,
            $"The algorithm failed to converge because the input matrix is ill-conditioned or has too many repeated values (error code: {info}).");

    /// <summary>
    /// What values have to exceed to count as not zero, absolutely and relative to the largest, (*, 1). Where neither is given, rtol is the rounding
    /// of the dtype times the larger size; where only atol is given, rtol is zero unless atol is.
    /// </summary>
    /// <param name="a">The matrices.</param>
    /// <param name="atol">Tensors that broadcast over the batch, or null.</param>
    /// <param name="rtol">The same.</param>
    public static (Tensor Atol, Tensor Rtol) Tolerances(Tensor a, Tensor? atol, Tensor? rtol)
    {
        var usual = a.DType.Epsilon * Math.Max(a.Layout.Sizes[^2], a.Layout.Sizes[^1]);
        var none = Tensor.Zeros([1], a.DType);
        var absolute = atol is null ? none : Column(atol, a.DType);
        var relative = rtol is not null ? Column(rtol, a.DType) : atol is null ? none + usual : Tensor.Where(absolute > 0, 0.0, none + usual);
        return (absolute, relative);
    }

    private static Tensor Column(Tensor x, DType dtype) => x.Detach().To(dtype).Unsqueeze(-1);
}
