using Adjoint.NN;

namespace Adjoint.Bench.Rows;

/// <summary>The gradients of the loss of each of 64 samples by all parameters of a perceptron 784-128-10 with ReLU,
/// float32: 26 MB of results.</summary>
[Row("per-sample-grads-mlp")]
public sealed class PerSampleGradients : Row
{
    private readonly Sequential _net = new(new Linear(MlpAdam.Inputs, MlpAdam.Hidden), new ReLU(), new Linear(MlpAdam.Hidden, MlpAdam.Classes));
    private readonly Tensor _x;
    private readonly Tensor _labels;

    public PerSampleGradients()
    {
        Data = new MlpAdam();
        _x = Tensor.FromArray(Data.X, MlpAdam.Batch, MlpAdam.Inputs);
        _labels = Tensor.FromArray(Data.Labels);
        using (Autograd.NoGrad())
        {
            foreach (var (parameter, values) in _net.Parameters().Zip(Data.Parameters))
            {
                parameter.Reshape(-1).Copy_(Tensor.FromArray(values));
            }
        }
    }

    /// <summary>The batch and the parameters.</summary>
    public MlpAdam Data { get; }

    public override string Unit => "ms";

    public override void Ours() => Gradients();

    public override double[][] Results() => [.. Gradients().Values.Select(gradient => gradient.To(DType.Float64).ToArray<double>())];

    private IReadOnlyDictionary<string, Tensor> Gradients() =>
        _net.PerSampleGradients((scores, labels) => scores.CrossEntropy(labels), _x, _labels);
}
