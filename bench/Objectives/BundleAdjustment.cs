namespace Adjoint.Bench.Objectives;

/// <summary>
/// ADBench's bundle adjustment: how far points lie from where cameras saw them. Its Jacobian is sparse: 15 columns for each of the two residuals of
/// an observation, one for that of its weight.
/// </summary>
public sealed class BundleAdjustment
{
    /// <summary>Columns of an observation's residual: 11 of its camera, 3 of its point, its weight.</summary>
    public const int Columns = 15;

    private static readonly Func<Tensor[], Tensor[], Tensor> s_residuals = Transform.Vmap<Tensor[], Tensor[], Tensor>(Residual);

    private static readonly Func<Tensor[], Tensor[], Tensor[]> s_blocks = Transform.Vmap((Tensor[] p, Tensor[] feature) => (Tensor[])
    [
        Residual(p, feature), .. Transform.JacRev((Tensor[] q) => Residual(q, feature))(p),
    ]);

    private readonly Lazy<(Tensor Camera, Tensor Point)> _places;

    /// <summary>As many cameras, points and observations as wanted, all alike; observation i sees camera i mod n and point i mod m.</summary>
    public BundleAdjustment(int cameras, int points, int observations, double[] camera, double[] point, double weight, double[] feature)
    {
        (Cameras, Points, Observations) = (cameras, points, observations);
        (Camera, Point, Weight, Feature) = (camera, point, weight, feature);
        _places = new(() => (Cycle(Cameras), Cycle(Points)));
    }

    /// <summary>One of ADBench's files.</summary>
    public static BundleAdjustment Read(string file)
    {
        var numbers = AdBench.Numbers(file);
        return new BundleAdjustment(
            (int)numbers.Dequeue(),
            (int)numbers.Dequeue(),
            (int)numbers.Dequeue(),
            numbers.Take(11),
            numbers.Take(3),
            numbers.Dequeue(),
            numbers.Take(2));
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

    /// <summary>The residuals of all observations, [p, 2], and of their weights, [p].</summary>
    public (Tensor Projections, Tensor Weights) Residuals((Tensor Cameras, Tensor Points, Tensor Weights, Tensor Features) at) =>
        (s_residuals(PerObservation(at), [.. at.Features.T.Contiguous()]), 1 - at.Weights.Square());

    /// <summary>
    /// The Jacobian's values by rows, where its rows start, the columns, and the residuals: the blocks are a batch of Jacobians.
    /// </summary>
    public (double[] Values, int[] Rows, int[] Columns, double[] Residuals) Jacobian(
        (Tensor Cameras, Tensor Points, Tensor Weights, Tensor Features) at)
    {
        var results = s_blocks(PerObservation(at), [.. at.Features.T.Contiguous()]);
        var (residuals, jacobian) = (results[0], Tensor.Stack(results[1..], 2));
        var (weights, slopes) = (1 - at.Weights.Square(), -2 * at.Weights);
        var (rows, columns) = Structure();
        return (
            Tensor.Cat([jacobian.Reshape(-1), slopes]).ToArray<double>(),
            rows,
            columns,
            Tensor.Cat([residuals.Reshape(-1), weights]).ToArray<double>());
    }

    /// <summary>Row starts and columns of the Jacobian, which follow from what each camera saw.</summary>
    public (int[] Rows, int[] Columns) Structure()
    {
        var p = Observations;
        var rows = new int[(3 * p) + 1];
        var columns = new int[((2 * Columns) + 1) * p];
        var at = 0;
        for (var i = 0; i < p; i++)
        {
            var (camera, point) = (i % Cameras, i % Points);
            for (var residual = 0; residual < 2; residual++)
            {
                for (var c = 0; c < 11; c++)
                {
                    columns[at++] = (11 * camera) + c;
                }

                for (var c = 0; c < 3; c++)
                {
                    columns[at++] = (11 * Cameras) + (3 * point) + c;
                }

                columns[at++] = (11 * Cameras) + (3 * Points) + i;
                rows[(2 * i) + residual + 1] = at;
            }
        }

        for (var i = 0; i < p; i++)
        {
            columns[at++] = (11 * Cameras) + (3 * Points) + i;
            rows[(2 * p) + i + 1] = at;
        }

        return (rows, columns);
    }

    /// <summary>What each observation's residual depends on, a column each: 11 numbers of its camera, 3 of its point, its weight.</summary>
    private Tensor[] PerObservation((Tensor Cameras, Tensor Points, Tensor Weights, Tensor Features) at) =>
    [
        .. at.Cameras.T.Contiguous().Unbind().Select(column => column[_places.Value.Camera]),
        .. at.Points.T.Contiguous().Unbind().Select(column => column[_places.Value.Point]),
        at.Weights,
    ];

    private Tensor Cycle(int length) => Tensor.FromArray([.. Enumerable.Range(0, Observations).Select(i => (long)(i % length))]);
}
