using Adjoint.NN;

namespace Adjoint.Tests.FirstHour;

/// <summary>What newcomers do wrong first: every message begins with PyTorch's sentence and goes on with what to write in C#.</summary>
public class MistakeTests
{
    private static readonly Dictionary<string, (Type Exception, string Sentence, string Advice, Func<object?> Mistake)> Mistakes = new()
    {
        ["View"] = Of<ShapeException>("shape '[4, 2]' is invalid for input of size 6", "one of them may be -1", () => Tensor.Arange(6).View(4, 2)),
        ["Reshape"] = Of<ShapeException>("shape '[-1, 4]' is invalid for input of size 6", "must multiply to 6",
            () => Tensor.Arange(6).Reshape(-1, 4)),
        ["View of a transpose"] = Of<ShapeException>("view size is not compatible", "Use .Reshape(...)", () => Tensor.Ones(2, 3).T.View(6)),
        ["two unknown sizes"] = Of<ShapeException>("only one dimension can be inferred", "Write -1 once", () => Tensor.Arange(6).View(-1, -1)),
        ["Cat of sizes"] = Of<ShapeException>("Sizes of tensors must match except in dimension 0.", "[2, 3] and [2, 4]",
            () => Tensor.Cat([Tensor.Ones(2, 3), Tensor.Ones(2, 4)])),
        ["Cat of ranks"] = Of<ShapeException>("Tensors must have same number of dimensions: got 2 and 1", "Unsqueeze",
            () => Tensor.Cat([Tensor.Ones(2, 3), Tensor.Ones(2)])),
        ["Cat of nothing"] = Of<TensorException>("torch.cat(): expected a non-empty list of Tensors", "Tensor.Cat([a, b])", () => Tensor.Cat([])),
        ["Cat of scalars"] = Of<ShapeException>("zero-dimensional tensor (at position 0) cannot be concatenated", "Tensor.Stack",
            () => Tensor.Cat([Tensor.Scalar(1f)])),
        ["Stack of sizes"] = Of<ShapeException>("stack expects each tensor to be equal size", "Tensor.Cat",
            () => Tensor.Stack([Tensor.Ones(2), Tensor.Ones(3)])),
        ["Stack of nothing"] = Of<TensorException>("stack expects a non-empty TensorList", "Tensor.Stack([a, b])", () => Tensor.Stack([])),
        ["dimension"] = Of<TensorIndexException>("Dimension out of range (expected to be in range of [-2, 1], but got 2)", "2 dimensions",
            () => Tensor.Ones(2, 3).Sum(2)),
        ["dimension twice"] = Of<TensorException>("dim 0 appears multiple times in the list of dims", "each dimension once",
            () => Tensor.Ones(2, 3).Sum(0, 0)),
        ["too many indices"] = Of<TensorIndexException>("too many indices for tensor of dimension 2", "shape [2, 3]",
            () => Tensor.Ones(2, 3)[0, 0, 0]),
        ["index of a scalar"] = Of<TensorIndexException>("invalid index of a 0-dim tensor.", "Item<T>()", () => Tensor.Scalar(1f)[0]),
        ["index"] = Of<TensorIndexException>("index 5 is out of bounds for dimension 0 with size 2", "0 to 1", () => Tensor.Ones(2, 3)[5]),
        ["index in a tensor"] = Of<TensorIndexException>("index 7 is out of bounds for dimension 0 with size 2", "0 to 1",
            () => Tensor.Ones(2, 3)[new[] { 7 }]),
        ["real index"] = Of<TensorIndexException>("tensors used as indices must be long, int, byte or bool tensors", "To(DType.Int64)",
            () => Tensor.Ones(2, 3)[Tensor.Ones(2)]),
        ["mask"] = Of<TensorIndexException>("The shape of the mask [3] at index 0 does not match the shape of the indexed tensor [2, 3] at index 0",
            "x[.., mask]", () => Tensor.Ones(2, 3)[new[] { true, false, true }]),
        ["real mask"] = Of<DTypeException>("masked_fill_ only supports boolean masks", "mask != 0",
            () => Tensor.Ones(2).MaskedFill(Tensor.Ones(2), 0)),
        ["real condition"] = Of<DTypeException>("where expected condition to be a boolean tensor", "c != 0",
            () => Tensor.Where(Tensor.Ones(2), Tensor.Ones(2), Tensor.Ones(2))),
        ["broadcasting"] = Of<ShapeException>("The size of tensor a (3) must match the size of tensor b (2) at non-singleton dimension 1",
            "Unsqueeze",
            () => Tensor.Ones(2, 3) + Tensor.Ones(2)),
        ["Expand"] = Of<ShapeException>("The expanded size of the tensor (3) must match the existing size (2)", "size 1 repeat",
            () => Tensor.Ones(2, 3).Expand(3, 3)),
        ["MatMul"] = Of<ShapeException>("mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)", "second last of the right",
            () => Tensor.Ones(2, 3).MatMul(Tensor.Ones(2, 3))),
        ["float64 beside float32"] = Of<DTypeException>("mat1 and mat2 must have the same dtype, but got Double and Float", "write 1f",
            () => new Linear(3, 2).Call(Tensor.Ones([2, 3], DType.Float64))),
        ["channels last"] = Of<ShapeException>(
            "Given groups=1, weight of size [8, 3, 3, 3], expected input[1, 32, 32, 3] to have 3 channels, but got 32 channels instead",
            "x.Movedim(-1, 1)", () => new Conv2d(3, 8, 3).Call(Tensor.Ones(1, 32, 32, 3))),
        ["no channels"] = Of<ShapeException>("Expected 3D (unbatched) or 4D (batched) input to conv2d", "Unsqueeze",
            () => new Conv2d(3, 8, 3).Call(Tensor.Ones(32, 32))),
        ["small image"] = Of<ShapeException>("Calculated padded input size per channel: (2 x 2). Kernel size: (5 x 5).", "padding:",
            () => new Conv2d(3, 8, 5).Call(Tensor.Ones(1, 3, 2, 2))),
        ["small pool"] = Of<ShapeException>("Given input size: (1x2x2). Calculated output size: (1x0x0). Output size is too small", "smaller window",
            () => Tensor.Ones(1, 1, 2, 2).MaxPool2d(5)),
        ["batch of one"] = Of<ShapeException>("Expected more than 1 value per channel when training, got input size torch.Size([1, 4])",
            "model.Eval()",
            () => new BatchNorm1d(4).Call(Tensor.Ones(1, 4))),
        ["normalised shape"] = Of<ShapeException>("Given normalized_shape=[4], expected input with shape [*, 4]", "last dimensions",
            () => Tensor.Ones(2, 3).LayerNorm([4])),
        ["real classes"] = Of<DTypeException>("expected scalar type Long but found Float", "To(DType.Int64)",
            () => Tensor.Ones(2, 3).CrossEntropy(Tensor.Zeros(2))),
        ["class"] = Of<TensorIndexException>("Target 3 is out of bounds.", "3 classes",
            () => Tensor.Ones(2, 3).CrossEntropy(Tensor.FromArray([0L, 3]))),
        ["embedding"] = Of<TensorIndexException>("index out of range in self", "4 rows", () => new Embedding(4, 2).Call(Tensor.FromArray([5L]))),
        ["empty Argmax"] = Of<TensorIndexException>("argmax(): Expected reduction dim to be specified for input.numel() == 0.", "The tensor is empty",
            () => Tensor.Zeros(0).Argmax()),
        ["bool - bool"] = Of<DTypeException>("Subtraction, the `-` operator, with two bool tensors is not supported.", "x.LogicalXor(y)",
            () => Tensor.FromArray([true]) - Tensor.FromArray([false])),
        ["-bool"] = Of<DTypeException>("Negation, the `-` operator, on a bool tensor is not supported.", "!x", () => -Tensor.FromArray([true])),
        ["Mean of integers"] = Of<DTypeException>("mean(): could not infer output dtype.", "Mean(dtype: DType.Float32)",
            () => Tensor.Arange(3).Mean()),
        ["integers in place"] = Of<DTypeException>("result type Float can't be cast to the desired output type Long", "out-of-place",
            () => Tensor.Arange(3).Add_(1.5)),
        ["no gradient yet"] = Of<ArgumentNullException>("Mul(): argument 'y', the right operand, must be Tensor, not null.", "Backward has run",
            () => 2 * Leaf().Grad!),
        ["no gradient yet, negated"] = Of<ArgumentNullException>("Neg(): argument 'x' must be Tensor, not null.", "Backward has run",
            () => -Leaf().Grad!),
        ["no gradient yet, multiplied"] = Of<ArgumentNullException>("MatMul(): argument 'y' must be Tensor, not null.", "Backward has run",
            () => Leaf().MatMul(Leaf().Grad!)),
        ["array and shape"] = Of<ShapeException>("shape '[2, 2]' is invalid for input of size 3", "multiply to 4",
            () => Tensor.FromArray([1f, 2, 3], 2, 2)),
        ["ragged"] = Of<ShapeException>("expected sequence of length 1 at dim 1 (got 2).", "fill the rows up",
            () => Tensor.FromArray(new float[][] { [1f], [1f, 2] })),
        ["foreach of a scalar"] = Of<TensorException>("iteration over a 0-d tensor", "Item<T>()", () => Tensor.Scalar(1f).GetEnumerator()),
        ["if"] = Of<TensorException>("Boolean value of Tensor with more than one value is ambiguous", ".All() or .Any()",
            () => Tensor.Ones(2) > 0 ? 1 : 2),
        ["Permute"] = Of<ShapeException>("permute(sparse_coo): number of dimensions in the tensor input does not match", "Transpose",
            () => Tensor.Ones(2, 3).Permute(0)),
        ["Permute twice"] = Of<TensorException>("permute(): duplicate dims are not allowed.", "each once", () => Tensor.Ones(2, 3).Permute(0, 0)),
        ["Flatten"] = Of<TensorException>("flatten() has invalid args: start_dim cannot come after end_dim", "x.Flatten(0, 1)",
            () => Tensor.Ones(2, 3).Flatten(1, 0)),
        ["Split"] = Of<ShapeException>("split_size can only be 0 if dimension size is 0", "x.Chunk(n)", () => Tensor.Ones(5).Split(0)),
        ["Chunk"] = Of<ShapeException>("chunk expects `chunks` to be greater than 0, got: 0", "x.Split(n)", () => Tensor.Ones(5).Chunk(0)),
        ["Dropout"] = Of<ArgumentOutOfRangeException>("dropout probability has to be between 0 and 1, but got 50", "0.5 for half",
            () => Tensor.Ones(3).Dropout(50)),
        ["no parameters"] = Of<ArgumentException>("optimizer got an empty parameter list", "model.Parameters()", () => new SGD([], lr: 0.1)),
        ["computed parameter"] = Of<ArgumentException>("can't optimize a non-leaf Tensor", "x.Detach()", () => new SGD([Leaf() * 2], lr: 0.1)),
        ["Vmap of sizes"] = Of<ShapeException>("vmap: Expected all tensors to have the same size in the mapped dimension", "Axes.None",
            () => Transform.Vmap((Tensor a, Tensor b) => a + b)(Tensor.Ones(2), Tensor.Ones(3))),
        ["Vmap of a scalar"] = Of<TensorIndexException>("vmap: Got in_dim=0 for an input", "inAxes", () => Transform.Vmap(x => x)(Tensor.Scalar(1f))),
        ["Arange"] = Of<TensorException>("upper bound and lower bound inconsistent with step sign", "negative step", () => Tensor.Arange(3, 1)),
        ["Randint"] = Of<TensorException>("random_ expects 'from' to be less than 'to'", "from=0 >= to=0", () => Tensor.Randint(0, [2])),
        ["Inv"] = Of<LinalgException>("linalg.inv: The diagonal element 2 is zero, the inversion could not be completed because the input matrix " +
            "is singular.", "Linalg.Pinv", () => Linalg.Inv(Tensor.Ones(2, 2))),
    };

    public static TheoryData<string> Names => [.. Mistakes.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void AMistakeIsNamedAndAnswered(string name)
    {
        var (type, sentence, advice, mistake) = Mistakes[name];
        var thrown = Assert.Throws(type, mistake);
        Assert.StartsWith(sentence, thrown.Message, StringComparison.Ordinal);
        Assert.Contains(advice, thrown.Message, StringComparison.Ordinal);
    }

    private static Tensor Leaf() => Tensor.FromArray([1f, 2, 3]).RequiresGrad_();

    private static (Type Exception, string Sentence, string Advice, Func<object?> Mistake) Of<E>(
        string sentence, string advice, Func<object?> mistake)
        where E : Exception => (typeof(E), sentence, advice, mistake);
}
