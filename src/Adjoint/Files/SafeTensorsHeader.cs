using System.Text.Json;

namespace Adjoint.Files;

/// <summary>The header of a safetensors file, read strictly: no name twice, no number beyond what sizes and offsets can be.</summary>
internal static class SafeTensorsHeader
{
    /// <summary>What a tensor costs beside its elements and its name, and what a text does.</summary>
    private const int EntryCost = 1000, TextCost = 160;

    private const int MostDimensions = 64;

    private static readonly JsonReaderOptions Strict = new() { MaxDepth = 4 };

    /// <summary>The tensors that a header names.</summary>
    /// <param name="header">JSON, which may end with spaces.</param>
    /// <param name="part">The file.</param>
    /// <param name="begin">Where the elements begin in it.</param>
    /// <param name="metadata">Takes the texts.</param>
    /// <param name="bound">How much memory the file may still ask for.</param>
    /// <exception cref="JsonException">The header is no such JSON.</exception>
    /// <exception cref="TensorFileException">A name is there twice, or a tensor has another size than its place.</exception>
    public static List<KeyValuePair<string, SafeTensorsFile.Entry>> Read(
        ReadOnlySpan<byte> header, SafeTensorsFile.Part part, long begin, Dictionary<string, string> metadata, MemoryBound bound)
    {
        if (header is not [(byte)'{', ..])
        {
            throw new JsonException("InvalidHeaderStart: it begins with '{'.");
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        var entries = new List<KeyValuePair<string, SafeTensorsFile.Entry>>();
        var reader = new Utf8JsonReader(header, Strict);
        Expect(ref reader, JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bound.Take(EntryCost + (4L * reader.ValueSpan.Length));
            var name = reader.GetString()!;
            if (!names.Add(name))
            {
                throw new TensorFileException($"{part.Path}: '{name}' is in the header twice.");
            }

            Expect(ref reader, JsonTokenType.StartObject);
            if (name == SafeTensors.Metadata)
            {
                ReadMetadata(ref reader, part, metadata, bound);
            }
            else
            {
                entries.Add(new(name, ReadEntry(ref reader, name, part, begin)));
            }
        }

        if (reader.Read())
        {
            throw new JsonException("Something follows on the header's object.");
        }

        return entries;
    }

    private static void ReadMetadata(
        ref Utf8JsonReader reader, SafeTensorsFile.Part part, Dictionary<string, string> metadata, MemoryBound bound)
    {
        var keys = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bound.Take(TextCost + (2L * reader.ValueSpan.Length));
            var key = reader.GetString()!;
            Expect(ref reader, JsonTokenType.String);
            bound.Take(2L * reader.ValueSpan.Length);
            metadata[key] = keys.Add(key) ? reader.GetString()! : throw new TensorFileException($"{part.Path}: '{key}' is in the metadata twice.");
        }
    }

    private static SafeTensorsFile.Entry ReadEntry(ref Utf8JsonReader reader, string name, SafeTensorsFile.Part part, long begin)
    {
        DType? dtype = null;
        List<long>? sizes = null, offsets = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            switch (reader.GetString())
            {
                case "dtype" when dtype is null:
                    Expect(ref reader, JsonTokenType.String);
                    dtype = Find(part, name, reader.GetString()!);
                    break;
                case "shape" when sizes is null:
                    sizes = ReadNumbers(ref reader);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ReadNumbers(ref reader);
                    break;
                case var other:
                    throw new JsonException($"'{name}' has an entry '{other}' that is unknown or there twice.");
            }
        }

        if (dtype is null || sizes is null || offsets is not [var first, var end] || sizes.Exists(size => size > int.MaxValue))
        {
            throw new JsonException($"'{name}' needs a dtype, a shape, and data_offsets of two numbers.");
        }

        int[] shape = [.. sizes.Select(size => (int)size)];
        long length;
        try
        {
            length = TensorBytes.Length(shape, dtype);
        }
        catch (ShapeException fault)
        {
            throw new TensorFileException($"{part.Path}: ValidationOverflow. {fault.Message}", fault);
        }

        return first <= end && end - first == length && end <= long.MaxValue - begin
            ? new(part, dtype, shape, begin + first, length)
            : throw new TensorFileException(
                $"{part.Path}: TensorInvalidInfo. '{name}' is {dtype.TorchName} of shape {Shape.Text(shape)}, which is not what lies from " +
                $"byte {first} " +
                $"to {end}.");
    }

    private static DType Find(SafeTensorsFile.Part part, string tensor, string name)
    {
        var known = Array.Find(SafeTensors.DTypes, pair => pair.Name == name).DType;
        try
        {
            return known is null
                ? throw new TensorFileException($"{part.Path}: '{tensor}' has dtype {name}, which is not read.")
                : DType.Parse(known);
        }
        catch (DTypeException fault)
        {
            throw new TensorFileException($"{part.Path}: '{tensor}' has dtype {name}. {fault.Message}", fault);
        }
    }

    private static List<long> ReadNumbers(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.StartArray);
        var numbers = new List<long>();
        while (reader.Read() && reader.TokenType == JsonTokenType.Number)
        {
            numbers.Add(reader.TryGetInt64(out var number) && number >= 0 && numbers.Count < MostDimensions
                ? number
                : throw new JsonException($"Sizes and offsets are whole numbers from 0 on, at most {MostDimensions} of them."));
        }

        return reader.TokenType == JsonTokenType.EndArray ? numbers : throw new JsonException("Sizes and offsets are lists of numbers.");
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType token)
    {
        if (!reader.Read() || reader.TokenType != token)
        {
            throw new JsonException($"{token} expected, but there is {reader.TokenType} at byte {reader.TokenStartIndex}.");
        }
    }
}
