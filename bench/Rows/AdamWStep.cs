using Adjoint.NN;

namespace Adjoint.Bench.Rows;

/// <summary>One step of AdamW with PyTorch's default values on a million parameters in float32, whose gradient stays the same.</summary>
[Row("adamw-1e6")]
public sealed class AdamWStep : Row
{
    public const int Count = 1_000_000;
    public const int ComparedSteps = 3;

    private readonly Tensor _parameter;
    private readonly AdamW _adam;

    public AdamWStep()
    {
        Start = Inputs.Uniform(1, Count);
        Gradient = Inputs.Uniform(2, Count);
        (_parameter, _adam) = Make();
    }

    /// <summary>The parameters at first.</summary>
    public double[] Start { get; }

    /// <summary>Their gradient.</summary>
    public double[] Gradient { get; }

    public override string Unit => "us/step";

    public override void Ours() => _adam.Step();

    public override double[][] Results()
    {
        var (parameter, adam) = Make();
        for (var i = 0; i < ComparedSteps; i++)
        {
            adam.Step();
        }

        GC.KeepAlive(_parameter);
        return [Inputs.Of(parameter)];
    }

    private (Tensor Parameter, AdamW Adam) Make()
    {
        var parameter = Inputs.Tensor(Start, DType.Float32, Count).RequiresGrad_();
        parameter.Grad = Inputs.Tensor(Gradient, DType.Float32, Count);
        return (parameter, new AdamW([parameter]));
    }
}
