using System.Globalization;
using Adjoint.Families;
using Adjoint.Interpreters;

namespace Adjoint.Graphs;

/// <summary>
/// Follows tensors that have a shape and a dtype but no values, through operators' shape rules. It stands around all transforms and never ends.
/// </summary>
internal sealed class MetaInterpreter : Interpreter
{
    private MetaInterpreter()
        : base(depth: 0)
    {
    }

    /// <summary>The only one.</summary>
    public static MetaInterpreter Instance { get; } = new();

    public override string Name => "Meta";

    public static Tensor Wrap(TensorType type) => new(new Tracer(Instance, null, null), type.Layout.ToDense(), type.DType);

    /// <summary>Tensors without values of the shapes and dtypes of others.</summary>
    public static Tensor[] Like(Tensor[] tensors) => Array.ConvertAll(tensors, x => Wrap(TensorType.Of(x)));

    public override Tensor[] Apply(FamilyOperation operation, Tensor[] inputs) =>
        Array.ConvertAll(operation.Infer(Array.ConvertAll(inputs, TensorType.Of)), Wrap);

    public override Tensor ValueOf(Tracer tracer) => throw NoValues();

    public override Tensor Read(Tensor x, DType dtype) => throw NoValues();

    public override string Describe(Tensor x)
    {
        var sizes = string.Join(", ", x.Layout.Sizes.Select(size => size.ToString(CultureInfo.InvariantCulture)));
        var dtype = x.DType == DType.Float32 ? string.Empty : $", dtype={x.DType.TorchName}";
        return $"tensor(..., device='meta', size=({sizes}{(x.Rank == 1 ? "," : string.Empty)}){dtype})";
    }

    public override Exception NoMemory(Tensor x) => NoValues();

    private static TensorException NoValues() => new(
        "Cannot copy out of meta tensor; no data! The tensor has a shape and a dtype only: it was made by Tensor.Meta, or by an operator from one. " +
        "Code that reads numbers, or changes tensors in place, needs an example with values.");
}
