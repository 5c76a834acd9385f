using Adjoint.Bench;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Ours = Adjoint.Bench.Rows.LeNetAdam;
using Shared = Adjoint.Bench.Rows.MlpAdam;

namespace TorchSharpPeer.Rows;

/// <summary>The training step of LeNet-5 with TorchSharp's modules and its Adam, one scope for a step.</summary>
public sealed class LeNetAdam : PeerRow
{
    private readonly Ours _row;
    private readonly Model _model;

    public LeNetAdam(Ours row)
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
        private readonly Tensor _labels;
        private readonly Sequential _net;
        private readonly optim.Optimizer _adam;

        public Model(Ours row)
        {
            _x = tensor(row.X, [Ours.Batch, 1, Ours.Size, Ours.Size]);
            _labels = tensor(row.Labels);
            _net = nn.Sequential(
                nn.Conv2d(1, 6, 5, padding: 2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
                nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10));
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
            var loss = nn.functional.cross_entropy(_net.forward(_x), _labels);
            loss.backward();
            _adam.step();
            return loss.item<float>();
        }

        public double[][] Gradients() => [.. _net.parameters().Select(parameter => Numbers.Of(parameter.grad!))];

        public void Dispose()
        {
            _x.Dispose();
            _labels.Dispose();
            _adam.Dispose();
            _net.Dispose();
        }
    }
}
