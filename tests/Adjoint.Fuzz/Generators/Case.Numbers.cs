using System.Globalization;

namespace Adjoint.Fuzz.Generators;

/// <summary>Numbers, sizes, positions and words.</summary>
internal sealed partial class Case
{
    private static readonly string[] s_words =
        ["none", "tanh", "same", "valid", "x", "weight", "bias", "", " ", "a.b", "\0", "été", "0", "{0}", "grad", "scratch"];

    private int Int(string name)
    {
        if (_plan.NumberOf(name) is { } planned && !_dice.OneIn(12))
        {
            return planned;
        }

        if (name is "numLayers" or "numEncoderLayers" or "numDecoderLayers" or "epochs" or "maxIter" or "maxEval")
        {
            // Counts of work: whoever asks for much of it waits for it.
            return _dice.Of(0, 1, 1, 2, 2, 3, -1);
        }

        if (_dice.OneIn(16))
        {
            HasWildSizes = true;
            return _dice.Of(
                int.MinValue, int.MaxValue, int.MaxValue - 1, 1 << 21, 1 << 20, 1 << 16, 65537, 46341, 1 << 30, -(1 << 30), 255, 256, -100, 1000);
        }

        return name switch
        {
            "dim" or "dim0" or "dim1" or "source" or "destination" or "dims" or "axis" or "start" or "startDim" => _dice.Between(-4, 3),
            "end" or "endDim" => _dice.Of(-1, -1, -2, 0, 1, 2, 3),
            "argument" or "order" => _dice.Between(-1, 3),
            "chunkSize" => _dice.Of(0, 1, 1, 2, 3, -1),
            "seed" => _dice.Between(0, 1000),
            "value" => _dice.Between(1, 4),
            _ => _dice.Of(0, 1, 1, 1, 2, 2, 2, 3, 3, 4, 4, 5, 6, 8, -1, -2),
        };
    }

    private long Long(string name)
    {
        if (_dice.OneIn(14))
        {
            HasWildSizes = true;
            return _dice.Of(long.MinValue, long.MaxValue, 1L << 53, (1L << 53) + 1, 1L << 31, 1L << 32, 1L << 40, -(1L << 40), 1L << 62);
        }

        return name == "ignoreIndex" ? _dice.Of(-100, -100, 0, 1) : Int(name);
    }

    private double Real(string name)
    {
        if (_dice.OneIn(8))
        {
            HasWildNumbers = true;
            return _dice.Of(
                double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.MaxValue, double.MinValue, double.Epsilon, -0.0, 1e300, 1e-300,
                1e38, 3.5e38, 1e-45, 9007199254740993.0, 300, -1, 1L << 31);
        }

        return name switch
        {
            "p" or "dropoutP" or "dropout" => _dice.Of(0, 0.5, 1, 0.25, 2, -0.5, 3),
            "eps" => _dice.Of(1e-5, 1e-5, 0, 1, -1),
            _ => _dice.Of(0, 1, 0.5, 2, -1, 0.1, 3, 10, _dice.Unit()),
        };
    }

    private string? Word(string name) => _dice.OneIn(20) ? null
        : name == "approximate" && !_dice.OneIn(4) ? _dice.Of("none", "tanh")
        : name == "directory" ? _dice.Of<string?>(null, "spill", "spill/deep", "", "\0", "spill\n")
        : _dice.Of<string>(s_words);

    private Made AnyWord(string name)
    {
        var word = Word(name);
        if (word is not null)
        {
            Words.Add(word);
        }

        return Plain(word);
    }

    private int[] Ints(string name)
    {
        if (_plan.ShapeOf(name) is { } planned && !_dice.OneIn(12))
        {
            return planned;
        }

        if (IsShapeName(name))
        {
            return ShapeArgument();
        }

        var ints = new int[name is "indices" or "positions" ? _dice.Below(5) : _dice.Of(0, 1, 1, 2, 2, 3, 4, 5)];
        for (var i = 0; i < ints.Length; i++)
        {
            ints[i] = Int(name);
        }

        if (name == "dims" && Target.Method.Name == "Permute" && Tensors.Count > 0 && !_dice.OneIn(6))
        {
            return Shuffled(Tensors[0].Rank);
        }

        return ints;
    }

    private static bool IsShapeName(string name) => name is "shape" or "sizes" or "normalizedShape";

    // A shape that the first tensor can be brought to, or any.
    private int[] ShapeArgument()
    {
        int[] shape;
        if (Tensors.Count > 0 && !_dice.OneIn(3))
        {
            var first = Tensors[0].Shape.ToArray();
            shape = _dice.Below(5) switch
            {
                0 => [-1],
                1 => [.. first, 1],
                2 => [Shapes.Size(_dice), .. first],
                3 => [.. first.Reverse()],
                _ => [.. first.Select(size => size == 1 ? Shapes.Size(_dice) : size)],
            };
        }
        else
        {
            shape = Shapes.Any(_dice);
        }

        if (_dice.OneIn(10))
        {
            for (var d = 0; d < shape.Length; d++)
            {
                if (_dice.OneIn(2))
                {
                    shape[d] = Int("size");
                }
            }
        }

        return shape;
    }

    private int[] Shuffled(int count)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        for (var i = count - 1; i > 0; i--)
        {
            var j = _dice.Below(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }

    private static string Literal(object? value) => value switch
    {
        null => "null",
        string word => "\"" + word.Replace("\0", "\\0", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal) + "\"",
        bool truth => truth ? "true" : "false",
        int.MinValue => "int.MinValue",
        int.MaxValue => "int.MaxValue",
        long.MinValue => "long.MinValue",
        long.MaxValue => "long.MaxValue",
        double number => Literal(number, "double", ""),
        float number => Literal(number, "float", "f"),
        long number => number.ToString(CultureInfo.InvariantCulture) + "L",
        ulong number => number.ToString(CultureInfo.InvariantCulture) + "UL",
        Enum choice => Enum.IsDefined(choice.GetType(), choice)
            ? $"{choice.GetType().Name}.{choice}"
            : $"({choice.GetType().Name}){Convert.ToInt64(choice, CultureInfo.InvariantCulture)}",
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static string Literal(double number, string type, string suffix) => number switch
    {
        double.PositiveInfinity => type + ".PositiveInfinity",
        double.NegativeInfinity => type + ".NegativeInfinity",
        double.NaN => type + ".NaN",
        _ when suffix == "f" => ((float)number).ToString("R", CultureInfo.InvariantCulture) + suffix,
        _ => number.ToString("R", CultureInfo.InvariantCulture) + (number == Math.Floor(number) && Math.Abs(number) < 1e15 ? ".0" : ""),
    };
}
