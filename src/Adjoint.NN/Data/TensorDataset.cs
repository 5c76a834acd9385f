namespace Adjoint.NN;

/// <summary>The rows of two tensors, inputs and targets (<c>torch.utils.data.TensorDataset</c>).</summary>
public sealed class TensorDataset : Dataset<(Tensor X, Tensor Y)>
{
    /// <summary>Takes the tensors; they are not copied.</summary>
    /// <param name="x">The inputs.</param>
    /// <param name="y">The targets, of as many rows.</param>
    /// <exception cref="ShapeException">The counts of rows differ.</exception>
    public TensorDataset(Tensor x, Tensor y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        if (x.Rank == 0 || y.Rank == 0 || x.Shape[0] != y.Shape[0])
        {
            throw new ShapeException($"Size mismatch between tensors: {x.Shape} and {y.Shape} have other counts of rows.");
        }

        (X, Y) = (x, y);
    }

    /// <summary>The inputs.</summary>
    public Tensor X { get; }

    /// <summary>The targets.</summary>
    public Tensor Y { get; }

    /// <inheritdoc/>
    public override int Count => X.Shape[0];

    /// <inheritdoc/>
    public override (Tensor X, Tensor Y) this[int index] => (X[index], Y[index]);

    /// <summary>Several rows at once.</summary>
    /// <param name="indices">Their places.</param>
    public (Tensor X, Tensor Y) Rows(IReadOnlyList<int> indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        var places = new long[indices.Count];
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = indices[i];
        }

        var index = Tensor.FromArray(places);
        return (X.IndexSelect(0, index), Y.IndexSelect(0, index));
    }
}
