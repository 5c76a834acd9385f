namespace Adjoint.NN;

/// <summary>
/// Features with mean 0 and standard deviation 1, by the numbers of the data that it was fitted to (scikit-learn's <c>StandardScaler</c>). A layer
/// without parameters: its <c>mean</c> and <c>std</c> are buffers, so that a model that begins with it is saved with them, and data that comes later
/// is treated as the training data was. Fit it to the training data alone: otherwise the test data is no surprise.
/// </summary>
/// <example><code>Sequential model = [Standardize.Fit(training.X), new Linear(4, 16), new ReLU(), new Linear(16, 3)];</code></example>
public sealed class Standardize : Layer
{
    /// <summary>Makes the layer with means of 0 and deviations of 1, for numbers that are loaded.</summary>
    /// <param name="features">How many features there are, along the last dimension.</param>
    /// <param name="dtype">The dtype of the numbers; float32 if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public Standardize(int features, DType? dtype = null)
    {
        Limits.ThrowIfNegative(features);
        Mean = Buffer("mean", Tensor.Zeros([features], dtype));
        Std = Buffer("std", Tensor.Ones([features], dtype));
    }

    /// <summary>The means.</summary>
    public Tensor Mean { get; }

    /// <summary>The standard deviations; 1 for a feature that is the same everywhere.</summary>
    public Tensor Std { get; }

    /// <inheritdoc/>
    protected internal override string Settings => $"features={Mean.Shape[0]}";

    /// <summary>Finds means and standard deviations (divided by the count, not by one less).</summary>
    /// <param name="x">Real data of shape [..., features], with at least one row.</param>
    /// <exception cref="ShapeException">There is no dimension or no row.</exception>
    /// <exception cref="DTypeException">The numbers are whole: convert them first.</exception>
    public static Standardize Fit(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Rank == 0 || (x.Count == 0 && x.Shape[^1] > 0))
        {
            throw new ShapeException($"Standardize.Fit takes at least one row of features, and this has shape {x.Shape}.");
        }

        if (!x.DType.IsFloatingPoint)
        {
            throw new DTypeException($"Standardize.Fit takes real numbers, and these are {x.DType.TorchName}. Convert them: x.To(DType.Float32).");
        }

        var layer = new Standardize(x.Shape[^1], x.DType);
        if (layer.Mean.Count == 0)
        {
            return layer;
        }

        using (Autograd.NoGrad())
        {
            // In float64, because a sum of many numbers far from 0 loses what they differ by.
            var rows = x.Detach().To(DType.Float64).Reshape(-1, x.Shape[^1]);
            var mean = rows.Mean(0);
            var std = (rows - mean).Square().Mean(0).Sqrt();
            layer.Mean.Copy_(mean);

            // What rounding leaves of a constant feature is no deviation.
            var least = mean.Abs() * 1e-14;
            layer.Std.Copy_(Tensor.Where(std.Le(least), Tensor.OnesLike(std), std));
        }

        return layer;
    }

    /// <summary>(x - mean) / std.</summary>
    /// <param name="x">Of shape [..., features].</param>
    /// <exception cref="ShapeException">The last dimension is another.</exception>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        ThrowUnlessFits(x);
        return (x - Mean) / Std;
    }

    /// <summary>y * std + mean: predictions of standardised targets in their own unit.</summary>
    /// <param name="y">Of shape [..., features].</param>
    /// <exception cref="ShapeException">The last dimension is another.</exception>
    public Tensor Inverse(Tensor y)
    {
        ArgumentNullException.ThrowIfNull(y);
        ThrowUnlessFits(y);
        return (y * Std) + Mean;
    }

    private void ThrowUnlessFits(Tensor x)
    {
        if (x.Rank == 0 || x.Shape[^1] != Mean.Shape[0])
        {
            throw new ShapeException($"Standardize was fitted to {Mean.Shape[0]} features, and this has shape {x.Shape}.");
        }
    }
}
