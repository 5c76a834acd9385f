namespace Adjoint.Conformance.Operators;

/// <summary>Operators that work element by element.</summary>
internal static class Pointwise
{
    public static void Add(OperatorTable table)
    {
        OneInput(table);
        Elementary(table);
        Activations(table);
        TwoInputs(table);
        Quotients(table);
        ThreeInputs(table);
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
        table["reciprocal"] = c => c.X.Reciprocal();
        table["sign"] = c => c.X.Sign();
        table["sin"] = c => c.X.Sin();
        table["sqrt"] = c => c.X.Sqrt();
        table["square"] = c => c.X.Square();
        table["tanh"] = c => c.X.Tanh();
    }

    private static void Elementary(OperatorTable table)
    {
        table["acos"] = c => c.X.Acos();
        table["acosh"] = c => c.X.Acosh();
        table["asin"] = c => c.X.Asin();
        table["asinh"] = c => c.X.Asinh();
        table["atan"] = c => c.X.Atan();
        table["atanh"] = c => c.X.Atanh();
        table["cosh"] = c => c.X.Cosh();
        table["sinh"] = c => c.X.Sinh();
        table["tan"] = c => c.X.Tan();
        table["exp2"] = c => c.X.Exp2();
        table["special.exp2"] = c => c.X.Exp2();
        table["expm1"] = c => c.X.Expm1();
        table["special.expm1"] = c => c.X.Expm1();
        table["log10"] = c => c.X.Log10();
        table["log1p"] = c => c.X.Log1p();
        table["special.log1p"] = c => c.X.Log1p();
        table["log2"] = c => c.X.Log2();
        table["erfc"] = c => c.X.Erfc();
        table["special.erfc"] = c => c.X.Erfc();
        table["logit"] = c => c.X.Logit(c.NumberOrNull(0, "eps"));
        table["special.logit"] = c => c.X.Logit(c.NumberOrNull(0, "eps"));
        table["sinc"] = c => c.X.Sinc();
        table["special.sinc"] = c => c.X.Sinc();
        table["special.expit"] = c => c.X.Sigmoid();
        table["rsqrt"] = c => c.X.Rsqrt();
        table["ceil"] = c => c.X.Ceil();
        table["trunc"] = c => c.X.Trunc();
        table["fix"] = c => c.X.Trunc();
        table["frac"] = c => c.X.Frac();
        table["round"] = c => c.X.Round(c.Int(-1, "decimals", 0));
        table["round:decimals_0"] = c => c.X.Round(c.Int(-1, "decimals", 0));
        table["round:decimals_3"] = c => c.X.Round(c.Int(-1, "decimals", 0));
        table["round:decimals_neg_3"] = c => c.X.Round(c.Int(-1, "decimals", 0));
        table["special.round"] = c => c.X.Round(c.Int(-1, "decimals", 0));
        table["deg2rad"] = c => c.X.Deg2Rad();
        table["rad2deg"] = c => c.X.Rad2Deg();
        table["positive"] = c => c.X.Positive();
        table["sgn"] = c => c.X.Sgn();
        table["angle"] = c => c.X.Angle();
        table["real"] = c => c.X.Real;
        table["conj"] = c => c.X.Conj();
        table["conj_physical"] = c => c.X.ConjPhysical();
        table["resolve_conj"] = c => c.X.ResolveConj();
        table["resolve_neg"] = c => c.X.ResolveNeg();
        table["H"] = c => c.X.H;
        table["mH"] = c => c.X.MH;
        table["nan_to_num"] = c => c.X.NanToNum(c.Number(0, "nan", 0), c.NumberOrNull(1, "posinf"), c.NumberOrNull(2, "neginf"));
        table["frexp"] = c => c.X.Frexp();
    }

    private static void Activations(OperatorTable table)
    {
        table["nn.functional.relu"] = c => c.X.Relu();
        table["nn.functional.softsign"] = c => c.X.Softsign();
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
        table["nn.functional.threshold"] = c => c.X.Threshold(c.Number(0, "threshold", 0), c.Number(1, "value", 0));
        table["nn.functional.hardshrink"] = c => c.X.Hardshrink(c.Number(0, "lambd", 0.5));
        table["nn.functional.softshrink"] = c => c.X.Softshrink(c.Number(0, "lambd", 0.5));
        table["nn.functional.tanhshrink"] = c => c.X.Tanhshrink();
        table["nn.functional.glu"] = c => c.X.Glu(c.Int(0, "dim", -1));
        table["nn.functional.prelu"] = c => c.X.Prelu(c.Tensor(0, "weight"));
        table["nn.functional.rrelu"] = c => c.X.Rrelu(c.Number(0, "lower", 1.0 / 8), c.Number(1, "upper", 1.0 / 3), c.Flag(2, "training"));
        table["nn.functional.tanh"] = c => c.X.Tanh();
        table["nn.functional.sigmoid"] = c => c.X.Sigmoid();
    }

    private static void Quotients(OperatorTable table)
    {
        table["div"] = c => c.X.Div(c.Tensor(0), c.Text(-1, "rounding_mode"));
        table["div:no_rounding_mode"] = c => c.X.Div(c.Tensor(0), c.Text(-1, "rounding_mode"));
        table["div:floor_rounding"] = c => c.X.Div(c.Tensor(0), c.Text(-1, "rounding_mode"));
        table["div:trunc_rounding"] = c => c.X.Div(c.Tensor(0), c.Text(-1, "rounding_mode"));
        table["true_divide"] = c => c.X.Div(c.Tensor(0));
        table["__rdiv__"] = c => c.Tensor(0) / c.X;
        table["floor_divide"] = c => c.X.FloorDivide(c.Tensor(0));
        table["fmod"] = c => c.X.Fmod(c.Tensor(0));
        table["remainder"] = c => c.X.Remainder(c.Tensor(0));
        table["__rmod__"] = c => c.Tensor(0) % c.X;
        table["gcd"] = c => c.X.Gcd(c.Tensor(0));
        table["lcm"] = c => c.X.Lcm(c.Tensor(0));
    }

    private static void ThreeInputs(OperatorTable table)
    {
        table["lerp"] = c => c.X.Lerp(c.Tensor(0, "end"), c.Tensor(1, "weight"));
        table["addcmul"] = c => c.X.Addcmul(c.Tensor(0, "tensor1"), c.Tensor(1, "tensor2"), c.Number(-1, "value", 1));
        table["addcdiv"] = c => c.X.Addcdiv(c.Tensor(0, "tensor1"), c.Tensor(1, "tensor2"), c.Number(-1, "value", 1));
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
        table["pow"] = c => c.X.Pow(c.Tensor(0, "exponent"));

        // PyTorch copies the base first, so no gradient comes back to it.
        table["__rpow__"] = c => c.Tensor(0).Detach().Pow(c.X);
        table["maximum"] = c => c.X.Maximum(c.Tensor(0));
        table["max:binary"] = c => c.X.Maximum(c.Tensor(0));
        table["minimum"] = c => c.X.Minimum(c.Tensor(0));
        table["min:binary"] = c => c.X.Minimum(c.Tensor(0));
        table["fmax"] = c => c.X.Fmax(c.Tensor(0));
        table["fmin"] = c => c.X.Fmin(c.Tensor(0));
        table["float_power"] = c => c.X.FloatPower(c.Tensor(0, "exponent"));
        table["atan2"] = c => c.X.Atan2(c.Tensor(0));
        table["arctan2"] = c => c.X.Atan2(c.Tensor(0));
        table["hypot"] = c => c.X.Hypot(c.Tensor(0));
        table["copysign"] = c => c.X.CopySign(c.Tensor(0));
        table["nextafter"] = c => c.X.NextAfter(c.Tensor(0));
        table["heaviside"] = c => c.X.Heaviside(c.Tensor(0, "values"));
        table["ldexp"] = c => c.X.Ldexp(c.Tensor(0));
        table["xlogy"] = c => c.X.XLogY(c.Tensor(0));
        table["special.xlogy"] = c => c.X.XLogY(c.Tensor(0));
        table["logaddexp"] = c => c.X.LogAddExp(c.Tensor(0));
        table["logaddexp2"] = c => c.X.LogAddExp2(c.Tensor(0));
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
