using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace Adjoint.Conformance.Cases;

/// <summary>A file of cases: JSON objects, one a line, gzipped or plain.</summary>
internal static class CaseFile
{
    /// <summary>The lines that hold a case, each known to be an object with what the kind needs.</summary>
    /// <exception cref="InvalidDataException">A line is no such object, or the compressed data is damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static string[] Read(string path, ICaseKind kind)
    {
        var lines = Text(path).Split('\n');
        var cases = new List<string>();
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line.Length > 0)
            {
                Check(line, i + 1, kind);
                cases.Add(line);
            }
        }

        return [.. cases];
    }

    private static string Text(string path)
    {
        var bytes = File.ReadAllBytes(path);
        if (bytes is not [0x1f, 0x8b, ..])
        {
            return Encoding.UTF8.GetString(bytes);
        }

        using var unzipped = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var reader = new StreamReader(unzipped, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private static void Check(string line, int number, ICaseKind kind)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            foreach (var property in kind.Properties)
            {
                if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty(property, out _))
                {
                    throw new InvalidDataException($"line {number} has no \"{property}\", so it is not a case of kind {kind.Name}");
                }
            }
        }
        catch (JsonException)
        {
            throw new InvalidDataException($"line {number} is not JSON");
        }
    }
}
