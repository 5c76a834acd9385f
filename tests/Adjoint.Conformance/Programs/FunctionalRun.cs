using System.Text.Json;

namespace Adjoint.Conformance.Programs;

/// <summary>
/// A program run slowly and without views: every memory is an array of numbers, every tensor a list of places in one, and what autograd knows of a
/// memory is one out-of-place expression that each recorded change replaces by another. It knows when PyTorch records, cuts and follows histories,
/// but not what it refuses: the steps to leave out have to be said.
/// </summary>
internal sealed class FunctionalRun
{
    private readonly List<Name> _names;
    private bool _records = true;

    public FunctionalRun(IReadOnlyList<Tensor> leaves) => _names = [.. leaves.Select(leaf => Made(leaf, isRecorded: leaf.RequiresGrad))];

    /// <summary>How a tensor is connected to what it was computed from.</summary>
    private enum History
    {
        /// <summary>It requires no grad by itself.</summary>
        None,

        /// <summary>It is what the expression of its memory says, or a leaf.</summary>
        Live,

        /// <summary>It requires grad, but nothing flows to where it comes from.</summary>
        Dead,
    }

    /// <summary>The values, with the history that they have in the program.</summary>
    public Tensor[] Values() => [.. _names.Select(Read)];

    /// <summary>The tensor to differentiate by: a leaf itself, and for others a constant that nothing depends on.</summary>
    public Tensor Input(int index) => _names[index].Leaf ?? Tensor.Zeros([], DType.Float64).RequiresGrad_();

    /// <summary>Whether a tensor requires grad.</summary>
    public bool RequiresGrad(int index) => Requires(_names[index]);

    /// <summary>Runs a step.</summary>
    public void Run(JsonElement step)
    {
        var op = step.GetProperty("op").GetString()!;
        if (op == "grad_mode")
        {
            _records = step.GetProperty("on").GetBoolean();
            return;
        }

        var x = _names[step.GetProperty("x").GetInt32()];
        var y = step.TryGetProperty("y", out var other) ? _names[other.GetInt32()] : null;
        if (op == "detach_")
        {
            (x.Own, x.Leaf) = (History.None, null);
        }
        else if (op == "requires_grad_")
        {
            Require(x);
        }
        else if (Steps.IsView(step))
        {
            View(step, op, x);
        }
        else if (Steps.IsChange(step))
        {
            Change(step, x, y);
        }
        else
        {
            var recorded = _records && (Requires(x) || (y is not null && Requires(y)));
            foreach (var made in Steps.Run(step, Read(x), y is null ? null : Read(y)))
            {
                _names.Add(Made(made, recorded));
            }
        }
    }

    private static Name Made(Tensor result, bool isRecorded)
    {
        var memory = new Memory { Numbers = result.Detach().ToArray<double>() };
        return new Name
        {
            Memory = memory,
            Family = new Family { Expression = isRecorded ? result.Reshape(-1) : null },
            Places = [.. Enumerable.Range(0, memory.Numbers.Length)],
            Shape = [.. result.Shape],
            Own = !isRecorded ? History.None : result.RequiresGrad ? History.Live : History.Dead,
            Leaf = isRecorded && result.IsLeaf ? result : null,
        };
    }

    private static bool Requires(Name x) => x.Own != History.None || x.Base is { Own: not History.None };

    private static void Require(Name x)
    {
        if (x.Own != History.None)
        {
            return;
        }

        x.Leaf = Tensor.FromArray(Numbers(x)).Reshape(x.Shape).Clone().RequiresGrad_();
        x.Own = History.Live;
        if (x.Base is not null)
        {
            x.Apart = x.Leaf;
            return;
        }

        // Its memory may be longer than what it shows: a detached view.
        x.Family.Expression = Scattered(Tensor.Zeros([x.Memory.Numbers.Length], DType.Float64), x.Places, x.Leaf);
    }

    private static double[] Numbers(Name x) => Array.ConvertAll(x.Places, place => x.Memory.Numbers[place]);

    /// <summary>A vector with some places taken from another tensor, the last of those that name one place.</summary>
    private static Tensor Scattered(Tensor vector, int[] places, Tensor values)
    {
        var from = Enumerable.Range(0, (int)vector.Count).Select(i => (long)i).ToArray();
        for (var i = 0; i < places.Length; i++)
        {
            from[places[i]] = vector.Count + i;
        }

        return Tensor.Cat([vector, values.Reshape(-1)])[Tensor.FromArray(from)];
    }

    /// <summary>The numbers that the memory holds now, with the history that the name has.</summary>
    private static Tensor Read(Name x)
    {
        Follow(x);
        var numbers = Tensor.FromArray(Numbers(x)).Reshape(x.Shape);
        var expression = x.Own != History.Live ? null
            : x.Apart is not null ? x.Apart
            : x.Family.Expression is { } all ? all[Tensor.FromArray(Array.ConvertAll(x.Places, place => (long)place))].Reshape(x.Shape)
            : null;
        return expression is null ? numbers : expression - expression.Detach() + numbers;
    }

    /// <summary>A view whose memory changed in place since reads its base anew.</summary>
    private static void Follow(Name x)
    {
        var hasNode = x.Own != History.None && x.Leaf is null;
        if (x.Base is not { } source || x.Seen == x.Memory.Version || (!hasNode && source.Own == History.None))
        {
            return;
        }

        (x.Seen, x.Own) = (x.Memory.Version, source.Own == History.Live ? History.Live : History.Dead);
        (x.Leaf, x.Apart) = (null, null);
    }

    private void View(JsonElement step, string op, Name x)
    {
        if (_records)
        {
            Follow(x);
        }

        var recorded = _records && Requires(x) && op != "detach";
        var places = Tensor.FromArray(Array.ConvertAll(x.Places, place => (double)place)).Reshape(x.Shape);
        var apart = recorded && x is { Own: History.Live, Apart: { } own } ? Steps.Run(step, own, null) : null;
        foreach (var (i, view) in Steps.Run(step, places, null).Index())
        {
            _names.Add(new Name
            {
                Memory = x.Memory,
                Family = op == "detach" ? new Family() : x.Family,
                Base = op == "detach" ? null : x.Base ?? x,
                Places = [.. view.ToArray<double>().Select(place => (int)place)],
                Shape = [.. view.Shape],
                Own = !recorded ? History.None : x.Own == History.Live ? History.Live : History.Dead,
                Apart = apart?[i],
                Seen = x.Memory.Version,
            });
        }
    }

    private void Change(JsonElement step, Name x, Name? y)
    {
        var recorded = _records && (Requires(x) || (y is not null && Requires(y)));
        var changed = Read(x).Clone();
        _ = Steps.Run(step, changed, y is null ? null : Read(y));
        var source = x.Base ?? x;
        if (recorded)
        {
            var before = source is { Own: History.Live, Family.Expression: { } all } ? all : Tensor.Zeros([x.Memory.Numbers.Length], DType.Float64);
            x.Family.Expression = Scattered(before, x.Places, changed);
            (source.Own, source.Leaf) = (x.Family.Expression.RequiresGrad ? History.Live : History.Dead, null);
        }

        var numbers = changed.Detach().ToArray<double>();
        for (var i = 0; i < x.Places.Length; i++)
        {
            x.Memory.Numbers[x.Places[i]] = numbers[i];
        }

        x.Memory.Version++;
    }

    /// <summary>Memory, which several families may share.</summary>
    private sealed class Memory
    {
        public required double[] Numbers { get; set; }

        public int Version { get; set; }
    }

    /// <summary>What autograd knows of a memory by way of one base: the expression of all its elements.</summary>
    private sealed class Family
    {
        public Tensor? Expression { get; set; }
    }

    /// <summary>A tensor of the program.</summary>
    private sealed record Name
    {
        public required Memory Memory { get; init; }

        public required Family Family { get; init; }

        public required int[] Places { get; init; }

        public required int[] Shape { get; init; }

        public Name? Base { get; init; }

        public History Own { get; set; }

        /// <summary>The tensor to differentiate by, if it is a leaf.</summary>
        public Tensor? Leaf { get; set; }

        /// <summary>What a view is that was made a leaf, or was made of one, apart from its base.</summary>
        public Tensor? Apart { get; set; }

        public int Seen { get; set; }
    }
}
