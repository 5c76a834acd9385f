using Adjoint.Gate;

namespace Adjoint;

/// <content>Tensors beside each other, by the direction's name.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// Tensors side by side (<c>torch.hstack</c>): vectors along their dimension, others along the second. Scalars count as vectors.
    /// </summary>
    /// <exception cref="ShapeException">Sizes do not agree.</exception>
    public static Tensor Hstack(IReadOnlyList<Tensor> tensors)
    {
        var all = Stacked(tensors, "hstack", x => x.Atleast1d());
        return Cat(all, all[0].Rank == 1 ? 0 : 1);
    }

    /// <summary>Tensors below each other (<c>torch.vstack</c>, <c>row_stack</c>): along the first dimension. Vectors count as rows.</summary>
    /// <exception cref="ShapeException">Sizes do not agree.</exception>
    public static Tensor Vstack(IReadOnlyList<Tensor> tensors) => Cat(Stacked(tensors, "vstack", x => x.Atleast2d()), 0);

    /// <summary>Tensors behind each other (<c>torch.dstack</c>): along the third dimension, which matrices get.</summary>
    /// <exception cref="ShapeException">Sizes do not agree.</exception>
    public static Tensor Dstack(IReadOnlyList<Tensor> tensors) => Cat(Stacked(tensors, "dstack", x => x.Atleast3d()), 2);

    /// <summary>Tensors side by side along the second dimension (<c>torch.column_stack</c>). Vectors count as columns.</summary>
    /// <exception cref="ShapeException">Sizes do not agree.</exception>
    public static Tensor ColumnStack(IReadOnlyList<Tensor> tensors) =>
        Cat(Stacked(tensors, "column_stack", x => x.Rank <= 1 ? x.Reshape(-1, 1) : x), 1);

    /// <summary>The tensor itself; a scalar as a vector of one element. Shares memory (<c>torch.atleast_1d</c>).</summary>
    public Tensor Atleast1d() => Rank == 0 ? Reshape(1) : this;

    /// <summary>The tensor itself; a scalar or a vector as a matrix of one row. Shares memory (<c>torch.atleast_2d</c>).</summary>
    public Tensor Atleast2d() => Rank switch
    {
        0 => Reshape(1, 1),
        1 => Unsqueeze(0),
        _ => this,
    };

    /// <summary>
    /// The tensor itself; a scalar with shape [1, 1, 1], a vector of n with [1, n, 1], a matrix with a third dimension of size 1. Shares memory
    /// (<c>torch.atleast_3d</c>).
    /// </summary>
    public Tensor Atleast3d() => Rank switch
    {
        0 => Reshape(1, 1, 1),
        1 => Unsqueeze(0).Unsqueeze(-1),
        2 => Unsqueeze(-1),
        _ => this,
    };

    private static Tensor[] Stacked(IReadOnlyList<Tensor> tensors, string name, Func<Tensor, Tensor> raise)
    {
        Operands.ThrowIfAnyNull(tensors, name);
        return tensors.Count > 0 ? [.. tensors.Select(raise)] : throw new TensorException($"{name} expects a non-empty TensorList");
    }
}
