using Adjoint.NN;

namespace Adjoint.Bench.Rows;

/// <summary>
/// One training step of an LSTM or GRU in float32: 64 features, a state of 128, 32 steps of a batch of 32; the mean square of all outputs as loss,
/// backward, and Adam. The errors compared are those of the first ten losses and of the first gradients.
/// </summary>
[Row("lstm-adam", true)]
[Row("gru-adam", false)]
public sealed class RecurrentAdam : Row
{
    public const int Features = 64;
    public const int Hidden = 128;
    public const int Steps = 32;
    public const int Batch = 32;

    private readonly Model _model;

    public RecurrentAdam(bool isLstm)
    {
        IsLstm = isLstm;
        X = Inputs.Uniform(1, Steps * Batch * Features);
        var gates = isLstm ? 4 : 3;
        int[] sizes = [gates * Hidden * Features, gates * Hidden * Hidden, gates * Hidden, gates * Hidden];
        Parameters = [.. sizes.Select((size, i) => Inputs.Uniform(10 + i, size, -0.088, 0.088))];
        _model = new Model(this);
    }

    /// <summary>Whether it is the LSTM.</summary>
    public bool IsLstm { get; }

    /// <summary>The inputs, step by step.</summary>
    public double[] X { get; }

    /// <summary>The initial parameters, in PyTorch's order: the weights of inputs and states, then their biases.</summary>
    public double[][] Parameters { get; }

    public override string Unit => "ms/step";

    public override void Ours() => _model.Step();

    public override double[][] Results() => MlpAdam.Results(new Model(this));

    private sealed class Model : MlpAdam.IModel
    {
        private readonly Tensor _x;
        private readonly Module _net;
        private readonly Func<Tensor, Tensor> _outputs;
        private readonly Adam _adam;

        public Model(RecurrentAdam row)
        {
            _x = Inputs.Tensor(row.X, DType.Float32, Steps, Batch, Features);
            if (row.IsLstm)
            {
                var lstm = new LSTM(Features, Hidden);
                (_net, _outputs) = (lstm, x => lstm.Forward(x).Output);
            }
            else
            {
                var gru = new GRU(Features, Hidden);
                (_net, _outputs) = (gru, x => gru.Forward(x).Output);
            }

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
            var loss = _outputs(_x).Square().Mean();
            loss.Backward();
            _adam.Step();
            return loss.Item();
        }

        public double[][] Gradients() => [.. _net.Parameters().Select(parameter => Inputs.Of(parameter.Grad!))];
    }
}
