namespace Adjoint.Bench.Objectives;

/// <summary>ADBench's hand tracking: how far vertices of a posed hand, or points in its triangles, lie from measured points.</summary>
public sealed class HandTracking
{
    private readonly Tensor _relative;
    private readonly Tensor _inverse;
    private readonly Tensor _weights;
    private readonly Tensor _positions;
    private readonly Tensor _measured;
    private readonly Tensor? _vertices;
    private readonly bool _isMirrored;
    private readonly List<(long[] Bones, long[] Parents)> _levels = [];
    private readonly Tensor _order;
    private readonly Tensor _angles;

    /// <summary>A hand and where points of it were measured.</summary>
    /// <param name="relative">Each bone's place relative to its parent's, [bones, 4, 4].</param>
    /// <param name="inverse">The inverse of each bone's place in the model, [bones, 4, 4].</param>
    /// <param name="parents">Each bone's parent, which comes before it; -1 for none.</param>
    /// <param name="weights">How much each bone moves each vertex, [vertices, bones].</param>
    /// <param name="positions">The vertices of the model, [vertices, 4], the last number 1.</param>
    /// <param name="measured">Points, [C, 3].</param>
    /// <param name="vertices">
    /// Which vertex each point belongs to, [C], or which three corners of a triangle, [C, 3]; null if it is all vertices in order.
    /// </param>
    /// <param name="theta">The pose to differentiate at.</param>
    /// <param name="isMirrored">Whether it is the other hand.</param>
    public HandTracking(
        Tensor relative,
        Tensor inverse,
        int[] parents,
        Tensor weights,
        Tensor positions,
        Tensor measured,
        Tensor? vertices,
        double[] theta,
        bool isMirrored = false)
    {
        (_relative, _inverse, _weights, _positions, _measured, _vertices) = (relative, inverse, weights, positions, measured, vertices);
        (Theta, _isMirrored) = (theta, isMirrored);

        // Bones whose parents are posed already go together.
        var level = Array.ConvertAll(parents, _ => 0);
        for (var i = 0; i < parents.Length; i++)
        {
            level[i] = parents[i] < 0 ? 0 : level[parents[i]] + 1;
        }

        var order = new List<int>();
        for (var l = 0; l <= level.Max(); l++)
        {
            var own = Enumerable.Range(0, parents.Length).Where(i => level[i] == l).ToArray();
            var before = order.Count == 0 ? [] : Enumerable.Range(0, parents.Length).Where(i => level[i] == l - 1).ToList();
            _levels.Add(([.. own.Select(i => (long)i)], [.. own.Select(i => (long)Math.Max(0, before.IndexOf(parents[i])))]));
            order.AddRange(own);
        }

        _order = Tensor.FromArray([.. Enumerable.Range(0, parents.Length).Select(i => (long)order.IndexOf(i))]);
        _angles = Tensor.FromArray(Angles(theta.Length, parents.Length), parents.Length, 3);
    }

    /// <summary>One of ADBench's files with its small model, simple form. Only the vertices that points belong to are posed.</summary>
    public static HandTracking Read(string file)
    {
        var numbers = AdBench.Numbers(file);
        var count = (int)numbers.Dequeue();
        var parameters = (int)numbers.Dequeue();
        var vertices = new int[count];
        var points = new double[count * 3];
        for (var i = 0; i < count; i++)
        {
            vertices[i] = (int)numbers.Dequeue();
            numbers.Take(3).CopyTo(points, 3 * i);
        }

        var model = HandModel.Read();
        return new HandTracking(
            Tensor.FromArray(model.Relatives, model.Bones, 4, 4),
            Tensor.FromArray(model.Inverses, model.Bones, 4, 4),
            model.Parents,
            Tensor.FromArray(model.Weights, model.Vertices, model.Bones)[vertices],
            Tensor.FromArray(model.Positions, model.Vertices, 4)[vertices],
            Tensor.FromArray(points, count, 3),
            null,
            numbers.Take(parameters));
    }

    public double[] Theta { get; }

    /// <summary>The residuals, [3 C], for pose parameters: global rotation, translation, and four angles for each finger.</summary>
    public Tensor Residuals(Tensor theta)
    {
        var posed = Posed(theta);
        return (_measured - (_vertices is null ? posed : posed[_vertices])).Reshape(-1);
    }

    /// <summary>The residuals, [3 C], where points lie in triangles.</summary>
    /// <param name="theta">The pose.</param>
    /// <param name="places">Where in its triangle each point lies, [C, 2]: the weights of the first two corners.</param>
    public Tensor Residuals(Tensor theta, Tensor places)
    {
        var corners = Posed(theta)[_vertices!].Unbind(1);
        var (first, second) = (places[.., ..1], places[.., 1..]);
        return (_measured - ((first * corners[0]) + (second * corners[1]) + ((1 - first - second) * corners[2]))).Reshape(-1);
    }

    /// <summary>
    /// The Jacobian of the second form, [3 C, 2 + parameters]: since each point's place moves its own residuals only, the derivatives by all places
    /// are those by a shift of all of them.
    /// </summary>
    public Tensor Jacobian(Tensor theta, Tensor places) => Transform.JacFwd((Tensor z) => Residuals(z[2..], places + z[..2]))(
        Tensor.Cat([Tensor.Zeros([2], DType.Float64), theta]));

    /// <summary>All vertices, [vertices, 3].</summary>
    private Tensor Posed(Tensor theta)
    {
        // The angles of all bones, zero where a joint has none.
        var angles = Tensor.Cat([theta, Tensor.Zeros([1], DType.Float64)])[_angles];
        var relative = _relative.Bmm(Euler(angles[.., 0], angles[.., 2], angles[.., 1]));
        var levels = new List<Tensor>();
        foreach (var (bones, parents) in _levels)
        {
            var own = relative[Tensor.FromArray(bones)];
            levels.Add(levels.Count == 0 ? own : levels[^1][Tensor.FromArray(parents)].Bmm(own));
        }

        var transforms = Tensor.Cat(levels)[_order].Bmm(_inverse);

        // Blending transforms first costs one small matrix product.
        var blended = _weights.MatMul(transforms[.., ..3].Reshape(-1, 12)).Reshape(-1, 3, 4);
        var vertices = blended.Bmm(_positions.Unsqueeze(2)).Squeeze(2);
        if (_isMirrored)
        {
            vertices = vertices * Tensor.FromArray([-1.0, 1, 1]);
        }

        return vertices.MatMul(Rotation(theta[..3]).T) + theta[3..6];
    }

    /// <summary>A rotation by a vector: Rodrigues' formula.</summary>
    private static Tensor Rotation(Tensor r)
    {
        var angle = r.Norm();
        var n = r / angle;
        var (cos, sin) = (angle.Cos(), angle.Sin());
        var zero = Tensor.Zeros([], DType.Float64);
        var cross = Tensor.Stack([zero, -n[2], n[1], n[2], zero, -n[0], -n[1], n[0], zero]).Reshape(3, 3);
        var unit = Tensor.FromArray([1.0, 0, 0, 0, 1, 0, 0, 0, 1], 3, 3);
        return (unit * cos) + (cross * sin) + (n.Unsqueeze(1) * n.Unsqueeze(0) * (1 - cos));
    }

    /// <summary>Rotations about z after y after x, as matrices of four rows.</summary>
    private static Tensor Euler(Tensor x, Tensor y, Tensor z)
    {
        var (cx, sx, cy, sy, cz, sz) = (x.Cos(), x.Sin(), y.Cos(), y.Sin(), z.Cos(), z.Sin());
        var (zero, one) = (Tensor.ZerosLike(x), Tensor.OnesLike(x));
        return Tensor.Stack(
            [
                cz * cy, (cz * sy * sx) - (sz * cx), (cz * sy * cx) + (sz * sx), zero,
                sz * cy, (sz * sy * sx) + (cz * cx), (sz * sy * cx) - (cz * sx), zero,
                -sy, cy * sx, cy * cx, zero,
                zero, zero, zero, one,
            ],
            1).Reshape(-1, 4, 4);
    }

    /// <summary>Which parameter is each angle of each bone; one behind the last for none.</summary>
    private static long[] Angles(int parameters, int bones)
    {
        var angles = new long[bones * 3];
        Array.Fill(angles, parameters);
        var (next, column) = (6, 5);
        for (var finger = 0; finger < 5; finger++)
        {
            for (var joint = 2; joint <= 4; joint++)
            {
                angles[(column - 3) * 3] = next++;
                if (joint == 2)
                {
                    angles[((column - 3) * 3) + 1] = next++;
                }

                column++;
            }

            column++;
        }

        return angles;
    }
}
