using Adjoint.Families;
using Adjoint.Tape;

namespace Adjoint.Interpreters;

/// <summary>
/// A transform that follows tensors through operators. It unwraps what it follows and runs the operator on what lies inside, which outer transforms
/// and the tape may follow in turn; what is particular to a family, the family says (<see cref="FamilyOperation"/>).
/// </summary>
internal abstract class Interpreter
{
    /// <summary>The name that messages use.</summary>
    public abstract string Name { get; }

    private readonly int _depth;

    private protected Interpreter()
        : this(Nesting.Depth + 1)
    {
    }

    private protected Interpreter(int depth) => _depth = depth;

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

    /// <summary>Whether this was a batch that goes on with its first sample alone:
    /// what it follows becomes that sample's own tensor when it is next used.</summary>
    public bool IsSingle { get; private protected set; }

    /// <summary>What a stand-in becomes after <see cref="IsSingle"/>.</summary>
    public virtual Tensor SampleOf(Tensor x, Tracer tracer) => throw new NotSupportedException($"{Name} follows no samples.");

    /// <summary>A tensor is about to be changed in place whose <see cref="StandInLife.Refuser"/> this is.</summary>
    public virtual void Refuse()
    {
    }

    /// <summary>Follows an operator.</summary>
    /// <param name="operation">The operator.</param>
    /// <param name="inputs">Its inputs, at least one of which this transform follows.</param>
    public abstract Tensor[] Apply(FamilyOperation operation, Tensor[] inputs);

    /// <summary>Follows a custom function.</summary>
    /// <param name="call">The call.</param>
    /// <param name="inputs">Its inputs, at least one of which this transform follows.</param>
    public virtual Tensor[] Apply(CustomCall call, Tensor[] inputs) =>
        call.Run(Array.ConvertAll(inputs, input => ReferenceEquals(input.Tracer?.Owner, this) ? input.Tracer.Value : input));

    /// <summary>A derivative formula in one pass, not recorded; null where the formula has to be read instead. What is not read is null.</summary>
    public virtual Tensor? Pull(FusedPull pull, Tensor g, Tensor? x, Tensor? y, Tensor? z) => null;

    /// <summary>Computes what a stand-in holds, where it was made without.</summary>
    public virtual Tensor ValueOf(Tracer tracer) => throw new NotSupportedException($"{Name} holds all values.");

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

    /// <summary>Whether a stand-in may stand for new values after a change in place.</summary>
    public virtual bool Rewrites => false;

    /// <summary>What this transform knows of a tensor as one that it follows.</summary>
    public virtual Tracer Hold(Tensor x) => throw NoChange();

    /// <summary>Whether its stand-ins are other names of tensors, which are changed in their place.</summary>
    public virtual bool StandsForOthers => false;

    /// <summary>The tensor that another one stands for; itself where it is no stand-in.</summary>
    public virtual Tensor Other(Tensor x) => x;

    /// <summary>What to throw where a stand-in would be changed in place.</summary>
    public virtual Exception NoChange() => new AutogradException(
        $"{Name}: inplace arithmetic is not possible on a tensor inside of the transform, or with one as operand. Use the out-of-place operator: " +
        "x = x + y instead of x += y or x.Add_(y).");

    /// <summary>What to throw where something that is followed would be written into a tensor from outside of the transform.</summary>
    public virtual Exception Captured() => InPlace.Captured();

    /// <summary>The text of a stand-in.</summary>
    public abstract string Describe(Tensor x);

    /// <summary>What to throw where an operator without a rule asks for a stand-in's memory; null if it has some now.</summary>
    public abstract Exception? NoMemory(Tensor x);
}
