using Adjoint.Bench;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Ours = Adjoint.Bench.Rows.CharacterModelStep;
using Shared = Adjoint.Bench.Rows.MlpAdam;

namespace TorchSharpPeer.Rows;

/// <summary>The training step with TorchSharp's own modules and its AdamW, one scope for a step.</summary>
public sealed class CharacterModelStep : PeerRow
{
    private readonly Ours _row;
    private readonly Model _model;

    public CharacterModelStep(Ours row)
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
        private readonly Tensor _ids;
        private readonly Tensor _targets;
        private readonly Tensor _places = arange(Ours.Positions, ScalarType.Int64).unsqueeze(1);
        private readonly Tensor _mask = full([Ours.Positions, Ours.Positions], float.NegativeInfinity).triu(1);
        private readonly Embedding _letters = nn.Embedding(Ours.Letters, Ours.Length);
        private readonly Embedding _positions = nn.Embedding(Ours.Positions, Ours.Length);
        private readonly TransformerEncoder _encoder;
        private readonly Linear _head = nn.Linear(Ours.Length, Ours.Letters);
        private readonly Parameter[] _parameters;
        private readonly optim.Optimizer _adam;

        public Model(Ours row)
        {
            _ids = tensor(row.Ids, [Ours.Positions, Ours.Batch]);
            _targets = tensor(row.Targets);
            _encoder = nn.TransformerEncoder(nn.TransformerEncoderLayer(Ours.Length, Ours.Heads, Ours.Inner, dropout: 0), Ours.Layers);
            _parameters = [.. new nn.Module[] { _letters, _positions, _encoder, _head }.SelectMany(module => module.parameters())];
            using (no_grad())
            {
                foreach (var (parameter, values) in _parameters.Zip(row.Parameters))
                {
                    using var start = tensor(values, parameter.shape);
                    parameter.copy_(start);
                }
            }

            _adam = optim.AdamW(_parameters);
        }

        public double Step()
        {
            using var scope = NewDisposeScope();
            _adam.zero_grad();
            var x = _letters.forward(_ids) + _positions.forward(_places);
            var scores = _head.forward(_encoder.call(x, _mask, null));
            var loss = nn.functional.cross_entropy(scores.reshape(-1, Ours.Letters), _targets);
            loss.backward();
            _adam.step();
            return loss.item<float>();
        }

        public double[][] Gradients() => [.. _parameters.Select(parameter => Numbers.Of(parameter.grad!))];

        public void Dispose()
        {
            _ids.Dispose();
            _targets.Dispose();
            _places.Dispose();
            _mask.Dispose();
            _adam.Dispose();
            _letters.Dispose();
            _positions.Dispose();
            _encoder.Dispose();
            _head.Dispose();
        }
    }
}
