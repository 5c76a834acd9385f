using Adjoint.Memory;

namespace Adjoint.Tape;

/// <summary>A saved tensor in the form that hooks gave it, with what is needed to put it back into its place in the graph.</summary>
internal abstract class Packed
{
    private readonly Edge _edge;
    private readonly int _version;
    private Storage? _shared;

    private protected Packed(Tensor tensor)
    {
        _edge = Edge.To(tensor);
        _version = tensor.Changes;
        Layout = tensor.Layout;
        DType = tensor.DType;
        IsLeaf = tensor.IsLeaf;
    }

    /// <summary>The layout of the tensor that was saved; a tensor that comes back has its sizes.</summary>
    public Layout Layout { get; }

    public DType DType { get; }

    /// <summary>The tensor is a leaf, so that the user holds it anyway.</summary>
    public bool IsLeaf { get; }

    /// <summary>The node that made the tensor, and which of its results it is.</summary>
    public Edge Edge => _edge;

    /// <summary>How it is kept, for people.</summary>
    public abstract string Form { get; }

    /// <summary>How many bytes of memory the packed form holds, as far as is known.</summary>
    public abstract long HeldBytes { get; }

    /// <summary>The memory that it holds, if that is a tensor's.</summary>
    public virtual Storage? Memory => null;

    /// <summary>What computes it; null if it is kept.</summary>
    public virtual object? Owner => null;

    /// <summary>What the owner keeps for that.</summary>
    public virtual IReadOnlyList<Saved> OwnersInputs => [];

    /// <summary>The tensor, in its place in the graph.</summary>
    /// <param name="name">Who saved it.</param>
    /// <exception cref="AutogradException">What comes back is not of the saved shape and dtype, or was changed in place.</exception>
    public Tensor Read(string name)
    {
        Tensor data;
        var before = Recording.SetHere(false);
        try
        {
            data = Unpack(name);
        }
        finally
        {
            Recording.SetHere(before);
        }

        if (data is null || data.DType != DType || !data.Layout.SameSizes(Layout))
        {
            throw new AutogradException(
                "Output of saved tensor unpack_hook expected to be a Tensor " +
                $"of shape {Shape.Text(Layout.Sizes)} and dtype {DType.TorchName}, as {name} saved it, but got " +
                (data is null ? "null." : $"{Shape.Text(data.Layout.Sizes)} of {data.DType.TorchName}."));
        }

        if (_shared is not null && ReferenceEquals(data.Storage, _shared) && data.Changes != _version)
        {
            throw Saved.Changed(name, data, _version, _edge.Node);
        }

        if (_edge.Node is null && !data.RequiresGrad)
        {
            return data;
        }

        var placed = data.Renamed();
        if (IsLeaf && _edge.Node is not null)
        {
            var state = placed.EnsureState();
            state.RequiresGrad = true;
            state.Accumulator = _edge.Node;
        }
        else
        {
            placed.GradFn = _edge.Node;
            placed.OutputIndex = _edge.Index;
        }

        return placed;
    }

    /// <summary>The graph lets it go.</summary>
    public virtual void Release()
    {
    }

    /// <summary>The values.</summary>
    private protected abstract Tensor Unpack(string name);

    /// <summary>Remembers that the packed form is the saved memory itself, whose version then still tells of changes.</summary>
    private protected void Share(Storage storage) => _shared = storage;
}
