namespace Adjoint.Tests.Movement;

/// <summary>Operators that move elements: values from the examples of PyTorch's documentation, names of nodes, and what is refused.</summary>
public class ShapeOperatorTests
{
    public static TheoryData<string, string> NodeNames => new()
    {
        { "Flip", "FlipBackward0" },
        { "Rot90", "Rot90Backward0" },
        { "Roll", "RollBackward0" },
        { "Repeat", "RepeatBackward0" },
        { "Diagonal", "DiagonalBackward0" },
        { "DiagEmbed", "DiagEmbedBackward0" },
        { "Tril", "TrilBackward0" },
        { "Triu", "TriuBackward0" },
        { "Unfold", "UnfoldBackward0" },
        { "AsStrided", "AsStridedBackward0" },
        { "AsStridedScatter", "AsStridedScatterBackward0" },
        { "SelectScatter", "SelectScatterBackward0" },
        { "SliceScatter", "SliceScatterBackward0" },
        { "DiagonalScatter", "DiagonalScatterBackward0" },
        { "BlockDiag", "BlockDiagBackward0" },
        { "Unflatten", "ViewBackward0" },
        { "TensorSplit", "SliceBackward0" },
        { "Swapaxes", "TransposeBackward0" },
    };

    /// <summary>PyTorch's names (derivatives.yaml).</summary>
    [Theory]
    [MemberData(nameof(NodeNames))]
    public void NodesHavePyTorchsNames(string method, string name)
    {
        var x = Tensor.Ones(2, 4).RequiresGrad_();
        var y = method switch
        {
            "Flip" => x.Flip(0),
            "Rot90" => x.Rot90(),
            "Roll" => x.Roll(1, 0),
            "Repeat" => x.Repeat(2, 2),
            "Diagonal" => x.Diagonal(),
            "DiagEmbed" => x.DiagEmbed(),
            "Tril" => x.Tril(),
            "Triu" => x.Triu(),
            "Unfold" => x.Unfold(1, 2, 1),
            "AsStrided" => x.AsStrided([2], [1]),
            "AsStridedScatter" => x.AsStridedScatter(Tensor.Zeros(2), [2], [1]),
            "SelectScatter" => x.SelectScatter(Tensor.Zeros(2), 1, 0),
            "SliceScatter" => x.SliceScatter(Tensor.Zeros(1, 4), 0, 1),
            "DiagonalScatter" => x.DiagonalScatter(Tensor.Zeros(2)),
            "BlockDiag" => Tensor.BlockDiag(x, x),
            "Unflatten" => x.Unflatten(1, 2, 2),
            "TensorSplit" => x.TensorSplit(2, 1)[0],
            _ => x.Swapaxes(0, 1),
        };
        Assert.Equal(name, y.GradFn!.Name);
    }

    /// <summary>torch.roll, torch.rot90, torch.tile, torch.repeat_interleave, torch.combinations, torch.diag_embed.</summary>
    [Fact]
    public void ExamplesOfTheDocumentation()
    {
        var x = Tensor.FromArray(new[] { 1L, 2, 3, 4, 5, 6, 7, 8 }).Reshape(4, 2);
        Assert.Equal([8L, 1, 2, 3, 4, 5, 6, 7], x.Roll(1).ToArray<long>());
        Assert.Equal([7L, 8, 1, 2, 3, 4, 5, 6], x.Roll(1, 0).ToArray<long>());
        Assert.Equal([3L, 4, 5, 6, 7, 8, 1, 2], x.Roll(-1, 0).ToArray<long>());
        Assert.Equal([6L, 5, 8, 7, 2, 1, 4, 3], x.Roll([2, 1], [0, 1]).ToArray<long>());

        var square = Tensor.Arange(4).Reshape(2, 2);
        Assert.Equal([1L, 3, 0, 2], square.Rot90(1, 0, 1).ToArray<long>());
        Assert.Equal([2L, 0, 3, 1], square.Rot90(-1, 0, 1).ToArray<long>());

        Assert.Equal([1L, 1, 2, 2, 3, 3], Tensor.FromArray(new[] { 1L, 2, 3 }).RepeatInterleave(2).ToArray<long>());
        var pairs = Tensor.FromArray(new[] { 1L, 2, 3, 4 }).Reshape(2, 2);
        var counts = Tensor.FromArray(new[] { 1L, 2 });
        Assert.Equal([1L, 2, 3, 4, 3, 4], pairs.RepeatInterleave(counts, 0).ToArray<long>());

        Tensor vector = Tensor.FromArray(new[] { 1L, 2, 3 });
        Assert.Equal([1L, 2, 1, 3, 2, 3], vector.Combinations().ToArray<long>());
        Assert.Equal([1L, 2, 3], vector.Combinations(3).ToArray<long>());
        Assert.Equal([1L, 1, 1, 2, 1, 3, 2, 2, 2, 3, 3, 3], vector.Combinations(withReplacement: true).ToArray<long>());
        Assert.Equal([2L, 0], vector[..2].Combinations(0).Shape.ToArray().Select(size => (long)size + 2).Append(0));

        Assert.Equal([0L, 1, 0, 0, 0, 2, 0, 0, 0], vector[..2].DiagEmbed(1).ToArray<long>());
        Assert.Equal([1L, 2, 2, 0, 0, 1], Tensor.TrilIndices(3, 2, -1).ToArray<long>());
    }

    /// <summary>
    /// as_strided: t = as_strided(x, (2, 2), (1, 2)) shows elements 0, 2, 1, 3; with offset 1 elements 1, 3, 2, 4 (PyTorch's documentation).
    /// </summary>
    [Fact]
    public void AsStridedShowsMemory()
    {
        var x = Tensor.Arange(9.0).Reshape(3, 3);
        Assert.Equal([0.0, 2, 1, 3], x.AsStrided([2, 2], [1, 2]).ToArray<double>());
        var view = x.AsStrided([2, 2], [1, 2], 1);
        Assert.Equal([1.0, 3, 2, 4], view.ToArray<double>());
        view.Fill_(-1);
        Assert.Equal([0.0, -1, -1, -1, -1, 5, 6, 7, 8], x.ToArray<double>());

        // A view reaches the memory of its base, not only its own elements.
        Assert.Equal([7.0, 0], x[2].AsStrided([2], [-7 + 7], 7)[..1].ToArray<double>().Append(0));
    }

    [Fact]
    public void NothingOutsideOfMemoryIsShown()
    {
        var x = Tensor.Zeros(3, 3);
        Assert.Contains("out of bounds for storage", Assert.Throws<ShapeException>(() => x.AsStrided([10], [1])).Message, StringComparison.Ordinal);
        Assert.Throws<ShapeException>(() => x.AsStrided([2], [9]));
        Assert.Throws<ShapeException>(() => x.AsStrided([2], [long.MaxValue / 2]));
        Assert.Throws<ShapeException>(() => x.AsStrided([1], [1], long.MaxValue));
        Assert.Throws<ShapeException>(() => x.AsStrided([2], [-1]));
        Assert.Throws<ShapeException>(() => x.AsStrided([2], [1], -1));
        Assert.Throws<ShapeException>(() => x.AsStrided([2, 2], [1]));
        Assert.Throws<ShapeException>(() => x.AsStrided([-2], [1]));
        Assert.Throws<ShapeException>(() => Transform.Vmap((Tensor row) => row.AsStrided([4], [1]))(x));
        Assert.Equal(0, x.AsStrided([0], [1], 9).Count);
    }

    /// <summary>Each of the 16 windows [2, 2] of a 5 x 5 image shows its elements; an element counts in as many as there are.</summary>
    [Fact]
    public void GradientsOfSharedElementsAddUp()
    {
        var x = Tensor.Zeros([5, 5], DType.Float64).RequiresGrad_();
        x.AsStrided([4, 4, 2, 2], [5, 1, 5, 1]).Sum().Backward();
        double[] edge = [1, 2, 2, 2, 1];
        Assert.Equal(edge.SelectMany(a => edge.Select(b => a * b)), x.Grad!.ToArray<double>());

        x.Grad = null;
        x.Unfold(0, 2, 1).Unfold(1, 2, 1).Sum().Backward();
        Assert.Equal(edge.SelectMany(a => edge.Select(b => a * b)), x.Grad!.ToArray<double>());
    }

    /// <summary>Where places of a leaf share an element the gradient is shared among them, as PyTorch's as_strided_backward says.</summary>
    [Fact]
    public void ALeafOfWindowsSharesItsGradient()
    {
        var windows = Tensor.Arange(4.0).To(DType.Float64).Unfold(0, 2, 1).Detach().RequiresGrad_();
        windows.AsStrided([4], [1]).Sum().Backward();
        Assert.Equal([1, 0.5, 0.5, 0.5, 0.5, 1], windows.Grad!.ToArray<double>());
    }

    /// <summary>Which of several places is written last is not to be relied on.</summary>
    [Fact]
    public void WindowsThatOverlapAreNotChangedInPlace()
    {
        var x = Tensor.Ones(6);
        var refused = Assert.Throws<ShapeException>(() => x.Unfold(0, 3, 2).Mul_(2));
        Assert.Contains("single memory location", refused.Message, StringComparison.Ordinal);
        Assert.Throws<ShapeException>(() => x.AsStrided([3, 2], [1, 1]).Copy_(Tensor.Zeros(3, 2)));

        // Strides that interleave without meeting: 0, 2, 4 and 3, 5, 7.
        var apart = Tensor.Ones(8).AsStrided([2, 3], [3, 2]);
        apart.Mul_(2);
        Assert.Equal(12, apart.Sum().Item());
        x.Unfold(0, 3, 3).Mul_(2);
        Assert.Equal(12, x.Sum().Item());

        // One value for all may be written, but nothing flows back to the base, as through an expanded view.
        var copy = Tensor.Ones(5).RequiresGrad_() * 3;
        copy.Unfold(0, 2, 1)[1..].Zero_();
        Assert.Equal(3, copy.Sum().Item());
        Assert.Contains(
            "single memory location", Assert.Throws<ShapeException>(() => copy.Sum().Backward()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ViewsShareMemoryAndCopiesDoNot()
    {
        var x = Tensor.Zeros(4, 4);
        x.Diagonal().Fill_(1);
        x.Unfold(1, 2, 2)[0, 1].Fill_(5);
        x.MT[0, 3] = 7;
        x.TensorSplit(2)[1][0].Fill_(3);
        x.Swapaxes(0, 1).Unflatten(0, 2, 2)[0, 1].Mul_(2);
        Assert.Equal([1.0, 0, 5, 5, 0, 2, 0, 0, 3, 6, 3, 3, 7, 0, 0, 1], x.ToArray<double>());
        x.Flip(0).Zero_();
        x.Roll(0, 0).Zero_();
        x.Repeat(1, 1).Zero_();
        x.Tril(4).Zero_();
        x.Rot90(4).Zero_();
        x.Diag().Zero_();
        Assert.Equal(36, x.Sum().Item());
    }

    [Fact]
    public void WrongArgumentsAreRefused()
    {
        var x = Tensor.Zeros(2, 3);
        Assert.Throws<TensorException>(() => x.Flip(0, -2));
        Assert.Throws<TensorIndexException>(() => x.Flip(2));
        Assert.Throws<ShapeException>(() => x[0].Fliplr());
        Assert.Throws<TensorException>(() => x.Rot90(1, 0, -2));
        Assert.Throws<TensorException>(() => x.Roll([1, 2], [0]));
        Assert.Throws<ShapeException>(() => x.Repeat(2));
        Assert.Throws<ShapeException>(() => x.Repeat(2, -1));
        Assert.Throws<ShapeException>(() => x.Repeat(int.MaxValue, 2));
        Assert.Throws<TensorException>(() => x.RepeatInterleave(-1));
        Assert.Throws<ShapeException>(() => x.RepeatInterleave(Tensor.FromArray(new[] { 1L, 2, 3 }), 0));
        Assert.Throws<DTypeException>(() => x.RepeatInterleave(Tensor.Ones(2), 0));
        Assert.Throws<TensorException>(() => x.Diagonal(0, 0, -2));
        Assert.Throws<TensorException>(() => x.DiagEmbed(0, 1, 1));
        Assert.Throws<ShapeException>(() => Tensor.Zeros(2, 2, 2).Diag());
        Assert.Throws<ShapeException>(() => x[0].Tril());
        Assert.Throws<ShapeException>(() => x.Unfold(1, 4, 1));
        Assert.Throws<ShapeException>(() => x.Unfold(1, 2, 0));
        Assert.Throws<ShapeException>(() => x.SelectScatter(Tensor.Zeros(3), 1, 0));
        Assert.Throws<ShapeException>(() => x.Hsplit(2));
        Assert.Throws<TensorException>(() => x.TensorSplit(0));
        Assert.Throws<ShapeException>(() => x.Unflatten(1, 2, 2));
        Assert.Throws<ShapeException>(() => x.Unflatten(1, -1, -1));
        Assert.Throws<ShapeException>(() => Tensor.Meshgrid([x]));
        Assert.Throws<ShapeException>(() => Tensor.CartesianProd(x, x));
        Assert.Throws<ShapeException>(() => Tensor.BlockDiag(Tensor.Zeros(1, 1, 1)));
        Assert.Throws<ShapeException>(() => Tensor.TrilIndices(-1, 2));
    }

    /// <summary>Extreme numbers and empty tensors.</summary>
    [Fact]
    public void NothingIsNoProblem()
    {
        var nothing = Tensor.Zeros(0, 3);
        Assert.Equal([0, 3], nothing.Flip(0, 1).Shape.ToArray());
        Assert.Equal([0, 3], nothing.Roll([5, -7], [0, 1]).Shape.ToArray());
        Assert.Equal([3, 0], nothing.Rot90().Shape.ToArray());
        Assert.Equal([0], nothing.Diagonal(int.MaxValue).Shape.ToArray());
        Assert.Equal([0], nothing.Diagonal(int.MinValue).Shape.ToArray());
        Assert.Equal([0, 3], nothing.Tril(int.MinValue).Shape.ToArray());
        Assert.Equal([0, 1, 3], nothing.Unfold(1, 3, int.MaxValue).Shape.ToArray());
        Assert.Equal(6, Tensor.Ones(2, 3).Triu(int.MinValue).Sum().Item());
        Assert.Equal(0, Tensor.Ones(2, 3).Triu(int.MaxValue).Sum().Item());
        Assert.Equal([0, 6], nothing.Repeat(2, 2).Shape.ToArray());
        Assert.Equal(1, Tensor.Scalar(1f).Roll(3).Item());
        Assert.Equal(1, Tensor.Scalar(1f).Roll(3, 0).Item());
        Assert.Equal(1, Tensor.Scalar(1f).Flip(0).Item());
        Assert.Equal([1], Tensor.Scalar(1f).Unfold(0, 1, 1).Shape.ToArray());
    }
}
