namespace Adjoint.Ops.Families;

/// <summary>
/// A transform that follows tensors through operators: one rule for each family. Rules unwrap what this transform follows and run the same gates on
/// what lies inside, which outer transforms and the tape may follow in turn.
/// </summary>
internal abstract class Interpreter
{
    /// <summary>The name that messages use.</summary>
    public abstract string Name { get; }

    /// <summary>How many transforms are around this one, and itself.</summary>
    public int Depth { get; } = Nesting.Depth + 1;

    /// <summary>Whether the transform's function is still running.</summary>
    public bool IsAlive { get; private set; } = true;

    /// <summary>Whether this was a batch that goes on with its first sample alone: what it follows becomes that sample's own tensor when it is next used.</summary>
    public bool IsSingle { get; private protected set; }

    public void End() => IsAlive = false;

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
    public abstract Tensor Read(Tensor x);

    /// <summary>How many samples random operators draw; null where this transform does not change them.</summary>
    /// <exception cref="TensorException">They are refused.</exception>
    public virtual int? SamplesToDraw() => null;

    /// <summary>A stand-in for samples along a first dimension.</summary>
    public virtual Tensor Samples(Tensor values) => values;

    /// <summary>The text of a stand-in.</summary>
    public abstract string Describe(Tensor x);

    /// <summary>What to throw where an operator without a rule asks for a stand-in's memory; null if it has some now.</summary>
    public abstract Exception? NoMemory(Tensor x);
}
