using System.Text.Json;
using Adjoint.GradBench.Modules;

namespace Adjoint.GradBench;

/// <summary>
/// One run of the protocol: a message a line, and one answer for each, with its id, whatever it says. A message that is no JSON, names something
/// unknown or has an input that does not fit is answered with <c>success</c> false and what is wrong; the session goes on.
/// </summary>
public static class Session
{
    /// <summary>Answers messages until there are no more.</summary>
    public static void Run(TextReader input, Stream output)
    {
        while (input.ReadLine() is { } line)
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                output.Write(Answer(line));
                output.WriteByte((byte)'\n');
                output.Flush();
            }
        }
    }

    /// <summary>The answer to one message.</summary>
    public static byte[] Answer(string line)
    {
        JsonElement? id = null;
        try
        {
            using var message = JsonDocument.Parse(line);
            var root = message.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                throw new FormatException("a message is an object");
            }

            id = root.TryGetProperty("id", out var given) ? given.Clone() : null;
            return Text(root, id);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return Written(id, writer =>
            {
                writer.WriteBoolean("success", false);
                writer.WriteString("error", $"{exception.GetType().Name}: {exception.Message}");
            });
        }
    }

    private static byte[] Text(JsonElement message, JsonElement? id)
    {
        switch (message.Text("kind"))
        {
            case "start":
                return Written(id, writer => writer.WriteString("tool", "adjoint"));

            case "define":
                _ = Table.Find(message.Text("module"));
                return Written(id, writer => writer.WriteBoolean("success", true));

            case "evaluate":
                var input = message.GetProperty("input");
                var work = Table.Find(message.Text("module")).Prepare(message.Text("function"), input);
                var (result, timings) = Runs.Of(input).Time(work);
                return Written(id, writer =>
                {
                    writer.WriteBoolean("success", true);
                    writer.WritePropertyName("output");
                    Values.Write(writer, result);
                    writer.WriteStartArray("timings");
                    foreach (var nanoseconds in timings)
                    {
                        writer.WriteStartObject();
                        writer.WriteString("name", "evaluate");
                        writer.WriteNumber("nanoseconds", nanoseconds);
                        writer.WriteEndObject();
                    }

                    writer.WriteEndArray();
                });

            default:
                return Written(id, _ => { });
        }
    }

    private static byte[] Written(JsonElement? id, Action<Utf8JsonWriter> fields)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            if (id is { } known)
            {
                writer.WritePropertyName("id");
                known.WriteTo(writer);
            }

            fields(writer);
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }
}
