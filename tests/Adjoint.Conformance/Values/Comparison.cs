using System.Globalization;
using System.Text.Json;

namespace Adjoint.Conformance.Values;

/// <summary>Whether a result is PyTorch's: dtype, shape, and every element.</summary>
internal static class Comparison
{
    /// <summary>What differs, in words; null if nothing does.</summary>
    /// <param name="actual">A tensor or a truth value.</param>
    /// <param name="expected">The JSON of one.</param>
    public static string? Difference(object actual, JsonElement expected)
    {
        if (actual is not Tensor tensor)
        {
            return expected.ValueKind is JsonValueKind.True or JsonValueKind.False && expected.GetBoolean() == (bool)actual
                ? null
                : $"is {actual}, expected {expected}";
        }

        if (expected.ValueKind != JsonValueKind.Object)
        {
            return $"is a tensor, expected {expected}";
        }

        var dtype = expected.GetProperty("tensor").GetString();
        if (tensor.DType.TorchName != "torch." + dtype)
        {
            return $"has dtype {tensor.DType.TorchName}, expected torch.{dtype}";
        }

        var shape = expected.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32()).ToArray();
        return tensor.Shape != shape
            ? $"has shape {tensor.Shape}, expected {(Shape)shape}"

            // What PyTorch's own tests allow float32.
            : Elements(tensor.Detach(), expected.GetProperty("data"), single: (1e-5, 1.3e-6), full: (1e-7, 1e-7));
    }

    /// <summary>Which element differs by more than is allowed, in words; null if none does.</summary>
    /// <param name="tensor">The elements, not requiring grad.</param>
    /// <param name="data">As many numbers.</param>
    /// <param name="single">What is allowed float32: an absolute and a relative difference.</param>
    /// <param name="full">What is allowed float64.</param>
    public static string? Elements(
        Tensor tensor, JsonElement data, (double Absolute, double Relative) single, (double Absolute, double Relative) full) =>
        !tensor.DType.IsFloatingPoint
            ? tensor.DType == DType.Bool
                ? Exact(tensor.ToArray<bool>(), [.. data.EnumerateArray().Select(item => item.GetBoolean())])
                : Exact(tensor.ToArray<long>(), CaseValue.Wholes(data))
            : tensor.DType == DType.Float64
                ? Elements(tensor.ToArray<double>(), CaseValue.Reals(data), full.Absolute, full.Relative)
                : Elements(tensor.ToArray<double>(), CaseValue.Reals(data), single.Absolute, single.Relative);

    public static string? Elements(double[] actual, double[] expected, double absolute, double relative)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            if (!Close(actual[i], expected[i], absolute, relative))
            {
                return At(i, actual[i].ToString("R", CultureInfo.InvariantCulture), expected[i].ToString("R", CultureInfo.InvariantCulture));
            }
        }

        return null;
    }

    private static bool Close(double actual, double expected, double absolute, double relative) =>
        actual.Equals(expected)
        || actual == expected
        || (double.IsFinite(expected) && Math.Abs(actual - expected) <= absolute + (relative * Math.Abs(expected)));

    private static string? Exact<T>(T[] actual, T[] expected)
        where T : struct, IEquatable<T>
    {
        for (var i = 0; i < expected.Length; i++)
        {
            if (!actual[i].Equals(expected[i]))
            {
                return At(i, $"{actual[i]}", $"{expected[i]}");
            }
        }

        return null;
    }

    private static string At(int place, string actual, string expected) => $"is {actual} at element {place}, expected {expected}";
}
