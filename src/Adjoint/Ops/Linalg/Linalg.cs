namespace Adjoint;

/// <summary>
/// Linear algebra by PyTorch's names (<c>torch.linalg</c>): factorisations, systems of equations, inverses and determinants of matrices and of
/// batches of them, which are all dimensions but the last two. Elements are float32 or float64. All results have derivatives of every order, in both
/// directions, where these exist.
/// </summary>
/// <example>
/// <code>
/// var x = Linalg.Solve(a, b);
/// var (q, r) = Linalg.Qr(a);
/// </code>
/// </example>
public static partial class Linalg
{
}
