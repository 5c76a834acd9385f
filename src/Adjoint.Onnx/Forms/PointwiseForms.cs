using Adjoint.Onnx.Export;

namespace Adjoint.Onnx.Forms;

/// <summary>Pointwise operators. Most of those that are not here are written down by their formula.</summary>
internal static class PointwiseForms
{
    private const double Ln2 = 0.69314718055994530942;
    private const double Ln10 = 2.302585092994045684;

    /// <summary>Adds the forms.</summary>
    public static void Add(FormTable table)
    {
        foreach (var name in (string[])
            ["Abs", "Acos", "Acosh", "Asin", "Asinh", "Atan", "Atanh", "Cos", "Cosh", "Erf", "Exp", "Log", "Neg", "Reciprocal", "Relu", "Sigmoid",
             "Sign", "Sin", "Sinh", "Softsign", "Sqrt", "Tan", "Tanh", "Mish"])
        {
            table.Add(name, call => call.Emit(name, call.In(0, call.Y.DType)));
        }

        foreach (var name in (string[])["Ceil", "Floor", "Round"])
        {
            table.Add(name, call => call.Y.DType.IsFloatingPoint ? call.Emit(name, call.In(0)) : call.In(0));
        }

        table.Add("Hardswish", call => call.Emit("HardSwish", call.In(0)));
        table.Add("Gelu", call => call.Emit("Gelu", call.In(0)));
        table.Add("GeluTanh", call => call.Emit("Gelu", [call.In(0)], ("approximate", "tanh")));
        table.Add("Silu", call => call.Emit("Mul", call.In(0), call.Emit("Sigmoid", call.In(0))));
        table.Add("Elu", call => call.Double("scale") == 1 && call.Double("inner") == 1
            ? call.Emit("Elu", [call.In(0)], ("alpha", (float)call.Double("alpha")))
            : null);
        table.Add("Square", call => call.Emit("Mul", call.In(0), call.In(0)));
        table.Add("Rsqrt", call => call.Emit("Reciprocal", call.Emit("Sqrt", call.In(0, call.Y.DType))));
        table.Add("Trunc", call => call.Y.DType.IsFloatingPoint ? Truncated(call, call.In(0)) : call.In(0));
        table.Add("Frac", call => call.Emit("Sub", call.In(0), Truncated(call, call.In(0))));
        Exponentials(table);
        Binary(table);
        Quotients(table);
        table.Add("Clamp", Clamp);
        table.Add("ClampMin", call => call.Emit("Max", call.All(call.Y.DType)));
        table.Add("ClampMax", call => call.Emit("Min", call.All(call.Y.DType)));
        table.Add("Where", Where);
    }

    /// <summary>A choice between two values, in a form that takes truth values too.</summary>
    public static string Choose(FormCall call, string condition, string then, string otherwise, DType dtype) => dtype == DType.Bool
        ? call.Emit("Or", call.Emit("And", condition, then), call.Emit("And", call.Emit("Not", condition), otherwise))
        : call.Emit("Where", condition, then, otherwise);

    private static string? Clamp(FormCall call)
    {
        // The operator of two tensors has the same name as the one of two numbers.
        if (!call.Has("min"))
        {
            return call.Emit("Min", call.Emit("Max", call.In(0, call.Y.DType), call.In(1, call.Y.DType)), call.In(2, call.Y.DType));
        }

        var (min, max, x) = (call.Double("min"), call.Double("max"), call.In(0, call.Y.DType));
        x = double.IsNegativeInfinity(min) ? x : call.Emit("Max", x, call.Number(min));
        return double.IsPositiveInfinity(max) ? x : call.Emit("Min", x, call.Number(max));
    }

    private static string Where(FormCall call) =>
        Choose(call, call.In(0, DType.Bool), call.In(1, call.Y.DType), call.In(2, call.Y.DType), call.Y.DType);

    private static string Truncated(FormCall call, string x) => call.Emit("Mul", call.Emit("Sign", x), call.Emit("Floor", call.Emit("Abs", x)));

    private static void Exponentials(FormTable table)
    {
        table.Add("Exp2", call => call.Emit("Pow", call.Number(2), call.In(0, call.Y.DType)));
        table.Add("Exp10", call => call.Emit("Pow", call.Number(10), call.In(0, call.Y.DType)));
        table.Add("Log2", call => call.Emit("Div", call.Emit("Log", call.In(0, call.Y.DType)), call.Number(Ln2)));
        table.Add("Log10", call => call.Emit("Div", call.Emit("Log", call.In(0, call.Y.DType)), call.Number(Ln10)));
        table.Add("Erfc", call => call.Emit("Sub", call.Number(1), call.Emit("Erf", call.In(0, call.Y.DType))));
        table.Add("Ndtr", call => call.Emit(
            "Mul",
            call.Emit("Add", call.Emit("Erf", call.Emit("Mul", call.In(0, call.Y.DType), call.Number(Math.Sqrt(0.5)))), call.Number(1)),
            call.Number(0.5)));
        table.Add("Cbrt", call =>
        {
            var x = call.In(0, call.Y.DType);
            return call.Emit("Mul", call.Emit("Sign", x), call.Emit("Pow", call.Emit("Abs", x), call.Number(1.0 / 3)));
        });

        // exp(x) - 1 = tanh(x / 2) (exp(x) + 1), without the digits that a difference loses.
        table.Add("Expm1", call =>
        {
            var x = call.In(0, call.Y.DType);
            return call.Emit(
                "Mul", call.Emit("Tanh", call.Emit("Mul", x, call.Number(0.5))), call.Emit("Add", call.Emit("Exp", x), call.Number(1)));
        });

        // log(1 + x) = 2 atanh(x / (2 + x)) near 0; what is not near is 0 there, so that no branch makes an infinity.
        table.Add("Log1p", call =>
        {
            var x = call.In(0, call.Y.DType);
            var isNear = call.Emit("Less", call.Emit("Abs", x), call.Number(0.5));
            var near = call.Emit("Where", isNear, x, call.Number(0));
            var far = call.Emit("Where", isNear, call.Number(0), x);
            var small = call.Emit("Atanh", call.Emit("Div", near, call.Emit("Add", near, call.Number(2))));
            return call.Emit(
                "Where", isNear, call.Emit("Mul", small, call.Number(2)), call.Emit("Log", call.Emit("Add", far, call.Number(1))));
        });
        table.Add("Sinc", call =>
        {
            var x = call.In(0, call.Y.DType);
            var isZero = call.Emit("Equal", x, call.Number(0));
            var angle = call.Emit("Mul", call.Emit("Where", isZero, call.Number(1), x), call.Number(Math.PI));
            return call.Emit("Where", isZero, call.Number(1), call.Emit("Div", call.Emit("Sin", angle), angle));
        });
    }

    private static void Binary(FormTable table)
    {
        foreach (var (name, type) in ((string, string)[])
            [("Add", "Add"), ("Sub", "Sub"), ("Mul", "Mul"), ("Maximum", "Max"), ("Minimum", "Min"), ("Div", "Div")])
        {
            table.Add(name, call => call.Emit(type, call.All(call.Y.DType)));
        }

        table.Add("Rsub", call => call.Emit("Sub", call.In(1, call.Y.DType), call.In(0, call.Y.DType)));
        table.Add("AddScaled", call => call.Emit(
            call.Bool("isDifference") ? "Sub" : "Add",
            call.In(0, call.Y.DType),
            call.Emit("Mul", call.In(1, call.Y.DType), call.Number(call.Double("alpha")))));
        table.Add("Pow", call => call.Has("y")
            ? call.Emit("Pow", call.In(0, call.Y.DType), call.Number(call.Double("y")))
            : call.Emit("Pow", call.All(call.Y.DType)));
        table.Add("WholePow", call => call.Emit("Pow", call.All(call.Y.DType)));
        table.Add("Hypot", call => call.Emit("Sqrt", call.Emit(
            "Add",
            call.Emit("Mul", call.In(0, call.Y.DType), call.In(0, call.Y.DType)),
            call.Emit("Mul", call.In(1, call.Y.DType), call.In(1, call.Y.DType)))));

        // The angle of the quotient, half a turn further left of the axis.
        table.Add("Atan2", call =>
        {
            var (y, x) = (call.In(0, call.Y.DType), call.Inputs.Count > 1 ? call.In(1, call.Y.DType) : call.Number(call.Double("y")));
            var half = call.Emit("Where", call.Emit("Less", y, call.Number(0)), call.Number(-Math.PI), call.Number(Math.PI));
            var turn = call.Emit("Where", call.Emit("Less", x, call.Number(0)), half, call.Number(0));
            return call.Emit("Add", call.Emit("Atan", call.Emit("Div", y, x)), turn);
        });
        table.Add("CopySign", call =>
        {
            var (x, y) = (call.Emit("Abs", call.In(0, call.Y.DType)), Second(call));
            return call.Emit("Where", call.Emit("Less", y, call.Number(0)), call.Emit("Neg", x), x);
        });
    }

    private static void Quotients(FormTable table)
    {
        table.Add("FloorDivide", call => call.Emit("Floor", call.Emit("Div", call.In(0, call.Y.DType), Second(call))));
        table.Add("TruncDivide", call => Truncated(call, call.Emit("Div", call.In(0, call.Y.DType), Second(call))));
        table.Add("Fmod", call => call.Emit("Mod", [call.In(0, call.Y.DType), Second(call)], ("fmod", 1L)));
        table.Add("Remainder", call =>
        {
            var (x, y) = (call.In(0, call.Y.DType), Second(call));
            return call.Emit("Sub", x, call.Emit("Mul", call.Emit("Floor", call.Emit("Div", x, y)), y));
        });
        table.Add("TruncDivideWhole", call => call.Emit("Div", call.All(call.Y.DType)));
        table.Add("FmodWhole", call => call.Emit("Mod", call.All(call.Y.DType), ("fmod", 1L)));
        table.Add("RemainderWhole", call => call.Emit("Mod", call.All(call.Y.DType), ("fmod", 0L)));

        // What is left by a division downwards goes without one.
        table.Add("FloorDivideWhole", call =>
        {
            var (x, y) = (call.In(0, call.Y.DType), call.In(1, call.Y.DType));
            return call.Emit("Div", call.Emit("Sub", x, call.Emit("Mod", [x, y], ("fmod", 0L))), y);
        });
    }

    /// <summary>The second argument, which may be a number that the operator holds.</summary>
    private static string Second(FormCall call) =>
        call.Inputs.Count > 1 ? call.In(1, call.Y.DType) : call.Number(call.Double("y"));
}
