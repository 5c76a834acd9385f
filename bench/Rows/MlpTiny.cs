namespace Adjoint.Bench.Rows;

/// <summary>
/// Value and gradients of a multilayer perceptron of 2, 16 and 1 units with tanh on a batch of 1, float32: what is left is the price of operators.
/// </summary>
[Row("mlp-2-16-1")]
public sealed class MlpTiny : Row
{
    public const int From = 2;
    public const int Hidden = 16;

    private readonly Tensor _x;
    private readonly Tensor[] _parameters;

    public MlpTiny()
    {
        X = Inputs.Uniform(1, From);
        Parameters = [Inputs.Uniform(2, Hidden * From), Inputs.Uniform(3, Hidden), Inputs.Uniform(4, Hidden), Inputs.Uniform(5, 1)];
        _x = Inputs.Tensor(X, DType.Float32, 1, From);
        _parameters = [.. Parameters.Select((values, i) => Inputs.Tensor(values, DType.Float32, Sizes[i]).RequiresGrad_())];
    }

    /// <summary>The sizes of weights and biases, layer by layer.</summary>
    public static int[][] Sizes => [[Hidden, From], [Hidden], [1, Hidden], [1]];

    public double[] X { get; }

    public double[][] Parameters { get; }

    public override string Unit => "us/call";

    public override void Ours() => Run();

    public override double[][] Results() => [[Run().Detach().Item()], .. _parameters.Select(parameter => Inputs.Of(parameter.Grad!))];

    private Tensor Run()
    {
        foreach (var parameter in _parameters)
        {
            parameter.Grad = null;
        }

        var y = _x.Linear(_parameters[0], _parameters[1]).Tanh().Linear(_parameters[2], _parameters[3]).Sum();
        y.Backward();
        return y;
    }
}
