using Adjoint.Onnx.Wire;

namespace Adjoint.Onnx.Import;

/// <summary>Pointwise operators, comparisons and logic.</summary>
internal static class PointwiseNodes
{
    /// <summary>Adds the operators.</summary>
    public static void Add(NodeTable table)
    {
        Unary(table);
        Activations(table);
        Binary(table);
        table.Add("Cast", call => call.X.To(ElementTypes.Named(call.Int("to"))));
        table.Add("Identity", call => call.IsDetached ? call.X.Detach() : call.X);
        table.AddMany("Dropout", call => call.At(2) is { } training && training.Item<bool>()
            ? throw new OnnxException("Dropout in training is not read. Export the model in evaluation.")
            : [call.X, Tensor.Ones([.. call.X.Shape], DType.Bool)]);
        table.Add("Where", call => Tensor.Where(call.X, call.Y, call[2]));
        table.Add("Clip", call =>
        {
            var (min, max) = (call.At(1), call.At(2));
            var x = min is null ? call.Has("min") ? call.X.ClampMin(call.Double("min", 0)) : call.X : call.X.Maximum(min);
            return max is null ? call.Has("max") ? x.ClampMax(call.Double("max", 0)) : x : x.Minimum(max);
        });
    }

    private static void Unary(NodeTable table)
    {
        foreach (var (name, run) in new (string, Func<Tensor, Tensor>)[]
        {
            ("Abs", x => x.Abs()), ("Acos", x => x.Acos()), ("Acosh", x => x.Acosh()), ("Asin", x => x.Asin()), ("Asinh", x => x.Asinh()),
            ("Atan", x => x.Atan()), ("Atanh", x => x.Atanh()), ("BitwiseNot", x => x.BitwiseNot()), ("Ceil", x => x.Ceil()),
            ("Cos", x => x.Cos()), ("Cosh", x => x.Cosh()), ("Erf", x => x.Erf()), ("Exp", x => x.Exp()), ("Floor", x => x.Floor()),
            ("IsNaN", x => x.IsNaN()), ("Log", x => x.Log()), ("Neg", x => x.Neg()), ("Not", x => x.LogicalNot()),
            ("Reciprocal", x => x.Reciprocal()), ("Round", x => x.Round()), ("Sign", x => x.Sign()), ("Sin", x => x.Sin()),
            ("Sinh", x => x.Sinh()), ("Sqrt", x => x.Sqrt()), ("Tan", x => x.Tan()), ("Tanh", x => x.Tanh()),
        })
        {
            table.Add(name, call => run(call.X));
        }

        table.Add("IsInf", call => (call.Bool("detect_positive", true), call.Bool("detect_negative", true)) switch
        {
            (true, true) => call.X.IsInf(),
            (true, false) => call.X.Eq(double.PositiveInfinity),
            (false, true) => call.X.Eq(double.NegativeInfinity),
            _ => call.X.IsInf().LogicalAnd(false),
        });
    }

    private static void Activations(NodeTable table)
    {
        table.Add("Relu", call => call.X.Relu());
        table.Add("Sigmoid", call => call.X.Sigmoid());
        table.Add("Softplus", call => call.X.Softplus());
        table.Add("Softsign", call => call.X.Softsign());
        table.Add("Mish", call => call.X.Mish());
        table.Add("HardSwish", call => call.X.Hardswish());
        table.Add("Elu", call => call.X.Elu(call.Double("alpha", 1)));
        table.Add("Celu", call => call.X.Celu(call.Double("alpha", 1)));
        table.Add("Selu", call => call.Has("alpha") || call.Has("gamma") ? throw call.Wrong("alpha") : call.X.Selu());
        table.Add("LeakyRelu", call => call.X.LeakyRelu(call.Double("alpha", 0.01)));
        table.Add("PRelu", call => Tensor.Where(call.X.Gt(0), call.X, call.X * call.Y));
        table.Add("ThresholdedRelu", call => Tensor.Where(call.X.Gt(call.Double("alpha", 1)), call.X, 0));
        table.Add("HardSigmoid", call => ((call.X * call.Double("alpha", 0.2)) + call.Double("beta", 0.5)).Clamp(0, 1));
        table.Add("Gelu", call => call.X.Gelu(call.Text("approximate", "none")));
        table.Add("Shrink", call => Tensor.Where(
            call.X.Gt(call.Double("lambd", 0.5)),
            call.X - call.Double("bias", 0),
            Tensor.Where(call.X.Lt(-call.Double("lambd", 0.5)), call.X + call.Double("bias", 0), 0)));
    }

    private static void Binary(NodeTable table)
    {
        foreach (var (name, run) in new (string, Func<Tensor, Tensor, Tensor>)[]
        {
            ("Add", (x, y) => x + y), ("Sub", (x, y) => x - y), ("Mul", (x, y) => x * y), ("Pow", (x, y) => x.Pow(y)),
            ("And", (x, y) => x.LogicalAnd(y)), ("Or", (x, y) => x.LogicalOr(y)), ("Xor", (x, y) => x.LogicalXor(y)),
            ("BitwiseAnd", (x, y) => x.BitwiseAnd(y)), ("BitwiseOr", (x, y) => x.BitwiseOr(y)), ("BitwiseXor", (x, y) => x.BitwiseXor(y)),
            ("Equal", (x, y) => x.Eq(y)), ("Greater", (x, y) => x.Gt(y)), ("GreaterOrEqual", (x, y) => x.Ge(y)), ("Less", (x, y) => x.Lt(y)),
            ("LessOrEqual", (x, y) => x.Le(y)),
        })
        {
            table.Add(name, call => run(call.X, call.Y));
        }

        table.Add("Max", call => call.All().Aggregate((x, y) => x.Maximum(y)));
        table.Add("Min", call => call.All().Aggregate((x, y) => x.Minimum(y)));
        table.Add("Sum", call => call.All().Aggregate((x, y) => x + y));

        // Whole numbers are divided towards zero.
        table.Add("Div", call => call.X.DType.IsFloatingPoint ? call.X / call.Y : call.X.Div(call.Y, "trunc"));
        table.Add("Mod", call => call.Bool("fmod") ? call.X.Fmod(call.Y) : call.X.Remainder(call.Y));
    }
}
