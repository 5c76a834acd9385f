using static Adjoint.Transform;

namespace Adjoint.Laws;

/// <summary>
/// What holds for every operator, whoever wrote it, as methods that throw <see cref="LawException"/> where it does not: call them from any test. A
/// law takes a function that runs the operator, and a point of float64 tensors at which it is smooth: no step of 2e-4 from there crosses a kink.
/// </summary>
/// <example>
/// <code>
/// using Adjoint;
/// using Adjoint.Laws;
///
/// Tensor x = [0.3, -1.2, 2.5];
/// OperatorLaws.Check((Tensor a) => a.Tanh(), x);
/// </code>
/// </example>
public static partial class OperatorLaws
{
    private const double Step = 1e-4;
    private const double First = 1e-7;
    private const double Second = 1e-6;
    private const int Samples = 3;

    /// <summary>All laws that hold for any function of tensors.</summary>
    /// <param name="function">Runs the operator.</param>
    /// <param name="inputs">The point, in float64.</param>
    /// <exception cref="LawException">A law does not hold.</exception>
    public static void Check(Func<Tensor[], Tensor> function, params Tensor[] inputs)
    {
        Adjoint(function, inputs);
        Forward(function, inputs);
        SecondOrder(function, inputs);
        Batch(function, inputs);
        Trace(function, inputs);
        Strides(function, inputs);
    }

    /// <inheritdoc cref="Check(Func{Tensor[], Tensor}, Tensor[])"/>
    public static void Check(Func<Tensor, Tensor> function, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(function);
        Check((Tensor[] inputs) => function(inputs[0]), x);
    }

    /// <inheritdoc cref="Check(Func{Tensor[], Tensor}, Tensor[])"/>
    public static void Check(Func<Tensor, Tensor, Tensor> function, Tensor x, Tensor y)
    {
        ArgumentNullException.ThrowIfNull(function);
        Check(inputs => function(inputs[0], inputs[1]), x, y);
    }

    /// <summary>The values are those of a reference that is written without the operator.</summary>
    /// <param name="function">Runs the operator.</param>
    /// <param name="reference">The same by other means.</param>
    /// <param name="inputs">The point.</param>
    /// <exception cref="LawException">They differ by more than 12 digits.</exception>
    public static void Value(Func<Tensor[], Tensor> function, Func<Tensor[], Tensor> reference, params Tensor[] inputs)
    {
        ThrowIfNull(function, inputs);
        ArgumentNullException.ThrowIfNull(reference);
        Same(reference(inputs), function(inputs), "the value", 1e-12);
    }

    /// <summary>
    /// What is pulled back is the transpose of what is pushed forward, &lt;J t, g&gt; = &lt;t, Jᵀ g&gt;: J t from differences, Jᵀ g from the tape. A
    /// gradient that is recorded is the same.
    /// </summary>
    /// <param name="function">Runs the operator.</param>
    /// <param name="inputs">The point, in float64.</param>
    /// <exception cref="LawException">It is not so.</exception>
    public static void Adjoint(Func<Tensor[], Tensor> function, params Tensor[] inputs)
    {
        ThrowIfNull(function, inputs);
        var leaves = Leaves(inputs);
        var y = function(leaves);
        var g = Fixed(y, 0.3);
        var pulled = Gradients(y, leaves, g, createGraph: false);
        var recorded = Gradients(function(leaves), leaves, g, createGraph: true);
        var directions = Array.ConvertAll(inputs, x => Fixed(x, 1.1));
        for (var i = 0; i < leaves.Length; i++)
        {
            Same(pulled[i], recorded[i].Detach(), $"the recorded gradient of input {i}", 1e-11);
        }

        InnerProduct.Equal(
            InnerProduct.Of(Differences.Push(function, inputs, directions, Step), g.ToArray<double>()),
            InnerProduct.Of(directions, pulled),
            First, "the gradient");
    }

    /// <summary>Forward mode gives the derivative that differences give.</summary>
    /// <param name="function">Runs the operator.</param>
    /// <param name="inputs">The point, in float64.</param>
    /// <exception cref="LawException">It is not so.</exception>
    public static void Forward(Func<Tensor[], Tensor> function, params Tensor[] inputs)
    {
        ThrowIfNull(function, inputs);
        var directions = Array.ConvertAll(inputs, x => Fixed(x, 0.9));
        var (value, tangent) = Jvp((Tensor[] x) => function(x), inputs, directions);
        Same(function(inputs), value, "the value in forward mode", 1e-12);
        var g = Fixed(value, 0.3).ToArray<double>();
        InnerProduct.Equal(
            InnerProduct.Of(Differences.Push(function, inputs, directions, Step), g),
            InnerProduct.Of(tangent.ToArray<double>(), g),
            First, "the tangent");
    }

    /// <summary>A gradient is a function like any other: with G = Jᵀ g, the gradient of &lt;G, v&gt; is what differences of G give.</summary>
    /// <param name="function">Runs the operator.</param>
    /// <param name="inputs">The point, in float64.</param>
    /// <exception cref="LawException">It is not so.</exception>
    public static void SecondOrder(Func<Tensor[], Tensor> function, params Tensor[] inputs)
    {
        ThrowIfNull(function, inputs);
        Tensor[] point = [.. inputs, Fixed(function(inputs), 0.3)];
        var v = Array.ConvertAll(inputs, x => Fixed(x, 0.7));
        Tensor Product(Tensor[] x)
        {
            var isRecorded = x[^1].RequiresGrad;
            var leaves = isRecorded ? x[..^1] : Leaves(x[..^1]);
            var gradients = Gradients(function(leaves), leaves, x[^1], createGraph: isRecorded);
            return gradients.Zip(v, (gradient, direction) => (gradient * direction).Sum()).Aggregate((a, b) => a + b);
        }

        var followed = Leaves(point);
        var pulled = Gradients(Product(followed), followed, Tensor.Ones([], DType.Float64), createGraph: false);
        var directions = Array.ConvertAll(point, x => Fixed(x, 1.3));
        InnerProduct.Equal(
            InnerProduct.Of(Differences.Push(Product, point, directions, Step), [1]),
            InnerProduct.Of(directions, pulled),
            Second, "the second derivative");
    }

    /// <summary>A batch is a loop, for values and gradients, and runs for all samples at once.</summary>
    /// <param name="function">Runs the operator.</param>
    /// <param name="inputs">The point, in float64.</param>
    /// <exception cref="LawException">It is not so.</exception>
    public static void Batch(Func<Tensor[], Tensor> function, params Tensor[] inputs)
    {
        ThrowIfNull(function, inputs);
        Tensor[] Gradient(Tensor[] x) => Grad((Tensor[] a) => function(a).Square().Sum())(x);
        var samples = Enumerable.Range(0, Samples).Select(i => Array.ConvertAll(inputs, x => Near(x, i))).ToArray();
        Tensor[] stacked = [.. inputs.Select((_, i) => Tensor.Stack([.. samples.Select(sample => sample[i])]))];
        string? warning = null;
        var thread = Environment.CurrentManagedThreadId;
        void Listen(string message) => warning = Environment.CurrentManagedThreadId == thread ? message : warning;
        Autograd.Warning += Listen;
        try
        {
            Same(Tensor.Stack([.. samples.Select(function)]), Vmap((Tensor[] x) => function(x))(stacked), "a batch", 1e-11);
            var gradients = Vmap((Tensor[] x) => Gradient(x))(stacked);
            for (var i = 0; i < inputs.Length; i++)
            {
                Same(Tensor.Stack([.. samples.Select(sample => Gradient(sample)[i])]), gradients[i], $"the gradients of input {i} of a batch", 1e-9);

                // One input has samples, the others are the same for all.
                var axes = new int?[inputs.Length];
                axes[i] = 0;
                Tensor[] mixed = [.. inputs.Select((x, j) => j == i ? stacked[j] : x)];
                Tensor[] loop = [.. samples.Select(sample => function([.. inputs.Select((x, j) => j == i ? sample[j] : x)]))];
                Same(Tensor.Stack(loop), Vmap((Tensor[] x) => function(x), Axes.Each(axes))(mixed), $"a batch of input {i} alone", 1e-11);
            }
        }
        finally
        {
            Autograd.Warning -= Listen;
        }

        if (warning is not null)
        {
            throw new LawException($"a batch runs one sample after the other; write the rule for batches. {warning}");
        }
    }

    /// <summary>A traced function is the function, at another point as well; shape rules say what running gives, of gradients too.</summary>
    /// <param name="function">Runs the operator.</param>
    /// <param name="inputs">The point, in float64.</param>
    /// <exception cref="LawException">It is not so.</exception>
    public static void Trace(Func<Tensor[], Tensor> function, params Tensor[] inputs)
    {
        ThrowIfNull(function, inputs);
        var other = Array.ConvertAll(inputs, x => Near(x, 1));
        var shapes = Array.ConvertAll(inputs, x => Tensor.Meta(x.Shape.AsSpan(), x.DType));
        var (expected, known) = (TensorType.Of(function(inputs)), TensorType.Of(EvalShape((Tensor[] x) => function(x), shapes)));
        if (expected != known)
        {
            throw new LawException($"the shape rule says {known}, and running gives {expected}.");
        }

        Same(function(inputs), Transform.Trace((Tensor[] x) => function(x), other).Call(inputs), "a traced function", 1e-12);
        Tensor[] Gradient(Tensor[] x) => Grad((Tensor[] a) => function(a).Square().Sum())(x);
        var traced = Transform.Trace((Tensor[] x) => Gradient(x), other);
        traced.Graph.Verify();
        var (direct, called) = (Gradient(inputs), traced.Call(inputs));
        for (var i = 0; i < inputs.Length; i++)
        {
            Same(direct[i], called[i], $"the traced gradient of input {i}", 1e-11);
        }
    }

    /// <summary>Where elements lie in memory does not matter: permuted, stepped and repeated inputs give what dense copies give.</summary>
    /// <param name="function">Runs the operator.</param>
    /// <param name="inputs">The point, in float64.</param>
    /// <exception cref="LawException">It is not so.</exception>
    public static void Strides(Func<Tensor[], Tensor> function, params Tensor[] inputs)
    {
        ThrowIfNull(function, inputs);
        Func<Tensor, Tensor>[] forms =
        [
            x => x.Rank < 2 ? x : Strided.Permuted(x, [.. Enumerable.Range(0, x.Rank).Reverse()]),
            x => x.Rank == 0 ? x : Strided.Stepped(x, x.Rank - 1),
            x => x.Rank == 0 ? x : Strided.Repeated(x, 0),
        ];
        foreach (var form in forms)
        {
            var strided = Array.ConvertAll(inputs, x => form(x));
            var dense = Array.ConvertAll(strided, x => x.Clone());
            Same(function(dense), function(strided), "the value of inputs with strides", 1e-12);
            var (a, b) = (Leaves(dense), Leaves(strided));
            var g = Fixed(function(dense), 0.3);
            var (expected, actual) = (Gradients(function(a), a, g, createGraph: false), Gradients(function(b), b, g, createGraph: false));
            for (var i = 0; i < inputs.Length; i++)
            {
                Same(expected[i], actual[i], $"the gradient of input {i} with strides", 1e-11);
            }
        }
    }

    private static void ThrowIfNull(Func<Tensor[], Tensor> function, Tensor[] inputs)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(inputs);
        Array.ForEach(inputs, x => ArgumentNullException.ThrowIfNull(x, nameof(inputs)));
        if (inputs.Length == 0 || Array.Exists(inputs, x => x.DType != DType.Float64))
        {
            throw new ArgumentException("laws are tried at float64 tensors, and at least one.", nameof(inputs));
        }
    }

    private static Tensor[] Leaves(Tensor[] inputs) => Array.ConvertAll(inputs, x => x.Detach().RequiresGrad_());

    private static Tensor[] Gradients(Tensor y, Tensor[] leaves, Tensor g, bool createGraph) => y.RequiresGrad
        ? Array.ConvertAll(
            Autograd.Grad([y], leaves, [g], createGraph: createGraph, allowUnused: true, materializeGrads: true), gradient => gradient!)
        : Array.ConvertAll(leaves, leaf => Tensor.ZerosLike(leaf.Detach()));

    /// <summary>Numbers between -1 and 1 that depend on the shape only.</summary>
    private static Tensor Fixed(Tensor like, double phase) =>
        (((Tensor.Arange(like.Count) * 0.7).To(DType.Float64) + phase).Cos()).Reshape(like.Shape.ToArray());

    private static Tensor Near(Tensor x, int sample) => x.Detach() + (Fixed(x, 0.2) * (1e-4 * sample));

    private static void Same(Tensor expected, Tensor actual, string what, double tolerance)
    {
        if (TensorType.Of(expected) != TensorType.Of(actual))
        {
            throw new LawException($"{what} is {TensorType.Of(actual)}, expected {TensorType.Of(expected)}.");
        }

        var (a, b) = (expected.Detach().ToArray<double>(), actual.Detach().ToArray<double>());
        for (var i = 0; i < a.Length; i++)
        {
            if (!a[i].Equals(b[i]) && !(Math.Abs(a[i] - b[i]) <= tolerance * Math.Max(1, Math.Abs(a[i]))))
            {
                throw new LawException($"{what}: element {i} is {b[i]:R}, expected {a[i]:R}.");
            }
        }
    }
}
