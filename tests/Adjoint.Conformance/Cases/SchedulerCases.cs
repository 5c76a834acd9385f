using System.Text.Json;
using Adjoint.Conformance.Values;
using Adjoint.NN;

namespace Adjoint.Conformance.Cases;

/// <summary>Rates, and momenta where they are given, of schedules before the first step and after each.</summary>
internal sealed class SchedulerCases : ICaseKind
{
    private const double Tolerance = 1e-12;

    public string Name => "schedulers";

    public IReadOnlyList<string> Properties { get; } = ["scheduler", "base", "rates"];

    public string Describe(JsonElement line) =>
        $"{line.GetProperty("scheduler")}({(line.TryGetProperty("kwargs", out var kwargs) ? kwargs : line.GetProperty("of"))})";

    public string? Difference(JsonElement line)
    {
        var sgd = new SGD([Tensor.Ones(1).RequiresGrad_()], line.GetProperty("base").GetDouble(), momentum: 0.9);
        var name = line.GetProperty("scheduler").GetString()!;
        var scheduler = line.TryGetProperty("of", out var parts)
            ? Composed(name, [.. parts.EnumerateArray().Select(part => Make(part[0].GetString()!, part[1], sgd))], line, sgd)
            : Make(name, line.GetProperty("kwargs"), sgd);
        var rates = CaseValue.Reals(line.GetProperty("rates"));
        var momenta = line.TryGetProperty("momentum", out var given) ? CaseValue.Reals(given) : null;
        var metrics = line.TryGetProperty("metrics", out var measures) ? CaseValue.Reals(measures) : null;
        var (actualRates, actualMomenta) = (new double[rates.Length], new double[rates.Length]);
        for (var i = 0; i < rates.Length; i++)
        {
            (actualRates[i], actualMomenta[i]) = (sgd.LearningRate, sgd.Groups[0].Number("momentum"));
            if (i == rates.Length - 1)
            {
                break;
            }

            if (scheduler is ReduceLROnPlateau plateau)
            {
                plateau.Step(metrics![i]);
            }
            else
            {
                scheduler.Step();
            }
        }

        return Comparison.Elements(actualRates, rates, Tolerance, Tolerance) is { } difference ? $"the rate {difference}"
            : momenta is not null && Comparison.Elements(actualMomenta, momenta, Tolerance, Tolerance) is { } other ? $"the momentum {other}"
            : null;
    }

    private static LRScheduler Composed(string name, LRScheduler[] schedulers, JsonElement line, Optimizer optimizer) => name switch
    {
        "SequentialLR" => new SequentialLR(
            optimizer, schedulers, line.GetProperty("milestones").EnumerateArray().Select(milestone => milestone.GetInt32())),
        "ChainedScheduler" => new ChainedScheduler(schedulers),
        _ => throw new MissingException($"schedule {name}"),
    };

    private static LRScheduler Make(string name, JsonElement kwargs, Optimizer optimizer)
    {
        var k = new Keywords(kwargs);
        var gamma = (double otherwise) => k.Number("gamma", otherwise);
        var least = (double otherwise) => k.Number("eta_min", otherwise);
        LRScheduler scheduler = name switch
        {
            "StepLR" => new StepLR(optimizer, k.Whole("step_size", 1), gamma(0.1)),
            "MultiStepLR" => new MultiStepLR(optimizer, k.Wholes("milestones"), gamma(0.1)),
            "ConstantLR" => new ConstantLR(optimizer, k.Number("factor", 1.0 / 3), k.Whole("total_iters", 5)),
            "LinearLR" => new LinearLR(
                optimizer, k.Number("start_factor", 1.0 / 3), k.Number("end_factor", 1), k.Whole("total_iters", 5)),
            "ExponentialLR" => new ExponentialLR(optimizer, gamma(1)),
            "PolynomialLR" => new PolynomialLR(optimizer, k.Whole("total_iters", 5), k.Number("power", 1)),
            "CosineAnnealingLR" => new CosineAnnealingLR(optimizer, k.Whole("T_max", 1), least(0)),
            "CosineAnnealingWarmRestarts" => new CosineAnnealingWarmRestarts(optimizer, k.Whole("T_0", 1), k.Whole("T_mult", 1), least(0)),
            "CyclicLR" => new CyclicLR(
                optimizer,
                k.Number("base_lr", 0),
                k.Number("max_lr", 0),
                k.Whole("step_size_up", 2000),
                k.Whole("step_size_down"),
                k.Text("mode") switch
                {
                    "exp_range" => CyclicMode.ExpRange,
                    "triangular2" => CyclicMode.Triangular2,
                    _ => CyclicMode.Triangular,
                },
                gamma(1),
                k.Flag("cycle_momentum", true),
                k.Number("base_momentum", 0.8),
                k.Number("max_momentum", 0.9)),
            "OneCycleLR" => new OneCycleLR(
                optimizer,
                k.Number("max_lr", 0),
                k.Whole("total_steps") ?? (k.Whole("epochs", 1) * k.Whole("steps_per_epoch", 1)),
                k.Number("pct_start", 0.3),
                k.Text("anneal_strategy") == "linear",
                k.Flag("cycle_momentum", true),
                k.Number("base_momentum", 0.85),
                k.Number("max_momentum", 0.95),
                k.Number("div_factor", 25),
                k.Number("final_div_factor", 1e4),
                k.Flag("three_phase")),
            "ReduceLROnPlateau" => new ReduceLROnPlateau(
                optimizer,
                k.Text("mode") == "max",
                k.Number("factor", 0.1),
                k.Whole("patience", 10),
                k.Number("threshold", 1e-4),
                k.Text("threshold_mode") == "abs",
                k.Whole("cooldown", 0),
                k.Number("min_lr", 0),
                k.Number("eps", 1e-8)),
            _ => throw new MissingException($"schedule {name}"),
        };
        k.ThrowUnlessAllAsked(name);
        return scheduler;
    }
}
