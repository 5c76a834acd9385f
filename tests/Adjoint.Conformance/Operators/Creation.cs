using Adjoint.Conformance.Values;

namespace Adjoint.Conformance.Operators;

/// <summary>Operators that make tensors from nothing.</summary>
internal static class Creation
{
    public static void Add(OperatorTable table)
    {
        table["zeros"] = c => Tensor.Zeros(c.InputSizes(), Natural(c));
        table["ones"] = c => Tensor.Ones(c.InputSizes(), Natural(c));
        table["zeros_like"] = c => Tensor.ZerosLike(c.X, c.DTypeOrNull());
        table["ones_like"] = c => Tensor.OnesLike(c.X, c.DTypeOrNull());
        table["full_like"] = c => Tensor.FullLike(c.X, c.Tensor(0, "fill_value"), c.DTypeOrNull());
        table["new_zeros"] = c => Tensor.Zeros(c.Rest(0, "size"), c.DTypeOrNull() ?? c.X.DType);
        table["new_ones"] = c => Tensor.Ones(c.Rest(0, "size"), c.DTypeOrNull() ?? c.X.DType);
        table["new_full"] = c => Tensor.Full(c.Ints(0, "size"), c.Tensor(1, "fill_value"), c.DTypeOrNull() ?? c.X.DType);
        table["eye"] = c => Tensor.Eye(c.InputInt(), c.IntOrNull(0, "m"), Natural(c));
        table["linspace"] = c => Tensor.Linspace(c.X.Item(), c.Number(0, "end", 0), c.Int(1, "steps"), Natural(c));
        table["logspace"] = c => Tensor.Logspace(c.X.Item(), c.Number(0, "end", 0), c.Int(1, "steps"), c.Number(2, "base", 10), Natural(c));
        table["arange"] = c => c.Has(0, "end")
            ? Tensor.Arange(c.X, c.Tensor(0, "end"), c.TensorOrNull(1, "step"), c.DTypeOrNull())
            : Tensor.Arange(c.X, c.DTypeOrNull());
    }

    private static DType Natural(Call c) => c.DTypeOrNull() ?? DType.Float32;
}
