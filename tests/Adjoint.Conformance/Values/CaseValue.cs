using System.Text.Json;
using Adjoint.Conformance.Cases;

namespace Adjoint.Conformance.Values;

/// <summary>A Python slice <c>start:stop:step</c>; null is an end that is left out.</summary>
internal sealed record SliceValue(long? Start, long? Stop, long? Step);

/// <summary>Python's <c>...</c>.</summary>
internal sealed record EllipsisValue;

/// <summary>A Python tuple, where it matters that it is no list.</summary>
internal sealed record TupleValue(object?[] Items);

/// <summary>What the files' JSON means: tensors, dtypes, slices and plain Python values.</summary>
internal static class CaseValue
{
    /// <summary>
    /// A value: null, <see cref="bool"/>, <see cref="long"/>, <see cref="double"/>, <see cref="string"/>, <see cref="DType"/>, <see cref="Tensor"/>,
    /// <see cref="SliceValue"/>, <see cref="EllipsisValue"/>, or several of them: an array for a list, a <see cref="TupleValue"/> for a tuple.
    /// </summary>
    /// <param name="json">The JSON.</param>
    /// <param name="leaves">Gets the tensors that require grad, in order of appearance.</param>
    /// <exception cref="MissingException">A dtype that the library does not have.</exception>
    public static object? Read(JsonElement json, List<Tensor> leaves) => json.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => json.TryGetInt64(out var whole) ? (object)whole : json.GetDouble(),
        JsonValueKind.String => Infinite(json.GetString()!) is { } number ? number : json.GetString(),
        JsonValueKind.Array => json.EnumerateArray().Select(item => Read(item, leaves)).ToArray(),
        _ => Object(json, leaves),
    };

    /// <summary>The tensor that <c>{"tensor", "shape", "data"}</c> stands for.</summary>
    public static Tensor Tensor(JsonElement json)
    {
        var dtype = DTypeOf(json.GetProperty("tensor").GetString()!);
        var shape = json.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32()).ToArray();
        return Tensor(json.GetProperty("data"), shape, dtype);
    }

    /// <summary>A tensor of row-major elements.</summary>
    public static Tensor Tensor(JsonElement data, int[] shape, DType dtype)
    {
        if (dtype.IsFloatingPoint)
        {
            var reals = Shaped(Reals(data), shape);
            return dtype == DType.Float64 ? reals : reals.To(dtype);
        }

        return dtype == DType.Bool
            ? Shaped([.. data.EnumerateArray().Select(item => item.GetBoolean())], shape)
            : Shaped(Wholes(data), shape).To(dtype);
    }

    public static double[] Reals(JsonElement data) => [.. data.EnumerateArray().Select(Real)];

    public static long[] Wholes(JsonElement data) => [.. data.EnumerateArray().Select(item => item.GetInt64())];

    public static double Real(JsonElement item) =>
        item.ValueKind == JsonValueKind.String
            ? Infinite(item.GetString()!) ?? throw new FormatException($"'{item}' is no number")
            : item.GetDouble();

    /// <summary>The dtype with one of PyTorch's names, without its <c>torch.</c>.</summary>
    /// <exception cref="MissingException">The library does not have it.</exception>
    public static DType DTypeOf(string name) =>
        DType.All.FirstOrDefault(dtype => dtype.TorchName == "torch." + name) ?? throw new MissingException($"dtype {name}");

    private static Tensor Shaped<T>(T[] data, int[] shape)
        where T : unmanaged => shape.Length == 0 ? Adjoint.Tensor.Scalar(data[0]) : Adjoint.Tensor.FromArray(data, shape);

    private static object Object(JsonElement json, List<Tensor> leaves)
    {
        if (json.TryGetProperty("tensor", out _))
        {
            var tensor = Tensor(json);
            if (json.TryGetProperty("requires_grad", out var requires) && requires.GetBoolean())
            {
                tensor.RequiresGrad = true;
                leaves.Add(tensor);
            }

            return tensor;
        }

        if (json.TryGetProperty("dtype", out var dtype))
        {
            return DTypeOf(dtype.GetString()!);
        }

        if (json.TryGetProperty("tuple", out var tuple))
        {
            return new TupleValue((object?[])Read(tuple, leaves)!);
        }

        if (json.TryGetProperty("slice", out var slice))
        {
            return Read(slice, leaves) is object?[] { Length: 3 } ends
                ? new SliceValue((long?)ends[0], (long?)ends[1], (long?)ends[2])
                : throw new FormatException("a slice has a start, a stop and a step");
        }

        return json.TryGetProperty("ellipsis", out _) ? new EllipsisValue() : throw new FormatException($"no value has the form {json}");
    }

    private static double? Infinite(string text) => text switch
    {
        "nan" => double.NaN,
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        _ => null,
    };
}
