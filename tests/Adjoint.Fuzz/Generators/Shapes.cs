namespace Adjoint.Fuzz.Generators;

/// <summary>Random shapes: mostly small, with zero sizes, sometimes large enough for several threads.</summary>
internal static class Shapes
{
    /// <summary>The most elements that a generated tensor has.</summary>
    public const int MaxCount = 1 << 17;

    public static int Size(Dice dice) => dice.OneIn(25) ? 0 : dice.Of(1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 5, 7, 8, 9);

    public static int[] Any(Dice dice, int least = 0, int most = 5)
    {
        var shape = new int[dice.Between(least, most)];
        for (var d = 0; d < shape.Length; d++)
        {
            shape[d] = Size(dice);
        }

        if (shape.Length > 0 && dice.OneIn(24))
        {
            shape[^1] = dice.Of(16, 17, 31, 33, 64, 65, 130, 257);
        }

        if (shape.Length > 0 && dice.OneIn(60))
        {
            shape[0] = dice.Of(40, 100, 300, 1000);
        }

        while (CountOf(shape) > MaxCount)
        {
            shape[dice.Below(shape.Length)] = 2;
        }

        return shape;
    }

    public static long CountOf(int[] shape)
    {
        long count = 1;
        foreach (var size in shape)
        {
            count *= size;
        }

        return count;
    }

    /// <summary>A shape that can be broadcast together with another one, nearly always.</summary>
    public static int[] Beside(Dice dice, int[] shape)
    {
        if (dice.OneIn(2))
        {
            return shape;
        }

        var skipped = shape.Length == 0 ? 0 : dice.Below(shape.Length + 1);
        var beside = shape[skipped..];
        for (var d = 0; d < beside.Length; d++)
        {
            if (dice.OneIn(3))
            {
                beside[d] = 1;
            }
        }

        if (beside.Length is > 0 and < 5 && dice.OneIn(8))
        {
            beside = [Size(dice), .. beside];
        }

        return CountOf(beside) > MaxCount ? shape : beside;
    }

    public static string Text(ReadOnlySpan<int> shape) => string.Join(", ", shape.ToArray());
}
