namespace Adjoint.Conformance.Operators;

/// <summary>Products of vectors and matrices.</summary>
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
    }
}
