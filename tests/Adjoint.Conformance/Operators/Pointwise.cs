namespace Adjoint.Conformance.Operators;

/// <summary>Operators that work element by element.</summary>
internal static class Pointwise
{
    public static void Add(OperatorTable table)
    {
        OneInput(table);
        TwoInputs(table);
        Limits(table);
    }

    private static void OneInput(OperatorTable table)
    {
        table["abs"] = c => c.X.Abs();
        table["cos"] = c => c.X.Cos();
        table["erf"] = c => c.X.Erf();
        table["special.erf"] = c => c.X.Erf();
        table["exp"] = c => c.X.Exp();
        table["floor"] = c => c.X.Floor();
        table["log"] = c => c.X.Log();
        table["neg"] = c => c.X.Neg();
        table["nn.functional.relu"] = c => c.X.Relu();
        table["nn.functional.softsign"] = c => c.X.Softsign();
        table["reciprocal"] = c => c.X.Reciprocal();
        table["relu"] = c => c.X.Relu();
        table["nn.functional.silu"] = c => c.X.Silu();
        table["nn.functional.gelu"] = c => c.X.Gelu(c.Text(0, "approximate") ?? "none");
        table["nn.functional.celu"] = c => c.X.Celu(c.Number(0, "alpha", 1));
        table["nn.functional.elu"] = c => c.X.Elu(c.Number(0, "alpha", 1));
        table["nn.functional.hardsigmoid"] = c => c.X.Hardsigmoid();
        table["nn.functional.hardswish"] = c => c.X.Hardswish();
        table["nn.functional.hardtanh"] = c => c.X.Hardtanh(c.Number(0, "min_val", -1), c.Number(1, "max_val", 1));
        table["nn.functional.leaky_relu"] = c => c.X.LeakyRelu(c.Number(0, "negative_slope", 0.01));
        table["nn.functional.logsigmoid"] = c => c.X.LogSigmoid();
        table["nn.functional.mish"] = c => c.X.Mish();
        table["nn.functional.relu6"] = c => c.X.Relu6();
        table["nn.functional.selu"] = c => c.X.Selu();
        table["nn.functional.softplus"] = c => c.X.Softplus(c.Number(0, "beta", 1), c.Number(1, "threshold", 20));
        table["sigmoid"] = c => c.X.Sigmoid();
        table["sign"] = c => c.X.Sign();
        table["sin"] = c => c.X.Sin();
        table["sqrt"] = c => c.X.Sqrt();
        table["square"] = c => c.X.Square();
        table["tanh"] = c => c.X.Tanh();
    }

    private static void TwoInputs(OperatorTable table)
    {
        table["add"] = c => c.X.Add(c.Tensor(0), c.Number(-1, "alpha", 1));
        table["__radd__"] = c => c.Tensor(0) + c.X;
        table["sub"] = c => c.X.Sub(c.Tensor(0), c.Number(-1, "alpha", 1));
        table["rsub"] = c => c.Tensor(0).Sub(c.X, c.Number(-1, "alpha", 1));
        table["__rsub__"] = c => c.Tensor(0) - c.X;
        table["mul"] = c => c.X.Mul(c.Tensor(0));
        table["__rmul__"] = c => c.Tensor(0) * c.X;
        table["div"] = c => c.X.Div(c.Tensor(0));
        table["div:no_rounding_mode"] = c => c.X.Div(c.Tensor(0));
        table["true_divide"] = c => c.X.Div(c.Tensor(0));
        table["__rdiv__"] = c => c.Tensor(0) / c.X;
        table["pow"] = c => c.X.Pow(c.Tensor(0, "exponent"));

        // PyTorch copies the base first, so no gradient comes back to it.
        table["__rpow__"] = c => c.Tensor(0).Detach().Pow(c.X);
        table["maximum"] = c => c.X.Maximum(c.Tensor(0));
        table["max:binary"] = c => c.X.Maximum(c.Tensor(0));
        table["minimum"] = c => c.X.Minimum(c.Tensor(0));
        table["min:binary"] = c => c.X.Minimum(c.Tensor(0));
    }

    private static void Limits(OperatorTable table)
    {
        table["clamp"] = c => c.X.Clamp(c.TensorOrNull(0, "min"), c.TensorOrNull(1, "max"));
        table["clamp_min"] = c => c.X.Clamp(min: c.Tensor(0, "min"));
        table["clamp_max"] = c => c.X.Clamp(max: c.Tensor(0, "max"));
        table["where"] = c => Tensor.Where(c.Tensor(0, "condition"), c.X, c.Tensor(1));
        table["masked_fill"] = c => c.X.MaskedFill(c.Tensor(0, "mask"), c.Tensor(1, "value"));
    }
}
