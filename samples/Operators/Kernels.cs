using Adjoint;
using Adjoint.Families;
using Adjoint.Laws;
using Transforms;

namespace Operators;

/// <summary>How many elements of each row are larger than the one before; nothing flows through.</summary>
public readonly record struct Rises : IWhole
{
    public TensorType Infer(TensorType x) => x.With(x.Shape.AsSpan()[..^1]).To(DType.Int64);

    public Tensor Apply(Tensor x)
    {
        var values = x.ToArray<double>();
        var length = x.Shape[-1];
        var counts = new long[values.Length / length];
        for (var i = 0; i < values.Length; i++)
        {
            counts[i / length] += i % length > 0 && values[i] > values[i - 1] ? 1 : 0;
        }

        return Tensor.FromArray(counts).Reshape(x.Shape.AsSpan()[..^1]);
    }

    public Tensor? Batch(Tensor x) => Op.Whole(this, x);
}

/// <summary>Radius and angle of points in the right half plane: one node with two results.</summary>
public readonly record struct Polar : IMultiOutput
{
    public static bool ReadsInput(int input) => true;

    public static bool ReadsResult(int result) => result == 0;

    public TensorType[] Infer(TensorType[] inputs) => [inputs[0], inputs[0]];

    public Tensor[] Apply(Tensor[] inputs)
    {
        var (x, y) = (inputs[0].ToArray<double>(), inputs[1].ToArray<double>());
        Tensor Made(Func<double, double, double> formula, Shape shape) =>
            Tensor.FromArray([.. x.Zip(y, formula)]).Reshape(shape.AsSpan());
        return [Made(double.Hypot, inputs[0].Shape), Made((a, b) => Math.Atan2(b, a), inputs[0].Shape)];
    }

    public Tensor?[] Pull(Tensor?[] gradients, Shape[] shapes, Tensor?[] inputs, Tensor?[] results)
    {
        var (x, y, r) = (inputs[0]!, inputs[1]!, results[0]!);
        var radial = gradients[0] is { } g ? g / r : Tensor.ZerosLike(x);
        var angular = gradients[1] is { } h ? h / r.Square() : Tensor.ZerosLike(x);
        return [(radial * x) - (angular * y), (radial * y) + (angular * x)];
    }

    public Tensor[]? Batch(Tensor[] inputs) => Op.MultiOutput(this, inputs);
}

/// <summary>The families whose operators bring loops of their own.</summary>
public static class Kernels
{
    public static void Run(Checks checks)
    {
        Tensor x = [[1.0, 4, 9], [3, 2, 1]];
        checks.That(Op.Whole(default(Rises), x).ToArray<long>() is [2, 0], "an operator whose result is whole numbers");
        checks.That(Transform.Vmap((Tensor a) => Op.Whole(default(Rises), a))(x).ToArray<long>() is [2, 0], "it runs for a batch");

        Tensor a = [3.0, 5];
        Tensor b = [4.0, 12];
        var polar = Op.MultiOutput(default(Polar), a, b);
        checks.That(polar[0].ToArray<double>() is [5, 13], "an operator of two results");
        checks.Near(Math.Atan2(4, 3), polar[1][0].Item(), 1e-15, "the second of them");
        checks.Holds("its laws", () => OperatorLaws.Check(
            (Tensor p, Tensor q) => Op.MultiOutput(default(Polar), p, q) is [var r, var angle]
                ? r * angle.Sin()
                : throw new InvalidOperationException(),
            a,
            b));
    }
}
