using static Adjoint.Transform;

namespace Adjoint.Tests.FirstHour;

/// <summary>PyTorch's own errors about gradients, provoked: its first sentence word for word, then what to write in C#.</summary>
public class AutogradMistakeTests
{
    private static readonly Dictionary<string, (string Sentence, string Advice, Action Mistake)> Mistakes = new()
    {
        ["backward twice"] = (
            "Trying to backward through the graph a second time (or directly access saved tensors after they have already been freed).",
            "retainGraph: true",
            () =>
            {
                var y = Leaf().Exp().Sum();
                y.Backward();
                y.Backward();
            }
        ),
        ["leaf in place"] = ("a leaf Variable that requires grad is being used in an in-place operation.", "Autograd.NoGrad()", () => Leaf().Add_(1)),
        ["view of a leaf in place"] = (
            "a view of a leaf Variable that requires grad is being used in an in-place operation.", "Autograd.NoGrad()", () => Leaf()[..2].Add_(1)),
        ["not a scalar"] = ("grad can be implicitly created only for scalar outputs", "y.Sum().Backward()", () => (Leaf() * 2).Backward()),
        ["no graph"] = (
            "element 0 of tensors does not require grad and does not have a grad_fn", "RequiresGrad = true", () => Tensor.Ones(2).Sum().Backward()),
        ["saved value changed"] = (
            "one of the variables needed for gradient computation has been modified by an inplace operation: [torch.FloatTensor [3]], " +
            "which is output 0 of ExpBackward0, is at version 1; expected version 0 instead.", "x = x + y",
            () =>
            {
                var y = Leaf().Exp();
                y.Add_(1);
                y.Sum().Backward();
            }
        ),
        ["unused input"] = (
            "One of the differentiated Tensors appears to not have been used in the graph.", "allowUnused: true",
            () => Autograd.Grad(Leaf().Sum(), Leaf())),
        ["input without grad"] = (
            "One of the differentiated Tensors does not require grad", "RequiresGrad = true", () => Autograd.Grad(Leaf().Sum(), Tensor.Ones(2))),
        ["shape of a gradient"] = (
            "Mismatch in shape: grad_output[0] has a shape of torch.Size([2]) and output[0] has a shape of torch.Size([3]).", "Tensor.OnesLike(y)",
            () => (Leaf() * 2).Backward(Tensor.Ones(2))),
        ["whole numbers"] = (
            "only Tensors of floating point and complex dtype can require gradients", "To(DType.Float32)", () => Tensor.Arange(3).RequiresGrad_()),
        ["flag of a computed tensor"] = (
            "you can only change requires_grad flags of leaf variables.", "variable.Detach()", () => (Leaf() * 2).RequiresGrad_(false)),
        ["array of a leaf"] = ("Can't call numpy() on Tensor that requires grad.", "Detach().ToArray<T>()", () => Leaf().ToArray<float>()),
        ["number of many"] = ("a Tensor with 3 elements cannot be converted to Scalar", "ToArray<T>()", () => Leaf().Item()),
        ["one of many views"] = (
            "Output 0 of UnbindBackward0 is a view and is being modified inplace.", "y = y + 1", () => (Leaf() * 2).Unbind()[0].Add_(1)),
        ["view made in NoGrad"] = (
            "A view was created in no_grad mode and is being modified inplace with grad mode enabled.", "using (Autograd.NoGrad())",
            () =>
            {
                var x = Leaf() * 2;
                Tensor view;
                using (Autograd.NoGrad())
                {
                    view = x[..2];
                }

                view.Add_(1);
            }
        ),
        ["hook"] = ("cannot register a hook on a tensor that doesn't require gradient", "x.RequiresGrad = true",
            () => Tensor.Ones(2).RegisterHook(g => g)),
        ["hook of a sum"] = (
            "post accumulate grad hooks cannot be registered on non-leaf tensors", "RegisterHook",
            () => (Leaf() * 2).RegisterPostAccumulateGradHook(_ => { })),
        ["RetainGrad"] = ("can't retain_grad on Tensor that has requires_grad=False", "x.RequiresGrad = true", () => Tensor.Ones(2).RetainGrad()),
        ["number of gradients"] = (
            "function TwoGradientsBackward returned an incorrect number of gradients (expected 1, got 2)", "null where there is none",
            () => new TwoGradients().Apply(Leaf()).Sum().Backward()),
        ["twice"] = (
            "trying to differentiate twice a function that was marked with @once_differentiable", "IsOnceDifferentiable",
            () =>
            {
                var x = Leaf();
                Autograd.Grad(new Once().Apply(x).Sum(), x, createGraph: true).Sum().Backward();
            }
        ),
        ["no rule"] = (
            "You must implement either the backward or vjp method for your custom autograd.Function to use it with backward mode AD.",
            "override Backward in NoRule", () => new NoRule().Apply(Leaf()).Sum().Backward()),
        ["view detached in place"] = ("Can't detach views in-place. Use detach() instead.", "x = x.Detach()", () => (Leaf() * 2)[..2].Detach_()),
        ["inference tensor saved"] = (
            "Inference tensors cannot be saved for backward.", "x.Clone()", () => _ = Leaf() * Inferred()),
        ["inference tensor in place"] = (
            "Inplace update to inference tensor outside InferenceMode is not allowed.", "x = x.Clone()", () => Inferred().Add_(1)),
        ["Grad of several numbers"] = (
            "grad_and_value(f)(*args): Expected f(*args) to return a scalar Tensor, got tensor with 1 dims.", "Transform.JacRev",
            () => Grad(x => x * 2)(Leaf())),
        ["random in Vmap"] = (
            "vmap: called random operation while in randomness error mode.", "Randomness.Different",
            () => Vmap(x => x + Tensor.Rand(1))(Tensor.Ones(3, 1))),
        ["gradient of another size"] = (
            "attempting to assign a gradient of size '[2]' to a tensor of size '[3]'. Please ensure that the gradient and the tensor are the same " +
            "size",
            "Tensor.ZerosLike(x)", () => Leaf().Grad = Tensor.Ones(2)),
        ["its own gradient"] = ("can't assign Variable as its own grad", "x.Detach().Clone()",
            () =>
            {
                var x = Leaf();
                x.Grad = x;
            }
        ),
        ["Backward in Grad"] = ("backward() called inside a functorch transform.", "Transform.Vjp",
            () => Grad(x =>
            {
                var y = x.Sum();
                y.Backward();
                return y;
            })(Leaf())),
    };

    public static TheoryData<string> Names => [.. Mistakes.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void AMistakeIsNamedAndAnswered(string name)
    {
        var (sentence, advice, mistake) = Mistakes[name];
        var thrown = Assert.ThrowsAny<TensorException>(mistake);
        Assert.StartsWith(sentence, thrown.Message, StringComparison.Ordinal);
        Assert.Contains(advice, thrown.Message, StringComparison.Ordinal);
    }

    private static Tensor Leaf() => Tensor.FromArray([1f, 2, 3]).RequiresGrad_();

    private static Tensor Inferred()
    {
        using (Autograd.InferenceMode())
        {
            return Tensor.Ones(3);
        }
    }

    private sealed class TwoGradients : Function
    {
        protected override Tensor Forward(FunctionContext context, Tensor[] inputs) => inputs[0] * 2;

        protected override Tensor?[] Backward(FunctionContext context, Tensor gradient) => [gradient, gradient];
    }

    private sealed class Once : Function
    {
        protected override bool IsOnceDifferentiable => true;

        protected override Tensor Forward(FunctionContext context, Tensor[] inputs) => inputs[0] * 2;

        protected override Tensor?[] Backward(FunctionContext context, Tensor gradient) => [gradient];
    }

    private sealed class NoRule : Function
    {
        protected override Tensor Forward(FunctionContext context, Tensor[] inputs) => inputs[0] * 2;
    }
}
