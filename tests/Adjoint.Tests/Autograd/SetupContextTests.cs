using static Adjoint.Tests.Engine.Values;

namespace Adjoint.Tests.Engine;

/// <summary>Custom functions that say apart from their forward part what their backward part needs.</summary>
public class SetupContextTests
{
    /// <summary>After PyTorch's test_custom_function_setup_context_multi_output.</summary>
    [Fact]
    public void TheContextCanBeSetUpApart()
    {
        var x = Leaf(0.5, 1);
        new Tangent().Apply(x).Sum().Backward();
        IsClose(x.Grad, [1 + Math.Pow(Math.Tan(0.5), 2), 1 + Math.Pow(Math.Tan(1), 2)]);
        var both = new SineAndCosine().Apply(x);
        IsClose(Autograd.Grad([both[0].Sum(), both[1].Sum()], [x])[0], [Math.Cos(0.5) - Math.Sin(0.5), Math.Cos(1) - Math.Sin(1)]);
    }

    private sealed class Tangent : Function
    {
        protected override Tensor Forward(FunctionContext context, Tensor[] inputs) => inputs[0].Sin() / inputs[0].Cos();

        protected override void SetupContext(FunctionContext context, Tensor[] inputs, Tensor output) => context.SaveForBackward(output);

        protected override Tensor?[] Backward(FunctionContext context, Tensor gradient) => [gradient * (1 + context.SavedTensors[0].Square())];
    }

    private sealed class SineAndCosine : MultiFunction
    {
        protected override Tensor[] Forward(FunctionContext context, Tensor[] inputs) => [inputs[0].Sin(), inputs[0].Cos()];

        protected override void SetupContext(FunctionContext context, Tensor[] inputs, Tensor[] outputs) => context.SaveForBackward(outputs);

        protected override Tensor?[] Backward(FunctionContext context, Tensor?[] gradients) =>
            [(gradients[0]! * context.SavedTensors[1]) - (gradients[1]! * context.SavedTensors[0])];
    }
}
