using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Adjoint.Engine;
using Adjoint.Gate;
using Adjoint.Interpreters;
using Adjoint.Memory;
using Adjoint.Printing;
using Adjoint.Tape;

namespace Adjoint;

/// <summary>
/// A multi-dimensional array of numbers that can record how it was computed, so that <c>Backward</c> finds its derivatives.
/// Operators live in files of their own under <c>Ops</c>; this type holds the data, the autograd state and C#'s operator symbols.
/// </summary>
/// <example>
/// <code>
/// Tensor x = [0f, 1, 2, 4];
/// x.RequiresGrad = true;
/// var y = 2 * Tensor.Dot(x, x);
/// y.Backward();
/// Console.WriteLine(x.Grad);   // tensor([ 0.,  4.,  8., 16.])
/// </code>
/// </example>
[CollectionBuilder(typeof(TensorLiteral), nameof(TensorLiteral.Create))]
[JsonConverter(typeof(TensorJson))]
[SuppressMessage("Usage", "CA2225", Justification = "Every operator symbol has a named method among the operators.")]
public sealed partial class Tensor
{
    private Storage? _storage;
    private GradState? _state;
    private Node? _gradFn;
    private byte _dtype;

    /// <summary>A tensor over memory. Kernels trust that its elements lie inside: whatever makes a tensor passes here.</summary>
    internal Tensor(Storage storage, Layout layout, DType dtype)
    {
        if (layout.Extent * dtype.ItemSize > storage.ByteLength)
        {
            throw Guard.OutOfBounds(storage, layout, dtype);
        }

        _storage = storage;
        Layout = layout;
        _dtype = dtype.Code;
    }

    /// <summary>A stand-in for a value that a transform follows. It has no memory, so that nothing can pass the transform by unseen.</summary>
    internal Tensor(Tracer tracer, Layout layout, DType dtype)
    {
        _state = new GradState { Tracer = tracer, Depth = (short)TransformDepth.Here };
        Layout = layout;
        _dtype = dtype.Code;
    }

    /// <summary>The type of the elements.</summary>
    public DType DType => DType.Of(_dtype);

    /// <summary>The sizes of the dimensions.</summary>
    public Shape Shape => Layout.Shape;

    /// <summary>The number of dimensions.</summary>
    public int Rank => Layout.Rank;

    /// <summary>The number of elements.</summary>
    public long Count => Layout.Count;

    /// <summary>Whether elements lie in row-major order without gaps.</summary>
    public bool IsContiguous => Layout.IsContiguous;

    /// <summary>
    /// Whether operations on this tensor are recorded. True for every result of a recorded operation, and for every view of a tensor that requires
    /// grad, however it was made; can be set on leaves only.
    /// </summary>
    /// <exception cref="AutogradException">Set on a non-leaf, or on a dtype without gradients.</exception>
    public bool RequiresGrad
    {
        get => HasOwnHistory || Base is { RequiresGrad: true };
        set => Leaves.SetRequiresGrad(this, value);
    }

    /// <summary>Whether no recorded operation made this tensor: the user did, and its gradient is kept in <see cref="Grad"/>.</summary>
    public bool IsLeaf => _gradFn is null;

    /// <summary>
    /// The operation that made this tensor, where gradients flow back into; null for leaves. A view whose memory changed in place since finds a new
    /// one: it reads its base.
    /// </summary>
    /// <exception cref="AutogradException">
    /// It is a view that cannot follow its base, because of how it was made, and the memory changed in place.
    /// </exception>
    public Node? GradFn
    {
        get => Base is null ? _gradFn : NodeOfView();
        internal set => _gradFn = value;
    }

    /// <summary><see cref="GradFn"/> without a look at the base: what was true when the view was made, or when it last followed.</summary>
    internal Node? OwnGradFn => _gradFn;

    /// <summary>Whether this tensor requires grad by itself, and not only as a view of one that does.</summary>
    internal bool HasOwnHistory => _gradFn is not null || _state is { RequiresGrad: true };

    /// <summary>
    /// The gradient that <c>Backward</c> accumulated here; null before. Only leaves and tensors with <c>RetainGrad</c> have one; asking another
    /// tensor raises <see cref="Autograd.Warning"/>.
    /// </summary>
    /// <exception cref="AutogradException">Assigned a tensor that is not of this shape and dtype, or this tensor itself.</exception>
    public Tensor? Grad
    {
        get => Leaves.GetGrad(this);
        set => Leaves.SetGrad(this, value);
    }

    /// <summary>Whether <see cref="Grad"/> is kept although this is not a leaf.</summary>
    public bool RetainsGrad => _state is { RetainsGrad: true };

    /// <summary>
    /// Whether the memory was made in inference mode, see <see cref="Autograd.InferenceMode(bool)"/> (<c>torch.is_inference</c>). Views and
    /// <c>Detach</c> share it; <c>Clone</c> outside of the mode gives a normal tensor.
    /// </summary>
    public bool IsInference => _storage is { IsInference: true };

    /// <summary>How often the contents changed in place; all views of the same memory share it (PyTorch's <c>_version</c>).</summary>
    /// <exception cref="AutogradException">The tensor was made in inference mode.</exception>
    public int Version => !IsInference
        ? Changes
        : throw new AutogradException("Inference tensors do not track version counter. Clone() it outside of Autograd.InferenceMode().");

    /// <summary><see cref="Version"/>, which storages of inference mode count too: what transforms record inside of it needs it.</summary>
    internal int Changes => _storage is { } storage ? storage.Version : ChangesOfStandIn();

    /// <summary>How many transforms were running around the code that made the memory, or the stand-in.</summary>
    internal int MadeAt => _storage?.Depth ?? _state!.Depth;

    /// <summary>The memory.</summary>
    /// <exception cref="TensorException">This is a stand-in inside a transform, where an operator without a rule for it asked.</exception>
    internal Storage Storage => _storage ?? Traced.MemoryOf(this);

    /// <summary>The memory, where a gate has made sure that there is some.</summary>
    internal Storage Memory => _storage!;

    /// <summary>Whether this stands for a value that a transform follows.</summary>
    internal bool IsStandIn => _storage is null && Tracer is not null;

    /// <summary>What a transform knows of this tensor; null for nearly all. A view follows its base here, and a batch that goes on with one sample
    /// makes a plain tensor of it.</summary>
    internal Tracer? Tracer => _state is { Tracer: not null } ? Traced.Settled(this) : null;

    /// <summary>How this view of a stand-in is read again, where that has changed in place since; null where it has not.</summary>
    internal StandInView? StaleView => _state is { View: { } view } && view.Root.Changes != SeenVersion ? view : null;

    internal Layout Layout { get; private set; }

    /// <summary>Which of the outputs of <see cref="GradFn"/> this is.</summary>
    internal int OutputIndex { get; set; }

    /// <summary>Made from a plain number, which takes part in promotion with its category only (PyTorch's wrapped number).</summary>
    internal bool IsNumber { get; init; }

    /// <summary>A gradient that only the sweep can name, so that a receiver may keep or change it instead of copying.</summary>
    internal bool IsTemporary { get; set; }

    /// <summary>The tensor whose memory this is a view of; null if it has memory of its own.</summary>
    internal Tensor? Base { get; private set; }

    /// <summary><see cref="Memory.Storage.Version"/> when <see cref="GradFn"/> of this view was last right.</summary>
    internal int SeenVersion { get; set; }

    /// <summary>How this view was made; some kinds refuse to be changed in place.</summary>
    internal ViewOrigin ViewOrigin { get; set; }

    internal GradState? State => _state;

    /// <summary>A row, an element, a range, or any mix: <c>x[1..3, ^1]</c>, <c>x[mask]</c>, <c>x[.., 0]</c>;
    /// writing changes the tensor in place.</summary>
    /// <remarks>
    /// A mask of several dimensions beside other indices means what it means in NumPy: it stands for as many dimensions as it has, and the next index
    /// is for the dimension behind them. (PyTorch lets the next index fall on the mask's second dimension.) Indices are checked even where the result
    /// is empty.
    /// </remarks>
    /// <param name="indices">One index for each leading dimension, a mask for as many as it has; see <see cref="TensorIndex"/>.</param>
    /// <exception cref="TensorIndexException">An index is out of range, or there are too many.</exception>
    /// <exception cref="DTypeException">A plain number is assigned that does not fit the dtype.</exception>
    /// <exception cref="ShapeException">On writing: the value does not broadcast to what is picked.</exception>
    /// <exception cref="AutogradException">On writing: the tensor is a leaf that requires grad, or a view that cannot be changed.</exception>
    [IndexerName("Part")]
    public Tensor this[params ReadOnlySpan<TensorIndex> indices]
    {
        get => Indexing.Get(this, indices);
        set => Indexing.Set(this, indices, value);
    }

    /// <inheritdoc cref="this[ReadOnlySpan{TensorIndex}]"/>
    /// <remarks>For an array of indices, and for languages that have no spans of parameters: <c>x[1, 2]</c> in F#, <c>x(1, 2)</c> in Visual Basic.
    /// C# takes the span.</remarks>
    [IndexerName("Part")]
    public Tensor this[params TensorIndex[] indices]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(indices);
            return Indexing.Get(this, indices);
        }

        set
        {
            ArgumentNullException.ThrowIfNull(indices);
            Indexing.Set(this, indices, value);
        }
    }

    /// <summary>A number that takes part in operations without changing the dtype category of tensors.</summary>
    public static implicit operator Tensor(double value) => Numbers.Of(value);

    /// <inheritdoc cref="op_Implicit(double)"/>
    public static implicit operator Tensor(float value) => Numbers.Of(value);

    /// <inheritdoc cref="op_Implicit(double)"/>
    public static implicit operator Tensor(int value) => Numbers.Of((long)value);

    /// <inheritdoc cref="op_Implicit(double)"/>
    public static implicit operator Tensor(long value) => Numbers.Of(value);

    /// <inheritdoc cref="op_Implicit(double)"/>
    public static implicit operator Tensor(bool value) => Numbers.Of(value);

    /// <summary>The elements as PyTorch prints them; see <see cref="PrintOptions"/>.</summary>
    public override string ToString()
    {
        if (Tracer is { } tracer)
        {
            return tracer.Owner.Describe(this);
        }

        var name = Views.IsBroken(this) ? "Invalid" : GradFn?.Name;
        return TensorText.Format(new ElementReader(this), name, name is null && RequiresGrad, PrintOptions.Current);
    }

    /// <summary>
    /// Whether both are the same object. <c>==</c> compares element by element, <c>Equal</c> and <c>AllClose</c> compare tensors as a whole.
    /// </summary>
    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    /// <inheritdoc/>
    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    /// <summary>
    /// The rows, slices along the first dimension, for <c>foreach</c> and spreads. A tensor is no <see cref="IEnumerable{T}"/>: LINQ's <c>Take</c>,
    /// <c>Concat</c> or <c>SequenceEqual</c> would answer where a tensor has no such operator, and mean something else.
    /// </summary>
    /// <exception cref="TensorException">The tensor is a scalar.</exception>
    public IEnumerator<Tensor> GetEnumerator()
    {
        if (Rank == 0)
        {
            throw new TensorException("iteration over a 0-d tensor. Use Item<T>() to read its value.");
        }

        return Rows();
    }

    /// <summary>The autograd state, made when first needed: most tensors have none.</summary>
    internal GradState EnsureState()
    {
        if (_state is null)
        {
            Interlocked.CompareExchange(ref _state, new GradState(), null);
        }

        return _state;
    }

    /// <summary>Makes a stand-in another tensor of its layout and dtype, with that one's memory or tracer;
    /// its own history stays beside the other's.</summary>
    internal void Settle(Tensor other)
    {
        var own = Edge.To(this);
        var given = Edge.To(other);
        var life = _state!.EnsureLife();
        life.Writes = Changes;
        life.IsSettled = true;
        life.SettledVersion = other.Changes;
        life.View = null;
        Base = other.Base;
        SeenVersion = other.SeenVersion;
        ViewOrigin = other.ViewOrigin;
        _state.Tracer = other._state?.Tracer;
        _storage = other._storage;
        if (own.Node is null)
        {
            (_gradFn, OutputIndex) = (given.Node, given.Index);
        }
        else if (given.Node is not null)
        {
            _ = new SampledNode(own, given, this);
        }
    }

    /// <summary>Makes this tensor, or stand-in, a stand-in for other values.</summary>
    /// <param name="tracer">The values.</param>
    /// <param name="edge">Where their gradient goes.</param>
    internal void Become(Tracer tracer, Edge edge)
    {
        var changes = Changes + 1;
        GiveUp();
        _state!.Tracer = tracer;
        _state.EnsureLife().Writes = changes;
        (_gradFn, OutputIndex) = (edge.Node, edge.Index);
    }

    /// <summary>Makes this tensor, or stand-in, a view of a stand-in.</summary>
    internal void BecomeView(StandInView view)
    {
        var root = view.Root;
        if (_storage is not null)
        {
            // Its values are read when they are asked for.
            var tracer = root.Tracer;
            GiveUp();
            _state!.Tracer = tracer;
            SeenVersion = -1;
        }
        else
        {
            SeenVersion = root.Changes;
        }

        Base = view.HasNoHistory ? null : root;
        ViewOrigin = ViewOrigin.Recorded;
        _state!.EnsureLife().View = view;
    }

    /// <summary>Takes over what a view is after a change of its base.</summary>
    internal void Refreshed(Tensor now)
    {
        SeenVersion = _state!.View!.Root.Changes;
        if (now.IsStandIn)
        {
            _state.Tracer = now.Tracer;
            (_gradFn, OutputIndex) = (now._gradFn, now.OutputIndex);
        }
        else
        {
            _gradFn = null;
            Settle(now);
        }
    }

    /// <summary>Takes over the memory, layout and dtype of a tensor that nobody else names. What was saved of this one counts as changed.</summary>
    internal void Become(Tensor other)
    {
        var memory = other.Storage;
        memory.Version = Changes + 1;
        (_storage, Layout, _dtype, Base) = (memory, other.Layout, other._dtype, null);
    }

    /// <summary>Makes this tensor stand for another, until its memory is given back to it.</summary>
    internal Storage Lend(Tracer tracer)
    {
        var storage = Storage;
        EnsureState().Tracer = tracer;
        _storage = null;
        return storage;
    }

    /// <summary>Undoes <see cref="Lend"/>.</summary>
    internal void GiveBack(Storage storage)
    {
        _storage = storage;
        _state!.Tracer = null;
    }

    /// <summary>Another name for the same values, without history.</summary>
    internal Tensor Renamed() => Tracer is { } tracer ? new Tensor(tracer, Layout, DType) : new Tensor(Storage, Layout, DType);

    /// <summary>A tensor over the same memory with another layout, without history.</summary>
    internal Tensor View(Layout layout) => new(Storage, layout, DType)
    {
        Base = Base ?? this,
        SeenVersion = Storage.Version,
        ViewOrigin = Recording.IsOn ? ViewOrigin : Inference.IsOn ? ViewOrigin.Inference : ViewOrigin.NoGrad,
    };

    /// <summary>
    /// A gradient under a name of its own: if nobody else could name this one, nobody can name the result, and this one must not be used any more.
    /// </summary>
    /// <param name="layout">A dense layout of the same elements; null for the gradient's own.</param>
    internal Tensor HandOver(Layout? layout = null)
    {
        if (!IsTemporary)
        {
            return this;
        }

        IsTemporary = false;
        return new(Memory, layout ?? Layout, DType) { IsTemporary = true };
    }

    private Node? NodeOfView()
    {
        if (_storage is { } storage)
        {
            return storage.Version != SeenVersion ? Views.Follow(this) : _gradFn;
        }

        if (StaleView is { } view)
        {
            Rewrite.Refresh(this, view);
        }

        return _gradFn;
    }

    private int ChangesOfStandIn() => _state!.View is { } view ? view.Root.Changes : _state.Writes;

    /// <summary>Lets go of memory that nobody may read any more.</summary>
    private void GiveUp()
    {
        if (_storage is { } storage)
        {
            EnsureState().Depth = storage.Depth;
            storage.Version++;
            storage.Abandon();
            _storage = null;
        }
    }

    private IEnumerator<Tensor> Rows()
    {
        for (var i = 0; i < Layout.Sizes[0]; i++)
        {
            yield return Select(0, i);
        }
    }
}
