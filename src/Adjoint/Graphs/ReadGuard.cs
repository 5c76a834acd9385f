using System.Globalization;
using Adjoint.Families;

namespace Adjoint.Graphs;

/// <summary>
/// What C# code read of a traced value while the function was written down, and where: numbers, a truth value, an index. What the code did then may
/// depend on it, so the graph holds for these elements only.
/// </summary>
/// <param name="x">The value; elements are those for the example.</param>
/// <param name="dtype">What the elements were converted to for the code.</param>
/// <param name="origin">The code.</param>
internal sealed class ReadGuard(Tensor x, DType dtype, Origin origin) : Operation
{
    private const int MostShown = 6;

    private readonly Array _elements = Elements(Unfollowed(x), dtype);

    public override string Name => "Guard";

    internal override bool HasEffect => true;

    internal override TensorType[] Infer(TensorType[] inputs) => [];

    internal override Tensor[] Run(Tensor[] inputs)
    {
        Check(inputs[0]);
        return [];
    }

    /// <summary>Checks a value of a later call, through all transforms that follow it; in a batch every sample counts.</summary>
    /// <exception cref="AutogradException">An element differs.</exception>
    public void Check(Tensor x)
    {
        for (var inner = x; inner.Tracer is { } tracer; inner = tracer.Value)
        {
            // A trace around the graph is bound to the same elements.
            (tracer.Owner as TraceInterpreter)?.Write(this, [inner], []);
        }

        var now = Elements(Unfollowed(x), dtype);
        var comparison = new Comparison { Expected = _elements, Now = now };
        dtype.Visit(ref comparison);
        if (comparison.At is var differs && differs >= 0)
        {
            throw Broken(differs, now);
        }
    }

    /// <summary>The guard in words, such as <c>== 1, read by Item at Program.cs:12 (Program.Main)</c>.</summary>
    public string Expected
    {
        get
        {
            var shown = string.Join(", ", _elements.Cast<object>().Take(MostShown).Select(Text));
            var text = _elements.Length == 1 ? shown : _elements.Length <= MostShown ? $"[{shown}]" : $"[{shown}, ...]";
            return $"== {text}, read by {Reader} at {origin}";
        }
    }

    private string Reader => origin.Called switch
    {
        "get_Part" or "set_Part" => "an index",
        { } method => method,
        null => "a condition",
    };

    private AutogradException Broken(int at, Array now)
    {
        var element = _elements.Length == 1 ? string.Empty : $" at element {at % _elements.Length} of {_elements.Length}";
        return new AutogradException(
            "trace: a value that C# code read when the function was traced is another one now, so the graph is not this function any more: " +
            $"{origin} read {Text(_elements.GetValue(at % _elements.Length)!)} by {Reader}{element}, and now it is {Text(now.GetValue(at)!)}. " +
            "Choose with Tensor.Where instead of if, keep numbers in tensors instead of reading them, or trace the function again for such inputs.");
    }

    private static string Text(object value) => value is bool truth
        ? truth ? "true" : "false"
        : Convert.ToString(value, CultureInfo.InvariantCulture)!;

    /// <summary>The first place where the elements, or those of any sample, differ; -1 if none does. NaN equals NaN.</summary>
    private static int Difference<T>(T[] expected, T[] now)
    {
        for (var start = 0; start < now.Length; start += expected.Length)
        {
            var same = expected.AsSpan().CommonPrefixLength(now.AsSpan(start, expected.Length));
            if (same < expected.Length)
            {
                return start + same;
            }
        }

        return -1;
    }

    private static Tensor Unfollowed(Tensor x)
    {
        while (x.Tracer is { } tracer)
        {
            x = tracer.Value;
        }

        return x.Detach();
    }

    private static Array Elements(Tensor x, DType dtype)
    {
        dtype = dtype.HasLoops ? dtype : DType.Int64;
        var job = new Reading { X = x };
        dtype.Visit(ref job);
        return job.Read;
    }

    /// <summary>Reads all elements.</summary>
    private struct Reading : IDTypeJob
    {
        public Tensor X;
        public Array Read;

        void IDTypeJob.Truth() => Read = X.ToArray<bool>();

        void IDTypeJob.Whole<T>() => Read = X.ToArray<T>();

        void IDTypeJob.Real<S, T, C>() => Read = X.ToArray<S>();
    }

    /// <summary>Compares elements.</summary>
    private struct Comparison : IDTypeJob
    {
        public Array Expected;
        public Array Now;
        public int At;

        void IDTypeJob.Truth() => At = Difference((bool[])Expected, (bool[])Now);

        void IDTypeJob.Whole<T>() => At = Difference((T[])Expected, (T[])Now);

        void IDTypeJob.Real<S, T, C>() => At = Difference((S[])Expected, (S[])Now);
    }
}
