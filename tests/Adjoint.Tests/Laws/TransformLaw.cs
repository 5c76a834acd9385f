using static Adjoint.Transform;

namespace Adjoint.Tests.Laws;

/// <summary>
/// Every operator under every transform and every pair and triple of them. The reference is written without transforms: eager gradients of gradients,
/// checked by the laws before this one, and plain loops. P is forward mode in a fixed direction, R is reverse mode from a fixed gradient, B is a
/// batch of points near the given one, summed, T is the function traced at another point and run again.
/// </summary>
public class TransformLaw
{
    private const int Samples = 3;

    internal delegate Tensor[] Function(Tensor[] x);

    [Theory]
    [MemberData(nameof(Calls.Names), MemberType = typeof(Calls))]
    public void ForwardModeIsThePullOfThePull(string name) => Agree(name, "P", times: 5);

    [Theory]
    [MemberData(nameof(Calls.Names), MemberType = typeof(Calls))]
    public void ReverseModeIsTheTape(string name) => Agree(name, "R", times: 5);

    [Theory]
    [MemberData(nameof(Calls.Names), MemberType = typeof(Calls))]
    public void ABatchIsALoop(string name) => Agree(name, "B", times: 5);

    [Theory]
    [MemberData(nameof(Calls.Names), MemberType = typeof(Calls))]
    public void ATracedFunctionIsTheFunction(string name) => Agree(name, "T", times: 5);

    [Theory]
    [MemberData(nameof(Calls.Names), MemberType = typeof(Calls))]
    public void PairsOfTransforms(string name)
    {
        var words = Words(2);
        new Random().Shuffle(words);
        foreach (var word in words.AsSpan(0, Draw.Times(words.Length)))
        {
            Agree(name, word, times: 1);
        }
    }

    [Theory]
    [MemberData(nameof(Calls.Names), MemberType = typeof(Calls))]
    public void TriplesOfTransforms(string name) => Draw.Check(draw => Agree(name, Words(3)[draw.Number(0, 63)], draw), times: 8);

    /// <summary>Some inputs are batched along any dimension, others are the same for all samples; the samples go anywhere in the result.</summary>
    [Theory]
    [MemberData(nameof(Calls.Names), MemberType = typeof(Calls))]
    public void AnyAxisMayCountSamples(string name) => Draw.Check(
        draw =>
        {
            var trial = Calls.All[name].Draw(draw);
            var single = trial.Run(trial.Inputs);
            var axes = new int?[trial.Inputs.Length];
            var inputs = new Tensor[axes.Length];
            var batched = draw.Number(0, axes.Length - 1);
            for (var i = 0; i < axes.Length; i++)
            {
                var x = trial.Inputs[i].Detach();
                axes[i] = i == batched || draw.Coin() ? draw.Number(-x.Rank - 1, x.Rank) : null;
                inputs[i] = axes[i] is { } axis
                    ? Tensor.Stack([.. Enumerable.Range(0, Samples).Select(sample => Near(x, sample))], axis)
                    : x;
            }

            var outAxis = draw.Number(-single.Rank - 1, single.Rank);
            if (WithoutLoop(() => Vmap((Tensor[] x) => trial.Run(x), Axes.Each(axes), outAxis)(inputs)) is not { } actual)
            {
                return;
            }

            var loop = Enumerable.Range(0, Samples).Select(
                sample => trial.Run([.. trial.Inputs.Select((x, i) => axes[i] is null ? x.Detach() : Near(x.Detach(), sample))]));
            Same(Tensor.Stack([.. loop], outAxis), actual, name);
        },
        times: 5);

    private static void Agree(string name, string word, int times) => Draw.Check(draw => Agree(name, word, draw), times);

    private static void Agree(string name, string word, Draw draw)
    {
        var trial = Calls.All[name].Draw(draw);
        var points = Array.ConvertAll(trial.Inputs, x => x.Detach());
        if (!trial.Run(points).DType.IsFloatingPoint)
        {
            return;
        }

        Agree(name, word, x => [trial.Run(x)], points);
    }

    /// <summary>Checks a function under transforms, the last of the word innermost, against the reference.</summary>
    internal static void Agree(string name, string word, Function f, Tensor[] points)
    {
        var (transformed, reference) = (f, f);
        foreach (var letter in word.Reverse())
        {
            transformed = Apply(letter, transformed);
            reference = Eager(letter, reference);
        }

        var expected = reference(points);
        if (WithoutLoop(() => transformed(points)) is not { } actual)
        {
            return;
        }

        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.False(actual[i].RequiresGrad);
            Same(expected[i], actual[i], $"{name} under {word}, result {i}");
        }
    }

    private static Function Apply(char letter, Function f) => letter switch
    {
        'P' => x => Jvp(a => f(a), x, Array.ConvertAll(x, Fixed)).Tangent,
        'T' => x => Trace((Tensor[] a) => f(a), Array.ConvertAll(x, a => Near(a, 1))).Call(x),
        'R' => x =>
        {
            var (value, pullback) = Vjp((Tensor[] a) => f(a), x);
            return pullback(Array.ConvertAll(value, Fixed));
        }
        ,
        _ => x => Array.ConvertAll(
            Vmap((Tensor[] a) => f(a))(Array.ConvertAll(x, a => Tensor.Stack([.. Enumerable.Range(0, Samples).Select(i => Near(a, i))]))),
            y => y.Sum(0)),
    };

    private static Function Eager(char letter, Function f) => letter switch
    {
        'T' => f,
        'P' => x =>
        {
            var leaves = Array.ConvertAll(x, Followed);
            var outputs = f(leaves);
            var g = Array.ConvertAll(outputs, y => Tensor.ZerosLike(y).RequiresGrad_());
            var pulled = Pull(outputs, leaves, g);
            return Pull(pulled, g, Array.ConvertAll(x, Fixed));
        }
        ,
        'R' => x =>
        {
            var leaves = Array.ConvertAll(x, Followed);
            var outputs = f(leaves);
            return Pull(outputs, leaves, Array.ConvertAll(outputs, Fixed));
        }
        ,
        _ => x =>
        {
            var parts = Enumerable.Range(0, Samples).Select(i => f(Array.ConvertAll(x, a => Near(a, i)))).ToArray();
            return [.. parts[0].Select((_, i) => Tensor.Stack([.. parts.Select(part => part[i])]).Sum(0))];
        }
        ,
    };

    private static Tensor[] Pull(Tensor[] outputs, Tensor[] inputs, Tensor[] gradients)
    {
        var recorded = outputs.Zip(gradients).Where(pair => pair.First.RequiresGrad).ToArray();
        if (recorded.Length == 0)
        {
            return Array.ConvertAll(inputs, x => Tensor.ZerosLike(x));
        }

        return Autograd.Grad(
            Array.ConvertAll(recorded, pair => pair.First),
            inputs,
            Array.ConvertAll(recorded, pair => pair.Second),
            createGraph: true,
            materializeGrads: true)!;
    }

    private static Tensor Followed(Tensor x) => x.RequiresGrad ? x.Clone() : x.Detach().RequiresGrad_();

    /// <summary>Numbers that depend on the shape only.</summary>
    private static Tensor Fixed(Tensor like) =>
        (Tensor.Arange(like.Shape.Count) * 0.7).To(DType.Float64).Cos().Reshape(like.Shape.ToArray()).To(like.DType);

    /// <summary>A point so near that no edge of the function lies between, and another for each sample.</summary>
    private static Tensor Near(Tensor x, int sample) => x + (Fixed(x) * (Draw.Gap * 0.1 * sample));

    /// <summary>Runs a function that has to run on all samples at once; null if it changes tensors in place, which is refused.</summary>
    internal static T? WithoutLoop<T>(Func<T> function)
        where T : class
    {
        var thread = Environment.CurrentManagedThreadId;
        string? warning = null;
        void Listen(string message) => warning = Environment.CurrentManagedThreadId == thread ? message : warning;
        Autograd.Warning += Listen;
        try
        {
            return function();
        }
        catch (AutogradException refusal) when (refusal.Message.Contains("inplace arithmetic is not possible", StringComparison.Ordinal))
        {
            return default;
        }
        finally
        {
            Autograd.Warning -= Listen;
            Assert.Null(warning);
        }
    }

    internal static string[] Words(int length) => length == 0
        ? [string.Empty]
        : [.. from rest in Words(length - 1) from letter in "PRBT" select rest + letter];

    private static void Same(Tensor expected, Tensor actual, string what)
    {
        Assert.True(
            expected.Shape == actual.Shape && expected.DType == actual.DType,
            $"{what}: expected {expected.DType} {expected.Shape}, got {actual.DType} {actual.Shape}.");
        var (a, b) = (expected.Detach().ToArray<double>(), actual.ToArray<double>());
        for (var i = 0; i < a.Length; i++)
        {
            Assert.True(
                Math.Abs(a[i] - b[i]) <= 1e-9 * Math.Max(1, Math.Abs(a[i])), $"{what}: element {i} is {b[i]:R}, expected {a[i]:R}.");
        }
    }
}
