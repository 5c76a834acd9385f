using Adjoint.Laws;

namespace Adjoint.Tests.Laws;

/// <summary>
/// A gradient is a function like any other: with G(x, g) = Jᵀ g recorded by <c>createGraph</c>, the gradient of &lt;G, v&gt; with respect to x and g
/// agrees with differences of G in float64.
/// </summary>
public class SecondOrderLaw
{
    [Theory]
    [MemberData(nameof(Calls.Names), MemberType = typeof(Calls))]
    public void TheGradientOfTheGradientIsItsDerivative(string name) => Draw.Check(
        draw =>
        {
            var trial = Calls.All[name].Draw(draw);
            var g = draw.Direction(trial.Run(trial.Inputs).Detach());
            var v = Array.ConvertAll(trial.Inputs, draw.Direction);
            var first = new Trial(x => Product(trial, x, v), [.. trial.Inputs, g]) { Step = trial.Step, Tolerance = 10 * trial.Tolerance };

            var leaves = first.Leaves();
            var product = first.Run(leaves);
            var gradients = product.RequiresGrad
                ? Autograd.Grad([product], leaves, allowUnused: true, materializeGrads: true)!
                : Array.ConvertAll(leaves, leaf => Tensor.ZerosLike(leaf));
            var directions = Array.ConvertAll(first.Inputs, draw.Direction);
            InnerProduct.Equal(
                InnerProduct.Of(first.Push(directions), [1]), InnerProduct.Of(directions, gradients!), first.Tolerance);
        },
        times: 5);

    /// <summary>
    /// Inputs of several dtypes are converted to one before they are computed with. That is recorded too, or second derivatives would stop at the
    /// conversion.
    /// </summary>
    [Theory]
    [MemberData(nameof(Operators.PointwiseNames), MemberType = typeof(Operators))]
    public void PromotionIsARecordedConversion(string name) => Draw.Check(draw =>
    {
        var trial = Calls.All[name].Draw(draw);
        var mixed = Array.ConvertAll(trial.Inputs, input => draw.Coin() ? input.To(DType.Float32) : input);
        var dtype = trial.Run(mixed).DType;
        var g = draw.Direction(trial.Run(mixed)).To(dtype);
        var v = Array.ConvertAll(mixed, input => draw.Direction(input).To(input.DType));
        var expected = Both(new Trial(x => trial.Run(Array.ConvertAll(x, input => input.To(dtype))), mixed), g, v);
        var actual = Both(new Trial(trial.Run, mixed), g, v);
        foreach (var (a, b) in expected.Zip(actual))
        {
            Assert.Equal(a.DType, b.DType);
            Assert.Equal(a.ToArray<double>(), b.ToArray<double>(), (p, q) => Math.Abs(p - q) <= 1e-4 * Math.Max(1, Math.Abs(p)));
        }
    });

    /// <summary>First gradients, not recorded and recorded, and the gradients of their inner product with v.</summary>
    private static Tensor[] Both(Trial trial, Tensor g, Tensor[] v)
    {
        var leaves = trial.Leaves();
        var y = trial.Run(leaves);
        if (!y.RequiresGrad)
        {
            return [];
        }

        var gradient = g.Clone().RequiresGrad_();
        var fused = Autograd.Grad([y], leaves, [g], retainGraph: true, allowUnused: true, materializeGrads: true);
        var recorded = Autograd.Grad([y], leaves, [gradient], createGraph: true, allowUnused: true, materializeGrads: true);
        var outputs = recorded.Zip(v).Where(pair => pair.First!.RequiresGrad).ToList();
        var second = outputs.Count == 0
            ? []
            : Autograd.Grad(
                outputs.ConvertAll(pair => pair.First!),
                [.. leaves, gradient],
                outputs.ConvertAll(pair => pair.Second),
                allowUnused: true,
                materializeGrads: true);
        return [.. fused.Concat(recorded).Concat(second).Select(tensor => tensor!.Detach())];
    }

    /// <summary>&lt;Jᵀ g, v&gt;, recorded if the last of its arguments, g, requires grad.</summary>
    private static Tensor Product(Trial trial, Tensor[] x, Tensor[] v)
    {
        var recorded = x[^1].RequiresGrad;
        var leaves = recorded ? x[..^1] : Array.ConvertAll(x[..^1], Trial.Leaf);
        var y = trial.Run(leaves);
        Tensor sum = Tensor.Zeros([], DType.Float64);
        if (!y.RequiresGrad)
        {
            return sum;
        }

        var gradients = Autograd.Grad([y], leaves, [x[^1]], createGraph: recorded, allowUnused: true, materializeGrads: true);
        for (var i = 0; i < v.Length; i++)
        {
            sum = sum + (gradients[i]! * v[i]).Sum();
        }

        return sum;
    }
}
