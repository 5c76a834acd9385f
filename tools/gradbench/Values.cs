using System.Text.Json;

namespace Adjoint.GradBench;

/// <summary>Numbers and tensors as JSON, and back.</summary>
public static class Values
{
    /// <summary>A text of a message.</summary>
    public static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()
        ?? throw new FormatException($"'{name}' is null");

    /// <summary>A whole number of an input.</summary>
    public static int Whole(this JsonElement element, string name) => element.GetProperty(name).GetInt32();

    /// <summary>A number of an input.</summary>
    public static double Number(this JsonElement element, string name) => element.GetProperty(name).GetDouble();

    /// <summary>All numbers of a field, an array of arrays as deep as it may be, row by row.</summary>
    public static double[] Numbers(this JsonElement element, string name)
    {
        var numbers = new List<double>();
        Collect(element.GetProperty(name), numbers);
        return [.. numbers];
    }

    /// <summary>The whole numbers of a field.</summary>
    public static int[] Wholes(this JsonElement element, string name) =>
        [.. element.GetProperty(name).EnumerateArray().Select(value => value.GetInt32())];

    /// <summary>A vector of float64.</summary>
    public static Tensor Vector(this JsonElement element, string name) => Tensor.FromArray(element.Numbers(name));

    /// <summary>An array of rows as a tensor of float64; rows that are arrays again count on.</summary>
    /// <exception cref="FormatException">There are no rows, or they differ in length.</exception>
    public static Tensor Rows(this JsonElement element, string name)
    {
        var numbers = element.Numbers(name);
        var sizes = new List<int>();
        var count = 1;
        for (var at = element.GetProperty(name); at.ValueKind == JsonValueKind.Array && at.GetArrayLength() > 0; at = at[0])
        {
            sizes.Add(at.GetArrayLength());
            count *= at.GetArrayLength();
        }

        return count == numbers.Length && sizes.Count > 0
            ? Tensor.FromArray(numbers, [.. sizes])
            : throw new FormatException($"the rows of '{name}' have different lengths, or there are none");
    }

    /// <summary>Writes a number, whole numbers, a tensor of any rank or an object of such.</summary>
    /// <exception cref="ArgumentException">A number is infinite or none, which JSON has no word for.</exception>
    public static void Write(Utf8JsonWriter writer, object value)
    {
        switch (value)
        {
            case double number:
                writer.WriteNumberValue(number);
                break;
            case int whole:
                writer.WriteNumberValue(whole);
                break;
            case int[] or double[]:
                writer.WriteStartArray();
                foreach (var element in (Array)value)
                {
                    Write(writer, element);
                }

                writer.WriteEndArray();
                break;
            case Tensor tensor:
                Write(writer, tensor.ToArray<double>(), [.. tensor.Shape], 0, 0);
                break;
            case (string Name, object Value)[] fields:
                writer.WriteStartObject();
                foreach (var (name, field) in fields)
                {
                    writer.WritePropertyName(name);
                    Write(writer, field);
                }

                writer.WriteEndObject();
                break;
            default:
                throw new NotSupportedException($"a {value.GetType().Name} cannot be written");
        }
    }

    private static int Write(Utf8JsonWriter writer, double[] numbers, int[] sizes, int dim, int at)
    {
        if (dim == sizes.Length)
        {
            writer.WriteNumberValue(numbers[at]);
            return at + 1;
        }

        writer.WriteStartArray();
        for (var i = 0; i < sizes[dim]; i++)
        {
            at = Write(writer, numbers, sizes, dim + 1, at);
        }

        writer.WriteEndArray();
        return at;
    }

    private static void Collect(JsonElement element, List<double> numbers)
    {
        if (element.ValueKind != JsonValueKind.Array)
        {
            numbers.Add(element.GetDouble());
            return;
        }

        foreach (var part in element.EnumerateArray())
        {
            Collect(part, numbers);
        }
    }
}
