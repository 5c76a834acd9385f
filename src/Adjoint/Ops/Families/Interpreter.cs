namespace Adjoint.Ops.Families;

/// <summary>
/// A transform that follows tensors through operators: one rule for each family. Rules unwrap what this transform follows and run the same gates on
/// what lies inside, which outer transforms and the tape may follow in turn.
/// </summary>
internal abstract class Interpreter
{
    /// <summary>The name that messages use.</summary>
    public abstract string Name { get; }

    private readonly int _depth = Nesting.Depth + 1;

    /// <summary>Whether the transform's function has returned.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>
    /// How many transforms are around this one, and itself; after its end, where code of its function runs again, see <see cref="Nesting.Resume"/>.
    /// </summary>
    public int Depth => HasEnded ? Math.Max(_depth, Nesting.DepthOf(this)) : _depth;

    /// <summary>Whether code of the transform's function is running: its body, or later a backward part that was made in it.</summary>
    public bool IsAlive => !HasEnded || Nesting.DepthOf(this) > 0;

    public void End() => HasEnded = true;

    /// <summary>Code of the function is about to run again after its end.</summary>
    public virtual void Resumed()
    {
    }

    /// <summary>That code is over.</summary>
    public virtual void Left()
    {
    }

    /// <summary>Whether this was a batch that goes on with its first sample alone: what it follows becomes that sample's own tensor when it is next used.</summary>
    public bool IsSingle { get; private protected set; }

    /// <summary>What a stand-in becomes after <see cref="IsSingle"/>.</summary>
    public virtual Tensor SampleOf(Tensor x, Tracer tracer) => throw new NotSupportedException($"{Name} follows no samples.");

    /// <summary>A tensor is about to be changed in place whose <see cref="GradState.Refuser"/> this is.</summary>
    public virtual void Refuse()
    {
    }

    public abstract Tensor Map<O>(O op, Tensor x)
        where O : struct, IMap;

    public abstract Tensor Map2<O>(O op, Tensor x, Tensor y)
        where O : struct, IMap2;

    public abstract Tensor Map3<O>(O op, Tensor x, Tensor y, Tensor z)
        where O : struct, IMap3;

    public abstract Tensor Linear<O>(O op, Tensor x)
        where O : struct, ILinear;

    public abstract Tensor Indexed<O>(O op, Tensor x, Tensor positions)
        where O : struct, IIndexed;

    public abstract Tensor Join<O>(O op, Tensor[] inputs)
        where O : struct, IJoin;

    public abstract Tensor Bilinear<O>(O op, Tensor x, Tensor y, Tensor? addend)
        where O : struct, IBilinear;

    public abstract Tensor Reduce<O>(O op, Tensor x, bool[] reduced, bool keepDim)
        where O : struct, IReduce;

    public abstract Tensor Primitive<O>(O op, Tensor x)
        where O : struct, IPrimitive;

    public abstract Tensor Compare<O>(O op, Tensor x, Tensor y)
        where O : struct, ICompare;

    /// <summary>g * D(x, y) in one pass, not recorded; null where the formula has to be read instead. What is not read is null.</summary>
    public virtual Tensor? PullMap<O>(O op, Tensor g, Tensor? x, Tensor? y)
        where O : struct, IMap => null;

    /// <summary>The same for one input of two.</summary>
    public virtual Tensor? PullMap2<O>(O op, int input, Tensor g, Tensor? x, Tensor? y, Tensor? z)
        where O : struct, IMap2 => null;

    /// <summary>The same for one input of three.</summary>
    public virtual Tensor? PullMap3<O>(O op, int input, Tensor g, Tensor? x, Tensor? y, Tensor? z)
        where O : struct, IMap3 => null;

    /// <summary>The pull of a reduction in one pass, not recorded; null where the formula has to be read instead.</summary>
    public virtual Tensor? PullReduce<O>(O op, Tensor g, Tensor x, Tensor y, bool[] reduced)
        where O : struct, IReduce => null;

    /// <summary>A conversion that nothing flows through.</summary>
    public abstract Tensor Convert(Tensor x, DType dtype);

    /// <summary>The values, which no transform and no tape follows.</summary>
    public abstract Tensor Detach(Tensor x);

    /// <summary>The values that C# code asks for.</summary>
    /// <param name="x">A stand-in.</param>
    /// <param name="dtype">What the code gets them as.</param>
    public abstract Tensor Read(Tensor x, DType dtype);

    /// <summary>How many samples random operators draw; null where this transform does not change them.</summary>
    /// <exception cref="TensorException">They are refused.</exception>
    public virtual int? SamplesToDraw() => null;

    /// <summary>A stand-in for samples along a first dimension.</summary>
    public virtual Tensor Samples(Tensor values) => values;

    /// <summary>A hook on the gradient of a stand-in, as a hook on the gradient of what it holds.</summary>
    public virtual Func<Tensor, Tensor?> Within(Func<Tensor, Tensor?> hook) => hook;

    /// <summary>What to throw where a stand-in would be changed in place.</summary>
    public virtual Exception NoChange() => new AutogradException(
        $"{Name}: inplace arithmetic is not possible on a tensor inside of the transform, or with one as operand. Use the out-of-place operator: " +
        "x = x + y instead of x += y or x.Add_(y).");

    /// <summary>The text of a stand-in.</summary>
    public abstract string Describe(Tensor x);

    /// <summary>What to throw where an operator without a rule asks for a stand-in's memory; null if it has some now.</summary>
    public abstract Exception? NoMemory(Tensor x);
}
