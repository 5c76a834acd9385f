using Adjoint.Bench;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Ours = Adjoint.Bench.Rows.TransformerBlock;
using Shared = Adjoint.Bench.Rows.MlpAdam;

namespace TorchSharpPeer.Rows;

/// <summary>The training step with TorchSharp's own layer and its Adam, one scope for a step.</summary>
public sealed class TransformerBlock : PeerRow
{
    private readonly Ours _row;
    private readonly Model _model;

    public TransformerBlock(Ours row)
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
        private readonly TransformerEncoderLayer _net = nn.TransformerEncoderLayer(Ours.Length, Ours.Heads, Ours.Inner, dropout: 0);
        private readonly optim.Optimizer _adam;

        public Model(Ours row)
        {
            _x = Numbers.Tensor(row.X, Adjoint.DType.Float32, Ours.Positions, Ours.Batch, Ours.Length);
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
            var loss = _net.forward(_x).square().mean();
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
