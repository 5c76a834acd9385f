namespace Adjoint.Tests.Transforms;

/// <content>The functions, each with the same one in plain operators.</content>
public partial class FunctionsInBatchesTests
{
    /// <summary>Functions of any shape, element by element, that may be differentiated as often as wanted.</summary>
    private static (Func<Tensor, Tensor> Custom, Func<Tensor, Tensor> Plain) Smooth(string name) => name switch
    {
        "lambda" => (Autograd.Function(
            (context, x) =>
            {
                context.SaveForBackward(x);
                return x.Sin();
            },
            (context, g) => g * context.SavedTensors[0].Cos()), x => x.Sin()),
        "saves its output" => (Autograd.Function(
            (context, x) =>
            {
                var y = x.Exp();
                context.SaveForBackward(y);
                return y;
            },
            (context, g) => g * context.SavedTensors[0]), x => x.Exp()),
        "class" => (x => new Cubed().Apply(x), x => x.Pow(3)),
        "setup context" => (x => new Squared().Apply(x), x => x.Square()),
        "several outputs" => (
            x =>
            {
                var y = new SineAndCosine().Apply(x);
                return y[0] * y[1].Square();
            }, x => x.Sin() * x.Cos().Square()),
        "one of several outputs" => (x => new SineAndCosine().Apply(x)[1] * 3, x => x.Cos() * 3),
        "returns its input" => (x => Reversed(x) * x, x => ((2 * x.Detach()) - x) * x),
        "marks an output" => (
            x =>
            {
                var y = Autograd.MultiFunction(
                    (context, inputs) =>
                    {
                        var sign = inputs[0].Sign();
                        context.MarkNonDifferentiable(sign);
                        context.SaveForBackward(sign);
                        return [inputs[0] * sign, sign];
                    },
                    (context, g) => [g[0]! * context.SavedTensors[0]])([x]);
                return y[0].Square() * y[1];
            }, x => x.Square() * x.Sign().Detach()),
        "not its derivative" => (
            Autograd.Function((_, x) => x.Sin(), (_, g) => 5 * g), x => x.Sin().Detach() + (5 * (x - x.Detach()))),
        "constant output" => (
            Autograd.Function(
                (context, x) =>
                {
                    context.SaveForBackward(x);
                    return Tensor.Ones(x.Shape.ToArray(), DType.Float64);
                },
                (context, g) => g * context.SavedTensors[0]),
            x => 1 + ((x.Square() - x.Square().Detach()) / 2)),
        "keeps a state" => (
            Autograd.Function(
                (context, x) =>
                {
                    context.State = (3.0, x.Rank);
                    return x * 3;
                },
                (context, g) => g * (((double, int))context.State!).Item1), x => x * 3),
        "functions in functions" => (
            Autograd.Function(
                (context, x) =>
                {
                    context.SaveForBackward(x);
                    return new Cubed().Apply(x);
                },
                (context, g) => g * 3 * new Squared().Apply(context.SavedTensors[0])), x => x.Pow(3)),
        _ => throw new ArgumentException(name),
    };

    private static readonly Func<Tensor, Tensor> Reversed = Autograd.Function((_, x) => x, (_, g) => -g, "Reverse");

    /// <summary>Functions whose backward part has no right derivative, or none at all.</summary>
    private static (Func<Tensor, Tensor> Custom, Func<Tensor, Tensor> Plain) Once(string name) => name switch
    {
        "saves what is between" => (Autograd.Function(
            (context, x) =>
            {
                var y = x.Exp();
                context.SaveForBackward(y, x);
                return y + x;
            },
            (context, g) => g * (context.SavedTensors[0] + 1)), x => x.Exp() + x),
        "once differentiable" => (
            Autograd.Function(
                (context, x) =>
                {
                    context.SaveForBackward(x);
                    return x.Sin();
                },
                (context, g) => g * context.SavedTensors[0].Cos(),
                onceDifferentiable: true), x => x.Sin()),
        "keeps a tensor as state" => (Autograd.Function(
            (context, x) =>
            {
                context.State = x.Cos();
                return x.Sin();
            },
            (context, g) => g * (Tensor)context.State!), x => x.Sin()),
        "reads a number in its backward part" => (Autograd.Function(
            (context, x) =>
            {
                context.SaveForBackward(x);
                return x.Sin();
            },
            (context, g) => context.SavedTensors[0].Sum().Item() > 1 ? 2 * g : g),
            x => x.Sin().Detach() + ((x - x.Detach()) * (1 + (x.Sum() > 1).To(DType.Float64)))),
        "changes its gradient in place" => (
            Autograd.Function((_, x) => x * 2, (_, g) => g.Clone().Mul_(2)), x => x * 2),
        "without materialized gradients" => (
            x => Autograd.MultiFunction(
                (context, inputs) =>
                {
                    context.SetMaterializeGrads(false);
                    context.SaveForBackward(inputs);
                    return [inputs[0].Sin(), inputs[0] * 2];
                },
                (context, g) => [g[0] is null ? g[1]! * 2 : throw new InvalidOperationException("The first output has no gradient.")])([x])[1],
            x => x * 2),
        "marks its input as changed" => (
            x => Autograd.Function(
                (context, y) =>
                {
                    context.MarkDirty(y);
                    return y.Mul_(2);
                },
                (_, g) => g * 2)(x * 1),
            x => x * 2),
        _ => throw new ArgumentException(name),
    };

    private sealed class Cubed : Function
    {
        protected override Tensor Forward(FunctionContext context, Tensor[] inputs)
        {
            context.SaveForBackward(inputs[0]);
            return inputs[0].Pow(3);
        }

        protected override Tensor?[] Backward(FunctionContext context, Tensor gradient) => [gradient * 3 * context.SavedTensors[0].Square()];
    }

    private sealed class Squared : Function
    {
        protected override Tensor Forward(FunctionContext context, Tensor[] inputs) => inputs[0] * inputs[0];

        protected override void SetupContext(FunctionContext context, Tensor[] inputs, Tensor output) => context.SaveForBackward(inputs[0]);

        protected override Tensor?[] Backward(FunctionContext context, Tensor gradient) => [gradient * 2 * context.SavedTensors[0]];
    }

    private sealed class SineAndCosine : MultiFunction
    {
        protected override Tensor[] Forward(FunctionContext context, Tensor[] inputs)
        {
            Tensor[] results = [inputs[0].Sin(), inputs[0].Cos()];
            context.SaveForBackward(results);
            return results;
        }

        protected override Tensor?[] Backward(FunctionContext context, Tensor?[] gradients) =>
            [(gradients[0]! * context.SavedTensors[1]) - (gradients[1]! * context.SavedTensors[0])];
    }
}
