namespace Adjoint.Onnx.Tests;

/// <summary>Calls of operators, each under its method's name.</summary>
internal static partial class OperatorCases
{
    private static readonly Generator s_draws = new(17);

    /// <summary>All calls.</summary>
    public static IEnumerable<Case> All() => Pointwise().Concat(Comparisons()).Concat(Reductions()).Concat(Movement()).Concat(Products())
        .Concat(Images()).Concat(Positions()).Concat(Orders()).Concat(Losses()).Concat(Sequences());

    private static Case One(string name, Func<Tensor, Tensor> function, Tensor x, int? dynamic = 0) =>
        new(name, all => [function(all[0])], [x], dynamic);

    private static Case Two(string name, Func<Tensor, Tensor, Tensor> function, Tensor x, Tensor y, int? dynamic = 0) =>
        new(name, all => [function(all[0], all[1])], [x, y], dynamic);

    private static Case Three(string name, Func<Tensor, Tensor, Tensor, Tensor> function, Tensor x, Tensor y, Tensor z, int? dynamic = 0) =>
        new(name, all => [function(all[0], all[1], all[2])], [x, y, z], dynamic);

    /// <summary>Normal draws, each its own.</summary>
    private static Tensor Draw(params int[] sizes) => Tensor.Randn(sizes, null, s_draws);

    /// <summary>Draws between 0.1 and 0.9.</summary>
    private static Tensor Share(params int[] sizes) => (Tensor.Rand(sizes, null, s_draws) * 0.8) + 0.1;

    private static Tensor Whole(params long[] values) => Tensor.FromArray(values);
}
