using Adjoint.Bench;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Ours = Adjoint.Bench.Rows.RecurrentAdam;
using Shared = Adjoint.Bench.Rows.MlpAdam;

namespace TorchSharpPeer.Rows;

/// <summary>The training step with TorchSharp's own modules and its Adam, one scope for a step.</summary>
public sealed class RecurrentAdam : PeerRow
{
    private readonly Ours _row;
    private readonly Model _model;

    public RecurrentAdam(Ours row)
    {
        _row = row;
        _model = new Model(row);
    }

    public override void Run() => _model.Step();

    public override double[][] Results()
    {
        using var model = new Model(_row);
        return Shared.Results(model);
    }

    protected override void Dispose(bool disposing)
    {
        _model.Dispose();
        base.Dispose(disposing);
    }

    private sealed class Model : Shared.IModel, IDisposable
    {
        private readonly Tensor _x;
        private readonly nn.Module _net;
        private readonly Func<Tensor, Tensor> _outputs;
        private readonly optim.Optimizer _adam;

        public Model(Ours row)
        {
            _x = Numbers.Tensor(row.X, Adjoint.DType.Float32, Ours.Steps, Ours.Batch, Ours.Features);
            if (row.IsLstm)
            {
                var lstm = nn.LSTM(Ours.Features, Ours.Hidden);
                (_net, _outputs) = (lstm, x => lstm.forward(x).Item1);
            }
            else
            {
                var gru = nn.GRU(Ours.Features, Ours.Hidden);
                (_net, _outputs) = (gru, x => gru.forward(x).Item1);
            }

            using (no_grad())
            {
                foreach (var (parameter, values) in _net.parameters().Zip(row.Parameters))
                {
                    using var start = tensor(values, parameter.shape);
                    parameter.copy_(start);
                }
            }

            _adam = optim.Adam(_net.parameters());
        }

        public double Step()
        {
            using var scope = NewDisposeScope();
            _adam.zero_grad();
            var loss = _outputs(_x).square().mean();
            loss.backward();
            _adam.step();
            return loss.item<float>();
        }

        public double[][] Gradients() => [.. _net.parameters().Select(parameter => Numbers.Of(parameter.grad!))];

        public void Dispose()
        {
            _x.Dispose();
            _adam.Dispose();
            _net.Dispose();
        }
    }
}
