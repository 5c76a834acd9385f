using System.Text.Json;
using Adjoint.Conformance.Programs;
using Adjoint.Conformance.Values;

namespace Adjoint.Tests.Engine;

/// <summary>
/// Random programs of views, changes in place, index assignments and gradient modes, with chains of expanded views and pieces of pieces more often
/// than PyTorch's cases have them. Each runs a second time without views (<see cref="FunctionalRun"/>): values, what requires grad, and first and
/// second derivatives must agree wherever the program is not refused.
/// </summary>
public class FunctionalTwinTests
{
    private const int Programs = 400;

    private static readonly int[][] Shapes = [[], [1], [3], [4], [2, 2], [2, 3], [1, 3], [3, 2], [2, 1, 3], [2, 3, 2]];

    private static readonly string[] Plain =
    [
        "abs", "clone", "exp", "meanall", "neg", "relu", "sigmoid", "sin", "softmax", "square", "sumall", "tanh", "detach", "alias", "add_number_",
        "exp_small_", "fill_", "mul_number_", "neg_", "relu_", "requires_grad_", "sin_", "tanh_", "zero_", "detach_",
    ];

    private static readonly string[] WithAnother =
        ["add", "cat", "div1", "maximum", "mul", "stack", "sub", "where", "add_", "copy_", "mul_", "sub_", "add_", "mul_", "copy_"];

    private static readonly string[] Shaped =
    [
        "amax", "expand", "expand", "expand", "narrow", "permute", "select", "slice", "split", "squeeze", "sum", "transpose", "unbind", "unsqueeze",
        "view", "set", "setlist", "setslice", "setmask", "index", "mean",
    ];

    [Fact]
    public void ProgramsAreTheirTwinsWithoutViews()
    {
        var (compared, refused, followed) = (0, 0, 0);
        for (var seed = 0; seed < Programs; seed++)
        {
            switch (Run(seed, ref followed))
            {
                case null:
                    compared++;
                    break;
                case "":
                    refused++;
                    break;
                case var difference:
                    Assert.Fail($"Program {seed}: {difference}");
                    break;
            }
        }

        // The programs are not trivial: most have gradients, and many a view that had to follow its base.
        Assert.True(compared > Programs * 3 / 4, $"{compared} compared, {refused} refused.");
        Assert.True(followed > Programs / 6, $"{followed} views followed.");
    }

    /// <summary>What differs; null if nothing does, and an empty text if the backward pass is refused because a saved value was changed.</summary>
    private static string? Run(int seed, ref int followed)
    {
        var random = new Random(seed);
        var leaves = Enumerable.Range(0, random.Next(2, 4)).Select(_ => Leaf(random)).ToArray();
        var program = JsonSerializer.SerializeToElement(new { leaves });
        var run = new ProgramRun(program);
        var twin = new FunctionalRun(new ProgramRun(program).Tensors);
        List<string> steps = [program.ToString()];
        for (var i = random.Next(6, 22); i > 0; i--)
        {
            var step = JsonSerializer.SerializeToElement(Step(random, run.Tensors));
            try
            {
                run.Run(step);
            }
            catch (TensorException)
            {
                continue;
            }

            twin.Run(step);
            steps.Add(step.ToString());
        }

        var found = Difference(run, twin, ref followed);
        return string.IsNullOrEmpty(found) ? found : $"{found} {string.Join(' ', steps)}";
    }

    private static string? Difference(ProgramRun run, FunctionalRun twin, ref int followed)
    {
        var tensors = run.Tensors;
        var values = twin.Values();
        List<Tensor> roots = [];
        List<Tensor> others = [];
        for (var i = 0; i < tensors.Count; i++)
        {
            if (Comparison.Elements(Values.Of(tensors[i]), Values.Of(values[i]), 1e-10, 1e-10) is { } difference)
            {
                return $"tensor {i} {difference}";
            }

            if (tensors[i].RequiresGrad != twin.RequiresGrad(i))
            {
                return $"tensor {i} says RequiresGrad = {tensors[i].RequiresGrad}";
            }

            if (!IsBroken(tensors[i]) && tensors[i].RequiresGrad)
            {
                followed += tensors[i].GradFn?.Name == "AsStridedBackward0" ? 1 : 0;
                roots.Add(tensors[i]);
                others.Add(values[i]);
            }
        }

        int[] wrt = [.. Enumerable.Range(0, tensors.Count).Where(i => tensors[i] is { RequiresGrad: true, IsLeaf: true })];
        return wrt.Length == 0 ? null : Derivatives([.. roots], [.. wrt.Select(i => tensors[i])], [.. others], [.. wrt.Select(twin.Input)]);
    }

    private static string? Derivatives(Tensor[] roots, Tensor[] inputs, Tensor[] others, Tensor[] otherInputs)
    {
        Tensor?[] first;
        try
        {
            first = ProgramGradients.Gradients(roots, inputs);
        }
        catch (TensorException e) when (
            e.Message.Contains("modified by an inplace operation", StringComparison.Ordinal)
            || e.Message.Contains("has been modified inplace", StringComparison.Ordinal)
            || e.Message.Contains("detached in-place", StringComparison.Ordinal)
            || e.Message.Contains("more than one element of the written-to", StringComparison.Ordinal))
        {
            return string.Empty;
        }

        var expected = ProgramGradients.Gradients(others, otherInputs);
        if (ProgramGradients.Difference(first, expected) is { } difference)
        {
            return difference;
        }

        var second = ProgramGradients.Difference(
            ProgramGradients.Gradients(first, inputs), ProgramGradients.Gradients(expected, otherInputs));
        return second is null ? null : "second derivative: " + second;
    }

    private static bool IsBroken(Tensor x)
    {
        try
        {
            _ = x.GradFn;
            return false;
        }
        catch (AutogradException)
        {
            return true;
        }
    }

    private static object Leaf(Random random)
    {
        var shape = Shapes[random.Next(Shapes.Length)];
        var data = Enumerable.Range(0, shape.Aggregate(1, (size, dim) => size * dim)).Select(_ => Math.Round((4 * random.NextDouble()) - 2, 3));
        return new { shape, data, requires_grad = random.Next(3) > 0 };
    }

    private static Dictionary<string, object> Step(Random random, IReadOnlyList<Tensor> tensors)
    {
        var x = random.Next(tensors.Count);
        var (shape, rank) = (tensors[x].Shape, tensors[x].Rank);
        var step = new Dictionary<string, object> { ["x"] = x };
        switch (random.Next(12))
        {
            case 0:
                (step["op"], step["on"]) = ("grad_mode", random.Next(4) > 0);
                return step;
            case < 4:
                step["op"] = Plain[random.Next(Plain.Length)];
                return step;
            case < 8:
                step["op"] = WithAnother[random.Next(WithAnother.Length)];
                step["y"] = Fitting(random, tensors, shape);
                return step;
            default:
                step["op"] = Shaped[random.Next(Shaped.Length)];
                break;
        }

        var dim = random.Next(Math.Max(rank, 1));
        var size = rank == 0 ? 1 : shape[dim];
        var start = random.Next(size + 1);
        (step["dim"], step["keep"], step["index"], step["value"]) = (dim, random.Next(2) == 0, random.Next(-size, size + 1), 0.4);
        (step["start"], step["end"], step["step"]) = (start, random.Next(start, size + 1), random.Next(1, 3));
        step["length"] = random.Next(size - start + 1);
        (step["d0"], step["d1"], step["size"]) = (random.Next(Math.Max(rank, 1)), random.Next(Math.Max(rank, 1)), random.Next(1, 3));
        step["dims"] = Enumerable.Range(0, rank).OrderBy(_ => random.Next()).ToArray();
        step["list"] = Enumerable.Range(0, 2).Select(_ => random.Next(Math.Max(size, 1))).ToArray();
        step["shape"] = (string)step["op"] == "view" ? [-1] : Wider(random, [.. shape]);
        if ((string)step["op"] is "set" or "setlist" or "setslice")
        {
            step["y"] = Fitting(random, tensors, rank == 0 ? shape : shape.ToArray()[1..]);
        }

        return step;
    }

    /// <summary>A tensor that broadcasts to a shape, if one is found soon.</summary>
    private static int Fitting(Random random, IReadOnlyList<Tensor> tensors, Shape shape)
    {
        var found = random.Next(tensors.Count);
        for (var tries = 0; tries < 6 && tensors[found].Shape != shape && tensors[found].Rank > 0; tries++)
        {
            found = random.Next(tensors.Count);
        }

        return found;
    }

    private static int[] Wider(Random random, int[] shape)
    {
        var wide = Array.ConvertAll(shape, size => size == 1 ? random.Next(1, 4) : size);
        return wide.Length < 3 && random.Next(2) == 0 ? [random.Next(1, 4), .. wide] : wide;
    }
}
