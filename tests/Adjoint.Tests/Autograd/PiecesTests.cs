using static Adjoint.Tests.Engine.Collected;
using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.Engine;

/// <summary>
/// <c>Unbind</c>, <c>Split</c> and <c>Chunk</c>: several views by one operation. After PyTorch's test_inplace_on_view_multi_output_safe and
/// test_inplace_multiple_output_view_of_view; the errors are its texts.
/// </summary>
public class PiecesTests
{
    private const string Multi18 =
        " is a view and is being modified inplace. This view is the output of a function that returns multiple views. Such functions do not allow " +
        "the output views to be modified inplace. You should replace the inplace operation by an out-of-place one.";

    [Fact]
    public void UnbindTakesADimensionApart()
    {
        var x = LeafOf([2, 3], 1, 2, 3, 4, 5, 6);
        var rows = x.Unbind();
        Assert.Equal(2, rows.Length);
        Holds(rows[1], 4, 5, 6);
        Assert.Equal([3, 3, 3], x.Unbind(-1).Select(_ => x.Unbind(-1).Length));
        Holds(x.Unbind(-1)[2], 3, 6);
        Assert.All(rows, row => Assert.True(Share(x, row)));
        Assert.Equal("UnbindBackward0", rows[0].GradFn!.Name);
        Assert.Same(rows[0].GradFn, rows[1].GradFn);
        ((rows[0] * 2).Sum() + (rows[1] * rows[1]).Sum()).Backward();
        Holds(x.Grad, 2, 2, 2, 8, 10, 12);
    }

    [Fact]
    public void APieceThatIsNotUsedHasZeros()
    {
        var x = LeafOf([3, 2], 1, 2, 3, 4, 5, 6);
        x.Unbind()[1].Sum().Backward();
        Holds(x.Grad, 0, 0, 1, 1, 0, 0);
        x.Grad = null;
        x.Split(2)[1].Sum().Backward();
        Holds(x.Grad, 0, 0, 0, 0, 1, 1);
        x.Grad = null;
        x.Split([1, 2])[0].Sum().Backward();
        Holds(x.Grad, 1, 1, 0, 0, 0, 0);
    }

    [Theory]
    [InlineData(7, 3, new[] { 3, 3, 1 })]
    [InlineData(6, 3, new[] { 3, 3 })]
    [InlineData(2, 5, new[] { 2 })]
    [InlineData(0, 4, new[] { 0 })]
    [InlineData(0, 0, new[] { 0 })]
    public void SplitHasAShorterEnd(int size, int part, int[] lengths) =>
        Assert.Equal(lengths, Tensor.Zeros(size).Split(part).Select(piece => (int)piece.Count));

    /// <summary>PyTorch's torch.chunk: lengths are rounded up, so there may be fewer.</summary>
    [Theory]
    [InlineData(11, 6, new[] { 2, 2, 2, 2, 2, 1 })]
    [InlineData(12, 6, new[] { 2, 2, 2, 2, 2, 2 })]
    [InlineData(13, 6, new[] { 3, 3, 3, 3, 1 })]
    [InlineData(0, 3, new[] { 0, 0, 0 })]
    public void ChunkMayGiveFewer(int size, int chunks, int[] lengths) =>
        Assert.Equal(lengths, Tensor.Zeros(size).Chunk(chunks).Select(piece => (int)piece.Count));

    [Fact]
    public void NamesArePyTorchs()
    {
        var x = LeafOf([2, 3], 1, 2, 3, 4, 5, 6);
        Assert.Equal("SplitBackward0", x.Split(1)[0].GradFn!.Name);
        Assert.Equal("SplitWithSizesBackward0", x.Split([1, 1])[0].GradFn!.Name);
        Assert.Equal("SplitBackward0", x.Chunk(2, 1)[0].GradFn!.Name);
    }

    [Fact]
    public void SecondDerivativesGoThrough()
    {
        var x = Leaf(1, 2, 3);
        var parts = x.Split([1, 2]);
        var y = (parts[0] * parts[1] * parts[1]).Sum();
        var first = Autograd.Grad(y, x, createGraph: true);
        Holds(first, 4 + 9, 4, 6);
        Holds(Autograd.Grad((first * Tensor.FromArray([1.0, 10, 100])).Sum(), x), 4 * 10 + 6 * 100, 4 + 20, 6 + 200);
    }

    [Fact]
    public void TransformsSeeOrdinaryViews()
    {
        var x = Tensor.FromArray([1.0, 2, 3, 4], [2, 2]);
        Holds(Transform.Vmap((Tensor row) => row.Unbind()[0] * row.Unbind()[1])(x), 2, 12);
        Holds(Transform.Grad((Tensor v) => v.Split(1)[1].Sum() * v.Chunk(2)[0].Sum())(x), 3 + 4, 3 + 4, 1 + 2, 1 + 2);
        Holds(Transform.Jvp((Tensor v) => v.Unbind(1)[1], x, Tensor.Ones([2, 2], DType.Float64)).Tangent, 1, 1);
    }

    [Fact]
    public void APieceIsNotChangedInPlace()
    {
        var x = LeafOf([2, 2], 1, 2, 3, 4) * 1;
        Fails<AutogradException>("Output 1 of UnbindBackward0" + Multi18, () => x.Unbind()[1].Add_(1));
        Fails<AutogradException>("Output 0 of SplitBackward0" + Multi18, () => x.Split(1)[0].Zero_());
        Fails<AutogradException>("Output 1 of SplitWithSizesBackward0" + Multi18, () => x.Split([1, 1])[1].Add_(1));
        Fails<AutogradException>("Output 0 of SplitBackward0" + Multi18, () => x.Chunk(2)[0].Mul_(2));
        Holds(x, 1, 2, 3, 4);
        Assert.Equal(0, x.Version);
    }

    /// <summary>A view of such a view is of its kind.</summary>
    [Fact]
    public void NorIsAViewOfAPiece()
    {
        var x = LeafOf([2, 2], 1, 2, 3, 4) * 1;
        Fails<AutogradException>("Output 0 of ViewBackward0" + Multi18, () => x.Unbind()[1].View(2, 1).Add_(1));
    }

    [Fact]
    public void AChangedBaseMakesPiecesUseless()
    {
        var x = LeafOf([2, 2], 1, 2, 3, 4) * 1;
        var row = x.Unbind()[0];
        x.Mul_(2);
        Fails<AutogradException>(
            "Output 0 of UnbindBackward0 is a view and its base or another view of its base has been modified inplace. This view is the output of " +
            "a function that returns multiple views.",
            () => row.Sum());
        Assert.EndsWith("grad_fn=<Invalid>)", row.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutRecordingPiecesMayBeChanged()
    {
        var x = LeafOf([2, 2], 1, 2, 3, 4);
        using (Autograd.NoGrad())
        {
            x.Unbind()[1].Add_(1);
        }

        Holds(x, 1, 2, 4, 5);
        var constant = Tensor.Zeros(2, 2);
        constant.Unbind()[0].Add_(1);
        Assert.Equal(1, constant.Version);
    }

    /// <summary>Made without a node, it is said to be of no_grad mode, as in PyTorch, with the advice of its kind.</summary>
    [Fact]
    public void APieceOfAConstantTakesNoHistory()
    {
        var constant = Tensor.Zeros([2, 2], DType.Float64);
        Fails<AutogradException>(
            "A view was created in no_grad mode and is being modified inplace with grad mode enabled. This view is the output of a function that " +
            "returns multiple views.",
            () => constant.Unbind()[0].Add_(Leaf(1, 2)));
    }

    [Fact]
    public void MisuseIsRefused()
    {
        var x = Tensor.Zeros(3);
        Fails<TensorIndexException>("Dimension specified as 0 but tensor has no dimensions", () => Tensor.Scalar(1).Unbind());
        Fails<TensorIndexException>("split expects at least a 1-dimensional tensor", () => Tensor.Scalar(1).Split(1));
        Fails<TensorIndexException>("chunk expects at least a 1-dimensional tensor", () => Tensor.Scalar(1).Chunk(1));
        Fails<ShapeException>("split expects split_size be non-negative, but got split_size=-1", () => x.Split(-1));
        Fails<ShapeException>("split_size can only be 0 if dimension size is 0, but got dimension size of 3", () => x.Split(0));
        Fails<ShapeException>(
            "split_with_sizes expects split_sizes to sum exactly to 3 (input tensor's size at dimension 0), but got split_sizes=[1, 1]",
            () => x.Split([1, 1]));
        Fails<ShapeException>(
            "split_with_sizes expects split_sizes have only non-negative entries, but got split_sizes=[-1, 4]", () => x.Split([-1, 4]));
        Fails<ShapeException>("chunk expects `chunks` to be greater than 0, got: 0", () => x.Chunk(0));
        Fails<TensorIndexException>("Dimension out of range", () => x.Unbind(1));
    }

    [Fact]
    public void AnEmptyDimensionHasNoPieces() => Assert.Empty(LeafOf([0, 2]).Unbind());

    [Fact]
    public void PiecesDoNotKeepEachOther()
    {
        var x = LeafOf([2, 2], 1, 2, 3, 4);
        var held = new List<Tensor>();
        Gone(() =>
        {
            var rows = (x * 1).Unbind();
            held.Add(rows[0]);
            return [rows[1]];
        });
        Assert.NotNull(held[0].GradFn);
    }
}
