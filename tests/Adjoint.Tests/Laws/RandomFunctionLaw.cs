namespace Adjoint.Tests.Laws;

/// <summary>
/// Random functions under every pair and triple of transforms, against plain loops and eager gradients: operators that are right one by one must also
/// be right after one another, where a value is used twice, is constant for one transform and not for another, or changes its shape in between.
/// </summary>
public class RandomFunctionLaw
{
    private const int Size = 3;

    [Theory]
    [MemberData(nameof(Pairs))]
    public void PairsOfTransforms(string word) => Agree(word, times: 6);

    [Theory]
    [MemberData(nameof(Triples))]
    public void TriplesOfTransforms(string word) => Agree(word, times: 2);

    public static TheoryData<string> Pairs => [.. TransformLaw.Words(2)];

    public static TheoryData<string> Triples => [.. TransformLaw.Words(3)];

    private static void Agree(string word, int times) => Draw.Check(
        draw =>
        {
            var steps = Steps(draw);
            Tensor[] points = [draw.Tensor([Size], Domain, 0, 2), draw.Tensor([Size], Domain, 1, 2)];
            TransformLaw.Agree(
                string.Join(' ', steps.Select(step => $"{step.Operator}({step.Left}, {step.Right})")),
                word,
                x => [Run(steps, x)],
                points);
        },
        times);

    private static Adjoint.Algebra.Domain Domain => Adjoint.Algebra.Domain.Real;

    /// <summary>Which operator on which earlier values.</summary>
    private static (int Operator, int Left, int Right)[] Steps(Draw draw)
    {
        var steps = new (int, int, int)[draw.Number(3, 7)];
        for (var i = 0; i < steps.Length; i++)
        {
            // Later values more often, so that functions become deep.
            var values = i + 2;
            steps[i] = (draw.Number(0, 15), draw.Coin() ? values - 1 : draw.Number(0, values - 1), draw.Number(0, values - 1));
        }

        return steps;
    }

    /// <summary>Every value is a vector of the same size; every operator is smooth and keeps values small.</summary>
    private static Tensor Run((int Operator, int Left, int Right)[] steps, Tensor[] inputs)
    {
        List<Tensor> values = [.. inputs];
        foreach (var (op, left, right) in steps)
        {
            values.Add(Apply(op, values[left], values[right]));
        }

        return values[^1] + values[^2];
    }

    private static Tensor Apply(int op, Tensor x, Tensor y) => op switch
    {
        0 => x.Sin(),
        1 => x.Tanh() * 2,
        2 => x.Sigmoid() + y,
        3 => (x * y).Cos(),
        4 => x - (0.5 * y),
        5 => x / (2 + y.Square()),
        6 => (x.Unsqueeze(1) * y).Tanh().Sum(0),
        7 => x.Unsqueeze(1).Tanh().Mm(y.Unsqueeze(0).Sin()).Mean(1),
        8 => (0.3 * x).Sin().Sum() * y,
        9 => x.Softmax(0) + y.Tanh(),
        10 => Tensor.Cat([x[1..], y[..1]]).Sin(),
        11 => Tensor.Where(Mask(), x, y.Sin()),
        12 => x.Sin()[Order()] * y.Cos(),
        13 => x.Detach().Cos() * y,
        14 => Tensor.Stack([x.Sin(), y.Cos()]).LogSumExp(0),
        _ => (1 + x.Square()).Sqrt() * Tensor.FromArray([0.5, -1.0, 2.0]),
    };

    private static Tensor Mask() => Tensor.FromArray([true, false, true]);

    private static Tensor Order() => Tensor.FromArray([2L, 0, 1]);
}
