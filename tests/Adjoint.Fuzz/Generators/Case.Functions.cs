using System.Reflection;
using Adjoint.Fuzz.Calls;
using Adjoint.NN;

namespace Adjoint.Fuzz.Generators;

/// <summary>Functions: what transforms, hooks, checkpoints and custom derivatives are given.</summary>
internal sealed partial class Case
{
    // Nothing branches on a sum: where it is 0 but for rounding, a view and a copy would go different ways.
    private static readonly (string Text, Func<Tensor, Tensor> Run)[] s_steps =
    [
        ("Sin()", x => x.Sin()), ("Exp()", x => x.Exp()), ("Tanh()", x => x.Tanh()), ("Sqrt()", x => x.Sqrt()), ("Log()", x => x.Log()),
        ("Square()", x => x.Square()), ("Sum()", x => x.Sum()), ("Sum()", x => x.Sum()), ("Mean(0)", x => x.Mean(0)),
        ("Softmax(-1)", x => x.Softmax(-1)), ("LogSoftmax(0)", x => x.LogSoftmax(0)), ("Sum().Square()", x => x.Sum().Square()),
        ("View(-1)", x => x.View(-1)), ("Reshape(-1)", x => x.Reshape(-1)), ("Flatten()", x => x.Flatten()), ("T", x => x.T),
        ("Unsqueeze(0)", x => x.Unsqueeze(0)), ("[0]", x => x[0]), ("[.., ^1]", x => x[.., ^1]),
        ("[TensorIndex.Ellipsis, 0]", x => x[TensorIndex.Ellipsis, 0]),
        ("Expand(3, -1)", x => x.Expand(3, -1)), ("MatMul(x.T)", x => x.MatMul(x.T)), ("* x", x => x * x), ("/ (x + 1)", x => x / (x + 1)),
        ("Cat([x, x])", x => Tensor.Cat([x, x])), ("Stack([x, x.Sin()])", x => Tensor.Stack([x, x.Sin()])), ("Max(-1).Values", x => x.Max(-1).Values),
        ("Where(x > 0, x, -x)", x => Tensor.Where(x > 0, x, -x)), ("Clamp(-1, 1)", x => x.Clamp(-1.0, 1.0)), ("Norm()", x => x.Norm()),
        ("Var()", x => x.Var()), ("LogSumExp(0)", x => x.LogSumExp(0)), ("Unbind()[0]", x => x.Unbind() is [var first, ..] ? first : x),
        ("Chunk(2)[0]", x => x.Chunk(2) is [var first, ..] ? first : x),
        ("Detach()", x => x.Detach()), ("Clone()", x => x.Clone()), ("Contiguous()", x => x.Contiguous()), ("Dropout()", x => x.Dropout()),
        ("+ Rand()", x => x + Tensor.Rand(1)), ("Item() * x", x => x.Sum().Item() * x), ("x.Max() > 0 ? x : -x", x => x.Max() > 0 ? x : -x),
        ("To(Float64)", x => x.To(DType.Float64)), ("To(Int64)", x => x.To(DType.Int64)), ("To(Bool)", x => x.To(DType.Bool)),
        ("To(UInt8)", x => x.To(DType.UInt8)),
        ("Gelu()", x => x.Gelu()), ("Relu()", x => x.Relu()), ("Abs()", x => x.Abs()), ("Pow(3)", x => x.Pow(3)), ("Pow(0.5)", x => x.Pow(0.5)),
        ("LayerNorm", x => x.Rank == 0 ? x : x.LayerNorm([x.Shape[x.Rank - 1]])), ("Gather", x => x.Gather(0, Tensor.Zeros([1], DType.Int64))),
        ("x[index]", x => x[new[] { 0, 0 }]),
        ("Checkpoint.Run(Sin)", x => Checkpoint.Run(y => y.Sin(), x)), ("Autograd.Grad", x => Autograd.Grad(x.Sin().Sum(), x, createGraph: true)),
        ("NoGrad", x => Autograd.NoGrad(() => x * 2)), ("Tensor.Ones(2)", _ => Tensor.Ones(2)), ("Tensor.Zeros(0)", _ => Tensor.Zeros(0)),
        ("Narrow", x => x.Narrow(-1, 0, 1)), ("VecDot", x => Tensor.VecDot(x, x)), ("Split(1)[0]", x => x.Split(1) is [var first, ..] ? first : x),
        ("Movedim(0, -1)", x => x.Movedim(0, -1)),
        ("Grad(...)", x => Transform.Grad<Tensor>(y => y.Sin().Sum())(x)), ("Vmap(...)", x => Transform.Vmap<Tensor, Tensor>(y => y.Sin() * y)(x)),
        ("Jvp(...)", x => Transform.Jvp<Tensor, Tensor>(y => y.Square(), x, x).Tangent),
        ("Vmap(Sum)", x => Transform.Vmap<Tensor, Tensor>(y => y.Sum())(x)),
        ("JacRev(...)", x => Transform.JacRev<Tensor>(y => y.Sin())(x)), ("Hessian(...)", x => Transform.Hessian(y => y.Sin().Sum())(x)),
        ("custom", x => s_custom!(x)),
    ];

    private static readonly Func<Tensor, Tensor> s_custom =
        Autograd.Function(
            (context, x) => { context.SaveForBackward(x); return x.Sin(); },
            (context, gradient) => gradient * context.SavedTensors[0].Cos());

    private static readonly (string Text, Func<Tensor, Tensor> Run)[] s_writingSteps =
    [
        ("Mul_(2)", x => x.Mul_(2)), ("Add_(x)", x => x.Add_(x)), ("Zero_()", x => x.Zero_()), ("x[0] = 1", x => { x[0] = 1; return x; }),
        ("Clone().Mul_(2)", x => x.Clone().Mul_(2)), ("y[0] = x[1]", x => { var y = x.Clone(); y[0] = x[1]; return y; }), ("Sin_()", x => x.Sin_()),
        ("+= 1", x => { x += 1; return x; }), ("RequiresGrad_()", x => x.RequiresGrad_()), ("Detach_()", x => x.Detach_()),
    ];

    // These give the tensor itself, or a view, where its layout allows it, and a copy elsewhere: what is then written to differs.
    private static readonly string[] s_copyByLayout = ["Contiguous(", "Reshape(", "Flatten("];

    // What is empty holds whatever its memory held before, so that no two results are alike.
    private static readonly Target[] s_operators =
    [
        .. Surface.All.Targets.Where(t => t.Method is MethodInfo { IsGenericMethod: false } method && method.ReturnType == typeof(Tensor) &&
            t.ArgumentTypes is [var first, ..] && first == typeof(Tensor) && !method.IsSpecialName && method.Name != "EmptyLike"),
    ];

    private Made AnyFunction(Type type, string name)
    {
        if (_dice.OneIn(40))
        {
            return new Made(null, "null");
        }

        var invoke = type.GetMethod("Invoke")!;
        var body = AnyBody(name, invoke.ReturnType);
        return new Made(Delegates.Of(type, body), body.Text);
    }

    private Body AnyBody(string name, Type result)
    {
        var isHook = name is "hook" or "pack" or "unpack" or "backward";
        HasFunctions = true;
        var othersWrite = HasWritingFunction;
        HasWritingFunction = false;
        var steps = new List<Func<Tensor, Tensor>>();
        var texts = new List<string>();
        for (var i = _dice.Of(0, 1, 1, 1, 2, 2, 3); i > 0; i--)
        {
            var (text, step) = AnyStep();
            steps.Add(step);
            texts.Add(text);
        }

        HasWritingHook |= isHook && HasWritingFunction;
        WritesByLayout |= HasWritingFunction && texts.Exists(text => s_copyByLayout.Any(name => text.StartsWith(name, StringComparison.Ordinal)));
        HasWritingFunction |= othersWrite;

        // Most transforms want a number.
        if (!isHook && result == typeof(Tensor) && Target.Method.DeclaringType == typeof(Transform) && !_dice.OneIn(3))
        {
            steps.Add(x => x.Sum());
            texts.Add("Sum()");
        }

        var ending = _dice.Below(30) switch
        {
            < 18 => Ending.Plain,
            < 25 => Ending.Combines,
            < 28 => Ending.Loose,
            28 => Ending.Null,
            _ => Ending.Throws,
        };
        return new Body(result, steps, ending, Say(() => $"x => x.{string.Join('.', texts)} /* {ending} */"));
    }

    private (string Text, Func<Tensor, Tensor> Run) AnyStep()
    {
        if (_dice.OneIn(3) && _depth < Deepest)
        {
            return OperatorStep();
        }

        if (_dice.OneIn(10))
        {
            HasWritingFunction = true;
            return s_writingSteps[_dice.Below(s_writingSteps.Length)];
        }

        return s_steps[_dice.Below(s_steps.Length)];
    }

    // Any operator of the library, with what else it takes chosen now.
    private (string Text, Func<Tensor, Tensor> Run) OperatorStep()
    {
        var target = s_operators[_dice.Below(s_operators.Length)];
        DrawsByLayout |= target.Method.Name.EndsWith("Normal_", StringComparison.Ordinal);
        HasWritingFunction |= target.IsInPlace || target.Method.Name is "BatchNorm" or "InstanceNorm" or "Embedding";
        var (types, names) = (target.ArgumentTypes, target.ArgumentNames);
        var arguments = new object?[types.Length];
        var texts = new string[arguments.Length];
        texts[0] = "x";
        for (var i = 1; i < arguments.Length; i++)
        {
            (arguments[i], texts[i]) = Make(types[i], names[i]);
            arguments[i] ??= Default(types[i]);
        }

        return (Say(() => $"{target.Method.Name}({string.Join(", ", texts.Skip(1))})"), x => (Tensor)target.Call([x, .. arguments[1..]])!);
    }

    private Made AnyLayer()
    {
        if (_dice.OneIn(5))
        {
            var body = AnyBody("forward", typeof(Tensor));
            var weight = _dice.OneIn(2) ? (Tensor?)AnyTensor("weight").Value : null;
            try
            {
                return new Made(new CustomLayer(body, weight), $"new CustomLayer({body.Text})");
            }
            catch (TensorException)
            {
                return new Made(new CustomLayer(body, null), $"new CustomLayer({body.Text})");
            }
        }

        if (_dice.OneIn(4))
        {
            Layer[] layers = [.. Enumerable.Range(0, _dice.Below(4)).Select(_ => (Layer?)Make(typeof(Layer), "layer").Value).OfType<Layer>()];
            return new Made(new Sequential(layers), Say(() => $"new Sequential({string.Join<Layer>(", ", layers)})"));
        }

        return MakeByMember(typeof(Layer));
    }

    private Made AnyOptimizer()
    {
        Tensor[] parameters = [.. Enumerable.Range(0, _dice.Between(1, 3)).Select(_ => (Tensor?)AnyTensor("x").Value).OfType<Tensor>()];
        foreach (var parameter in parameters)
        {
            if (parameter is { IsLeaf: true, DType.IsFloatingPoint: true, IsInference: false } && !_dice.OneIn(8))
            {
                parameter.RequiresGrad = true;
                parameter.Grad = _dice.OneIn(4) ? null : Autograd.NoGrad(() => parameter.Clone());
            }
        }

        HasWritingFunction = true;
        try
        {
            Optimizer optimizer = _dice.OneIn(2) ? new SGD(parameters, 0.1, _dice.Of(0, 0.9)) : new Adam(parameters);
            return new Made(optimizer, $"new {optimizer.GetType().Name}(...)");
        }
        catch (Exception e) when (e is TensorException or ArgumentException)
        {
            return new Made(null, "null");
        }
    }

    private Made AnyContext()
    {
        FunctionContext? taken = null;
        var function = Autograd.Function((context, x) => { taken = context; context.SaveForBackward(x); return x * 2; }, (_, gradient) => gradient);
        function(Tensor.Ones(2).RequiresGrad_());
        return new Made(taken, "context");
    }
}
