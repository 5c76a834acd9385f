using Adjoint.Families;
using Adjoint.Interpreters;
using Adjoint.Memory;

namespace Adjoint.Transforms;

/// <summary>
/// Tensors that stand for others while a function runs: a module's parameters for those of an argument. Every operator sees the other tensor, whoever
/// follows that one. No other thread may use the tensors in the meantime.
/// </summary>
internal sealed class Substitution(IReadOnlyList<Tensor> tensors, IReadOnlyList<Tensor> others) : Interpreter
{
    private readonly List<(Tensor Tensor, Storage Storage)> _lent = [];

    public override string Name => "FunctionalCall";

    /// <summary>Runs a function in which tensors stand for others of their shapes and dtypes.</summary>
    public static Y Run<Y>(IReadOnlyList<Tensor> tensors, IReadOnlyList<Tensor> others, Func<Y> function)
    {
        var substitution = new Substitution(tensors, others);
        using var scope = Nesting.Enter(substitution);
        try
        {
            substitution.Resumed();
            return function();
        }
        finally
        {
            substitution.Left();
        }
    }

    public override void Resumed()
    {
        for (var i = 0; i < tensors.Count; i++)
        {
            // A parameter may stand for itself.
            if (!ReferenceEquals(tensors[i], others[i]))
            {
                _lent.Add((tensors[i], tensors[i].Lend(new Tracer(this, others[i], null))));
            }
        }
    }

    public override void Left()
    {
        foreach (var (tensor, storage) in _lent)
        {
            tensor.GiveBack(storage);
        }

        _lent.Clear();
    }

    public override Tensor[] Apply(FamilyOperation operation, Tensor[] inputs) => operation.Run(Array.ConvertAll(inputs, Other));

    public override Tensor Read(Tensor x, DType dtype) => Other(x);

    public override string Describe(Tensor x) => Other(x).ToString();

    public override Exception NoMemory(Tensor x) => new AutogradException(
        "FunctionalCall: an operator reads or changes the memory of a parameter, which stands for another tensor here.");

    public override bool StandsForOthers => true;

    public override Tensor Other(Tensor x) => x.Tracer is { } tracer && ReferenceEquals(tracer.Owner, this) ? tracer.Value : x;
}
