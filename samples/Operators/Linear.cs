using Adjoint;
using Adjoint.Families;
using Adjoint.Laws;
using Transforms;

namespace Operators;

/// <summary>The differences of neighbours in the last dimension; the transpose is written in operators, so there is every order.</summary>
public readonly record struct Differences : ILinear
{
    public TensorType Infer(TensorType x) => x.WithSize(-1, x.Shape[-1] - 1);

    public Tensor Apply(Tensor x) => x.Narrow(-1, 1, x.Shape[-1] - 1) - x.Narrow(-1, 0, x.Shape[-1] - 1);

    public Tensor Transpose(Tensor g, Shape input)
    {
        var zero = Tensor.Zeros(TensorType.Of(g).WithSize(-1, 1).Shape.ToArray(), g.DType);
        return Tensor.Cat([zero, g], -1) - Tensor.Cat([g, zero], -1);
    }

    // The last dimension stays the last one.
    public Tensor? Batch(Tensor x) => Op.Linear(this, x);
}

/// <summary>The alternating sum of any number of tensors of one shape.</summary>
public readonly record struct Alternating : IJoin
{
    public TensorType Infer(TensorType[] inputs) => inputs[0];

    public Tensor Apply(Tensor[] inputs)
    {
        var sum = inputs[0].Clone();
        for (var i = 1; i < inputs.Length; i++)
        {
            sum.Add_(inputs[i], i % 2 == 0 ? 1 : -1);
        }

        return sum;
    }

    public Tensor Transpose(Tensor g, Shape[] inputs, int index) => index % 2 == 0 ? g : -g;

    public Tensor? Batch(Tensor[] inputs) => Op.Join(this, inputs);
}

/// <summary>All products of an element of one vector with one of another, for each of a batch.</summary>
public readonly record struct Outer : IBilinear
{
    public TensorType Infer(TensorType x, TensorType y) => TensorType.Of(
        Apply(Tensor.Meta(x.Shape.AsSpan(), x.DType), Tensor.Meta(y.Shape.AsSpan(), y.DType)));

    public Tensor Apply(Tensor x, Tensor y) => x.Unsqueeze(-1) * y.Unsqueeze(-2);

    public Tensor TransposeX(Tensor g, Tensor y, Shape x) => (g * y.Unsqueeze(-2)).Sum(-1).SumToSize(x.AsSpan());

    public Tensor TransposeY(Tensor g, Tensor x, Shape y) => (g * x.Unsqueeze(-1)).Sum(-2).SumToSize(y.AsSpan());

    public Tensor? Batch(Tensor x, bool batchedX, Tensor y, bool batchedY) => Op.Bilinear(this, x, y);
}

/// <summary>The elements of a vector at positions, from a loop over arrays.</summary>
public readonly record struct Pick : IIndexed
{
    public TensorType Infer(TensorType x, TensorType positions) => x.With(positions.Shape.AsSpan());

    public Tensor Apply(Tensor x, Tensor positions)
    {
        var values = x.ToArray<double>();
        return Tensor.FromArray(Array.ConvertAll(positions.ToArray<long>(), at => values[at])).To(x.DType).Reshape(positions.Shape.AsSpan());
    }

    public Tensor Transpose(Tensor g, Tensor positions, Shape input) => Op.Indexed(new Put(input[0]), g, positions);

    // One long vector of all samples, in which sample i begins at i * length.
    public Tensor Batch(Tensor x, Tensor positions) => Op.Indexed(this, x.Reshape(-1), Begin(positions, x.Shape[1]));

    internal static Tensor Begin(Tensor positions, int length)
    {
        var starts = Tensor.Arange(positions.Shape[0]) * length;
        int[] ones = [positions.Shape[0], .. Enumerable.Repeat(1, positions.Rank - 1)];
        return positions + starts.To(DType.Int64).Reshape(ones);
    }
}

/// <summary>Each element added to a position of zeros: the transpose of <see cref="Pick"/>.</summary>
/// <param name="Size">How many zeros.</param>
public readonly record struct Put(int Size) : IIndexed
{
    public TensorType Infer(TensorType x, TensorType positions) => x.With(Size);

    public Tensor Apply(Tensor x, Tensor positions)
    {
        var sums = new double[Size];
        foreach (var (value, at) in x.ToArray<double>().Zip(positions.ToArray<long>()))
        {
            sums[at] += value;
        }

        return Tensor.FromArray(sums).To(x.DType);
    }

    public Tensor Transpose(Tensor g, Tensor positions, Shape input) => Op.Indexed(default(Pick), g, positions);

    public Tensor Batch(Tensor x, Tensor positions) =>
        Op.Indexed(new Put(Size * x.Shape[0]), x, Pick.Begin(positions, Size)).Reshape(x.Shape[0], Size);
}

/// <summary>The families of linear operators.</summary>
public static class Linear
{
    public static void Run(Checks checks)
    {
        Tensor x = [[1.0, 4, 9], [0, 2, 1]];
        checks.That(Op.Linear(default(Differences), x).ToArray<double>() is [3, 5, 2, -1], "a linear operator");
        checks.That(
            Transform.Hessian((Tensor a) => Op.Linear(default(Differences), a).Square().Sum() / 2)(x[0]).ToArray<double>()
                is [1, -1, 0, -1, 2, -1, 0, -1, 1],
            "the Hessian of half the sum of squares is DᵀD");
        checks.Holds("its laws", () => OperatorLaws.Check((Tensor a) => Op.Linear(default(Differences), a), x));

        checks.That(Op.Join(default(Alternating), x, x, x).ToArray<double>() is [1, 4, 9, 0, 2, 1], "an operator of many tensors");
        checks.Holds("its laws", () => OperatorLaws.Check(inputs => Op.Join(default(Alternating), inputs), x, x * 2, x + 1));

        checks.That(Op.Bilinear(default(Outer), x[0], x[1]).ToArray<double>() is [0, 2, 1, 0, 8, 4, 0, 18, 9], "a bilinear operator");
        checks.Holds("its laws", () => OperatorLaws.Check((Tensor a, Tensor b) => Op.Bilinear(default(Outer), a, b), x[0], x[1]));

        var at = Tensor.FromArray(new[,] { { 2L, 0 }, { 2, 1 } });
        checks.That(Op.Indexed(default(Pick), x[0], at).ToArray<double>() is [9, 1, 9, 4], "an operator at positions");
        checks.That(
            Transform.Grad((Tensor a) => Op.Indexed(default(Pick), a, at).Sum())(x[0]).ToArray<double>() is [1, 1, 2],
            "its gradient counts positions");
        checks.Holds("its laws", () => OperatorLaws.Check((Tensor a) => Op.Indexed(default(Pick), a, at), x[0]));
    }
}
