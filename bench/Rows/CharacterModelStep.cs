using Adjoint.NN;

namespace Adjoint.Bench.Rows;

/// <summary>
/// One training step of a small language model in float32: 96 letters, length 128, two encoder layers of 4 heads and an inner network of 512, no
/// dropout, a causal mask; 64 positions of a batch of 16, cross-entropy of all, backward, and AdamW. The errors compared are those of the first ten
/// losses and of the first gradients.
/// </summary>
[Row("charlm-step")]
public sealed class CharacterModelStep : Row
{
    public const int Letters = 96;
    public const int Length = 128;
    public const int Heads = 4;
    public const int Inner = 512;
    public const int Layers = 2;
    public const int Positions = 64;
    public const int Batch = 16;

    private readonly Model _model;

    public CharacterModelStep()
    {
        var random = new Random(1);
        Ids = [.. Enumerable.Range(0, Positions * Batch).Select(_ => (long)random.Next(Letters))];
        Targets = [.. Enumerable.Range(0, Positions * Batch).Select(_ => (long)random.Next(Letters))];
        int[] layer =
        [
            3 * Length * Length, 3 * Length, Length * Length, Length, Inner * Length, Inner, Length * Inner, Length, Length, Length, Length, Length,
        ];
        int[] sizes = [Letters * Length, Positions * Length, .. layer, .. layer, Letters * Length, Letters];
        Parameters = [.. sizes.Select((size, i) => Inputs.Uniform(10 + i, size, -0.08, 0.08))];
        _model = new Model(this);
    }

    /// <summary>The letters, position by position.</summary>
    public long[] Ids { get; }

    /// <summary>The letters that follow.</summary>
    public long[] Targets { get; }

    /// <summary>The initial parameters: letters, positions, the layers in PyTorch's order, the head.</summary>
    public double[][] Parameters { get; }

    public override string Unit => "ms/step";

    public override void Ours() => _model.Step();

    public override double[][] Results() => MlpAdam.Results(new Model(this));

    private sealed class Model : MlpAdam.IModel
    {
        private readonly Tensor _ids;
        private readonly Tensor _targets;
        private readonly Tensor _places = Tensor.Arange(Positions).Unsqueeze(1);
        private readonly Embedding _letters = new(Letters, Length);
        private readonly Embedding _positions = new(Positions, Length);
        private readonly TransformerEncoder _encoder = new(new TransformerEncoderLayer(Length, Heads, Inner, dropout: 0), Layers);
        private readonly Linear _head = new(Length, Letters);
        private readonly Tensor[] _parameters;
        private readonly AdamW _adam;

        public Model(CharacterModelStep row)
        {
            _ids = Tensor.FromArray(row.Ids, Positions, Batch);
            _targets = Tensor.FromArray(row.Targets);
            _parameters = [.. new Module[] { _letters, _positions, _encoder, _head }.SelectMany(module => module.Parameters())];
            _adam = new AdamW(_parameters);
            using (Autograd.NoGrad())
            {
                foreach (var (parameter, values) in _parameters.Zip(row.Parameters))
                {
                    parameter.Reshape(-1).Copy_(Tensor.FromArray(values));
                }
            }
        }

        public double Step()
        {
            _adam.ZeroGrad();
            var x = _letters.Forward(_ids) + _positions.Forward(_places);
            var scores = _head.Forward(_encoder.Forward(x, mask: null, isCausal: true));
            var loss = scores.Reshape(-1, Letters).CrossEntropy(_targets);
            loss.Backward();
            _adam.Step();
            return loss.Item();
        }

        public double[][] Gradients() => [.. _parameters.Select(parameter => Inputs.Of(parameter.Grad!))];
    }
}
