using Adjoint.Algebra;
using CsCheck;

namespace Adjoint.Tests.Laws;

/// <summary>
/// Random shapes, values and directions from one seed. Values lie on a lattice that is shifted for each input, so that no two elements of a draw
/// come closer than <see cref="Gap"/> and none comes near a kink: finite differences never step over an edge, and no test fails once a month.
/// </summary>
internal sealed class Draw(int seed)
{
    /// <summary>The least distance between two elements, relative to the width of the domain.</summary>
    public const double Gap = 1.0 / (Cells * 4);

    private const int Cells = 256;

    private readonly Random _random = new(seed);

    /// <summary>
    /// Whether laws draw as often as they say: where the environment variable ADJOINT_LAWS is <c>deep</c>. Otherwise a third of that is drawn: every
    /// law sees every operator in each run, at other points than in the run before.
    /// </summary>
    public static bool IsDeep { get; } = Environment.GetEnvironmentVariable("ADJOINT_LAWS") == "deep";

    /// <summary>Runs a law on random draws. A failure prints CsCheck's seed, and the number that <see cref="Draw"/> was made from.</summary>
    /// <param name="law">The law.</param>
    /// <param name="times">How often it is drawn where laws are deep.</param>
    public static void Check(Action<Draw> law, int times = 10) =>
        Gen.Int[0, int.MaxValue - 1].Sample(seed => law(new Draw(seed)), iter: Times(times), threads: 1);

    /// <summary>How many of so many draws are made.</summary>
    public static int Times(int deep) => IsDeep ? deep : (deep + 2) / 3;

    /// <summary>A whole number in [low, high].</summary>
    public int Number(int low, int high) => _random.Next(low, high + 1);

    public double Uniform(double low, double high) => low + ((high - low) * _random.NextDouble());

    public bool Coin() => _random.Next(2) == 0;

    /// <summary>Sizes, at most 128 elements in all.</summary>
    public int[] Shape(int lowRank = 0, int highRank = 4, int highSize = 4)
    {
        var sizes = new int[Number(lowRank, highRank)];
        var count = 1;
        for (var d = 0; d < sizes.Length; d++)
        {
            sizes[d] = Number(1, Math.Min(highSize, Math.Max(128 / count, 1)));
            count *= sizes[d];
        }

        return sizes;
    }

    /// <summary>Shapes that broadcast together; one of them may be the whole.</summary>
    public int[][] Broadcast(int inputs, int highRank = 4)
    {
        var whole = Shape(0, highRank);
        var shapes = new int[inputs][];
        for (var i = 0; i < inputs; i++)
        {
            var own = whole[(Coin() ? 0 : Number(0, whole.Length))..];
            shapes[i] = i == 0 && Coin() ? whole : Array.ConvertAll(own, size => Number(0, 3) == 0 ? 1 : size);
        }

        return shapes;
    }

    /// <summary>The numbers 0 to n - 1 in random order.</summary>
    public int[] Order(int n)
    {
        var order = Enumerable.Range(0, n).ToArray();
        _random.Shuffle(order);
        return order;
    }

    /// <summary>A flag for each dimension.</summary>
    public bool[] Mask(int rank) => [.. Enumerable.Range(0, rank).Select(_ => Coin())];

    /// <summary>Values from a domain, away from its kinks and from each other, and from those of the other inputs.</summary>
    public double[] Values(int count, Domain domain, int input = 0, int inputs = 1)
    {
        var cell = (domain.High - domain.Low) / Cells;
        var values = new List<double>();
        foreach (var at in Order(Cells))
        {
            var value = domain.Low + (cell * (at + ((input + 0.75) / (inputs + 1))));
            if (!(domain.Kinks ?? []).Any(kink => Math.Abs(value - kink) < 8 * cell))
            {
                values.Add(value);
            }
        }

        Assert.InRange(count, 0, values.Count);
        return [.. values.Take(count)];
    }

    /// <summary>A float64 tensor of values from a domain.</summary>
    public Tensor Tensor(int[] shape, Domain domain, int input = 0, int inputs = 1) =>
        Adjoint.Tensor.FromArray(Values((int)Adjoint.Shape.Product(shape), domain, input, inputs)).Reshape(shape);

    /// <summary>A float64 tensor of values around zero.</summary>
    public Tensor Tensor(params int[] shape) => Tensor(shape, Domain.Real);

    /// <summary>A float64 tensor uniform in [-1, 1]: a direction or a gradient.</summary>
    public Tensor Direction(Tensor like)
    {
        var values = new double[like.Count];
        foreach (ref var value in values.AsSpan())
        {
            value = Uniform(-1, 1);
        }

        return Adjoint.Tensor.FromArray(values).Reshape(like.Shape.ToArray());
    }

    /// <summary>An int64 tensor of positions in [0, high).</summary>
    public Tensor Positions(int high, params int[] shape)
    {
        var values = new long[Adjoint.Shape.Product(shape)];
        foreach (ref var value in values.AsSpan())
        {
            value = Number(0, high - 1);
        }

        return Adjoint.Tensor.FromArray(values).Reshape(shape);
    }
}
