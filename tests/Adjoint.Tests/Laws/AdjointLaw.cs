using Adjoint.Laws;

namespace Adjoint.Tests.Laws;

/// <summary>
/// What is pulled back is the transpose of what is pushed forward: &lt;J t, g&gt; = &lt;t, Jᵀ g&gt; for random points x, directions t and gradients
/// g, of random shapes. J t comes from differences in float64, Jᵀ g from
/// <see cref="Autograd.Grad(IReadOnlyList{Tensor}, IReadOnlyList{Tensor}, IReadOnlyList{Tensor?}?, bool?, bool, bool?, bool)"/>.
/// </summary>
public class AdjointLaw
{
    [Theory]
    [MemberData(nameof(Calls.Names), MemberType = typeof(Calls))]
    public void TheGradientIsTheTransposeOfTheDerivative(string name) => Draw.Check(draw =>
    {
        var trial = Calls.All[name].Draw(draw);
        var leaves = trial.Leaves();
        var y = trial.Run(leaves);
        var g = draw.Direction(y);
        var gradients = Gradients(y, leaves, g, createGraph: false);
        var directions = Array.ConvertAll(trial.Inputs, draw.Direction);
        var pulled = InnerProduct.Of(directions, gradients);
        var pushed = InnerProduct.Of(trial.Push(directions), g.ToArray<double>());
        InnerProduct.Equal(pushed, pulled, trial.Tolerance);
    });

    /// <summary>A gradient that is recorded is computed by other code: formulas are read with tensors instead of in a loop.</summary>
    [Theory]
    [MemberData(nameof(Calls.Names), MemberType = typeof(Calls))]
    public void RecordedGradientsAreTheSame(string name) => Draw.Check(draw =>
    {
        var trial = Calls.All[name].Draw(draw);
        var leaves = trial.Leaves();
        var y = trial.Run(leaves);
        var g = draw.Direction(y);
        var before = g.ToArray<double>();
        var fused = Gradients(y, leaves, g, createGraph: false, retainGraph: true);
        var recorded = Gradients(y, leaves, g, createGraph: true);
        for (var i = 0; i < fused.Length; i++)
        {
            Assert.Equal(leaves[i].Shape, fused[i].Shape);
            Assert.Equal(leaves[i].Shape, recorded[i].Shape);
            Assert.Equal(
                fused[i].ToArray<double>(),
                recorded[i].Detach().ToArray<double>(),
                (a, b) => Math.Abs(a - b) <= 1e-12 * Math.Max(1, Math.Abs(a)));
        }

        Assert.Equal(before, g.ToArray<double>());
    });

    private static Tensor[] Gradients(Tensor y, Tensor[] leaves, Tensor g, bool createGraph, bool? retainGraph = null)
    {
        if (!y.RequiresGrad)
        {
            return Array.ConvertAll(leaves, leaf => Tensor.ZerosLike(leaf));
        }

        var gradients = Autograd.Grad([y], leaves, [g], retainGraph, createGraph, allowUnused: true, materializeGrads: true);
        return Array.ConvertAll(gradients, gradient => gradient!);
    }
}
