namespace Adjoint.Bench.Objectives;

/// <summary>
/// ADBench's bundle adjustment: how far points lie from where cameras saw them. Its Jacobian is sparse: 15 columns for each of the two residuals of
/// an observation, one for that of its weight.
/// </summary>
public sealed class BundleAdjustment
{
    public BundleAdjustment(string file)
    {
        var numbers = AdBench.Numbers(file);
        (Cameras, Points, Observations) = ((int)numbers.Dequeue(), (int)numbers.Dequeue(), (int)numbers.Dequeue());
        Camera = numbers.Take(11);
        Point = numbers.Take(3);
        Weight = numbers.Dequeue();
        Feature = numbers.Take(2);
    }

    public int Cameras { get; }

    public int Points { get; }

    public int Observations { get; }

    /// <summary>Rotation vector, centre, focal length, principal point, radial distortion; the same for all cameras.</summary>
    public double[] Camera { get; }

    public double[] Point { get; }

    public double Weight { get; }

    public double[] Feature { get; }

    /// <summary>All cameras, [n, 11], points, [m, 3], weights, [p], and features, [p, 2].</summary>
    public (Tensor Cameras, Tensor Points, Tensor Weights, Tensor Features) Start() => (
        Tensor.FromArray(Camera).Expand(Cameras, 11).Clone(),
        Tensor.FromArray(Point).Expand(Points, 3).Clone(),
        Tensor.Full([Observations], Weight, DType.Float64),
        Tensor.FromArray(Feature).Expand(Observations, 2).Clone());

    /// <summary>The residuals of one observation.</summary>
    /// <param name="p">A camera's 11 numbers, a point's 3 and a weight.</param>
    /// <param name="feature">Where the camera saw the point: two numbers.</param>
    public static Tensor Residual(Tensor[] p, Tensor[] feature)
    {
        Tensor[] r = [p[0], p[1], p[2]];
        Tensor[] x = [p[11] - p[3], p[12] - p[4], p[13] - p[5]];

        // Rodrigues' rotation.
        var angle = ((r[0] * r[0]) + (r[1] * r[1]) + (r[2] * r[2])).Sqrt();
        var (cos, sin) = (angle.Cos(), angle.Sin());
        Tensor[] n = [r[0] / angle, r[1] / angle, r[2] / angle];
        var along = ((n[0] * x[0]) + (n[1] * x[1]) + (n[2] * x[2])) * (1 - cos);
        var u = (x[0] * cos) + (((n[1] * x[2]) - (n[2] * x[1])) * sin) + (n[0] * along);
        var v = (x[1] * cos) + (((n[2] * x[0]) - (n[0] * x[2])) * sin) + (n[1] * along);
        var w = (x[2] * cos) + (((n[0] * x[1]) - (n[1] * x[0])) * sin) + (n[2] * along);
        (u, v) = (u / w, v / w);
        var square = (u * u) + (v * v);
        var scale = (1 + (p[9] * square) + (p[10] * square * square)) * p[6];
        return Tensor.Stack([p[14] * ((u * scale) + p[7] - feature[0]), p[14] * ((v * scale) + p[8] - feature[1])]);
    }
}
