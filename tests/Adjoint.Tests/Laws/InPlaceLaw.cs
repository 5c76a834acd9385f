using Adjoint.Algebra;
using Adjoint.Tape;

namespace Adjoint.Tests.Laws;

/// <summary>
/// A method with a trailing underscore does to its tensor what its twin without computes anew: values, gradients, and PyTorch's rules for what
/// must not be changed. Methods are found by name among the public ones.
/// </summary>
public class InPlaceLaw
{
    /// <summary>Mark a tensor or convert it; change no element.</summary>
    private static readonly string[] NotInPlace =
    [
        nameof(Tensor.RequiresGrad_), nameof(Tensor.Detach_), nameof(Tensor.To_), .. ContractionCalls.InPlace,

        // Take matrices, a dimension, or limits in order; InPlaceChoiceTests has them.
        nameof(Tensor.Tril_), nameof(Tensor.Triu_), nameof(Tensor.FillDiagonal_), nameof(Tensor.CumSum_), nameof(Tensor.CumProd_),
        nameof(Tensor.Rrelu_),
    ];

    /// <summary>Take whole numbers and truth values only, which nothing flows through.</summary>
    private static readonly string[] OfBits =
    [
        nameof(Tensor.BitwiseAnd_), nameof(Tensor.BitwiseOr_), nameof(Tensor.BitwiseXor_), nameof(Tensor.BitwiseNot_),
        nameof(Tensor.BitwiseLeftShift_), nameof(Tensor.BitwiseRightShift_), nameof(Tensor.Gcd_), nameof(Tensor.Lcm_),
    ];

    /// <summary>Take positions or masks, which cannot be drawn like values; <see cref="Indexing.ScatterTests"/> has them.</summary>
    private static readonly string[] AtPositions =
    [
        nameof(Tensor.Scatter_), nameof(Tensor.ScatterAdd_), nameof(Tensor.ScatterReduce_), nameof(Tensor.IndexAdd_), nameof(Tensor.IndexCopy_),
        nameof(Tensor.IndexFill_), nameof(Tensor.IndexReduce_), nameof(Tensor.IndexPut_), nameof(Tensor.Put_), nameof(Tensor.MaskedScatter_),
        nameof(Tensor.MaskedFill_),
    ];

    /// <summary>Write truth values about the old ones, which nothing flows through.</summary>
    private static readonly string[] OfTruth =
    [
        nameof(Tensor.Eq_), nameof(Tensor.Ne_), nameof(Tensor.Lt_), nameof(Tensor.Le_), nameof(Tensor.Gt_), nameof(Tensor.Ge_),
        nameof(Tensor.LogicalAnd_), nameof(Tensor.LogicalOr_), nameof(Tensor.LogicalXor_), nameof(Tensor.LogicalNot_),
    ];

    internal static readonly Dictionary<string, Change> Changes =
        Found(method => !OfBits.Contains(method.Name) && !AtPositions.Contains(method.Name));

    private static readonly Dictionary<string, Change> Bits = Found(method => OfBits.Contains(method.Name));

    public static TheoryData<string> All => [.. Changes.Keys];

    public static TheoryData<string> AllOfBits => [.. Bits.Keys];

    /// <summary>Those with a twin; the others overwrite what was there.</summary>
    public static TheoryData<string> Twins => [.. Changes.Values.Where(change => change.Twin is not null).Select(change => change.Name)];

    /// <summary>Those whose twin has gradients.</summary>
    public static TheoryData<string> FlowingTwins =>
        [.. Changes.Values.Where(change => change.Twin is not null && !OfTruth.Contains(change.InPlace.Name)).Select(change => change.Name)];

    [Fact]
    public void MethodsAreFound()
    {
        Assert.Contains("Mul_(Tensor, Tensor)", Changes.Keys);
        Assert.Contains("Tanh_(Tensor)", Changes.Keys);
        Assert.NotNull(Changes["Add_(Tensor, Tensor, Double)"].Twin);
        Assert.Null(Changes["Zero_(Tensor)"].Twin);
    }

    [Theory]
    [MemberData(nameof(Twins))]
    public void TheValueIsThatOfTheTwin(string name) => Draw.Check(draw =>
    {
        var change = Changes[name];
        var arguments = change.Arguments(draw, [3, 4]);
        foreach (var dtype in new[] { DType.Float32, DType.Float64 })
        {
            foreach (var x in new[] { arguments.X.To(dtype), Strided.Permuted(arguments.X.To(dtype), [1, 0]) })
            {
                var expected = change.RunTwin(x, arguments.Others);
                var version = x.Version;
                Assert.Same(x, change.Run(x, arguments.Others));
                Assert.True(x.Version > version);
                Assert.Equal(dtype, x.DType);
                Assert.Equal(expected.To(dtype).ToArray<double>(), x.ToArray<double>());
            }
        }
    });

    /// <summary>The same of whole numbers: the value of the twin, also where the tensor is its own argument, and nothing beside a view.</summary>
    [Theory]
    [MemberData(nameof(AllOfBits))]
    public void BitsAreThoseOfTheTwin(string name) => Draw.Check(draw =>
    {
        var change = Bits[name];
        Tensor Whole(int[] shape, DType dtype) => draw.Tensor(shape, new Domain(-200, 200), 0, 4).To(DType.Int64).To(dtype);
        foreach (var dtype in new[] { DType.Bool, DType.UInt8, DType.Int32, DType.Int64 })
        {
            var x = Whole([3, 3], dtype);
            if (Try(() => change.RunTwin(x, change.Arity == 1 ? [] : [x])) is null)
            {
                // Some take no truth values.
                Assert.Equal(DType.Bool, dtype);
                Assert.Throws<DTypeException>(() => change.Run(x.Clone(), [x]));
                continue;
            }

            Tensor[] arguments = change.Arity == 1 ? [x] : [Whole([3, 3], dtype), Whole([3], DType.Bool), Whole([], dtype), x, x.T, x[0]];
            foreach (var argument in arguments)
            {
                object?[] others = change.Arity == 1 ? [] : [argument];
                var whole = x.Clone();
                var expected = change.RunTwin(x, others).ToArray<long>();
                var version = whole.Version;
                Assert.Same(whole, change.Run(whole, others));
                Assert.True(whole.Version > version);
                Assert.Equal(dtype, whole.DType);
                Assert.Equal(expected, whole.ToArray<long>());

                var frame = Tensor.Stack([x, x, x]);
                change.Run(frame[1], others);
                Assert.Equal([.. x.ToArray<long>(), .. expected, .. x.ToArray<long>()], frame.ToArray<long>());
            }

            if (change.Arity == 2)
            {
                // The argument lies in the memory that is overwritten.
                foreach (var view in new Func<Tensor, Tensor>[] { tensor => tensor, tensor => tensor.T, tensor => tensor[0] })
                {
                    var copy = x.Clone();
                    change.Run(copy, [view(copy)]);
                    Assert.Equal(change.RunTwin(x, [view(x)]).ToArray<long>(), copy.ToArray<long>());
                }
            }
        }
    });

    [Theory]
    [MemberData(nameof(FlowingTwins))]
    public void TheGradientIsThatOfTheTwin(string name) => Draw.Check(draw =>
    {
        var change = Changes[name];
        var (x, others) = change.Arguments(draw, [3, 4]);
        var g = draw.Direction(x);
        Same(
            Gradients(x, others, g, (leaf, others) => change.RunTwin(leaf.Clone(), others)),
            Gradients(x, others, g, (leaf, others) => change.Run(leaf.Clone(), others)));
    });

    /// <summary>What overwrites cuts the tensor off from its history.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public void WhatOverwritesPassesNothingOn(string name)
    {
        var change = Changes[name];
        if (change.Twin is not null && !OfTruth.Contains(change.InPlace.Name))
        {
            return;
        }

        var (x, others) = change.Arguments(new Draw(2), [3, 4]);
        var results = Gradients(x, others, Tensor.OnesLike(x), (leaf, others) => change.Run(leaf.Clone(), others));
        Assert.All(results[1].ToArray<double>(), value => Assert.Equal(0, value));
    }

    /// <summary>A tensor without gradient gets one from an argument.</summary>
    [Theory]
    [MemberData(nameof(FlowingTwins))]
    public void TheGradientOfAnArgumentIsThatOfTheTwin(string name) => Draw.Check(draw =>
    {
        var change = Changes[name];
        var (x, others) = change.Arguments(draw, [3, 4]);
        if (!others.Any(other => other is Tensor))
        {
            return;
        }

        var g = draw.Direction(x);
        Same(
            Gradients(x, others, g, (leaf, others) => change.RunTwin(leaf.Detach().Clone(), others)),
            Gradients(x, others, g, (leaf, others) => change.Run(leaf.Detach().Clone(), others)));
    });

    /// <summary>Changing a row in place is taking the tensor apart and putting it together with the new row.</summary>
    [Theory]
    [MemberData(nameof(FlowingTwins))]
    public void AChangedViewChangesItsBase(string name) => Draw.Check(draw =>
    {
        var change = Changes[name];
        var (row, others) = change.Arguments(draw, [4]);
        var x = Tensor.Stack([row * 0.5, row, row * 0.25]);
        var g = draw.Direction(x);
        Same(
            Gradients(x, others, g, (leaf, others) => Tensor.Stack([leaf[0], change.RunTwin(leaf[1], others), leaf[2]])),
            Gradients(x, others, g, (leaf, others) =>
            {
                var copy = leaf.Clone();
                change.Run(copy[1], others);
                return copy;
            }));
    });

    /// <summary>The tensor keeps its dtype; a result of a higher category does not fit into it, one of a wider dtype is converted.</summary>
    [Theory]
    [MemberData(nameof(Twins))]
    public void TheDTypeStays(string name) => Draw.Check(
        draw =>
        {
            var change = Changes[name];
            var (x, others) = change.Arguments(draw, [3]);
            foreach (var dtype in DType.All)
            {
                foreach (var other in DType.All)
                {
                    var mixed = others.Select(value => value is Tensor tensor ? tensor.To(other) : value).ToArray();
                    var left = x.To(dtype);
                    var expected = Try(() => change.RunTwin(left, mixed));
                    if (expected is null || Category(expected.DType) > Category(dtype))
                    {
                        Assert.ThrowsAny<TensorException>(() => change.Run(left.Clone(), mixed));
                        continue;
                    }

                    var actual = change.Run(left.Clone(), mixed);
                    Assert.Equal(dtype, actual.DType);
                    Assert.Equal(expected.To(dtype).ToArray<double>(), actual.ToArray<double>());
                }
            }
        },
        times: 3);

    /// <summary>A float64 argument of a float32 tensor: computed in float64, kept in float32, pulled back in float64.</summary>
    [Theory]
    [MemberData(nameof(FlowingTwins))]
    public void TheGradientCrossesDTypes(string name) => Draw.Check(draw =>
    {
        var change = Changes[name];
        var (x, others) = change.Arguments(draw, [3, 4]);
        var single = x.To(DType.Float32);
        var g = draw.Direction(x).To(DType.Float32);
        Same(
            Gradients(single, others, g, (leaf, others) => change.RunTwin(leaf.Clone(), others).To(DType.Float32)),
            Gradients(single, others, g, (leaf, others) => change.Run(leaf.Clone(), others)),
            1e-5);
    });

    [Theory]
    [MemberData(nameof(All))]
    public void WhatMustNotChangeIsRefused(string name)
    {
        var change = Changes[name];
        var (x, others) = change.Arguments(new Draw(3), [3, 3]);
        var leaf = x.Clone().RequiresGrad_();
        Assert.Contains(
            "leaf Variable that requires grad",
            Assert.Throws<AutogradException>(() => change.Run(leaf, others)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "view of a leaf Variable that requires grad",
            Assert.Throws<AutogradException>(() => change.Run(leaf.T, others)).Message,
            StringComparison.Ordinal);
        if (name is "Zero_(Tensor)" or "Fill_(Tensor, Tensor)")
        {
            // One value for all may be written through an expanded view, as in PyTorch.
            var (row, whole) = (x[0].Clone(), x.Clone());
            change.Run(row.Expand(3, 3), others);
            Assert.Equal(change.Run(whole, others)[0].ToArray<double>(), row.ToArray<double>());
        }
        else
        {
            var refused = Assert.Throws<ShapeException>(() => change.Run(x[0].Expand(3, 3), others));
            Assert.Contains("single memory location", refused.Message, StringComparison.Ordinal);
        }

        Assert.Equal(x.ToArray<double>(), leaf.Detach().ToArray<double>());

        using (Autograd.NoGrad())
        {
            var version = leaf.Version;
            Assert.Same(leaf, change.Run(leaf, others));
            Assert.True(leaf.Version > version);
            Assert.True(leaf.IsLeaf);
        }
    }

    /// <summary>Elements of the same memory that the view does not show stay as they are, and so does the rest of a storage behind it.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public void OnlyTheViewChanges(string name)
    {
        var change = Changes[name];
        var (row, others) = change.Arguments(new Draw(4), [4]);
        foreach (var (at, columns) in new[] { (0, 1), (1, 1), (2, 1), (0, 2) })
        {
            var x = Tensor.Stack([row, row, row]);
            var before = x.ToArray<double>();
            var view = columns == 1 ? x[at] : x[.., ..2].Narrow(0, 0, 2);
            var inner = Enumerable.Range(0, 12).Where(i => columns == 1 ? i / 4 == at : i % 4 < 2 && i < 8).ToHashSet();
            var fitting = others.Select(other => other is Tensor { Rank: > 0 } tensor && columns == 2 ? tensor[..2] : other).ToArray();
            change.Run(view, fitting);
            var after = x.ToArray<double>();
            Assert.All(Enumerable.Range(0, 12).Where(i => !inner.Contains(i)), i => Assert.Equal(before[i], after[i]));
        }
    }

    /// <summary>Who saved the tensor for its backward pass must not compute with other values.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public void AChangeAfterSavingIsNoticed(string name)
    {
        var change = Changes[name];
        var (x, others) = change.Arguments(new Draw(5), [3]);
        var saved = x.RequiresGrad_().Clone();
        var square = saved.Square();
        change.Run(saved, others);
        Assert.Contains(
            "modified by an inplace operation", Assert.Throws<AutogradException>(() => square.Sum().Backward()).Message, StringComparison.Ordinal);
    }

    /// <summary>The tensor may be its own argument, straight or transposed.</summary>
    [Theory]
    [MemberData(nameof(Twins))]
    public void TheTensorMayBeItsOwnArgument(string name)
    {
        var change = Changes[name];
        var x = change.Arguments(new Draw(6), [3, 3]).X;
        foreach (var view in new Func<Tensor, Tensor>[] { tensor => tensor, tensor => tensor.T, tensor => tensor[0] })
        {
            var others = change.Arguments(new Draw(6), [3, 3]).Others;
            var copy = x.Clone();
            var expected = change.RunTwin(x, [.. others.Select(other => other is Tensor ? view(x) : other)]);
            change.Run(copy, [.. others.Select(other => other is Tensor ? view(copy) : other)]);
            Assert.Equal(expected.ToArray<double>(), copy.ToArray<double>());
        }
    }

    private static Dictionary<string, Change> Found(Func<PublicMethod, bool> belongs) => PublicMethods.All
        .Where(method => method.Name.EndsWith('_') && !NotInPlace.Contains(method.Name) && belongs(method))
        .Select(method => new Change(method, PublicMethods.All.FirstOrDefault(other => IsTwin(method, other))))
        .ToDictionary(change => change.Name);

    private static bool IsTwin(PublicMethod inPlace, PublicMethod other) =>
        other.Name == inPlace.Name[..^1] &&
        other.Parameters.Select(parameter => parameter.Type).SequenceEqual(inPlace.Parameters.Select(parameter => parameter.Type));

    private static int Category(DType dtype) => dtype == DType.Bool ? 0 : dtype.IsInteger ? 1 : 2;

    private static Tensor? Try(Func<Tensor> run)
    {
        try
        {
            return run();
        }
        catch (DTypeException)
        {
            return null;
        }
    }

    /// <summary>The result and the gradients of the tensor and of all tensors among the arguments.</summary>
    private static Tensor[] Gradients(Tensor x, object?[] others, Tensor g, Func<Tensor, object?[], Tensor> run)
    {
        var leaf = x.Clone().RequiresGrad_();
        var arguments = others.Select(other => other is Tensor tensor ? tensor.Clone().RequiresGrad_() : other).ToArray();
        var y = run(leaf, arguments);
        var gradients = Autograd.Grad([y], [leaf, .. arguments.OfType<Tensor>()], [g], allowUnused: true, materializeGrads: true);
        return [y.Detach(), .. gradients.Select(gradient => gradient!)];
    }

    private static void Same(Tensor[] expected, Tensor[] actual, double tolerance = 1e-14)
    {
        foreach (var (a, b) in expected.Zip(actual))
        {
            Assert.Equal(a.Shape, b.Shape);
            Assert.Equal(a.DType, b.DType);
            Assert.Equal(a.ToArray<double>(), b.ToArray<double>(), (p, q) => Math.Abs(p - q) <= tolerance * Math.Max(1, Math.Abs(p)));
        }
    }

    /// <summary>A method that changes its tensor, and the one that computes the same anew, if there is one.</summary>
    internal sealed record Change(PublicMethod InPlace, PublicMethod? Twin)
    {
        public string Name => InPlace.Description;

        public int Arity => InPlace.Parameters.Count;

        public Tensor Run(Tensor x, object?[] others) => InPlace.Invoke([x, .. others]);

        public Tensor RunTwin(Tensor x, object?[] others) => Twin!.Invoke([x, .. others]);

        /// <summary>A tensor of a shape from the operator's domain, and arguments: tensors that broadcast, defaults and other numbers.</summary>
        public (Tensor X, object?[] Others) Arguments(Draw draw, int[] shape)
        {
            var domains = PublicMethods.DomainsOf(InPlace.Name[..^1]) ?? [];
            Domain Of(int input) => input < domains.Count ? domains[input] : new Domain(0.5, 2);
            var x = draw.Tensor(shape, Of(0), 0, 4);
            var others = InPlace.Parameters.Skip(1).Select((parameter, i) =>
            {
                if (parameter.Type == typeof(Tensor))
                {
                    // What overwrites takes a single value.
                    return draw.Tensor(Twin is null ? [] : draw.Coin() ? shape : shape[^1..], Of(i + 1), i + 1, 4);
                }

                if (parameter.Type == typeof(int) && !parameter.HasDefault)
                {
                    return 2;
                }

                if (parameter.Type == typeof(double) && !parameter.HasDefault)
                {
                    return 0.5;
                }

                return Twin is not null && parameter.Type == typeof(double) && draw.Coin() ? 1.75 : parameter.Default;
            });
            return (x, [.. others]);
        }
    }
}
