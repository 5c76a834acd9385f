using Adjoint.Engine;
using Adjoint.Families;
using Adjoint.Interpreters;

namespace Adjoint.Transforms;

/// <summary>
/// Forward mode: every stand-in holds a value and its directional derivative, and each family says how it pushes both. Only tensors with a
/// tangent are stand-ins; everything else stays as it is, so that a constant costs nothing.
/// </summary>
internal sealed class JvpInterpreter : Interpreter
{
    public override string Name => "Jvp";

    /// <summary>A value with its tangent; the value itself if it has none.</summary>
    public Tensor Wrap(Tensor value, Tensor? tangent)
    {
        if (tangent is null)
        {
            return value;
        }

        value.IsTemporary = false;
        tangent.IsTemporary = false;
        return new Tensor(new Tracer(this, value, tangent), value.Layout, value.DType);
    }

    /// <summary>The value and the tangent of what this transform follows; no tangent for anything else.</summary>
    public (Tensor Value, Tensor? Tangent) Split(Tensor x) =>
        x.Tracer is { } tracer && ReferenceEquals(tracer.Owner, this) ? (tracer.Value, tracer.Tangent) : (x, null);

    public override Tensor[] Apply(FamilyOperation operation, Tensor[] inputs)
    {
        if (operation.Compose(inputs) is { } composed)
        {
            return composed;
        }

        var values = new Tensor[inputs.Length];
        var tangents = new Tensor?[inputs.Length];
        for (var i = 0; i < inputs.Length; i++)
        {
            (values[i], tangents[i]) = Split(inputs[i]);
        }

        var results = operation.Run(values);
        var pushed = operation.Push(values, tangents, results) ?? PullThePull(operation, values, tangents, results);
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = Wrap(results[i], pushed[i]);
        }

        return results;
    }

    public override Tensor[] Apply(CustomCall call, Tensor[] inputs) => call.Push(this, inputs, Array.ConvertAll(inputs, Split), Wrap);

    public override bool Rewrites => true;

    public override Tracer Hold(Tensor x)
    {
        var (value, tangent) = Split(x);
        return new Tracer(this, value, tangent ?? Tensor.ZerosLike(value));
    }

    public override Tensor Read(Tensor x, DType dtype) => Split(x).Value;

    public override string Describe(Tensor x)
    {
        var (value, tangent) = Split(x);
        return $"DualTensor(primal={value}, tangent={tangent})";
    }

    public override Exception NoMemory(Tensor x) => new AutogradException(
        "Trying to use forward AD with an operator that does not support it because it has not been implemented yet. The operator reads memory " +
        "directly; compute this part from x.Detach() if its derivative is not wanted.");

    /// <summary>Forward mode from reverse mode alone: the pull is linear in the gradients, and its transpose takes tangents forward.</summary>
    private static Tensor?[] PullThePull(FamilyOperation operation, Tensor[] values, Tensor?[] tangents, Tensor[] results)
    {
        var wanted = Array.ConvertAll(tangents, tangent => tangent is not null);
        var run = ReverseMode.Record(
            Array.ConvertAll(results, result => Tensor.ZerosLike(result)),
            gradients => operation.Pull(gradients, values, results, wanted));
        var pulled = new List<Tensor>();
        var given = new List<Tensor>();
        for (var i = 0; i < tangents.Length; i++)
        {
            if (tangents[i] is { } tangent && run.Value[i] is { } gradient)
            {
                pulled.Add(gradient);
                given.Add(tangent);
            }
        }

        return run.Pull(pulled, given);
    }
}
