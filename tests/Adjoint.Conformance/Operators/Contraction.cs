using Adjoint.Conformance.Values;

namespace Adjoint.Conformance.Operators;

/// <summary>Products of vectors, matrices, and tensors.</summary>
internal static class Contraction
{
    public static void Add(OperatorTable table)
    {
        table["dot"] = c => Tensor.Dot(c.X, c.Tensor(0));

        // For reals nothing is conjugated.
        table["vdot"] = c => Tensor.Dot(c.X, c.Tensor(0));
        table["linalg.vecdot"] = c => Tensor.VecDot(c.X, c.Tensor(0), c.Int(1, "dim", -1));
        table["mv"] = c => c.X.Mv(c.Tensor(0, "vec"));
        table["mm"] = c => c.X.Mm(c.Tensor(0, "mat2"));
        table["bmm"] = c => c.X.Bmm(c.Tensor(0, "mat2"));
        table["matmul"] = c => c.X.MatMul(c.Tensor(0));
        table["__rmatmul__"] = c => c.Tensor(0).MatMul(c.X);
        table["nn.functional.linear"] = c => c.X.Linear(c.Tensor(0, "weight"), c.TensorOrNull(1, "bias"));
        table["nn.functional.bilinear"] = c => c.X.Bilinear(c.Tensor(0, "input2"), c.Tensor(1, "weight"), c.TensorOrNull(2, "bias"));
        table["outer"] = c => c.X.Outer(c.Tensor(0, "vec2"));
        table["inner"] = c => c.X.Inner(c.Tensor(0));
        table["trace"] = c => c.X.Trace();
        table["cross"] = c => c.X.Cross(c.Tensor(0), c.IntOrNull(1, "dim"));
        table["linalg.cross"] = c => c.X.Cross(c.Tensor(0), c.Int(-1, "dim", -1));
        table["einsum"] = c => Tensor.Einsum(c.Text(0, "equation")!, c.List);
        table["tensordot"] = Tensordot;
        table["addmm"] = c => c.X.Addmm(c.Tensor(0, "mat1"), c.Tensor(1, "mat2"), c.Number(-1, "beta", 1), c.Number(-1, "alpha", 1));
        table["addmm:decomposed"] = c => c.X.Addmm(c.Tensor(0, "mat1"), c.Tensor(1, "mat2"), c.Number(-1, "beta", 1), c.Number(-1, "alpha", 1));
        table["addmv"] = c => c.X.Addmv(c.Tensor(0, "mat"), c.Tensor(1, "vec"), c.Number(-1, "beta", 1), c.Number(-1, "alpha", 1));
        table["addr"] = c => c.X.Addr(c.Tensor(0, "vec1"), c.Tensor(1, "vec2"), c.Number(-1, "beta", 1), c.Number(-1, "alpha", 1));
        table["addbmm"] = c => c.X.Addbmm(c.Tensor(0, "batch1"), c.Tensor(1, "batch2"), c.Number(-1, "beta", 1), c.Number(-1, "alpha", 1));
        table["baddbmm"] = c => c.X.Baddbmm(c.Tensor(0, "batch1"), c.Tensor(1, "batch2"), c.Number(-1, "beta", 1), c.Number(-1, "alpha", 1));
    }

    private static Outputs Tensordot(Call c)
    {
        var other = c.Tensor(0);
        return Call.Several(c.Get(1, "dims")) is [{ } first, { } second]
            ? Tensor.Tensordot(c.X, other, Places(first), Places(second))
            : Tensor.Tensordot(c.X, other, c.Int(1, "dims", 2));
    }

    private static int[] Places(object dims) => Array.ConvertAll(Call.Several(dims)!, dim => (int)(long)dim!);
}
