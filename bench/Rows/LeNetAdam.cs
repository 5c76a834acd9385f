using Adjoint.NN;

namespace Adjoint.Bench.Rows;

/// <summary>
/// One training step of LeNet-5 with rectifiers and max pools on a batch of 64 images of 28 x 28 in float32: forward, cross-entropy, backward, and
/// Adam with PyTorch's default values. The errors compared are those of the first ten losses and of the first gradients.
/// </summary>
[Row("lenet-adam")]
public sealed class LeNetAdam : Row
{
    public const int Batch = 64;
    public const int Size = 28;
    private const int Classes = 10;

    private readonly Model _model;

    public LeNetAdam()
    {
        var random = new Random(1);
        X = Uniform(random, Batch * Size * Size, 1);
        Labels = [.. Enumerable.Range(0, Batch).Select(_ => (long)random.Next(Classes))];
        Parameters =
        [
            Uniform(random, 6 * 25, 1.0 / 5), Uniform(random, 6, 1.0 / 5),
            Uniform(random, 16 * 6 * 25, 1 / Math.Sqrt(150)), Uniform(random, 16, 1 / Math.Sqrt(150)),
            Uniform(random, 120 * 400, 1.0 / 20), Uniform(random, 120, 1.0 / 20),
            Uniform(random, 84 * 120, 1 / Math.Sqrt(120)), Uniform(random, 84, 1 / Math.Sqrt(120)),
            Uniform(random, Classes * 84, 1 / Math.Sqrt(84)), Uniform(random, Classes, 1 / Math.Sqrt(84)),
        ];
        _model = new Model(this);
    }

    /// <summary>The images, one after another.</summary>
    public float[] X { get; }

    /// <summary>The classes of the batch.</summary>
    public long[] Labels { get; }

    /// <summary>The initial weight and bias of each layer.</summary>
    public float[][] Parameters { get; }

    public override string Unit => "us/step";

    public override void Ours() => _model.Step();

    public override double[][] Results() => MlpAdam.Results(new Model(this));

    private static float[] Uniform(Random random, int count, double bound) =>
        [.. Enumerable.Range(0, count).Select(_ => (float)(bound * ((2 * random.NextDouble()) - 1)))];

    private sealed class Model : MlpAdam.IModel
    {
        private readonly Tensor _x;
        private readonly Tensor _labels;
        private readonly Sequential _net = new(
            new Conv2d(1, 6, 5, padding: 2), new ReLU(), new MaxPool2d(2), new Conv2d(6, 16, 5), new ReLU(), new MaxPool2d(2), new Flatten(),
            new Linear(400, 120), new ReLU(), new Linear(120, 84), new ReLU(), new Linear(84, Classes));

        private readonly CrossEntropyLoss _criterion = new();
        private readonly Adam _adam;

        public Model(LeNetAdam row)
        {
            _x = Tensor.FromArray(row.X, Batch, 1, Size, Size);
            _labels = Tensor.FromArray(row.Labels);
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
            var loss = _criterion.Forward(_net.Forward(_x), _labels);
            loss.Backward();
            _adam.Step();
            return loss.Item();
        }

        public double[][] Gradients() => [.. _net.Parameters().Select(parameter => parameter.Grad!.To(DType.Float64).ToArray<double>())];
    }
}
