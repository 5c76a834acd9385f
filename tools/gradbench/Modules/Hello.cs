namespace Adjoint.GradBench.Modules;

/// <summary>The square of a number and its derivative.</summary>
public static class Hello
{
    /// <summary>square, double.</summary>
    public static Module Module { get; } = new("hello", new Dictionary<string, Func<System.Text.Json.JsonElement, Func<object>>>
    {
        ["square"] = input => At(input.GetDouble(), Square),
        ["double"] = input => At(input.GetDouble(), Transform.Grad(Square)),
    });

    private static Func<object> At(double number, Func<Tensor, Tensor> function)
    {
        var x = Tensor.Scalar(number);
        return () => function(x);
    }

    private static Tensor Square(Tensor x) => x * x;
}
