using System.Text.Json;
using System.Text.Json.Serialization;

namespace Adjoint;

/// <summary>
/// Tensors in JSON: <c>{"dtype":"float32","shape":[2,2],"data":[1,2,3,4]}</c>, elements in row-major order. JSON has no NaN and no infinity, so
/// they are the texts <c>"NaN"</c>, <c>"Infinity"</c> and <c>"-Infinity"</c>. Every element comes back bit for bit; history does not.
/// </summary>
internal sealed class TensorJson : JsonConverter<Tensor>
{
    private const string Form = "A tensor in JSON is {\"dtype\":\"float32\",\"shape\":[2,2],\"data\":[1,2,3,4]}";

    /// <inheritdoc/>
    public override Tensor Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException($"{Form}, but this begins with {reader.TokenType}. Read numbers alone as an array, and use Tensor.FromArray.");
        }

        DType? dtype = null;
        List<int>? shape = null;
        List<double>? reals = null;
        List<long>? wholes = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            switch (name)
            {
                case "dtype":
                    dtype = ReadDType(ref reader);
                    break;
                case "shape":
                    shape = ReadList(ref reader, static (ref Utf8JsonReader r) =>
                        r.TryGetInt32(out var size) && size >= 0 ? size : throw Wrong("shape", ref r));
                    break;
                case "data" when dtype is null:
                    throw new JsonException($"{Form}: \"dtype\" comes before \"data\".");
                case "data" when dtype.IsFloatingPoint:
                    reals = ReadList<double>(ref reader, dtype == DType.Float64 ? ReadDouble : ReadSingle);
                    break;
                case "data":
                    wholes = ReadList(ref reader, ReadWhole);
                    break;
                default:
                    throw new JsonException($"{Form}; it has no \"{name}\".");
            }
        }

        if (shape is null || (reals is null && wholes is null))
        {
            throw new JsonException($"{Form}; this has no {(shape is null ? "\"shape\"" : "\"data\"")}.");
        }

        try
        {
            var all = reals is not null ? Tensor.FromEnumerable(reals) : Tensor.FromEnumerable(wholes!);
            if (wholes is not null)
            {
                Gate.NumberRange.ThrowIfAnyBeyond(all, dtype!);
            }

            return all.Reshape(shape.ToArray()).To(dtype!);
        }
        catch (TensorException fault)
        {
            throw new JsonException(fault.Message, fault);
        }
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Tensor value, JsonSerializerOptions options)
    {
        var dtype = value.DType;
        writer.WriteStartObject();
        writer.WriteString("dtype", dtype.TorchName["torch.".Length..]);
        writer.WriteStartArray("shape");
        foreach (var size in value.Shape)
        {
            writer.WriteNumberValue(size);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("data");
        var x = value.Detach();
        if (dtype == DType.Float64)
        {
            WriteReals(writer, x.ToArray<double>(), static (w, v) => w.WriteNumberValue(v));
        }
        else if (dtype.IsFloatingPoint)
        {
            // The shortest text that a float32 comes back from; what has fewer bits is one.
            WriteReals(writer, x.ToArray<float>(), static (w, v) => w.WriteNumberValue(v));
        }
        else
        {
            foreach (var whole in x.ToArray<long>())
            {
                if (dtype == DType.Bool)
                {
                    writer.WriteBooleanValue(whole != 0);
                }
                else
                {
                    writer.WriteNumberValue(whole);
                }
            }
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private delegate T Element<T>(ref Utf8JsonReader reader);

    private static List<T> ReadList<T>(ref Utf8JsonReader reader, Element<T> element)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException($"{Form}, but here is {reader.TokenType} where an array has to be.");
        }

        List<T> all = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            all.Add(element(ref reader));
        }

        return all;
    }

    private static DType ReadDType(ref Utf8JsonReader reader)
    {
        var name = reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw Wrong("dtype", ref reader);
        try
        {
            return DType.Parse(name);
        }
        catch (DTypeException fault)
        {
            throw new JsonException(fault.Message, fault);
        }
    }

    private static double ReadDouble(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number ? reader.GetDouble() : ReadNonFinite(ref reader);

    // Rounded once, from the text.
    private static double ReadSingle(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number ? reader.GetSingle() : ReadNonFinite(ref reader);

    private static double ReadNonFinite(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String when reader.ValueTextEquals("NaN"u8) => double.NaN,
        JsonTokenType.String when reader.ValueTextEquals("Infinity"u8) => double.PositiveInfinity,
        JsonTokenType.String when reader.ValueTextEquals("-Infinity"u8) => double.NegativeInfinity,
        _ => throw Wrong("data", ref reader),
    };

    private static long ReadWhole(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.True => 1,
        JsonTokenType.False => 0,
        JsonTokenType.Number when reader.TryGetInt64(out var whole) => whole,
        _ => throw Wrong("data", ref reader),
    };

    private static JsonException Wrong(string what, ref Utf8JsonReader reader) =>
        new($"{Form}, but its {what} has {reader.TokenType} at byte {reader.TokenStartIndex}.");

    private static void WriteReals<T>(Utf8JsonWriter writer, T[] values, Action<Utf8JsonWriter, T> write)
        where T : System.Numerics.IFloatingPointIeee754<T>
    {
        foreach (var value in values)
        {
            if (T.IsFinite(value))
            {
                write(writer, value);
            }
            else
            {
                writer.WriteStringValue(T.IsNaN(value) ? "NaN" : T.IsPositive(value) ? "Infinity" : "-Infinity");
            }
        }
    }
}
