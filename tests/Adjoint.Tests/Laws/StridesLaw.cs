using CsCheck;

namespace Adjoint.Tests.Laws;

/// <summary>
/// Where elements lie in memory does not matter: transposed, permuted, sliced, repeated and scalar inputs give the bits that dense copies
/// give, values and gradients both. Sums of many elements depend on their order in the last bits; where there are such sums, and where the incoming
/// gradient has strides and is summed over what was broadcast, 12 digits.
/// </summary>
public class StridesLaw
{
    [Theory]
    [MemberData(nameof(Calls.Names), MemberType = typeof(Calls))]
    public void StridesDoNotMatter(string name)
    {
        var call = Calls.All[name];
        Draw.Check(draw =>
        {
            var trial = call.Draw(draw);
            var strided = Array.ConvertAll(trial.Inputs, input => Strided.Of(input, draw));
            var dense = Array.ConvertAll(strided, input => input.Clone());
            var g = draw.Direction(trial.Run(dense));
            var expected = Run(trial, dense, g);
            Same(expected, Run(trial, strided, g), call.IsLoose ? 1e-12 : 0);
            Same(expected, Run(trial, dense, Strided.Permuted(g, draw.Order(g.Rank))), 1e-12);
        });
    }

    /// <summary>float32 elements are 4 bytes wide, not 8.</summary>
    [Theory]
    [MemberData(nameof(Operators.PointwiseNames), MemberType = typeof(Operators))]
    public void StridesDoNotMatterInFloat32(string name)
    {
        var call = Calls.All[name];
        Draw.Check(
            draw =>
            {
                var trial = call.Draw(draw);
                var strided = Array.ConvertAll(trial.Inputs, input => Strided.Of(input.To(DType.Float32), draw));
                var dense = Array.ConvertAll(strided, input => input.Clone());
                var g = draw.Direction(trial.Run(dense)).To(DType.Float32);
                var expected = Run(trial, dense, g);
                Same(expected, Run(trial, strided, g), call.IsLoose ? 1e-5 : 0);
                Same(expected, Run(trial, dense, Strided.Permuted(g, draw.Order(g.Rank))), 1e-4);
            },
            times: 3);
    }

    [Theory]
    [MemberData(nameof(Operators.ComparisonNames), MemberType = typeof(Operators))]
    public void StridesDoNotMatterToComparisons(string name)
    {
        var op = Operators.Comparisons[name];
        foreach (var dtype in DType.All)
        {
            // Stored, moved and told equal; what looks at the order refuses it.
            if (dtype == DType.UInt64)
            {
                continue;
            }

            if (op.IsWhole && (dtype.IsFloatingPoint || dtype == DType.Bool))
            {
                continue;
            }

            Draw.Check(
                draw =>
                {
                    var least = op.Divides ? 1 : 0;
                    var inputs = Array.ConvertAll(draw.Broadcast(2), shape => Strided.Of((draw.Positions(3, shape) + least).To(dtype), draw));
                    var expected = op.Run(inputs[0].Clone(), inputs[1].Clone());
                    Assert.Equal(op.IsWhole ? dtype : DType.Bool, expected.DType);
                    Assert.Equal(expected.ToArray<long>(), op.Run(inputs[0], inputs[1]).ToArray<long>());
                },
                times: 5);
        }
    }

    [Fact]
    public void StridesDoNotMatterToConversions() => Draw.Check(
        draw =>
        {
            foreach (var from in DType.All)
            {
                foreach (var to in DType.All)
                {
                    var x = Strided.Of(draw.Positions(5, draw.Shape()).To(from), draw);
                    Assert.Equal(to, x.To(to).DType);
                    Assert.Equal(x.Clone().To(to).ToArray<double>(), x.To(to).ToArray<double>());
                }
            }
        });

    /// <summary>Any dimension may be 0 elements long.</summary>
    [Theory]
    [MemberData(nameof(Operators.PointwiseNames), MemberType = typeof(Operators))]
    public void NothingGivesNothing(string name)
    {
        var op = Operators.Pointwise[name];
        Gen.Int[0, 2].Array[1, 5].Where(sizes => sizes.Contains(0)).Sample(
            sizes =>
            {
                var inputs = op.Domains.Select(_ => Tensor.Zeros(sizes, DType.Float64).RequiresGrad_()).ToArray();
                var y = op.Run(inputs);
                Assert.Equal(sizes, y.Shape.ToArray());
                var gradients = Autograd.Grad([y], inputs, [Tensor.OnesLike(y)], allowUnused: true, materializeGrads: true);
                Assert.All(gradients, gradient => Assert.Equal(sizes, gradient!.Shape.ToArray()));

                // Broadcast against nothing, a value gives nothing and gets the gradient 0.
                inputs[^1] = Tensor.Ones([1], DType.Float64).RequiresGrad_();
                y = op.Run(inputs);
                gradients = Autograd.Grad([y], inputs, [Tensor.OnesLike(y)], allowUnused: true, materializeGrads: true);
                Assert.All(gradients[^1]!.ToArray<double>(), value => Assert.Equal(op.Arity == 1 ? gradients[0]!.Item() : 0, value));
            },
            iter: Draw.Times(5),
            threads: 1);
    }

    private static Tensor[] Run(Trial trial, Tensor[] inputs, Tensor g)
    {
        var leaves = Array.ConvertAll(inputs, Trial.Leaf);
        var y = trial.Run(leaves);
        if (!y.RequiresGrad)
        {
            return [y];
        }

        var gradients = Autograd.Grad([y], leaves, [g], allowUnused: true, materializeGrads: true);
        return [y, .. gradients.Select(gradient => gradient!)];
    }

    /// <summary>The same bits, or nearly the same numbers where a tolerance says so.</summary>
    private static void Same(Tensor[] expected, Tensor[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i].Shape, actual[i].Shape);
            Assert.Equal(expected[i].DType, actual[i].DType);
            var (a, b) = (expected[i].Detach().ToArray<double>(), actual[i].Detach().ToArray<double>());
            for (var j = 0; j < a.Length; j++)
            {
                Assert.True(
                    a[j].Equals(b[j]) || Math.Abs(a[j] - b[j]) <= tolerance * Math.Max(1, Math.Abs(a[j])),
                    $"{(i == 0 ? "value" : $"gradient {i - 1}")}, element {j}: {b[j]:R} with strides, {a[j]:R} without");
            }
        }
    }
}
