namespace Adjoint.Tests.Printing;

/// <summary>Tensors of more dimensions than a stack has room for calls.</summary>
public class RankTests
{
    [Fact]
    public void AnyRankIsPrinted()
    {
        const int rank = 300_000;
        var sizes = new int[rank];
        Array.Fill(sizes, 1);
        Assert.Equal("tensor(" + new string('[', rank) + "7." + new string(']', rank) + ")", Tensor.Full([1], 7.0).View(sizes).ToString());
    }

    /// <summary>torch 2.10: print(torch.arange(8).view(2, 1, 2, 2)).</summary>
    [Fact]
    public void BlankLinesPartBlocks() => Assert.Equal(
        "tensor([[[[0, 1],\n          [2, 3]]],\n\n\n        [[[4, 5],\n          [6, 7]]]])", Tensor.Arange(8).View(2, 1, 2, 2).ToString());
}
