namespace Adjoint.Tests.Attention;

/// <summary>What attention says of wrong arguments: the first sentences of libtorch 2.10, provoked through TorchSharp 0.107.</summary>
public class AttentionErrorTests
{
    private static readonly Dictionary<string, (string Message, Func<Tensor> Call)> Shapes = new()
    {
        ["rank"] = ("Expected query, key, and value to all be  at least 2 dimensional, but got query.dim: 1 key.dim: 1 and value.dim: 1 instead.",
            () => Self(Of(4))),
        ["length"] = ("Expected size for first two dimensions of batch2 tensor to be: [2, 4] but got: [2, 5].",
            () => Of(2, 3, 4).ScaledDotProductAttention(Of(2, 3, 5), Of(2, 3, 5))),
        ["length, four dimensions"] = ("Expected size for first two dimensions of batch2 tensor to be: [2, 4] but got: [2, 5].",
            () => Of(1, 2, 3, 4).ScaledDotProductAttention(Of(1, 2, 3, 5), Of(1, 2, 3, 5))),
        ["length, matrices"] = ("mat1 and mat2 shapes cannot be multiplied (3x4 and 5x3)",
            () => Of(3, 4).ScaledDotProductAttention(Of(3, 5), Of(3, 5))),
        ["keys and values"] = ("Expected size for first two dimensions of batch2 tensor to be: [2, 5] but got: [2, 6].",
            () => Of(2, 3, 4).ScaledDotProductAttention(Of(2, 5, 4), Of(2, 6, 4))),
        ["heads"] = ("The size of tensor a (2) must match the size of tensor b (3) at non-singleton dimension 1",
            () => Of(1, 2, 3, 4).ScaledDotProductAttention(Of(1, 3, 3, 4), Of(1, 3, 3, 4))),
        ["batch"] = ("The size of tensor a (2) must match the size of tensor b (3) at non-singleton dimension 0",
            () => Of(2, 3, 4).ScaledDotProductAttention(Of(3, 3, 4), Of(3, 3, 4))),
        ["mask"] = ("The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 2", () => Self(Of(2, 3, 4), Of(4, 4))),
        ["mask, four dimensions"] = ("The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 3",
            () => Self(Of(1, 2, 3, 4), Of(4, 4))),
    };

    private static readonly Dictionary<string, (string Message, Func<Tensor> Call)> DTypes = new()
    {
        ["key"] = (
            "Expected query, key, and value to have the same dtype, but got query.dtype: float key.dtype: double and value.dtype: float instead.",
            () => Of(2, 3, 4).ScaledDotProductAttention(Of(2, 3, 4).To(DType.Float64), Of(2, 3, 4))),
        ["query"] = (
            "Expected query, key, and value to have the same dtype, but got query.dtype: long int key.dtype: float and value.dtype: float instead.",
            () => Of(2, 3, 4).To(DType.Int64).ScaledDotProductAttention(Of(2, 3, 4), Of(2, 3, 4))),
        ["whole"] = ("expected scalar type Float but found Long", () => Self(Tensor.Ones([2, 3, 4], DType.Int64))),
        ["mask, int64"] = (
            "Expected attn_mask dtype to be bool or float or to match query dtype, " +
            "but got attn_mask.dtype: long int and  query.dtype: float instead.",
            () => Self(Of(1, 2, 3, 4), Tensor.Ones([3, 3], DType.Int64))),
        ["mask, uint8"] = (
            "Expected attn_mask dtype to be bool or float or to match query dtype, " +
            "but got attn_mask.dtype: unsigned char and  query.dtype: float instead.",
            () => Self(Of(2, 3, 4), Tensor.Ones([3, 3], DType.UInt8))),
        ["mask, float64"] = (
            "Expected attn_mask dtype to be bool or float or to match query dtype, " +
            "but got attn_mask.dtype: double and  query.dtype: float instead.",
            () => Self(Of(2, 3, 4), Tensor.Ones([3, 3], DType.Float64))),
    };

    public static TheoryData<string> ShapeNames => [.. Shapes.Keys];

    public static TheoryData<string> DTypeNames => [.. DTypes.Keys];

    [Theory]
    [MemberData(nameof(ShapeNames))]
    public void WrongShapes(string name) => Says<ShapeException>(Shapes[name]);

    [Theory]
    [MemberData(nameof(DTypeNames))]
    public void WrongDTypes(string name) => Says<DTypeException>(DTypes[name]);

    [Fact]
    public void WrongArguments()
    {
        Says<ArgumentException>((
            "_scaled_dot_product_attention: Explicit attn_mask should not be set when is_causal=True",
            () => Of(2, 3, 4).ScaledDotProductAttention(Of(2, 3, 4), Of(2, 3, 4), Of(3, 3), isCausal: true)));
        Says<ArgumentOutOfRangeException>((
            "dropout probability has to be between 0 and 1, but got 1.5",
            () => Of(1, 2, 3, 4).ScaledDotProductAttention(Of(1, 2, 3, 4), Of(1, 2, 3, 4), dropoutP: 1.5)));
    }

    [Fact]
    public void AFloat32MaskFitsFloat64Scores() => Assert.Equal(DType.Float64, Self(Tensor.Ones([2, 3, 4], DType.Float64), Of(3, 3)).DType);

    private static Tensor Self(Tensor x, Tensor? mask = null) => x.ScaledDotProductAttention(x, x, mask);

    private static void Says<E>((string Message, Func<Tensor> Call) row)
        where E : Exception => Assert.StartsWith(row.Message, Assert.Throws<E>(row.Call).Message, StringComparison.Ordinal);

    private static Tensor Of(params int[] shape) => Tensor.Ones(shape);
}
