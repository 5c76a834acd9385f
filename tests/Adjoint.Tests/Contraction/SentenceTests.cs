namespace Adjoint.Tests.Contraction;

/// <summary>The first sentence of errors is that of libtorch 2.10, which was asked each of these, and no name
/// of an internal type is in any.</summary>
public class SentenceTests
{
    private static readonly DType D = DType.Float64;
    private static readonly DType L = DType.Int64;
    private static readonly DType I = DType.Int32;
    private static readonly DType B = DType.Bool;

    public static TheoryData<string, string> Names
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var (sentence, call, _) in Cases)
            {
                data.Add(sentence, call);
            }

            return data;
        }
    }

    private static IEnumerable<(string Sentence, string Call, Action Action)> Cases =>
    [
        .. Products(),
        .. Losses(),
        .. Others(),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void TheFirstSentenceIsPyTorchs(string sentence, string call)
    {
        var error = Assert.ThrowsAny<Exception>(Cases.Single(one => one.Sentence == sentence && one.Call == call).Action);
        Assert.True(error is TensorException or ArgumentException, $"{error.GetType()}");
        Assert.StartsWith(sentence, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("LinearMap", error.Message, StringComparison.Ordinal);
    }

    /// <summary>The first error of a .NET user, whose literals are doubles, says what to write.</summary>
    [Fact]
    public void MixedRealsSayWhatToWriteInCSharp()
    {
        var error = Assert.Throws<DTypeException>(() => new Adjoint.NN.Linear(3, 2).Call([1.0, 2, 3]));
        Assert.Contains("write 1f", error.Message, StringComparison.Ordinal);
        Assert.Contains("x.To(DType.Float32)", error.Message, StringComparison.Ordinal);
    }

    private static Tensor F(params int[] shape) => Tensor.Ones(shape);

    private static Tensor Of(DType dtype, params int[] shape) => Tensor.Ones(shape, dtype);

    private static (string Sentence, string Call, Action Action)[] Products() =>
    [
        ("mat1 and mat2 shapes cannot be multiplied (2x4 and 3x2)", "Linear", () => F(2, 4).Linear(F(2, 3))),
        ("mat1 and mat2 shapes cannot be multiplied (10x4 and 3x2)", "Linear of 3", () => F(5, 2, 4).Linear(F(2, 3))),
        ("mat1 and mat2 shapes cannot be multiplied (1x4 and 3x2)", "Linear of 1", () => F(4).Linear(F(2, 3))),
        ("both arguments to matmul need to be at least 1D, but they are 0D and 2D", "Linear of 0", () => F().Linear(F(2, 3))),
        ("t() expects a tensor with <= 2 dimensions, but self is 3D", "Linear", () => F(2, 3).Linear(F(2, 2, 3))),
        ("size mismatch, got input (2), mat (2x4), vec (3)", "Linear by a vector", () => F(2, 4).Linear(F(3))),
        ("mat1 and mat2 must have the same dtype, but got Double and Float", "Linear", () => Of(D, 2, 3).Linear(F(2, 3), F(2))),
        ("mat1 and mat2 must have the same dtype, but got Long and Float", "Linear", () => Of(L, 2, 3).Linear(F(2, 3), F(2))),
        ("mat1 and mat2 must have the same dtype, but got Double and Float", "Linear of other sizes", () => Of(D, 2, 4).Linear(F(2, 3), F(2))),
        ("mat1 and mat2 must have the same dtype, but got Double and Float", "a layer", () => new Adjoint.NN.Linear(3, 2).Call(Of(D, 2, 3))),
        ("expected m1 and m2 to have the same dtype, but got: double != float", "Linear", () => Of(D, 2, 3).Linear(F(2, 3))),
        ("expected m1 and m2 to have the same dtype, but got: double != float", "Linear of 3", () => Of(D, 4, 2, 3).Linear(F(2, 3), F(2))),
        ("expected scalar type Double but found Float", "Linear by a vector", () => Of(D, 2, 3).Linear(F(3))),
        ("self and mat2 must have the same dtype, but got Double and Float", "Linear", () => F(2, 3).Linear(F(2, 3), Of(D, 2))),
        ("The expanded size of the tensor (2) must match the existing size (3) at non-singleton dimension 1.", "Linear", () =>
            F(2, 3).Linear(F(2, 3), F(3))),
        ("The size of tensor a (2) must match the size of tensor b (3) at non-singleton dimension 2", "Linear", () =>
            F(4, 2, 3).Linear(F(2, 3), F(3))),
        ("\"addmm_impl_cpu_\" not implemented for 'Bool'", "Linear", () => Of(B, 2, 3).Linear(Of(B, 2, 3))),
        ("expected m1 and m2 to have the same dtype, but got: float != double", "MatMul 2 2", () => F(2, 3).MatMul(Of(D, 3, 2))),
        ("expected m1 and m2 to have the same dtype, but got: long int != float", "MatMul 2 2", () => Of(L, 2, 3).MatMul(F(3, 2))),
        ("expected m1 and m2 to have the same dtype, but got: float != double", "MatMul 1 2", () => F(3).MatMul(Of(D, 3, 2))),
        ("expected m1 and m2 to have the same dtype, but got: float != double", "MatMul 3 2", () => F(4, 2, 3).MatMul(Of(D, 3, 2))),
        ("expected scalar type Float but found Double", "MatMul 2 1", () => F(2, 3).MatMul(Of(D, 3))),
        ("expected scalar type Float but found Double", "MatMul 3 3", () => F(4, 2, 3).MatMul(Of(D, 4, 3, 2))),
        ("dot : expected both vectors to have same dtype, but found Double and Float", "MatMul 1 1", () => Of(D, 3).MatMul(F(3))),
        ("Expected size for first two dimensions of batch2 tensor to be: [5, 4] but got: [5, 3].", "MatMul 1 3", () => F(4).MatMul(F(5, 3, 2))),
        ("Expected size for first two dimensions of batch2 tensor to be: [35, 4] but got: [35, 3].", "MatMul", () =>
            F(7, 5, 2, 4).MatMul(F(5, 3, 2))),
        ("The size of tensor a (5) must match the size of tensor b (6) at non-singleton dimension 0", "MatMul", () => F(5, 2, 4).MatMul(F(6, 3, 2))),
        ("dot : expected both vectors to have same dtype, but found Double and Float", "Dot", () => Tensor.Dot(Of(D, 3), F(3))),
        ("dot : expected both vectors to have same dtype, but found Double and Float", "Dot of other sizes", () => Tensor.Dot(Of(D, 4), F(3))),
        ("\"dot\" not implemented for 'Bool'", "Dot", () => Tensor.Dot(Of(B, 3), Of(B, 3))),
        ("inconsistent tensor size, expected tensor [3] and src [4] to have the same number of elements", "VecDot", () => Tensor.VecDot(F(3), F(4))),
        ("expected scalar type Float but found Double", "Mv", () => F(2, 3).Mv(Of(D, 3))),
        ("vector + matrix @ vector expected, got 1, 2, 2", "Mv", () => F(2, 3).Mv(F(4, 2))),
        ("\"addmv_impl_cpu\" not implemented for 'Bool'", "Mv", () => Of(B, 2, 3).Mv(Of(B, 3))),
        ("self must be a matrix", "Mm", () => F(2, 3, 2).Mm(F(4, 2))),
        ("mat2 must be a matrix", "Mm", () => F(2, 3).Mm(F(4))),
        ("mat1 and mat2 shapes cannot be multiplied (2x3 and 4x2)", "Mm of two dtypes", () => F(2, 3).Mm(Of(D, 4, 2))),
        ("expected scalar type Float but found Double", "Bmm", () => F(4, 2, 3).Bmm(Of(D, 4, 3, 2))),
        ("batch1 must be a 3D tensor", "Bmm", () => F(2, 3).Bmm(F(5, 3, 2))),
        ("batch2 must be a 3D tensor", "Bmm", () => F(5, 2, 3).Bmm(F(3, 2))),
        ("\"bmm\" not implemented for 'Bool'", "Bmm", () => Of(B, 4, 2, 3).Bmm(Of(B, 4, 3, 2))),
        ("Input type (double) and bias type (float) should be the same", "Conv2d", () => Of(D, 1, 1, 4, 4).Conv2d(F(1, 1, 3, 3), F(1))),
    ];

    private static (string Sentence, string Call, Action Action)[] Losses() =>
    [
        ("\"softmax_lastdim_kernel_impl\" not implemented for 'Int'", "Softmax", () => Of(I, 3).Softmax(0)),
        ("\"softmax_lastdim_kernel_impl\" not implemented for 'Int'", "Softmax of 0", () => Of(I).Softmax(0)),
        ("\"softmax_lastdim_kernel_impl\" not implemented for 'Bool'", "Softmax", () => Of(B, 2, 3).Softmax(-1)),
        ("\"softmax_kernel_impl\" not implemented for 'Int'", "Softmax", () => Of(I, 3, 2).Softmax(0)),
        ("\"log_softmax_lastdim_kernel_impl\" not implemented for 'Long'", "LogSoftmax", () => Of(L, 3).LogSoftmax(0)),
        ("\"softmax_kernel_impl\" not implemented for 'Int'", "LogSoftmax", () => Of(I, 3, 2).LogSoftmax(0)),
        ("Dimension out of range (expected to be in range of [-1, 0], but got 4)", "Softmax", () => Of(I, 3).Softmax(4)),
        ("\"log_softmax_lastdim_kernel_impl\" not implemented for 'Long'", "CrossEntropy", () => Of(L, 2, 3).CrossEntropy(Of(L, 2))),
        ("expected scalar type Long but found Float", "CrossEntropy", () => F(2, 3).CrossEntropy(F(2))),
        ("expected scalar type Long but found Double", "CrossEntropy", () => F(2, 3).CrossEntropy(Of(D, 2))),
        ("expected scalar type Long but found Float", "CrossEntropy of one sample", () => F(3).CrossEntropy(F())),
        ("expected scalar type Long but found Float", "CrossEntropy of images", () => F(2, 3, 4, 4).CrossEntropy(F(2, 4, 4))),
        ("expected scalar type Long but found Float", "NllLoss", () => F(2, 3).NllLoss(F(2))),
        ("Expected input batch_size (2) to match target batch_size (5).", "CrossEntropy", () => F(2, 3).CrossEntropy(F(5))),
        ("0D or 1D target tensor expected, multi-target not supported", "CrossEntropy", () => F(2, 3).CrossEntropy(F(2, 4))),
        ("Expected floating point type for target with class probabilities, got Long", "CrossEntropy", () => F(2, 3).CrossEntropy(Of(L, 2, 3))),
        ("Expected floating point type for target with class probabilities, got Long", "CrossEntropy of 0", () => F().CrossEntropy(Of(L))),
        ("Expected target size [2, 4], got [2, 5]", "CrossEntropy", () => F(2, 3, 4).CrossEntropy(Of(L, 2, 5))),
        ("size mismatch (got input: [2, 3, 4, 4] , target: [2, 5, 4]", "CrossEntropy", () => F(2, 3, 4, 4).CrossEntropy(Of(L, 2, 5, 4))),
        ("only batches of spatial targets supported (3D tensors) but got targets of dimension: 1", "CrossEntropy", () =>
            F(2, 3, 4, 4).CrossEntropy(Of(L, 2))),
        ("cross_entropy: weight tensor should be defined either for all 3 classes or no classes but got weight tensor of shape: [2]",
            "CrossEntropy", () => F(2, 3).CrossEntropy(F(2, 3), F(2))),
    ];

    private static (string Sentence, string Call, Action Action)[] Others() =>
    [
        ("argmax(): Expected reduction dim to be specified for input.numel() == 0.", "Argmax", () => F(2, 0).Argmax()),
        ("argmin(): Expected reduction dim to be specified for input.numel() == 0.", "Argmin", () => F(0).Argmin()),
        ("argmax(): Expected reduction dim 1 to have non-zero size.", "Argmax", () => F(2, 0).Argmax(1)),
        ("argmax(): does not support bool input", "Argmax", () => Of(B, 2).Argmax()),
        ("argmin(): does not support bool input", "Argmin", () => Of(B, 2).Argmin(0)),
        ("amax(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim with the 'dim' argument.", "Amax", () =>
            F(0).Amax()),
        ("amax(): Expected reduction dim 1 to have non-zero size.", "Amax", () => F(2, 0, 3).Amax([0, 1])),
        ("amin(): Expected reduction dim -1 to have non-zero size.", "Amin", () => F(2, 0).Amin([-1])),
        ("max(): Expected reduction dim to be specified for input.numel() == 0.", "Max", () => F(0).Max()),
        ("max(): Expected reduction dim 1 to have non-zero size.", "Max", () => F(2, 0).Max(1)),
        ("min(): Expected reduction dim 1 to have non-zero size.", "Min", () => F(2, 0).Min(1)),
        ("Trying to create tensor with negative dimension -1: [-1]", "Randperm", () => Tensor.Randperm(-1)),
        ("zeros: Dimension size must be non-negative.", "Zeros", () => Tensor.Zeros(2, -1)),
        ("n must be greater or equal to 0, got -1", "Eye", () => Tensor.Eye(-1)),
        ("m must be greater or equal to 0, got -3", "Eye", () => Tensor.Eye(2, -3)),
        ("Subtraction, the `-` operator, with two bool tensors is not supported.", "-", () => _ = Of(B, 2) - Of(B, 2)),
        ("Subtraction, the `-` operator, with two bool tensors is not supported.", "Sub_", () => Of(B, 2).Sub_(Of(B, 2))),
        ("Subtraction, the `-` operator, with a bool tensor is not supported.", "-", () => _ = F(2) - Of(B, 2)),
        ("Negation, the `-` operator, on a bool tensor is not supported.", "-", () => _ = -Of(B, 2)),
        ("Negation, the `-` operator, on a bool tensor is not supported.", "Neg_", () => Of(B, 2).Neg_()),
        ("Boolean inputs not supported for relu", "Relu", () => Of(B, 2).Relu()),
        ("\"abs_cpu\" not implemented for 'Bool'", "Abs", () => Of(B, 2).Abs()),
        ("\"floor_vml_cpu\" not implemented for 'Bool'", "Floor", () => Of(B, 2).Floor()),
        ("Expected p_in >= 0 && p_in <= 1 to be true, but got false.", "Bernoulli", () => Tensor.Bernoulli(Tensor.Full([2], 1.5f))),
        ("Expected p_in >= 0 && p_in <= 1 to be true, but got false.", "Bernoulli of float64", () => Tensor.Bernoulli(Tensor.Full([2], -1, D))),
        ("bernoulli_ expects p to be in [0, 1], but got p=1.5", "Bernoulli_", () => F(2).Bernoulli_(1.5)),
        ("\"bernoulli_tensor_cpu_p_\" not implemented for 'Long'", "Bernoulli", () => Tensor.Bernoulli(Of(L, 2))),
        ("\"check_uniform_bounds\" not implemented for 'Long'", "Uniform_", () => Of(L, 2).Uniform_()),
        ("\"normal_kernel_cpu\" not implemented for 'Long'", "Normal_", () => Of(L, 2).Normal_()),
        ("exponential_ expects lambda > 0.0, but found lambda=0", "Exponential_", () => F(2).Exponential_(0)),
        ("masked_fill_ only supports boolean masks, but got mask with dtype float", "MaskedFill", () => F(2).MaskedFill(F(2), 1)),
        ("gather(): Expected dtype int32/int64 for index", "Gather", () => F(2).Gather(0, F(2))),
        ("Size does not match at dimension 1 expected index [2, 3] to be no larger than self [2, 2] apart from dimension 0", "Gather", () =>
            F(2, 2).Gather(0, Of(L, 2, 3))),
        ("invalid shape dimension -2 at index 0 of shape [-2, 3]", "View", () => F(2, 3).View(-2, 3)),
        ("start out of range (expected to be in range of [-2, 2], but got 5)", "Narrow", () => F(2, 3).Narrow(0, 5, 1)),
        ("narrow(): length must be non-negative.", "Narrow", () => F(2, 3).Narrow(0, 0, -1)),
        ("start (1) + length (5) exceeds dimension size (2).", "Narrow", () => F(2, 3).Narrow(0, 1, 5)),
    ];
}
