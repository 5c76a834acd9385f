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
        private const double Rate = 1e-3;
        private const double Beta1 = 0.9;
        private const double Beta2 = 0.999;
        private const double Epsilon = 1e-8;

        private readonly Tensor _x;
        private readonly Tensor _labels;
        private readonly Tensor[] _parameters;
        private readonly Tensor[] _means;
        private readonly Tensor[] _squares;
        private int _steps;

        public Model(MlpAdam row)
        {
            _x = Tensor.FromArray(row.X, Batch, Inputs);
            _labels = Tensor.FromArray(row.Labels);
            _parameters =
            [
                Tensor.FromArray(row.Parameters[0], Hidden, Inputs), Tensor.FromArray(row.Parameters[1]),
                Tensor.FromArray(row.Parameters[2], Classes, Hidden), Tensor.FromArray(row.Parameters[3]),
            ];
            foreach (var parameter in _parameters)
            {
                parameter.RequiresGrad = true;
            }

            _means = [.. _parameters.Select(parameter => Tensor.ZerosLike(parameter))];
            _squares = [.. _parameters.Select(parameter => Tensor.ZerosLike(parameter))];
        }

        public double Step()
        {
            foreach (var parameter in _parameters)
            {
                parameter.Grad = null;
            }

            var hidden = (_x.MatMul(_parameters[0].T) + _parameters[1]).Relu();
            var loss = (hidden.MatMul(_parameters[2].T) + _parameters[3]).CrossEntropy(_labels);
            loss.Backward();
            using (Autograd.NoGrad())
            {
                Adam();
            }

            return loss.Item();
        }

        public double[][] Gradients() => [.. _parameters.Select(parameter => parameter.Grad!.To(DType.Float64).ToArray<double>())];

        private void Adam()
        {
            _steps++;
            var rate = Rate / (1 - Math.Pow(Beta1, _steps));
            var correction = Math.Sqrt(1 - Math.Pow(Beta2, _steps));
            for (var i = 0; i < _parameters.Length; i++)
            {
                var (gradient, mean, square) = (_parameters[i].Grad!, _means[i], _squares[i]);
                mean.Mul_(Beta1).Add_(gradient * (1 - Beta1));
                square.Mul_(Beta2).Add_(gradient * gradient * (1 - Beta2));
                _parameters[i].Sub_(mean * rate / ((square.Sqrt() / correction) + Epsilon));
            }
        }
    }
}
