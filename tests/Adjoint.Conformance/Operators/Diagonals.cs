using Adjoint.Conformance.Values;

namespace Adjoint.Conformance.Operators;

/// <summary>Diagonals and triangles of matrices, and matrices of blocks.</summary>
internal static class Diagonals
{
    public static void Add(OperatorTable table)
    {
        table["diagonal"] = c => c.X.Diagonal(c.Int(0, "offset", 0), c.Int(1, "dim1", 0), c.Int(2, "dim2", 1));
        table["diag_embed"] = c => c.X.DiagEmbed(c.Int(0, "offset", 0), c.Int(1, "dim1", -2), c.Int(2, "dim2", -1));
        table["diag"] = c => c.X.Diag(c.Int(0, "diagonal", 0));
        table["diagflat"] = c => c.X.Diagflat(c.Int(0, "offset", 0));
        table["diagonal_scatter"] = c => c.X.DiagonalScatter(
            c.Tensor(0, "src"), c.Int(1, "offset", 0), c.Int(2, "dim1", 0), c.Int(3, "dim2", 1));
        table["tril"] = c => c.X.Tril(c.Int(0, "diagonal", 0));
        table["triu"] = c => c.X.Triu(c.Int(0, "diagonal", 0));
        table["tril_indices"] = c => Tensor.TrilIndices(c.InputInt(), c.Int(0, "col"), c.Int(1, "offset", 0), c.DTypeOrNull());
        table["triu_indices"] = c => Tensor.TriuIndices(c.InputInt(), c.Int(0, "col"), c.Int(1, "offset", 0), c.DTypeOrNull());
        table["block_diag"] = c => Tensor.BlockDiag(c.All());
        table["kron"] = c => c.X.Kron(c.Tensor(0));
    }
}
