using Adjoint.Ops.Families;

namespace Adjoint.Engine;

/// <summary>The end of every path: adds what arrives to a leaf's <see cref="Tensor.Grad"/>. Safe for sweeps on several threads.</summary>
internal sealed class AccumulateGrad : Node
{
    private readonly Lock _gate = new();

    public AccumulateGrad(Tensor leaf)
    {
        Variable = leaf;
        OutputLayout = leaf.Layout;
        OutputDType = leaf.DType;

        Level = Nesting.LeafLevel;
        Floor = Level;

        // Leaves come first whenever they are ready, so that gradients do not pile up.
        SequenceNumber = long.MaxValue;
    }

    public override string Name => nameof(AccumulateGrad);

    /// <summary>The leaf.</summary>
    public Tensor Variable { get; }

    internal override int EdgeCount => 0;

    internal override Edge GetEdge(int index) => throw new ArgumentOutOfRangeException(nameof(index));

    internal override void Pull(Puller puller, Tensor gradient)
    {
        if (!Variable.IsLeaf)
        {
            throw new AutogradException(
                "leaf variable has been moved into the graph interior. It was changed in place after it had been used: its gradient would " +
                "belong to a value that it no longer has.");
        }

        if (!Variable.RequiresGrad)
        {
            return;
        }

        if (GradientTurn.Current is { } turn)
        {
            turn.Keep(this, gradient, puller.Records);
            return;
        }

        Add(gradient, puller.Records);
    }

    /// <summary>Adds a gradient to the leaf's sum and tells who wants to know.</summary>
    internal void Add(Tensor gradient, bool records)
    {
        lock (_gate)
        {
            Accumulation.Into(Variable.EnsureState(), gradient, records);
        }

        foreach (var hook in Hooks?.Accumulated ?? [])
        {
            hook(Variable);
        }
    }
}

/// <summary>How a gradient joins what is already in <see cref="Tensor.Grad"/>: PyTorch's rules for taking, adding in place, and adding anew.</summary>
internal static class Accumulation
{
    /// <summary>The same for a result that retains its gradient and may be shared by passes on several threads.</summary>
    public static void IntoRetained(Tensor retained, Tensor gradient, bool records)
    {
        var state = retained.EnsureState();
        lock (state)
        {
            Into(state, gradient, records);
        }
    }

    public static void Into(GradState state, Tensor gradient, bool records)
    {
        if (state.Grad is not { } sum)
        {
            state.Grad = Take(gradient, records);
        }
        else if (records)
        {
            // The old sum may be part of a graph.
            state.Grad = sum + gradient;
        }
        else
        {
            sum.Add_(gradient);
        }

        TensorScope.Spare(state.Grad);
    }

    /// <summary>A first gradient is kept as it is if nobody else can name it, copied otherwise.</summary>
    private static Tensor Take(Tensor gradient, bool records)
    {
        if (gradient.IsTemporary && gradient.Layout.IsDense)
        {
            gradient.IsTemporary = false;
            return gradient;
        }

        return records ? gradient.Clone() : Op.Copy(gradient);
    }
}
