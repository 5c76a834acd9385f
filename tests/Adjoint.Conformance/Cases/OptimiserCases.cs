using System.Globalization;
using System.Text.Json;
using Adjoint.Conformance.Values;
using Adjoint.NN;

namespace Adjoint.Conformance.Cases;

/// <summary>Paths of optimisers on two functions: the losses, and the parameters after each step.</summary>
internal sealed class OptimiserCases : ICaseKind
{
    private const double Tolerance = 1e-10;

    public string Name => "optimisers";

    public IReadOnlyList<string> Properties { get; } = ["optimiser", "kwargs", "objective", "start", "losses", "parameters"];

    public string Describe(JsonElement line) => $"{line.GetProperty("optimiser")}({line.GetProperty("kwargs")}) on {line.GetProperty("objective")}";

    public string? Difference(JsonElement line)
    {
        var x = Tensor.FromArray(CaseValue.Reals(line.GetProperty("start"))).RequiresGrad_();
        var optimizer = Make(line.GetProperty("optimiser").GetString()!, new Keywords(line.GetProperty("kwargs")), x);
        var objective = Objective(line.GetProperty("objective").GetString()!);
        var losses = CaseValue.Reals(line.GetProperty("losses"));
        var step = 0;
        foreach (var expected in line.GetProperty("parameters").EnumerateArray())
        {
            var loss = optimizer.Step(() =>
            {
                optimizer.ZeroGrad();
                var value = objective(x);
                value.Backward();
                return value;
            }).Item();
            if (!(Math.Abs(loss - losses[step]) <= Tolerance + (Tolerance * Math.Abs(losses[step]))))
            {
                return string.Create(CultureInfo.InvariantCulture, $"step {step}: the loss is {loss:R}, expected {losses[step]:R}");
            }

            if (Comparison.Elements(x.Detach().ToArray<double>(), CaseValue.Reals(expected), Tolerance, Tolerance) is { } difference)
            {
                return $"step {step}: the parameter {difference}";
            }

            step++;
        }

        return null;
    }

    private static Func<Tensor, Tensor> Objective(string name)
    {
        var a = Tensor.FromArray([3, .5, .2, .5, 2, -.3, .2, -.3, 1], 3, 3);
        return name switch
        {
            "quadratic" => x => (x * a.MatMul(x)).Sum() * 0.5 + x.Sum(),
            "rosenbrock" => x => (1 - x[0]).Square() + (100 * (x[1] - x[0].Square()).Square()),
            _ => throw new MissingException($"objective {name}"),
        };
    }

    private static Optimizer Make(string name, Keywords k, Tensor x)
    {
        Tensor[] p = [x];
        var lr = (double otherwise) => k.Number("lr", otherwise);
        var eps = (double otherwise) => k.Number("eps", otherwise);
        var (beta1, beta2) = k.Pair("betas", 0.9, name == "Lion" ? 0.99 : 0.999);
        var (decay, maximize) = (k.Number("weight_decay", name == "AdamW" ? 1e-2 : 0), k.Flag("maximize"));
        Optimizer optimizer = name switch
        {
            "SGD" => new SGD(p, lr(1e-3), k.Number("momentum", 0), k.Number("dampening", 0), decay, k.Flag("nesterov"), maximize),
            "Adam" => new Adam(p, lr(1e-3), beta1, beta2, eps(1e-8), decay, k.Flag("amsgrad"), maximize),
            "AdamW" => new AdamW(p, lr(1e-3), beta1, beta2, eps(1e-8), decay, k.Flag("amsgrad"), maximize),
            "Adamax" => new Adamax(p, lr(2e-3), beta1, beta2, eps(1e-8), decay, maximize),
            "NAdam" => new NAdam(
                p, lr(2e-3), beta1, beta2, eps(1e-8), decay, k.Number("momentum_decay", 4e-3), k.Flag("decoupled_weight_decay"), maximize),
            "RAdam" => new RAdam(p, lr(1e-3), beta1, beta2, eps(1e-8), decay, k.Flag("decoupled_weight_decay"), maximize),
            "RMSprop" => new RMSprop(
                p, lr(1e-2), k.Number("alpha", 0.99), eps(1e-8), decay, k.Number("momentum", 0), k.Flag("centered"), maximize),
            "Adagrad" => new Adagrad(
                p, lr(1e-2), k.Number("lr_decay", 0), decay, k.Number("initial_accumulator_value", 0), eps(1e-10), maximize),
            "Adadelta" => new Adadelta(p, lr(1), k.Number("rho", 0.9), eps(1e-6), decay, maximize),
            "ASGD" => new ASGD(p, lr(1e-2), k.Number("lambd", 1e-4), k.Number("alpha", 0.75), k.Number("t0", 1e6), decay, maximize),
            "Rprop" => MakeRprop(p, lr(1e-2), k, maximize),
            "Lion" => new Lion(p, lr(1e-4), beta1, beta2, decay, maximize),
            "LBFGS" => new LBFGS(
                p,
                lr(1),
                k.Whole("max_iter", 20),
                k.Whole("max_eval"),
                k.Number("tolerance_grad", 1e-7),
                k.Number("tolerance_change", 1e-9),
                k.Whole("history_size", 100),
                k.Text("line_search_fn") == "strong_wolfe"),
            _ => throw new MissingException($"optimiser {name}"),
        };
        k.ThrowUnlessAllAsked(name);
        return optimizer;
    }

    private static Rprop MakeRprop(Tensor[] p, double lr, Keywords k, bool maximize)
    {
        var (etas, sizes) = (k.Pair("etas", 0.5, 1.2), k.Pair("step_sizes", 1e-6, 50));
        return new Rprop(p, lr, etas.First, etas.Second, sizes.First, sizes.Second, maximize);
    }
}
