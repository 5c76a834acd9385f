using System.Globalization;

namespace Adjoint.Bench.Objectives;

/// <summary>The small hand of ADBench: its bones, and the vertices that they move.</summary>
public sealed class HandModel
{
    /// <summary>The number of bones.</summary>
    public int Bones => Parents.Length;

    /// <summary>The number of vertices.</summary>
    public int Vertices => Positions.Length / 4;

    /// <summary>Each bone's parent; -1 for none.</summary>
    public required int[] Parents { get; init; }

    /// <summary>[bones, 4, 4].</summary>
    public required double[] Relatives { get; init; }

    /// <summary>[bones, 4, 4].</summary>
    public required double[] Inverses { get; init; }

    /// <summary>[vertices, 4], the last number 1.</summary>
    public required double[] Positions { get; init; }

    /// <summary>[vertices, bones].</summary>
    public required double[] Weights { get; init; }

    /// <summary>Reads the files of the small model.</summary>
    public static HandModel Read()
    {
        var bones = Lines("hand_bones.txt");
        var vertices = Lines("hand_vertices.txt");
        var weights = new double[vertices.Length * bones.Length];
        for (var i = 0; i < vertices.Length; i++)
        {
            var vertex = vertices[i];
            for (var w = 0; w < int.Parse(vertex[8], CultureInfo.InvariantCulture); w++)
            {
                weights[(i * bones.Length) + int.Parse(vertex[9 + (2 * w)], CultureInfo.InvariantCulture)] = Number(vertex[10 + (2 * w)]);
            }
        }

        return new HandModel
        {
            Parents = Array.ConvertAll(bones, bone => int.Parse(bone[1], CultureInfo.InvariantCulture)),
            Relatives = [.. bones.SelectMany(bone => bone[2..18].Select(Number))],
            Inverses = [.. bones.SelectMany(bone => bone[18..34].Select(Number))],
            Positions = [.. vertices.SelectMany(vertex => (double[])[Number(vertex[0]), Number(vertex[1]), Number(vertex[2]), 1])],
            Weights = weights,
        };
    }

    private static string[][] Lines(string file) =>
        Array.ConvertAll(AdBench.Text(file).Split('\n', StringSplitOptions.RemoveEmptyEntries), line => line.Split(':'));

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
