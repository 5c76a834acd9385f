using Adjoint.NN;

namespace Adjoint.Bench.Rows;

/// <summary>
/// One training step of a multilayer perceptron, 784-128-10 with ReLU, on a batch of 64 in float32: forward, cross-entropy, backward, and Adam
/// with PyTorch's default values. The errors compared are those of the first ten losses and of the first gradients.
/// </summary>
[Row("mlp-adam")]
public sealed class MlpAdam : Row
{
    public const int Batch = 64;
    public const int Inputs = 784;
    public const int Hidden = 128;
    public const int Classes = 10;
    private const int ComparedSteps = 10;

    private readonly Model _model;

    public MlpAdam()
    {
        var random = new Random(1);
        X = Uniform(random, Batch * Inputs, 1);
        Labels = [.. Enumerable.Range(0, Batch).Select(_ => (long)random.Next(Classes))];
        Parameters =
        [
            Uniform(random, Hidden * Inputs, 1 / Math.Sqrt(Inputs)), Uniform(random, Hidden, 1 / Math.Sqrt(Inputs)),
            Uniform(random, Classes * Hidden, 1 / Math.Sqrt(Hidden)), Uniform(random, Classes, 1 / Math.Sqrt(Hidden)),
        ];
        _model = new Model(this);
    }

    /// <summary>The batch, row by row.</summary>
    public float[] X { get; }

    /// <summary>The classes of the batch.</summary>
    public long[] Labels { get; }

    /// <summary>The initial weight [out, in] and bias of the first layer, then of the second.</summary>
    public float[][] Parameters { get; }

    public override string Unit => "us/step";

    public override void Ours() => _model.Step();

    public override double[][] Results() => Results(new Model(this));

    /// <summary>The results of any model that starts from this row's data.</summary>
    public static double[][] Results(IModel model)
    {
        var losses = new double[ComparedSteps];
        losses[0] = model.Step();
        var gradients = model.Gradients();
        for (var i = 1; i < losses.Length; i++)
        {
            losses[i] = model.Step();
        }

        return [losses, .. gradients];
    }

    private static float[] Uniform(Random random, int count, double bound) =>
        [.. Enumerable.Range(0, count).Select(_ => (float)(bound * ((2 * random.NextDouble()) - 1)))];

    /// <summary>A model in training.</summary>
    public interface IModel
    {
        /// <summary>Trains one step; returns the loss before it.</summary>
        double Step();

        /// <summary>The gradients of the parameters in the last step.</summary>
        double[][] Gradients();
    }

    private sealed class Model : IModel
    {
        private readonly Tensor _x;
        private readonly Tensor _labels;
        private readonly Sequential _net = new(new Linear(Inputs, Hidden), new ReLU(), new Linear(Hidden, Classes));
        private readonly CrossEntropyLoss _criterion = new();
        private readonly Adam _adam;

        public Model(MlpAdam row)
        {
            _x = Tensor.FromArray(row.X, Batch, Inputs);
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
