using Adjoint.NN;

namespace Adjoint.Fuzz.Generators;

/// <summary>A user's function with a derivative of its own.</summary>
internal sealed class CustomFunction(Body forward, Body backward) : Function
{
    protected override Tensor Forward(FunctionContext context, Tensor[] inputs) => (Tensor)forward.Run([context, .. inputs])!;

    protected override Tensor?[] Backward(FunctionContext context, Tensor gradient)
    {
        var one = (Tensor?)backward.Run([context, gradient]);
        return backward.IsLoose ? [one] : [.. context.NeedsInputGrad.Select(_ => one)];
    }
}

/// <summary>A user's function with several outputs.</summary>
internal sealed class CustomMultiFunction(Body forward, Body backward) : MultiFunction
{
    protected override Tensor[] Forward(FunctionContext context, Tensor[] inputs)
    {
        var first = (Tensor)forward.Run([context, .. inputs])!;
        return forward.IsLoose ? [first] : [first, .. inputs.Select(x => x * 2)];
    }

    protected override Tensor?[] Backward(FunctionContext context, Tensor?[] gradients)
    {
        var one = (Tensor?)backward.Run([context, .. gradients]);
        return backward.IsLoose ? gradients : [.. context.NeedsInputGrad.Select(_ => one)];
    }
}

/// <summary>A user's layer.</summary>
internal sealed class CustomLayer : Layer
{
    private readonly Body _forward;

    public CustomLayer(Body forward, Tensor? weight)
    {
        _forward = forward;
        if (weight is not null)
        {
            Weight = Parameter("weight", weight);
        }
    }

    public Tensor? Weight { get; }

    public override Tensor Forward(Tensor x) => (Tensor)_forward.Run([x])!;
}
