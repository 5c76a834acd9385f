using System.Text.Json;
using Adjoint.Conformance.Cases;
using Adjoint.Conformance.Values;

namespace Adjoint.Conformance.Programs;

/// <summary>What the steps of a program do, by their names in the files: each as the line of Python that PyTorch ran.</summary>
internal static class Steps
{
    private static readonly Dictionary<string, Func<JsonElement, Tensor, Tensor[]>> Views = new()
    {
        ["alias"] = (_, x) => [x.View([.. x.Shape])],
        ["detach"] = (_, x) => [x.Detach()],
        ["expand"] = (step, x) => [x.Expand(Ints(step, "shape"))],
        ["narrow"] = (step, x) => [x.Narrow(Int(step, "dim"), Int(step, "start"), Int(step, "length"))],
        ["permute"] = (step, x) => [x.Permute(Ints(step, "dims"))],
        ["select"] = (step, x) => [x.Select(Int(step, "dim"), Int(step, "index"))],
        ["slice"] = (step, x) => [Sliced(x, step)],
        ["split"] = (step, x) => x.Split(Int(step, "size"), Int(step, "dim")),
        ["squeeze"] = (step, x) => [x.Squeeze(Int(step, "dim"))],
        ["transpose"] = (step, x) => [x.Transpose(Int(step, "d0"), Int(step, "d1"))],
        ["unbind"] = (step, x) => x.Unbind(Int(step, "dim")),
        ["unsqueeze"] = (step, x) => [x.Unsqueeze(Int(step, "dim"))],
        ["view"] = (step, x) => [x.View(Ints(step, "shape"))],
    };

    private static readonly Dictionary<string, Func<JsonElement, Tensor, Tensor>> Unary = new()
    {
        ["abs"] = (_, x) => x.Abs(),
        ["amax"] = (step, x) => x.Amax([Int(step, "dim")], Keep(step)),
        ["clone"] = (_, x) => x.Clone(),
        ["exp"] = (_, x) => x.Exp(),
        ["index"] = (step, x) => x[Positions(step)],
        ["mean"] = (step, x) => x.Mean(Int(step, "dim"), Keep(step)),
        ["meanall"] = (_, x) => x.Mean(),
        ["neg"] = (_, x) => -x,
        ["relu"] = (_, x) => x.Relu(),
        ["sigmoid"] = (_, x) => x.Sigmoid(),
        ["sin"] = (_, x) => x.Sin(),
        ["softmax"] = (_, x) => x.Softmax(-1),
        ["square"] = (_, x) => x.Square(),
        ["sum"] = (step, x) => x.Sum(Int(step, "dim"), Keep(step)),
        ["sumall"] = (_, x) => x.Sum(),
        ["tanh"] = (_, x) => x.Tanh(),
    };

    private static readonly Dictionary<string, Func<Tensor, Tensor, Tensor>> Binary = new()
    {
        ["add"] = (x, y) => x + y,
        ["cat"] = (x, y) => Tensor.Cat([x, y]),
        ["div1"] = (x, y) => x / ((y * y) + 1),
        ["matmul"] = (x, y) => x.MatMul(y),
        ["maximum"] = (x, y) => x.Maximum(y),
        ["mul"] = (x, y) => x * y,
        ["stack"] = (x, y) => Tensor.Stack([x, y]),
        ["sub"] = (x, y) => x - y,
        ["where"] = (x, y) => Tensor.Where(x.Detach() > 0, x, y),
    };

    private static readonly Dictionary<string, Action<JsonElement, Tensor>> Changes = new()
    {
        ["add_number_"] = (_, x) => x.Add_(0.5),
        ["detach_"] = (_, x) => x.Detach_(),
        ["exp_small_"] = (_, x) => x.Mul_(0.1).Exp_(),
        ["fill_"] = (_, x) => x.Fill_(0.75),
        ["mul_number_"] = (_, x) => x.Mul_(1.5),
        ["neg_"] = (_, x) => x.Neg_(),
        ["relu_"] = (_, x) => x.Relu_(),
        ["requires_grad_"] = (_, x) => x.RequiresGrad_(),
        ["setmask"] = (step, x) => x[x.Detach() > 0] = step.GetProperty("value").GetDouble(),
        ["sin_"] = (_, x) => x.Sin_(),
        ["tanh_"] = (_, x) => x.Tanh_(),
        ["zero_"] = (_, x) => x.Zero_(),
    };

    private static readonly Dictionary<string, Action<JsonElement, Tensor, Tensor>> ChangesByAnother = new()
    {
        ["add_"] = (_, x, y) => x.Add_(y),
        ["copy_"] = (_, x, y) => x.Copy_(y),
        ["mul_"] = (_, x, y) => x.Mul_(y),
        ["set"] = (step, x, y) => x[Int(step, "index")] = y,
        ["setlist"] = (step, x, y) => x[Positions(step)] = y,
        ["setslice"] = (step, x, y) => x[new Range(At(step, "start"), At(step, "end"))] = y,
        ["sub_"] = (_, x, y) => x.Sub_(y),
    };

    /// <summary>Whether a step makes another tensor over the same memory.</summary>
    public static bool IsView(JsonElement step) => Views.ContainsKey(step.GetProperty("op").GetString()!);

    /// <summary>Whether a step changes its tensor in place.</summary>
    public static bool IsChange(JsonElement step) =>
        step.GetProperty("op").GetString()! is var name && (Changes.ContainsKey(name) || ChangesByAnother.ContainsKey(name));

    /// <summary>Runs a step; returns the tensors it made, none for a change in place.</summary>
    /// <exception cref="MissingException">There is no step of this name.</exception>
    public static Tensor[] Run(JsonElement step, Tensor x, Tensor? y)
    {
        var name = step.GetProperty("op").GetString()!;
        if (Views.TryGetValue(name, out var view))
        {
            return view(step, x);
        }

        if (Unary.TryGetValue(name, out var unary))
        {
            return [unary(step, x)];
        }

        if (Binary.TryGetValue(name, out var binary))
        {
            return [binary(x, y!)];
        }

        if (Changes.TryGetValue(name, out var change))
        {
            change(step, x);
        }
        else if (ChangesByAnother.TryGetValue(name, out var changeBy))
        {
            changeBy(step, x, y!);
        }
        else
        {
            throw new MissingException($"step {name}");
        }

        return [];
    }

    private static Tensor Sliced(Tensor x, JsonElement step) =>
        x.Slice(Int(step, "dim"), Int(step, "start"), Int(step, "end"), Int(step, "step"));

    private static int Int(JsonElement step, string name) => step.GetProperty(name).GetInt32();

    private static int[] Ints(JsonElement step, string name) => [.. step.GetProperty(name).EnumerateArray().Select(size => size.GetInt32())];

    private static bool Keep(JsonElement step) => step.GetProperty("keep").GetBoolean();

    private static Index At(JsonElement step, string name) => Int(step, name) is var place && place < 0 ? ^-place : place;

    private static Tensor Positions(JsonElement step) => Tensor.FromArray(CaseValue.Wholes(step.GetProperty("list")));
}
