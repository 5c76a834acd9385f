using System.Numerics;

namespace Adjoint;

/// <summary>A tensor with a label for each of its dimensions, each once.</summary>
internal readonly record struct Labelled(Tensor Tensor, int[] Labels);

/// <summary>
/// Products of any number of tensors with labelled dimensions, summed over all labels that the result does not have.
/// <para>
/// First each tensor alone: a dimension of size 1 whose label is longer elsewhere goes, for broadcasting is what happens to a label that a tensor
/// does not have; and so does a label that is nowhere else, by a sum. Then two tensors at a time, in the cheapest order. Labels of a pair are of four
/// kinds: in both and needed later (a batch), in both and not needed (summed), only in the left one, only in the right one. In the order
/// [batch, left, summed] and [batch, summed, right] that is a product of matrices, or a batch of them, and a copy is made only where labels
/// of one kind do not lie behind each other in memory. Without summed labels it is a product element by element. All of it is written in recorded
/// operators, so derivatives, batches and traces follow.
/// </para>
/// </summary>
internal static class Contractions
{
    /// <summary>The result, with its dimensions in the order of the given labels.</summary>
    public static Tensor Run(Labelled[] operands, int[] output)
    {
        var sizes = new Dictionary<int, int>();
        foreach (var operand in operands)
        {
            for (var d = 0; d < operand.Labels.Length; d++)
            {
                var size = operand.Tensor.Layout.Sizes[d];
                sizes[operand.Labels[d]] = sizes.TryGetValue(operand.Labels[d], out var known) && size == 1 ? known : size;
            }
        }

        var left = new List<Labelled>(operands.Length);
        foreach (var operand in operands)
        {
            left.Add(WithoutOnes(operand, sizes));
        }

        for (var i = 0; i < left.Count; i++)
        {
            left[i] = Summed(left[i], Needed(left, output, i, i));
        }

        foreach (var (first, second) in ContractionOrder.Of(left, output, sizes))
        {
            var pair = Pair(left[first], left[second], Needed(left, output, first, second));
            left.RemoveAt(Math.Max(first, second));
            left.RemoveAt(Math.Min(first, second));
            left.Add(pair);
        }

        return Ordered(left[0], output);
    }

    /// <summary>The labels that the result and all but two operands have.</summary>
    private static HashSet<int> Needed(List<Labelled> operands, int[] output, int first, int second)
    {
        var needed = new HashSet<int>(output);
        for (var i = 0; i < operands.Count; i++)
        {
            if (i != first && i != second)
            {
                needed.UnionWith(operands[i].Labels);
            }
        }

        return needed;
    }

    /// <summary>Without dimensions of size 1 whose label is longer elsewhere.</summary>
    private static Labelled WithoutOnes(Labelled x, Dictionary<int, int> sizes)
    {
        var (tensor, labels) = (x.Tensor, x.Labels);
        for (var d = labels.Length - 1; d >= 0; d--)
        {
            if (tensor.Layout.Sizes[d] == 1 && sizes[labels[d]] != 1)
            {
                tensor = tensor.Squeeze(d);
                labels = [.. labels[..d], .. labels[(d + 1)..]];
            }
        }

        return new(tensor, labels);
    }

    private static Labelled Summed(Labelled x, HashSet<int> needed)
    {
        var dims = Enumerable.Range(0, x.Labels.Length).Where(d => !needed.Contains(x.Labels[d])).ToArray();
        return dims.Length == 0 ? x : new(x.Tensor.Sum(dims), [.. x.Labels.Where(needed.Contains)]);
    }

    /// <summary>The product of two tensors, summed over what they share and nobody else needs.</summary>
    private static Labelled Pair(Labelled x, Labelled y, HashSet<int> needed)
    {
        x = Summed(x, [.. needed, .. y.Labels]);
        y = Summed(y, [.. needed, .. x.Labels]);

        // In the order of the larger one, which is then not copied for it.
        var lead = x.Tensor.Layout.Count >= y.Tensor.Layout.Count ? x.Labels : y.Labels;
        var batch = Array.FindAll(lead, label => x.Labels.Contains(label) && y.Labels.Contains(label) && needed.Contains(label));
        var summed = Array.FindAll(lead, label => x.Labels.Contains(label) && y.Labels.Contains(label) && !needed.Contains(label));
        var left = Array.FindAll(x.Labels, label => !y.Labels.Contains(label));
        var right = Array.FindAll(y.Labels, label => !x.Labels.Contains(label));
        int[] labels = [.. batch, .. left, .. right];
        if (summed.Length == 0)
        {
            return new(Spread(x, labels) * Spread(y, labels), labels);
        }

        var (a, b) = (Ordered(x, [.. batch, .. left, .. summed]), Ordered(y, [.. batch, .. summed, .. right]));
        var (head, mid) = (batch.Length, batch.Length + left.Length);
        int[] sizes = [.. a.Layout.Sizes[..mid], .. b.Layout.Sizes[(head + summed.Length)..]];
        var (n, m) = (Count(a.Layout.Sizes.AsSpan(0, head)), Count(a.Layout.Sizes.AsSpan(head, left.Length)));
        var (k, p) = (Count(a.Layout.Sizes.AsSpan(mid)), Count(b.Layout.Sizes.AsSpan(head + summed.Length)));
        Tensor product;
        if (left.Length == 0 && right.Length == 0 && a.DType.IsFloatingPoint && a.DType == b.DType)
        {
            product = batch.Length == 0 ? Tensor.Dot(a.Reshape(k), b.Reshape(k)) : Tensor.VecDot(a.Reshape(n, k), b.Reshape(n, k));
        }
        else if (batch.Length > 0)
        {
            product = a.Reshape(n, m, k).Bmm(b.Reshape(n, k, p));
        }
        else if (left.Length == 0)
        {
            product = b.Reshape(k, p).Transpose().Mv(a.Reshape(k));
        }
        else
        {
            product = right.Length == 0 ? a.Reshape(m, k).Mv(b.Reshape(k)) : a.Reshape(m, k).Mm(b.Reshape(k, p));
        }

        return new(product.Layout.Sizes.AsSpan().SequenceEqual(sizes) ? product : product.Reshape(sizes), labels);
    }

    private static int Count(ReadOnlySpan<int> sizes) => Shape.Dimension(Shape.Product(sizes), "the joined dimensions of a contraction");

    private static Tensor Ordered(Labelled x, int[] labels)
    {
        if (x.Labels.AsSpan().SequenceEqual(labels))
        {
            return x.Tensor;
        }

        var own = x.Labels;
        return x.Tensor.Permute(Array.ConvertAll(labels, label => Array.IndexOf(own, label)));
    }

    /// <summary>With the dimensions in the order of the labels, and size 1 for labels that the tensor does not have.</summary>
    private static Tensor Spread(Labelled x, int[] labels)
    {
        var tensor = Ordered(x, Array.FindAll(labels, label => x.Labels.Contains(label)));
        for (var d = 0; d < labels.Length; d++)
        {
            if (!x.Labels.Contains(labels[d]))
            {
                tensor = tensor.Unsqueeze(d);
            }
        }

        return tensor;
    }
}

/// <summary>
/// In which order tensors are multiplied: the one with the fewest products of numbers for up to six tensors, found by trying all subsets; the
/// cheapest next pair for more.
/// </summary>
internal static class ContractionOrder
{
    private const int MostTried = 6;

    /// <summary>Places of pairs; each time both go, and their product comes last.</summary>
    public static List<(int First, int Second)> Of(List<Labelled> operands, int[] output, Dictionary<int, int> sizes)
    {
        var count = operands.Count;
        var pairs = new List<(int, int)>(Math.Max(0, count - 1));
        if (count == 2)
        {
            pairs.Add((0, 1));
        }

        if (count <= 2)
        {
            return pairs;
        }

        var groups = Enumerable.Range(0, count).Select(i => 1L << i).ToList();
        var labels = operands.ConvertAll(operand => new HashSet<int>(operand.Labels));
        if (count <= MostTried)
        {
            var best = new (double Cost, long Split)[1 << count];
            for (long all = 1; all < 1L << count; all++)
            {
                best[all] = Best(all, best);
            }

            Unfold((1L << count) - 1, best);
            return pairs;
        }

        while (groups.Count > 1)
        {
            var choice = (Cost: double.PositiveInfinity, First: 0, Second: 1);
            for (var i = 0; i < groups.Count; i++)
            {
                for (var j = i + 1; j < groups.Count; j++)
                {
                    var cost = Cost(groups[i], groups[j]);
                    choice = cost < choice.Cost ? (cost, i, j) : choice;
                }
            }

            Join(groups[choice.First], groups[choice.Second]);
        }

        return pairs;

        (double Cost, long Split) Best(long all, (double Cost, long Split)[] best)
        {
            if (BitOperations.IsPow2(all))
            {
                return (0, 0);
            }

            var found = (Cost: double.PositiveInfinity, Split: all & -all);
            for (var part = (all - 1) & all; part > 0; part = (part - 1) & all)
            {
                var cost = best[part].Cost + best[all & ~part].Cost + Cost(part, all & ~part);
                found = cost < found.Cost ? (cost, part) : found;
            }

            return found;
        }

        void Unfold(long all, (double Cost, long Split)[] best)
        {
            if (!BitOperations.IsPow2(all))
            {
                var part = best[all].Split;
                Unfold(part, best);
                Unfold(all & ~part, best);
                Join(part, all & ~part);
            }
        }

        void Join(long first, long second)
        {
            pairs.Add((groups.IndexOf(first), groups.IndexOf(second)));
            groups.Remove(first);
            groups.Remove(second);
            groups.Add(first | second);
        }

        // The product of the sizes of all labels that either group still has.
        double Cost(long first, long second)
        {
            var both = LabelsOf(first);
            both.UnionWith(LabelsOf(second));
            double cost = 1;
            foreach (var label in both)
            {
                cost *= sizes[label];
            }

            return cost;
        }

        HashSet<int> LabelsOf(long group)
        {
            var (inside, outside) = (new HashSet<int>(), new HashSet<int>(output));
            for (var i = 0; i < count; i++)
            {
                ((group >> i & 1) != 0 ? inside : outside).UnionWith(labels[i]);
            }

            inside.IntersectWith(outside);
            return inside;
        }
    }
}
