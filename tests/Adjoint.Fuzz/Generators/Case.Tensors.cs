using System.Globalization;

namespace Adjoint.Fuzz.Generators;

/// <summary>Tensors: of all dtypes, ranks and layouts, in memory with a margin around what they show of it.</summary>
internal sealed partial class Case
{
    private const int Margin = 24;
    private const int SmallCount = 12;

    private int[]? _firstShape;
    private DType _firstDType = DType.Float32;

    private Made AnyTensor(string name, bool isOptional = false)
    {
        if (_dice.OneIn(isOptional ? 3 : 120))
        {
            return new Made(null, "null");
        }

        var planned = _plan.ShapeOf(name);
        if (planned is null && _dice.OneIn(name == "value" ? 3 : 20))
        {
            return Number();
        }

        int[] shape = planned is not null && !_dice.OneIn(15) ? planned
            : _firstShape is null || _dice.OneIn(4) ? Shapes.Any(_dice) : Shapes.Beside(_dice, _firstShape);
        if (_isSmall && Shapes.CountOf(shape) > SmallCount)
        {
            shape = Shapes.Any(_dice, 0, 2);
            shape = Shapes.CountOf(shape) > SmallCount ? [3] : shape;
        }

        var dtype = DTypeFor(name);
        var grain = _dice.Below(8) switch { 0 or 1 => Grain.Wild, 2 or 3 or 4 => Grain.Real, _ => Grain.Tame };
        var limit = _plan.LimitOf(name) ?? 0;
        if (limit > 0 || (IsIndexName(name) && dtype != DType.Bool))
        {
            limit = Math.Max(1, limit == 0 ? 3 : limit);
            grain = _dice.OneIn(12) ? Grain.Wild : Grain.Index;
        }

        var made = TensorOf(shape, dtype, grain, Math.Max(1, limit));
        if (_firstShape is null)
        {
            _firstShape = shape;
            _firstDType = dtype;
        }

        return made;
    }

    private static bool IsIndexName(string name) => name is "index" or "indices" or "target";

    private DType DTypeFor(string name)
    {
        if (_dice.OneIn(12))
        {
            return _dice.Of<DType>(Data.DTypes);
        }

        if (_plan.DTypeOf(name) is { } planned)
        {
            return planned;
        }

        if (_firstShape is not null && !IsIndexName(name))
        {
            return _dice.OneIn(8) ? _dice.Of<DType>(Data.DTypes) : _firstDType;
        }

        return IsIndexName(name) ? DType.Int64
            : _plan.IsReal ? _dice.Of(DType.Float32, DType.Float32, DType.Float64) : _dice.Of<DType>(Data.DTypes);
    }

    // A plain number, as it stands in x + 1.
    private Made Number()
    {
        switch (_dice.Below(4))
        {
            case 0:
                var whole = Long("value");
                return new Made((Tensor)whole, Say(() => $"(Tensor){Literal(whole)}"));
            case 1:
                var truth = _dice.OneIn(2);
                return new Made((Tensor)truth, Say(() => $"(Tensor){Literal(truth)}"));
            default:
                var real = Real("value");
                return new Made((Tensor)real, Say(() => $"(Tensor){Literal(real)}"));
        }
    }

    private Made TensorOf(int[] shape, DType dtype, Grain grain, int limit)
    {
        HasWildNumbers |= grain == Grain.Wild;
        var isInference = _dice.OneIn(80);
        using var inference = isInference ? (IDisposable)Autograd.InferenceMode() : null;
        var made = Laid(shape, dtype, grain, limit);
        if (isInference)
        {
            made = made with { Text = Say(() => $"Autograd.InferenceMode(() => {made.Text})") };
        }

        Tensors.Add((Tensor)made.Value!);
        return made;
    }

    private Made Laid(int[] shape, DType dtype, Grain grain, int limit)
    {
        var rank = shape.Length;
        var form = _dice.Below(12);
        var stored = (int[])shape.Clone();
        var order = Array.Empty<int>();
        int along = -1, step = 1, before = 0;
        var isExpanded = false;
        if (form is 3 or 4 or 5 && rank > 1)
        {
            order = Shuffled(rank);
            stored = [.. order.Select(d => shape[d])];
        }

        if (form is 5 or 6 or 7 && rank > 0)
        {
            along = _dice.Below(rank);
            step = _dice.Between(1, 3);
            before = _dice.Below(3);
            stored[along] = before + (Math.Max(0, stored[along] - 1) * step) + 1 + _dice.Below(2);
        }
        else if (form is 8 or 9 && rank > 0)
        {
            isExpanded = true;
            for (var d = 0; d < rank; d++)
            {
                if (_dice.OneIn(2))
                {
                    stored[d] = 1;
                }
            }
        }

        if (form == 10 && Alias(shape, dtype) is { } alias)
        {
            return alias;
        }

        var count = (int)Shapes.CountOf(stored);
        var margin = form < 2 ? 0 : Margin;
        var flat = Data.Flat(_dice, dtype, count + (2 * margin), grain, limit);
        var takesGradient = dtype.IsFloatingPoint && _dice.OneIn(3);
        var isRootTracked = takesGradient && _dice.OneIn(2);
        if (isRootTracked)
        {
            flat.RequiresGrad = true;
        }

        Roots.Add(flat);
        var x = margin == 0 ? flat : flat.Slice(0, margin, margin + count);
        x = x.View(stored);
        if (along >= 0)
        {
            var wanted = order.Length == 0 ? shape[along] : shape[order[along]];
            x = x.Slice(along, before, before + (wanted == 0 ? 0 : ((wanted - 1) * step) + 1), step);
        }

        if (order.Length > 0)
        {
            var back = new int[rank];
            for (var d = 0; d < rank; d++)
            {
                back[order[d]] = d;
            }

            x = x.Permute(back);
        }

        if (isExpanded)
        {
            x = x.Expand(shape);
            HasOverlaps = true;
        }

        HasViews |= form >= 2;
        if (_copiesViews)
        {
            using (Autograd.NoGrad())
            {
                x = x.Detach().Clone();
            }

            if (isRootTracked)
            {
                x.RequiresGrad = true;
                x = x.View(shape);
            }
        }

        if (takesGradient && !isRootTracked)
        {
            x.RequiresGrad = true;
        }

        return new Made(x, Say(() => Text(flat, stored, margin, count, isRootTracked, along, before, step, order, isExpanded ? shape : null) +
            (takesGradient && !isRootTracked ? ".RequiresGrad_()" : "")));
    }

    // Another look at memory that an argument lies in.
    private Made? Alias(int[] shape, DType dtype)
    {
        var count = (int)Shapes.CountOf(shape);
        foreach (var root in Roots)
        {
            if (root.DType == dtype && root.Count >= count)
            {
                var start = _dice.Below((int)(root.Count - count) + 1);
                HasAliases = HasViews = true;
                var x = root.Slice(0, start, start + count).View(shape);
                return new Made(
                    _copiesViews ? x.Clone() : x,
                    Say(() => $"/* memory of another argument */ root.Slice(0, {start}, {start + count}).View({Shapes.Text(shape)})"));
            }
        }

        return null;
    }

    private static string Text(
        Tensor flat, int[] stored, int margin, int count, bool isRootTracked, int along, int before, int step, int[] order, int[]? expanded)
    {
        var text = $"Tensor.FromArray({Elements(flat)})";
        text += isRootTracked ? ".RequiresGrad_()" : "";
        text += margin == 0 ? "" : $".Slice(0, {margin}, {margin + count})";
        text += $".View({Shapes.Text(stored)})";
        text += along < 0 ? "" : $".Slice({along}, {before}, ..., {step})";
        text += order.Length == 0 ? "" : $"/* permuted back from {Shapes.Text(order)} */";
        return text + (expanded is null ? "" : $".Expand({Shapes.Text(expanded)})");
    }

    private static string Elements(Tensor flat)
    {
        using var off = Autograd.NoGrad();
        var shown = (int)Math.Min(flat.Count, 80);
        var texts = new string[shown];
        for (var i = 0; i < shown; i++)
        {
            var element = flat.Select(0, i);
            texts[i] = flat.DType == DType.Float32 ? Literal(element.Item<float>())
                : flat.DType.IsFloatingPoint ? Literal(element.Item<double>())
                : flat.DType == DType.Bool ? Literal(element.Item<bool>())
                : element.Item<long>().ToString(CultureInfo.InvariantCulture);
        }

        return $"new {flat.DType.ElementType.Name}[] {{ {string.Join(", ", texts)}{(shown < flat.Count ? $", /* {flat.Count} in all */" : "")} }}";
    }
}
