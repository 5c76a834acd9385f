using System.Text.Json;
using System.Text.Json.Serialization;

namespace Adjoint;

/// <summary>What <c>System.Text.Json</c> is told: a tensor has no form in JSON
/// that would keep its dtype and its shape; its numbers have one.</summary>
internal sealed class TensorJson : JsonConverter<Tensor>
{
    private const string Reason =
        "A Tensor cannot be written to or read from JSON by itself, because JSON knows neither dtypes nor shapes. Write numbers and shape: " +
        "x.ToArray<float>() and x.Shape.ToArray(); read them with Tensor.FromArray(numbers, shape).";

    /// <inheritdoc/>
    public override Tensor Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException(Reason);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Tensor value, JsonSerializerOptions options) => throw new NotSupportedException(Reason);
}
