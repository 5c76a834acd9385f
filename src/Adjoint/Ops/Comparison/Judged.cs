using Adjoint.Families;
using Adjoint.Gate;
using Adjoint.Interpreters;
using Adjoint.Tape;

namespace Adjoint;

/// <summary>A tensor with all its elements replaced by truth values about them: nothing of the old ones flows on.</summary>
internal readonly record struct Judged(TruthCall Call, bool IsOfNumber) : IJoin
{
    // PyTorch has two derivatives of each comparison, and one of each logical operator.
    public string GradName => $"{Called}Backward{(IsOfNumber || Call >= TruthCall.LogicalAnd ? 0 : 1)}";

    public string Called => Call switch
    {
        TruthCall.Eq => nameof(Eq),
        TruthCall.Ne => nameof(Ne),
        TruthCall.Lt => nameof(Lt),
        TruthCall.Le => nameof(Le),
        TruthCall.Gt => nameof(Gt),
        TruthCall.Ge => nameof(Ge),
        TruthCall.LogicalAnd => nameof(LogicalAnd),
        TruthCall.LogicalOr => nameof(LogicalOr),
        TruthCall.LogicalXor => nameof(LogicalXor),
        _ => nameof(Tensor.LogicalNot),
    };

    internal TruthCall Call { get; init; } = Call;

    internal bool IsOfNumber { get; init; } = IsOfNumber;

    /// <summary>Writes truth values over the tensor that they are about.</summary>
    public static Tensor InPlace(TruthCall call, Tensor x, Tensor? y, Tensor truth)
    {
        if (Rewrite.IsNeeded(x, truth))
        {
            // Nothing of the old elements flows on, but they stay in the history.
            return Rewrite.Change(x, [truth], static (old, others) => Tensor.Where(Tensor.Ones([], DType.Bool), others[0].To(old.DType), old));
        }

        var op = new Judged(call, y is { IsNumber: true });
        Tape.InPlace.ThrowIfTraced(x, truth);
        var recorded = Tape.InPlace.Begin(x, x.RequiresGrad, DType.Bool, truth.Layout);
        Edge[] edges = recorded ? [Tape.InPlace.Old(x)] : [];
        Op.CopyInto(truth, x);
        if (!recorded)
        {
            Tape.InPlace.Changed(x, op.Called + "_");
            return x;
        }

        var result = Tape.InPlace.Result(x, op.Called + "_");
        _ = new JoinNode<Judged>(op, edges, [x.Layout], result);
        Tape.InPlace.End(x, result);
        return x;
    }

    public TensorType Infer(TensorType[] inputs) => inputs[0];

    public Tensor Apply(Tensor[] inputs) => inputs[0];

    public Tensor Transpose(Tensor g, Shape[] inputs, int index) => Tensor.ZerosLike(g);
}

/// <summary>What is asked about the elements, which decides the name of the derivative; comparisons come first.</summary>
internal enum TruthCall
{
    /// <summary>Whether both are equal.</summary>
    Eq,

    /// <summary>Whether both differ.</summary>
    Ne,

    /// <summary>Whether the first is less.</summary>
    Lt,

    /// <summary>Whether the first is less or equal.</summary>
    Le,

    /// <summary>Whether the first is greater.</summary>
    Gt,

    /// <summary>Whether the first is greater or equal.</summary>
    Ge,

    /// <summary>Whether both are not zero.</summary>
    LogicalAnd,

    /// <summary>Whether one of both is not zero.</summary>
    LogicalOr,

    /// <summary>Whether just one of both is not zero.</summary>
    LogicalXor,

    /// <summary>Whether it is zero.</summary>
    LogicalNot,
}
