using Adjoint.Tape;

namespace Adjoint;

/// <summary>
/// What the forward part of a custom function says of itself and hands to its backward part (PyTorch's <c>ctx</c>). There is one for each call.
/// </summary>
public sealed class FunctionContext
{
    private readonly bool[] _needs;
    private readonly List<Tensor> _dirty = [];
    private readonly List<Tensor> _nonDifferentiable = [];
    private Tensor[] _tensors = [];
    private bool[]? _isThere;
    private Saved[]? _saved;
    private bool[] _areOutputs = [];
    private Node? _node;

    internal FunctionContext(bool[] needs) => _needs = needs;

    /// <summary>
    /// For each input, whether its gradient is wanted: in the forward part whether it requires grad,
    /// in the backward part whether this pass asks for it.
    /// </summary>
    public IReadOnlyList<bool> NeedsInputGrad => _needs;

    /// <summary>
    /// What <see cref="SaveForBackward"/> kept, checked against changes in place since; null where it got null. Read it once: saved-tensor hooks
    /// unpack at every reading.
    /// </summary>
    /// <exception cref="AutogradException">A pass has freed them, or one was changed in place.</exception>
    public IReadOnlyList<Tensor> SavedTensors
    {
        get
        {
            var held = Held;
            if (_isThere is null)
            {
                return held;
            }

            var tensors = new Tensor[_isThere.Length];
            for (int i = 0, next = 0; i < tensors.Length; i++)
            {
                tensors[i] = _isThere[i] ? held[next++] : null!;
            }

            return tensors;
        }
    }

    /// <summary>What is kept, without the places where nothing is.</summary>
    internal Tensor[] Held
    {
        get
        {
            if (_saved is null)
            {
                return _tensors;
            }

            var tensors = new Tensor[_saved.Length];
            for (var i = 0; i < tensors.Length; i++)
            {
                tensors[i] = _saved[i].Read(_node!, _areOutputs[i])!;
            }

            return tensors;
        }
    }

    /// <summary>Anything else that the backward part needs: numbers, indices, shapes. Tensors belong into <see cref="SaveForBackward"/>.</summary>
    public object? State { get; set; }

    internal bool MaterializesGrads { get; private set; } = true;

    internal IReadOnlyList<Tensor> Dirty => _dirty;

    internal IReadOnlyList<Tensor> NonDifferentiable => _nonDifferentiable;

    /// <summary>
    /// Keeps inputs or outputs for the backward part (<c>ctx.save_for_backward</c>): they are checked against changes in place, let go after the
    /// pass, and seen by saved-tensor hooks. A null, for an input that was left out, comes back as null. The last call counts.
    /// </summary>
    public void SaveForBackward(params ReadOnlySpan<Tensor?> tensors)
    {
        var isThere = new bool[tensors.Length];
        var there = new List<Tensor>(tensors.Length);
        for (var i = 0; i < tensors.Length; i++)
        {
            if (tensors[i] is { } tensor)
            {
                there.Add(tensor);
                isThere[i] = true;
            }
        }

        _tensors = [.. there];
        _isThere = there.Count < isThere.Length ? isThere : null;
    }

    /// <summary>Says that these outputs have no derivative (<c>ctx.mark_non_differentiable</c>).
    /// Whole numbers and truth values never have one.</summary>
    public void MarkNonDifferentiable(params ReadOnlySpan<Tensor> outputs) => _nonDifferentiable.AddRange(outputs);

    /// <summary>Says that the forward part changed these inputs in place (<c>ctx.mark_dirty</c>). Each must be returned as an output.</summary>
    public void MarkDirty(params ReadOnlySpan<Tensor> inputs) => _dirty.AddRange(inputs);

    /// <summary>
    /// Whether an output that nothing depends on has zeros as its gradient, which is the default, or null (<c>ctx.set_materialize_grads</c>).
    /// </summary>
    public void SetMaterializeGrads(bool value) => MaterializesGrads = value;

    /// <summary>The forward part is over: what it saved belongs to a node now.</summary>
    internal void Seal(Node node)
    {
        _node = node;
        _areOutputs = Array.ConvertAll(_tensors, tensor => ReferenceEquals(tensor.GradFn, node));
        _saved = Array.ConvertAll(_tensors, tensor => new Saved(tensor));
        _tensors = [];
    }

    /// <summary>Which of the outputs have a derivative.</summary>
    internal bool[] Differentiable(Tensor[] outputs) => Array.ConvertAll(
        outputs, output => output.DType.IsFloatingPoint && !_nonDifferentiable.Contains(output));

    /// <summary>A context with the same contents, which no node guards.</summary>
    internal FunctionContext Copy()
    {
        var copy = new FunctionContext((bool[])_needs.Clone())
        {
            State = State,
            MaterializesGrads = MaterializesGrads,
            _tensors = [.. _tensors],
            _isThere = _isThere,
        };
        copy._nonDifferentiable.AddRange(_nonDifferentiable);
        copy._dirty.AddRange(_dirty);
        return copy;
    }

    /// <summary>Puts other tensors in the place of those that it holds.</summary>
    internal void Replace(Func<Tensor, Tensor> other)
    {
        _tensors = Array.ConvertAll(_tensors, tensor => other(tensor));
        for (var i = 0; i < _nonDifferentiable.Count; i++)
        {
            _nonDifferentiable[i] = other(_nonDifferentiable[i]);
        }
    }

    /// <summary>A context with the same <see cref="State"/> and others in the place of the tensors that it kept, which no node guards.</summary>
    internal FunctionContext With(Tensor[] tensors, Tensor[] nonDifferentiable, IReadOnlyList<bool> needs)
    {
        var other = new FunctionContext([.. needs])
        {
            State = State,
            MaterializesGrads = MaterializesGrads,
            _tensors = tensors,
            _isThere = _isThere,
        };
        other._nonDifferentiable.AddRange(nonDifferentiable);
        return other;
    }

    /// <summary>Lets go of the tensors; others will stand in their places, see <see cref="With"/>.</summary>
    internal void Forget() => _tensors = [];

    internal void Want(int input, bool wanted) => _needs[input] = wanted;

    internal void ListSaved(List<Saved> list) => list.AddRange(_saved ?? []);

    internal void Release()
    {
        for (var i = 0; i < _saved!.Length; i++)
        {
            _saved[i].Release();
        }
    }
}
