namespace Adjoint.Onnx.Tests;

/// <content>Pointwise operators, comparisons, logic.</content>
internal static partial class OperatorCases
{
    private static IEnumerable<Case> Pointwise()
    {
        var x = Draw(4, 3);
        foreach (var (name, function) in new (string, Func<Tensor, Tensor>)[]
        {
            ("Abs", a => a.Abs()), ("Neg", a => -a), ("Exp", a => a.Exp()), ("Exp2", a => a.Exp2()), ("Expm1", a => a.Expm1()),
            ("Sin", a => a.Sin()), ("Cos", a => a.Cos()), ("Tan", a => a.Tan()), ("Sinh", a => a.Sinh()), ("Cosh", a => a.Cosh()),
            ("Tanh", a => a.Tanh()), ("Atan", a => a.Atan()), ("Asinh", a => a.Asinh()), ("Erf", a => a.Erf()), ("Erfc", a => a.Erfc()),
            ("Sigmoid", a => a.Sigmoid()), ("Relu", a => a.Relu()), ("Relu6", a => a.Relu6()), ("Gelu", a => a.Gelu()),
            ("GeluTanh", a => a.Gelu("tanh")), ("Silu", a => a.Silu()), ("Mish", a => a.Mish()), ("Elu", a => a.Elu(0.7)), ("Selu", a => a.Selu()),
            ("Celu", a => a.Celu(1.3)), ("LeakyRelu", a => a.LeakyRelu(0.2)), ("Hardtanh", a => a.Hardtanh()), ("Hardswish", a => a.Hardswish()),
            ("Hardsigmoid", a => a.Hardsigmoid()), ("Hardshrink", a => a.Hardshrink()), ("Softshrink", a => a.Softshrink()),
            ("Softplus", a => a.Softplus()), ("Softplus beta", a => a.Softplus(2, 1)), ("Softsign", a => a.Softsign()),
            ("Tanhshrink", a => a.Tanhshrink()), ("LogSigmoid", a => a.LogSigmoid()), ("Threshold", a => a.Threshold(0.3, -1)),
            ("Square", a => a.Square()), ("Floor", a => a.Floor()), ("Ceil", a => a.Ceil()), ("Round", a => a.Round()), ("Round 2", a => a.Round(2)),
            ("Trunc", a => a.Trunc()), ("Frac", a => a.Frac()), ("Sign", a => a.Sign()), ("Sgn", a => a.Sgn()), ("Sinc", a => a.Sinc()),
            ("Deg2Rad", a => a.Deg2Rad()), ("Rad2Deg", a => a.Rad2Deg()), ("Positive", a => a.Positive() * 1), ("Clamp", a => a.Clamp(-0.5, 0.7)),
            ("ClampMin", a => a.ClampMin(0.1)), ("ClampMax", a => a.ClampMax(0.1)), ("Cbrt", a => a.Cbrt()), ("NanToNum", a => a.NanToNum()),
            ("Pow 2", a => a.Pow(2)), ("Pow 3", a => a.Pow(3)), ("Ndtr", a => a.Ndtr()), ("Glu", a => Tensor.Cat([a, a * 2], 1).Glu(1)),
            ("Add", a => a + 1.5), ("Sub", a => a - 1.5), ("Rsub", a => 1.5 - a), ("Mul", a => a * 1.5), ("Div", a => a / 1.5),
            ("Remainder", a => a.Remainder(0.3)), ("Fmod", a => a.Fmod(0.3)), ("FloorDivide", a => a.FloorDivide(0.3)),
            ("Exp10", a => a.Exp10()), ("Logistic chain", a => (a.Exp() / (1 + a.Exp())).Log()),
        })
        {
            yield return One(name, function, x);
        }

        var share = Share(4, 3);
        foreach (var (name, function) in new (string, Func<Tensor, Tensor>)[]
        {
            ("Log", a => a.Log()), ("Log2", a => a.Log2()), ("Log10", a => a.Log10()), ("Log1p", a => a.Log1p()), ("Sqrt", a => a.Sqrt()),
            ("Rsqrt", a => a.Rsqrt()), ("Reciprocal", a => a.Reciprocal()), ("Asin", a => a.Asin()), ("Acos", a => a.Acos()),
            ("Atanh", a => a.Atanh()), ("Acosh", a => (a + 1).Acosh()), ("Logit", a => a.Logit()), ("Pow 0.5", a => a.Pow(0.5)),
            ("Pow -1.5", a => a.Pow(-1.5)), ("Entr", a => a.Entr()), ("Log1p large", a => (a * 50).Log1p()),
        })
        {
            yield return One(name, function, share);
        }

        var y = Draw(4, 3);
        foreach (var (name, function) in new (string, Func<Tensor, Tensor, Tensor>)[]
        {
            ("Add tensor", (a, b) => a + b), ("Sub tensor", (a, b) => a - b), ("Mul tensor", (a, b) => a * b),
            ("Div tensor", (a, b) => a / (b.Abs() + 1)),
            ("Maximum", (a, b) => a.Maximum(b)), ("Minimum", (a, b) => a.Minimum(b)), ("Fmax", (a, b) => a.Fmax(b)), ("Fmin", (a, b) => a.Fmin(b)),
            ("Atan2", (a, b) => a.Atan2(b)), ("Hypot", (a, b) => a.Hypot(b)), ("CopySign", (a, b) => a.CopySign(b)),
            ("LogAddExp", (a, b) => a.LogAddExp(b)), ("LogAddExp2", (a, b) => a.LogAddExp2(b)), ("Lerp", (a, b) => a.Lerp(b, 0.3)),
            ("Lerp tensor", (a, b) => a.Lerp(b, b.Sigmoid())), ("Addcmul", (a, b) => a.Addcmul(b, b, 0.5)),
            ("Addcdiv", (a, b) => a.Addcdiv(b, b.Abs() + 1, 0.5)),
            ("Add alpha", (a, b) => a.Add(b, 0.3)), ("XLogY", (a, b) => a.XLogY(b.Abs() + 0.1)), ("Xlog1py", (a, b) => a.Xlog1py(b.Abs() + 0.1)),
            ("Heaviside", (a, b) => a.Heaviside(b)), ("Where", (a, b) => Tensor.Where(a > 0, a, b)), ("MaskedFill", (a, b) => a.MaskedFill(b > 0, 2)),
            ("Pow tensor", (a, b) => (a.Abs() + 0.1).Pow(b)), ("Prelu", (a, b) => a.Prelu(b[0])),
            ("Clamp tensors", (a, b) => a.Clamp(-b.Abs(), b.Abs())),
            ("Remainder tensor", (a, b) => a.Remainder(b.Abs() + 0.5)), ("Div trunc", (a, b) => a.Div(b.Abs() + 0.5, "trunc")),
        })
        {
            yield return Two(name, function, x, y);
        }
    }

    private static IEnumerable<Case> Comparisons()
    {
        var (x, y) = (Draw(4, 3), Draw(4, 3));
        foreach (var (name, function) in new (string, Func<Tensor, Tensor, Tensor>)[]
        {
            ("Gt", (a, b) => a > b), ("Ge", (a, b) => a >= b), ("Lt", (a, b) => a < b), ("Le", (a, b) => a <= b), ("Eq", (a, b) => a.Eq(b)),
            ("Ne", (a, b) => a.Ne(b)), ("LogicalAnd", (a, b) => a.LogicalAnd(b)), ("LogicalOr", (a, b) => a.LogicalOr(b)),
            ("LogicalXor", (a, b) => (a > 0).LogicalXor(b > 0)), ("LogicalNot", (a, b) => (a > b).LogicalNot()),
            ("BitwiseAnd", (a, b) => (a > 0) & (b > 0)), ("BitwiseOr", (a, b) => (a > 0) | (b > 0)), ("BitwiseXor", (a, b) => (a > 0) ^ (b > 0)),
            ("IsNaN", (a, b) => a.IsNaN()), ("IsInf", (a, b) => a.IsInf()), ("IsFinite", (a, b) => (a / b).IsFinite()),
            ("Gt number", (a, b) => a > 0.3), ("To", (a, b) => (a * 10).To(DType.Int64)), ("SignBit", (a, b) => a.SignBit()),
            ("Where truths", (a, b) => Tensor.Where(a > 0, b > 0, a > b)),
        })
        {
            yield return Two(name, function, x, y);
        }

        var (m, n) = (Whole(-7, 5, 9, -2), Whole(2, -3, 4, 5));
        foreach (var (name, function) in new (string, Func<Tensor, Tensor, Tensor>)[]
        {
            ("Add whole", (a, b) => a + b), ("Mul whole", (a, b) => a * b), ("FloorDivide whole", (a, b) => a.FloorDivide(b)),
            ("Remainder whole", (a, b) => a.Remainder(b)), ("Fmod whole", (a, b) => a.Fmod(b)), ("BitwiseAnd whole", (a, b) => a & b),
            ("BitwiseOr whole", (a, b) => a | b), ("BitwiseXor whole", (a, b) => a ^ b), ("Lt whole", (a, b) => a < b),
            ("Eq whole", (a, b) => a.Eq(5)),
            ("Maximum whole", (a, b) => a.Maximum(b)), ("Abs whole", (a, b) => a.Abs()), ("Sum whole", (a, b) => a.Sum()),
            ("Div whole", (a, b) => a / b), ("BitwiseNot", (a, b) => a.BitwiseNot()),
        })
        {
            yield return Two(name, function, m, n);
        }
    }
}
