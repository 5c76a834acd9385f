using Adjoint.NN;

namespace Adjoint.Bench.Rows;

/// <summary>
/// One training step of a transformer's encoder layer in float32: length 256, 4 heads, an inner network of 1024, 128 positions, a batch of 8, no
/// dropout; the mean square of the result as loss, backward, and Adam. The errors compared are those of the first ten losses
/// and of the first gradients.
/// </summary>
[Row("transformer-block-step")]
public sealed class TransformerBlock : Row
{
    public const int Positions = 128;
    public const int Batch = 8;
    public const int Length = 256;
    public const int Heads = 4;
    public const int Inner = 1024;

    private readonly Model _model;

    public TransformerBlock()
    {
        X = Inputs.Uniform(1, Positions * Batch * Length);
        int[] sizes =
        [
            3 * Length * Length, 3 * Length, Length * Length, Length, Inner * Length, Inner, Length * Inner, Length, Length, Length, Length, Length,
        ];
        Parameters = [.. sizes.Select((size, i) => Inputs.Uniform(10 + i, size, -0.06, 0.06))];
        _model = new Model(this);
    }

    /// <summary>The inputs, position by position.</summary>
    public double[] X { get; }

    /// <summary>The initial parameters, in PyTorch's order: attention in and out,
    /// both layers of the network, both norms; weights before biases.</summary>
    public double[][] Parameters { get; }

    public override string Unit => "ms/step";

    public override void Ours() => _model.Step();

    public override double[][] Results() => MlpAdam.Results(new Model(this));

    private sealed class Model : MlpAdam.IModel
    {
        private readonly Tensor _x;
        private readonly TransformerEncoderLayer _net = new(Length, Heads, Inner, dropout: 0);
        private readonly Adam _adam;

        public Model(TransformerBlock row)
        {
            _x = Inputs.Tensor(row.X, DType.Float32, Positions, Batch, Length);
            _adam = new Adam(_net.Parameters());
            using (Autograd.NoGrad())
            {
                foreach (var (parameter, values) in _net.Parameters().Zip(row.Parameters))
                {
                    parameter.Reshape(-1).Copy_(Tensor.FromArray(values));
                }
            }
        }

        public double Step()
        {
            _adam.ZeroGrad();
            var loss = _net.Forward(_x).Square().Mean();
            loss.Backward();
            _adam.Step();
            return loss.Item();
        }

        public double[][] Gradients() => [.. _net.Parameters().Select(parameter => Inputs.Of(parameter.Grad!))];
    }
}
