using System.Globalization;
using System.Numerics;
using Adjoint.Families;
using Adjoint.Kernels;

namespace Adjoint;

// Derivatives where eigenvalues or singular values are equal.
//
// Eigenvectors turn with A by rotations Omega, where Omega_ij = P_ij / (l_j - l_i) and P is dA seen from the eigenvectors. Where l_i = l_j nothing
// says how they turn: any rotation of the space that they span gives eigenvectors as good. So a loss is only well defined if it is the same for all
// of them, and then the skew part of X = V' gV, by which it sees Omega_ij, is zero. 0 / 0 is not computed:
//
// 1. Skew part not zero: the loss depends on the choice of eigenvectors. An error.
// 2. The loss may still depend on P_ij. If it is made of a function h of A, its gradient inside of the space is h' times a symmetric G, of which the
//    gradients of the eigenvalues show the diagonal, h' G_ii, and X shows all, 2 h G_ij. So where the first are proportional to the diagonal
//    of X, the rest is in the same proportion to the rest of X.
// 3. Otherwise, if the gradients of the equal eigenvalues are equal, the loss is the sum of one that depends on the space alone and one that depends
//    on the eigenvalues alone; nothing is added beside the diagonal.
// 4. Otherwise two numbers per eigenvalue do not say what the gradient is. An error, and no guess.
//
// A loss of eigenvalues alone never comes here: V diag(gl) V' is its gradient, or a subgradient.
// Singular vectors are pairs of such: their turning together, U' gU + V' gV, has the gaps s_j - s_i, and against each other s_j + s_i. Where both are
// zero, the two sides turn independently, and nothing but the space may be seen.

/// <summary>How the loss, or the direction, sees vectors of equal values.</summary>
internal enum EqualKind
{
    /// <summary>A gradient of eigenvectors.</summary>
    Eigh,

    /// <summary>A gradient of singular vectors.</summary>
    Svd,

    /// <summary>A tangent of a symmetric matrix.</summary>
    EighForward,

    /// <summary>A tangent of a matrix.</summary>
    SvdForward,
}

/// <summary>When values count as equal, and what is said where that leaves a derivative open.</summary>
internal static unsafe class EqualValues
{
    /// <summary>The vectors of equal values are seen one by one.</summary>
    public const int Gauge = 2;

    /// <summary>The gradient beside the diagonal is not known.</summary>
    public const int Undetermined = 1;

    /// <summary>Vectors beyond the singular values are seen one by one.</summary>
    public const int Free = 3;

    /// <summary>Values that differ by less are equal: the rounding of a backward stable algorithm.</summary>
    public static T Tolerance<T>(T* values, int count)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Largest(new MatrixView<T>(values, 1, count)) * Precise<T>.Epsilon * T.CreateTruncating(2 * Math.Max(8, count));

    /// <summary>The part of the largest that counts as nothing.</summary>
    public static T Slack<T>()
        where T : unmanaged, IFloatingPointIeee754<T> => T.Sqrt(Precise<T>.Epsilon);

    public static T Largest<T>(MatrixView<T> x)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var largest = T.Zero;
        for (var i = 0; i < x.Rows; i++)
        {
            for (var j = 0; j < x.Columns; j++)
            {
                largest = T.MaxNumber(largest, T.Abs(x[i, j]));
            }
        }

        return largest;
    }

    /// <summary>Zeros for each row of a matrix that must be zero.</summary>
    public static Tensor Refuse(Tensor shares, EqualKind kind) => Op.MultiOutput(new RefusedShares(kind), shares)[0];

    public static void ThrowIfRefused(Tensor infos, EqualKind kind)
    {
        var values = infos.Storage.AsSpan<int>().Slice((int)infos.Layout.Offset, (int)infos.Layout.Count);
        var member = values.IndexOfAnyExcept(0);
        if (member >= 0)
        {
            var where = infos.Rank > 0 ? string.Create(CultureInfo.InvariantCulture, $" This is batch element {member}.") : string.Empty;
            throw new AutogradException(Sentence(values[member], kind) + where);
        }
    }

    public static string Sentence(int info, EqualKind kind) => (kind, info) switch
    {
        (EqualKind.Eigh, Gauge) =>
            "linalg_eigh_backward: The eigenvectors of equal eigenvalues are specified up to a rotation. The specified loss function depends on " +
            "this quantity, so it is ill-defined. Let it depend on the space that they span, as V V' of their columns does, or on a function of " +
            "the matrix.",
        (EqualKind.Svd, Gauge) =>
            "svd_backward: The singular vectors of equal singular values are specified up to a rotation. The specified loss function depends on " +
            "this quantity, making it ill-defined. Let it depend on the spaces that they span, or on a function of the matrix.",
        (_, Free) =>
            "svd_backward: The singular vectors beyond the singular values are specified up to a rotation. The specified loss function depends on " +
            "this quantity, making it ill-defined. Let it depend on the space that they span, as U U' of their columns does, or use fullMatrices: " +
            "false.",
        (EqualKind.Eigh, _) =>
            "linalg_eigh_backward: Eigenvalues are equal, and the gradients of the eigenvalues and eigenvectors do not determine that of the " +
            "matrix. Take eigenvalues from Linalg.Eigvalsh where the loss has a part that depends on them alone.",
        (EqualKind.Svd, _) =>
            "svd_backward: Singular values are equal or zero, and the gradients of the singular values and vectors do not determine that of the " +
            "matrix. Take singular values from Linalg.Svdvals where the loss has a part that depends on them alone.",
        (EqualKind.EighForward, _) =>
            "linalg_eigh_jvp: Eigenvalues are equal along a direction that makes them differ, so that their eigenvectors have no derivative. Use " +
            "reverse mode if what is made of them has one, or Linalg.Eigvalsh if only eigenvalues are needed.",
        _ =>
            "svd_jvp: Singular values are equal or zero along a direction that makes them differ, so that their singular vectors have no " +
            "derivative. Use reverse mode if what is made of them has one, or Linalg.Svdvals if only singular values are needed.",
    };
}
