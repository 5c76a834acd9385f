using Adjoint.Fuzz.Calls;

namespace Adjoint.Fuzz.Generators;

/// <summary>Plans for the operators whose operands have to fit each other: random shapes alone would hardly ever reach their kernels.</summary>
internal static class Recipes
{
    public static Plan For(Dice dice, Target target)
    {
        var name = target.Method.Name;
        var plan = new Plan { IsReal = !dice.OneIn(4) };
        if (dice.OneIn(5))
        {
            return plan;
        }

        return name switch
        {
            "MatMul" or "Mm" or "Bmm" or "Mv" or "Dot" or "VecDot" or "Linear" => Product(dice, plan, name),
            _ when name.StartsWith("ConvTranspose", StringComparison.Ordinal) => Convolution(dice, plan, Axes(name), isTransposed: true),
            _ when name.StartsWith("Conv", StringComparison.Ordinal) && name.EndsWith('d') =>
                Convolution(dice, plan, Axes(name), isTransposed: false),
            _ when name.Contains("Pool", StringComparison.Ordinal) => Image(dice, plan, Axes(name)),
            _ when name.StartsWith("Dropout", StringComparison.Ordinal) && name.EndsWith('d') => Image(dice, plan, Axes(name)),
            "BatchNorm" or "InstanceNorm" or "GroupNorm" => Channels(dice, plan),
            "LayerNorm" or "RmsNorm" => Rows(dice, plan),
            "CrossEntropy" or "NllLoss" => Classes(dice, plan),
            "Embedding" => Table(dice, plan),
            "Gather" => Gathered(dice, plan),
            "ScaledDotProductAttention" => Attention(dice, plan),
            "Where" or "MaskedFill" => Masked(dice, plan),
            _ => plan,
        };
    }

    private static int Axes(string name) =>
        name.Contains("1d", StringComparison.Ordinal) ? 1 : name.Contains("2d", StringComparison.Ordinal) ? 2 : 3;

    private static Plan Product(Dice dice, Plan plan, string name)
    {
        int n = Shapes.Size(dice), k = dice.OneIn(10) ? dice.Of(16, 33, 70) : Shapes.Size(dice), m = Shapes.Size(dice);
        int[] batch = Shapes.Any(dice, 0, 2);
        return name switch
        {
            "Dot" => plan.Shape("x", k).Shape("y", k),
            "VecDot" => plan.Shape("x", [.. batch, k]).Shape("y", [.. batch, k]),
            "Mv" => plan.Shape("x", n, k).Shape("y", k),
            "Mm" => plan.Shape("x", n, k).Shape("y", k, m),
            "Bmm" => plan.Shape("x", m, n, k).Shape("y", m, k, 3),
            "Linear" => plan.Shape("x", [.. batch, k]).Shape("weight", m, k).Shape("bias", m),
            _ => plan.Shape("x", [.. batch, n, k]).Shape("y", dice.OneIn(3) ? [k] : [.. Shapes.Beside(dice, batch), k, m]),
        };
    }

    private static int[] Space(Dice dice, int axes)
    {
        var space = new int[axes];
        for (var a = 0; a < axes; a++)
        {
            space[a] = dice.OneIn(30) ? 0 : dice.OneIn(12) ? dice.Between(9, 20) : dice.Between(1, 7);
        }

        return space;
    }

    private static Plan Convolution(Dice dice, Plan plan, int axes, bool isTransposed)
    {
        var groups = dice.Of(1, 1, 1, 2, 3);
        int into = groups * dice.Between(1, 3), from = groups * dice.Between(1, 3);
        var kernel = new int[axes];
        for (var a = 0; a < axes; a++)
        {
            kernel[a] = dice.OneIn(40) ? 0 : dice.Between(1, 4);
        }

        plan.IsReal = true;
        int[] space = Space(dice, axes);
        plan.Number("groups", groups).Shape("bias", into);
        plan.Shape("weight", isTransposed ? [from, into / groups, .. kernel] : [into, from / groups, .. kernel]);
        return plan.Shape("x", dice.OneIn(4) ? [from, .. space] : [dice.Between(0, 3), from, .. space]);
    }

    private static Plan Image(Dice dice, Plan plan, int axes)
    {
        int[] space = Space(dice, axes);
        return plan.Shape("x", dice.OneIn(4) ? [Shapes.Size(dice), .. space] : [Shapes.Size(dice), Shapes.Size(dice), .. space]);
    }

    private static Plan Channels(Dice dice, Plan plan)
    {
        var groups = dice.Between(1, 3);
        var channels = groups * dice.Between(1, 3);
        plan.IsReal = true;
        plan.Number("numGroups", groups);
        foreach (var name in new[] { "weight", "bias", "runningMean", "runningVar" })
        {
            plan.Shape(name, channels);
        }

        return plan.Shape("x", [Shapes.Size(dice), channels, .. Space(dice, dice.Between(0, 3))]);
    }

    private static Plan Rows(Dice dice, Plan plan)
    {
        var row = Shapes.Any(dice, 1, 2);
        plan.IsReal = true;
        return plan.Shape("normalizedShape", row).Shape("weight", row).Shape("bias", row).Shape("x", [.. Shapes.Any(dice, 0, 2), .. row]);
    }

    private static Plan Classes(Dice dice, Plan plan)
    {
        var classes = dice.Between(1, 6);
        int[] batch = dice.OneIn(5) ? [] : [Shapes.Size(dice)];
        int[] space = batch.Length == 0 ? [] : Shapes.Any(dice, 0, 2);
        plan.IsReal = true;
        plan.Shape("x", [.. batch, classes, .. space]).Shape("weight", classes);
        return dice.OneIn(3) ? plan.Shape("target", [.. batch, classes, .. space]) : plan.Indices("target", [.. batch, .. space], classes);
    }

    private static Plan Table(Dice dice, Plan plan)
    {
        var rows = dice.Between(1, 9);
        plan.IsReal = true;
        return plan.Indices("indices", Shapes.Any(dice, 0, 3), rows).Shape("weight", rows, Shapes.Size(dice));
    }

    private static Plan Gathered(Dice dice, Plan plan)
    {
        var shape = Shapes.Any(dice, 0, 4);
        return plan.Shape("x", shape).Indices("index", shape, shape.Length == 0 ? 1 : Math.Max(1, shape.Min()));
    }

    private static Plan Attention(Dice dice, Plan plan)
    {
        int[] batch = Shapes.Any(dice, 0, 2);
        int queries = Shapes.Size(dice), keys = Shapes.Size(dice), width = Shapes.Size(dice);
        plan.IsReal = true;
        plan.Shape("query", [.. batch, queries, width]).Shape("key", [.. batch, keys, width]).Shape("value", [.. batch, keys, Shapes.Size(dice)]);
        return dice.OneIn(2) ? plan.Mask("attnMask", [queries, keys]) : plan.Shape("attnMask", queries, keys);
    }

    private static Plan Masked(Dice dice, Plan plan)
    {
        var shape = Shapes.Any(dice);
        return plan.Shape("x", shape).Mask("condition", Shapes.Beside(dice, shape)).Mask("mask", Shapes.Beside(dice, shape));
    }
}
