using Adjoint.Families;
using Adjoint.Gate;
using Adjoint.Tape;

namespace Adjoint;

/// <summary>A tensor with all its elements replaced by truth values about them: nothing of the old ones flows on.</summary>
internal readonly record struct Judged(string Method, bool IsOfNumber) : IJoin
{
    // PyTorch has two derivatives of each comparison, and one of each logical operator.
    public string GradName => $"{Method}Backward{(IsOfNumber || Method.StartsWith("Logical", StringComparison.Ordinal) ? 0 : 1)}";

    public string? Called => Method;

    internal string Method { get; init; } = Method;

    internal bool IsOfNumber { get; init; } = IsOfNumber;

    /// <summary>Writes truth values over the tensor that they are about.</summary>
    public static Tensor InPlace(string method, Tensor x, Tensor? y, Tensor truth)
    {
        Tape.InPlace.ThrowIfTraced(x, truth);
        var recorded = Tape.InPlace.Begin(x, x.RequiresGrad, DType.Bool, truth.Layout);
        Edge[] edges = recorded ? [Tape.InPlace.Old(x)] : [];
        Op.CopyInto(truth, x);
        if (!recorded)
        {
            Tape.InPlace.Changed(x, method + "_");
            return x;
        }

        var result = Tape.InPlace.Result(x, method + "_");
        _ = new JoinNode<Judged>(new Judged(method, y is { IsNumber: true }), edges, [x.Layout], result);
        Tape.InPlace.End(x, result);
        return x;
    }

    public TensorType Infer(TensorType[] inputs) => inputs[0];

    public Tensor Apply(Tensor[] inputs) => inputs[0];

    public Tensor Transpose(Tensor g, Shape[] inputs, int index) => Tensor.ZerosLike(g);
}
