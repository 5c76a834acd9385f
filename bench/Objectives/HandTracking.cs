namespace Adjoint.Bench.Objectives;

/// <summary>ADBench's hand tracking, simple form: how far vertices of a posed hand lie from measured points.</summary>
public sealed class HandTracking
{
    private readonly Tensor _relative;
    private readonly Tensor _inverse;
    private readonly Tensor _weights;
    private readonly Tensor _positions;
    private readonly Tensor _measured;
    private readonly List<(long[] Bones, long[] Parents)> _levels = [];
    private readonly Tensor _order;
    private readonly Tensor _angles;

    public HandTracking(string file)
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

        Theta = numbers.Take(parameters);
        _measured = Tensor.FromArray(points, count, 3);

        var bones = Lines("hand_bones.txt");
        var parents = Array.ConvertAll(bones, bone => int.Parse(bone[1]));
        _relative = Matrices(bones, 2);
        _inverse = Matrices(bones, 18);

        var model = Lines("hand_vertices.txt");
        var weights = new double[count * bones.Length];
        var positions = new double[count * 4];
        for (var i = 0; i < count; i++)
        {
            var vertex = model[vertices[i]];
            for (var c = 0; c < 3; c++)
            {
                positions[(4 * i) + c] = Number(vertex[c]);
            }

            positions[(4 * i) + 3] = 1;
            for (var w = 0; w < int.Parse(vertex[8]); w++)
            {
                weights[(i * bones.Length) + int.Parse(vertex[9 + (2 * w)])] = Number(vertex[10 + (2 * w)]);
            }
        }

        _weights = Tensor.FromArray(weights, count, bones.Length);
        _positions = Tensor.FromArray(positions, count, 4);

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
        _angles = Tensor.FromArray(Angles(parameters, parents.Length), parents.Length, 3);
    }

    public double[] Theta { get; }

    /// <summary>The residuals, [3 C], for pose parameters: global rotation, translation, and four angles for each finger.</summary>
    public Tensor Residuals(Tensor theta)
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
        var posed = vertices.MatMul(Rotation(theta[..3]).T) + theta[3..6];
        return (_measured - posed).Reshape(-1);
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

    private static string[][] Lines(string file) =>
        Array.ConvertAll(AdBench.Text(file).Split('\n', StringSplitOptions.RemoveEmptyEntries), line => line.Split(':'));

    private static Tensor Matrices(string[][] lines, int start) => Tensor.Stack(
        Array.ConvertAll(lines, line => Tensor.FromArray(Array.ConvertAll(line[start..(start + 16)], Number), 4, 4)));

    private static double Number(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
