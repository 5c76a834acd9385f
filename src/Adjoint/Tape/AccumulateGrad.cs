using Adjoint.Families;
using Adjoint.Interpreters;

namespace Adjoint.Tape;

/// <summary>The end of every path: adds what arrives to a leaf's <see cref="Tensor.Grad"/>. Safe for sweeps on several threads.</summary>
internal sealed class AccumulateGrad : Node
{
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

    private bool _isPast;

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

        if (_isPast)
        {
            throw new AutogradException(
                "a leaf was given another dtype after it had been used: its gradient would belong to values that it no longer has. Run Backward() " +
                "before To_() and Module.To().");
        }

        if (GradientTurn.Current is { } turn)
        {
            turn.Keep(this, gradient, puller.Records);
            return;
        }

        Add(gradient, puller.Records);
    }

    /// <summary>The end of paths into the leaf as it is now, with the hooks of this one, which takes no more gradients.</summary>
    internal AccumulateGrad Renewed()
    {
        _isPast = true;
        return new AccumulateGrad(Variable) { Hooks = Hooks };
    }

    /// <summary>Adds a gradient to the leaf's sum and tells who wants to know.</summary>
    internal void Add(Tensor gradient, bool records)
    {
        Accumulation.Into(Variable.EnsureState(), gradient, records);
        if (Hooks is not { } hooks)
        {
            return;
        }

        foreach (var hook in hooks.Accumulated)
        {
            hook(Variable);
        }
    }
}

/// <summary>
/// How a gradient joins what is already in <see cref="Tensor.Grad"/>: PyTorch's rules for taking, adding in place, and adding anew. Passes on several
/// threads may do so at once: the first gradient is put in by an atomic exchange, which is what nearly all of them need, later ones under a lock.
/// </summary>
internal static class Accumulation
{
    public static void Into(GradState state, Tensor gradient, bool records)
    {
        while (true)
        {
            if (state.Grad is null)
            {
                gradient = Take(gradient, records);
                if (state.TryStart(gradient))
                {
                    TensorScope.Spare(gradient);
                    return;
                }
            }

            lock (state)
            {
                if (state.Grad is not { } sum)
                {
                    continue;
                }

                if (!records)
                {
                    sum.Add_(gradient);
                    return;
                }

                // The old sum may be part of a graph.
                state.Grad = sum + gradient;
                TensorScope.Spare(state.Grad);
                return;
            }
        }
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
